"""Run a digit classifier from files made for small devices."""

# %% Setup
import os
import warnings

import torch
from executorch.backends.xnnpack import XnnpackPartitioner
from executorch.backends.xnnpack.quantizer import xnnpack_quantizer
from executorch.devtools.backend_debug import get_delegation_info
from executorch.exir import to_edge_transform_and_lower
from executorch.runtime import Runtime
from sklearn.datasets import load_digits
from torch import nn
from torchao.quantization.pt2e import quantize_pt2e

torch.manual_seed(0)
# ExecuTorch copies graphs in a way that PyTorch warns about.
warnings.filterwarnings("ignore", module="copyreg")

# %% Digits and network
digits = load_digits()
x = torch.tensor(digits.images / 16).float().unsqueeze(1)
y = torch.tensor(digits.target)
train, test = slice(0, 1287), slice(1287, 1797)
model = nn.Sequential(
    nn.Conv2d(1, 16, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.Conv2d(16, 32, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(32 * 4 * 4, 10),
)

# %% Train
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(8):
    for batch in torch.randperm(1287).split(50):
        optimizer.zero_grad()
        loss_fn(model(x[batch]), y[batch]).backward()
        optimizer.step()
model.eval().requires_grad_(False)


def accuracy(logits):
    right = logits.argmax(dim=1) == y[test]
    return f"{right.float().mean():.3f} of the test digits right"


expected = model(x[test])
print(accuracy(expected))


# %% Write the file
def export(model):
    return torch.export.export(model, (x[:1],))


def write(exported, path):
    parts = [XnnpackPartitioner()]
    edge = to_edge_transform_and_lower(exported, partitioner=parts)
    edge.to_executorch().save(path)
    print(path, f"{os.path.getsize(path) / 1000:.0f} kB")
    return edge.exported_program().graph_module


graph = write(export(model), "digits.pte")


# %% Run the file
def run(path, images):
    method = Runtime.get().load_program(path).load_method("forward")
    rows = [method.execute([image])[0] for image in images.split(1)]
    return torch.cat(rows)


def compare(logits):
    same = logits.argmax(dim=1) == expected.argmax(dim=1)
    print(f"the same class: {same.float().mean():.2f} of them")
    print(f"mean error: {(logits - expected).abs().mean():.2f}")
    print(accuracy(logits))


compare(run("digits.pte", x[test]))

# %% What the delegate takes
found = get_delegation_info(graph).delegation_by_operator
for name, nodes in found.items():
    print(name, nodes.delegated, "in,", nodes.non_delegated, "out")


# %% Calibrate and quantise
def quantise(model, images):
    config = xnnpack_quantizer.get_symmetric_quantization_config(
        is_per_channel=True
    )
    quantizer = xnnpack_quantizer.XNNPACKQuantizer()
    quantizer.set_global(config)
    graph = export(model).module()
    prepared = quantize_pt2e.prepare_pt2e(graph, quantizer)
    for image in images:
        prepared(image)
    return quantize_pt2e.convert_pt2e(prepared)


quantised = quantise(model, x[train][::10].split(1))
write(export(quantised), "digits8.pte")

# %% Run the 8-bit file
compare(run("digits8.pte", x[test]))
