"""Export a network to ONNX and run it without its framework."""

# %% Setup
import logging
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
# The exporter notes that torchvision is absent.
logging.getLogger("torch.onnx").setLevel(logging.ERROR)

# %% A trained network
digits = load_digits()
x = torch.from_numpy(digits.images / 16).float().unsqueeze(1)
y = torch.from_numpy(digits.target)
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
    for batch in torch.randperm(1500).split(50):
        optimizer.zero_grad()
        loss_fn(model(x[batch]), y[batch]).backward()
        optimizer.step()
model.eval()
with torch.inference_mode():
    expected = model(x[1500:]).numpy()
right = expected.argmax(axis=1) == digits.target[1500:]
print(f"right, of 297 new images: about {right.mean():.1f}")


# %% Export
def to_onnx(model, path):
    torch.onnx.export(
        model,
        (x[:2],),
        path,
        input_names=["images"],
        output_names=["logits"],
        dynamo=True,
        dynamic_shapes=[{0: torch.export.Dim("batch")}],
        verbose=False,
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
images = x[1500:].numpy()
(logits,) = session.run(["logits"], {"images": images})
print("close:", np.allclose(logits, expected, atol=1e-5))
same = logits.argmax(axis=1) == expected.argmax(axis=1)
print("same classes:", same.mean())
for size in (1, 7, 100):
    (part,) = session.run(None, {"images": images[:size]})
    print(size, "images:", part.shape)

# %% Take the other layout
# PyTorch's layout, channels first, is ONNX's own.

# %% A wrong input
for wrong in (images.astype("float64"), images[:, 0]):
    try:
        session.run(None, {"images": wrong})
    except Exception as error:
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
    given = np.array([sign, sign], dtype="float32")
    print(*branch.run(None, {name: given}))
