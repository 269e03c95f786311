"""Find a device, train there, and compute in bfloat16."""

# %% Setup
import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(64, 4)
targets = inputs.argmax(dim=1)

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
def build():
    return nn.Sequential(
        nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 4)
    ).to(device)


model = build()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train_step(inputs, targets):
    inputs, targets = inputs.to(device), targets.to(device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.item()


for step in range(40):
    loss = train_step(inputs, targets)
    if step % 39 == 0:
        print(f"step {step}: loss {loss:.2f}")
print("the weights are on:", model[0].weight.device.type)

# %% The same step through XLA
# torch_xla, the bridge to XLA and TPUs, has no release for this
# PyTorch. torch.compile uses another compiler, Inductor.

# %% What a compiler gets
exported = torch.export.export(model, (inputs.to(device),))
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
mixed_model = build()
mixed_optimizer = torch.optim.SGD(mixed_model.parameters(), lr=0.1)


def mixed_step(inputs, targets):
    inputs, targets = inputs.to(device), targets.to(device)
    mixed_optimizer.zero_grad()
    with torch.autocast(device.type, dtype=torch.bfloat16):
        logits = mixed_model(inputs)
        loss = loss_fn(logits, targets)
    loss.backward()
    mixed_optimizer.step()
    return logits, loss


for step in range(40):
    logits, loss = mixed_step(inputs, targets)
print("logits: ", logits.dtype)
print("loss:   ", loss.dtype)
print("weights:", mixed_model[0].weight.dtype)
print(f"step {step}: loss {loss:.2f}")
