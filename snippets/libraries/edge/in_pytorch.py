"""Run a digit classifier from files made for small devices."""

# %% Setup
import os

import torch
from executorch.backends.xnnpack import XnnpackPartitioner
from executorch.backends.xnnpack.quantizer import xnnpack_quantizer
from executorch.devtools.backend_debug import get_delegation_info
from executorch.exir import to_edge_transform_and_lower
from executorch.runtime import Runtime
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchao.quantization.pt2e import quantize_pt2e

torch.manual_seed(0)

# %% Digits and network
digits = load_digits()
images = torch.tensor(digits.images / 16).float().unsqueeze(1)
labels = torch.tensor(digits.target)
train_images, train_labels = images[:1287], labels[:1287]
test_images, test_labels = images[1287:], labels[1287:]
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
train_set = TensorDataset(train_images, train_labels)
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
for epoch in range(8):
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        optimizer.step()
model.eval()


def accuracy(logits):
    return (logits.argmax(dim=1) == test_labels).float().mean()


with torch.inference_mode():
    expected = model(test_images)
print(f"test accuracy: {accuracy(expected):.3f}")


# %% Write the file
def export(model):
    return torch.export.export(model, (images[:1],))


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
    return torch.cat([
        method.execute([image])[0] for image in images.split(1)
    ])


def compare(logits):
    same = logits.argmax(dim=1) == expected.argmax(dim=1)
    print(f"the same class: {same.float().mean():.2f} of them")
    print(f"mean error: {(logits - expected).abs().mean():.2f}")
    print(f"test accuracy: {accuracy(logits):.3f}")


compare(run("digits.pte", test_images))

# %% What the delegate takes
found = get_delegation_info(graph).delegation_by_operator
for name, nodes in found.items():
    print(name, nodes.delegated, "in,", nodes.non_delegated, "out")


# %% Calibrate and quantize
def quantize(model, images):
    config = xnnpack_quantizer.get_symmetric_quantization_config(
        is_per_channel=True
    )
    quantizer = xnnpack_quantizer.XNNPACKQuantizer()
    quantizer.set_global(config)
    graph = export(model).module()
    prepared = quantize_pt2e.prepare_pt2e(graph, quantizer)
    with torch.inference_mode():
        for image in images:
            prepared(image[None])
    return quantize_pt2e.convert_pt2e(prepared)


quantized = quantize(model, train_images[::10])
write(export(quantized), "digits8.pte")

# %% Run the 8-bit file
compare(run("digits8.pte", test_images))
