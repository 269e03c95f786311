"""Find a device, take a step there, and compute in bfloat16."""

# %% Setup
import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
rng = np.random.default_rng(0)
x = rng.normal(size=(64, 4)).astype("float32")
y = x.argmax(axis=1)

# %% Devices
accelerator = torch.accelerator.current_accelerator(
    check_available=True
)
device = accelerator or torch.device("cpu")
print("accelerators:", torch.accelerator.device_count())
print("device:", device.type)

# %% Ask for a TPU
try:
    torch.empty(1, device="xla")
except NotImplementedError as error:
    print(str(error).partition(". ")[0])

# %% A model and a step
model = nn.Sequential(
    nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 4)
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def step(x, y):
    x = torch.as_tensor(x, device=device)
    y = torch.as_tensor(y, device=device)
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.detach()


losses = [step(x, y).item() for _ in range(20)]
print("loss falls:", losses[-1] < losses[0])
print("the weights are on:", model[0].weight.device.type)

# %% The same step through XLA
# torch_xla, the bridge to XLA and TPUs, has no release for this
# PyTorch. torch.compile uses another compiler, Inductor.

# %% What a compiler gets
batch = torch.from_numpy(x).to(device)
exported = torch.export.export(model, (batch,))
for node in exported.graph.nodes:
    if node.op == "call_function":
        print(node.target)

# %% Round to bfloat16
values = [1 / 3, 1 + 2**-8, 1 + 3 * 2**-8, 3e38, 3.4e38]
values = torch.tensor(values, device=device)
rounded = values.to(torch.bfloat16).float()
for value, nearest in zip(values.tolist(), rounded.tolist()):
    print(f"{value:<10.6g} {nearest:.6g}")

# %% Add up in bfloat16
ones = torch.ones(4096, dtype=torch.bfloat16, device=device)
one_by_one = ones[0]
for one in ones[1:]:
    one_by_one = one_by_one + one
print("one by one:", one_by_one.item())
print("sum:", ones.sum().item())
print("matrix product:", (ones[None, :] @ ones[:, None]).item())


# %% Mixed precision
@torch.no_grad()
def predict_mixed(x):
    with torch.autocast(device.type, torch.bfloat16):
        return model(x)


with torch.no_grad():
    exact, mixed = model(batch), predict_mixed(batch)
print("weights:", model[0].weight.dtype)
print("outputs:", mixed.dtype)
error = (mixed - exact).abs().max() / exact.abs().max()
print("error below 1 %:", error.item() < 0.01)
