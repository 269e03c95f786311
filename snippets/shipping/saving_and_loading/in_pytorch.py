"""Save a model and its training, load both, resume exactly."""

# %% Setup
import pickle

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(64, 4)
y = x[:, :1] * x[:, 1:2]


# %% Model and training
def build(width=16):
    return nn.Sequential(
        nn.Linear(4, width),
        nn.Tanh(),
        nn.Linear(width, 1),
    )


def new_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def train(model, optimizer, epochs):
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


model = build()
optimizer = new_optimizer(model)
losses = train(model, optimizer, epochs=3)
print("losses", *(f"{loss:.3f}" for loss in losses))

# %% Weights alone
torch.save(model.state_dict(), "weights.pt")

fresh = build()
weights = torch.load("weights.pt")
print(fresh.load_state_dict(weights))
print("same outputs:", torch.equal(fresh(x), model(x)))

# %% What the file of weights holds
for name, tensor in weights.items():
    print(name, tuple(tensor.shape))

# %% The whole training
checkpoint = {
    "epoch": 3,
    "model": model.state_dict(),
    "optimizer": optimizer.state_dict(),
}
torch.save(checkpoint, "checkpoint.pt")
print(list(checkpoint["optimizer"]["state"][0]))

# %% Resume
uninterrupted = train(model, optimizer, epochs=3)

checkpoint = torch.load("checkpoint.pt")
model = build()
optimizer = new_optimizer(model)
model.load_state_dict(checkpoint["model"])
optimizer.load_state_dict(checkpoint["optimizer"])
resumed = train(model, optimizer, epochs=3)
print("resumed equals uninterrupted:", resumed == uninterrupted)

# %% Keep the last checkpoints of a loop
# Save the dictionary above at each epoch under a name of its own,
# and delete the old files. PyTorch has no manager for this.

# %% Another architecture
try:
    build(width=8).load_state_dict(weights)
except RuntimeError as error:
    print(str(error).splitlines()[1].strip())
shallow = nn.Sequential(nn.Linear(4, 16))
print(shallow.load_state_dict(weights, strict=False))

# %% A file that could run code
torch.save(model, "pickled.pt")  # the whole object, pickled
try:
    torch.load("pickled.pt")
except pickle.UnpicklingError as error:
    print(str(error).partition(".")[0])
trusted = torch.load("pickled.pt", weights_only=False)
print("same outputs:", torch.equal(trusted(x), model(x)))
