"""Export a network to ONNX and run it without its framework.

Needs the package onnxscript, with which PyTorch exports.
"""

# %% Setup
import logging
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.capi.onnxruntime_pybind11_state import (
    InvalidArgument,
)
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
# The exporter notes that torchvision is absent.
exporter = "torch.onnx._internal.exporter._registration"
logging.getLogger(exporter).setLevel(logging.ERROR)

# %% A trained network
digits = load_digits()
images = torch.from_numpy(digits.images / 16).float().unsqueeze(1)
labels = torch.from_numpy(digits.target)
train_set = TensorDataset(images[:1500], labels[:1500])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
model = nn.Sequential(
    nn.Conv2d(1, 8, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(8 * 4 * 4, 10),
)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(5):
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        optimizer.step()
model.eval()
with torch.inference_mode():
    expected = model(images[1500:]).numpy()
correct = expected.argmax(axis=1) == digits.target[1500:]
print(f"test accuracy: about {correct.mean():.1f}")


# %% Export
def to_onnx(model, path, **options):
    torch.onnx.export(
        model,
        (images[:2],),
        path,
        input_names=["images"],
        output_names=["logits"],
        dynamic_shapes=[{0: torch.export.Dim("batch")}],
        verbose=False,
        **options,
    )


to_onnx(model, "digits.onnx")
print(Path("digits.onnx").stat().st_size // 1000, "kB")

# %% Check the file
graph = onnx.load("digits.onnx")
onnx.checker.check_model(graph, full_check=True)
print("opset", graph.opset_import[0].version)
print(*(node.op_type for node in graph.graph.node))

# %% Inputs and outputs
session = onnxruntime.InferenceSession("digits.onnx")
for value in session.get_inputs() + session.get_outputs():
    print(value.name, value.type, value.shape)

# %% Run
test_images = images[1500:].numpy()
(logits,) = session.run(["logits"], {"images": test_images})
print("close:", np.allclose(logits, expected, atol=1e-5))
same = logits.argmax(axis=1) == expected.argmax(axis=1)
print("same classes:", same.mean())
for size in (1, 7, 100):
    (logits,) = session.run(None, {"images": test_images[:size]})
    print(size, "images:", logits.shape)

# %% Take the other layout
# PyTorch's layout, channels first, is ONNX's own.

# %% A wrong input
for wrong in (test_images.astype("float64"), test_images[:, 0]):
    try:
        session.run(None, {"images": wrong})
    except InvalidArgument as error:
        print(str(error).splitlines()[0])


# %% A branch on values
class Branch(nn.Module):
    def forward(self, x):
        return torch.cond(
            x.sum() > 0, lambda x: x * 10, lambda x: x / 10, (x,)
        )


example = (torch.ones(2),)
torch.onnx.export(
    Branch().eval(), example, "branch.onnx", verbose=False
)
branch = onnxruntime.InferenceSession("branch.onnx")
name = branch.get_inputs()[0].name
for sign in (1, -1):
    inputs = np.array([sign, sign], dtype="float32")
    print(*branch.run(None, {name: inputs}))
