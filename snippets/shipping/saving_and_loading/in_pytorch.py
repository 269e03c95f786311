"""Save a model and its training, load both, resume exactly."""

# %% Setup
import pickle
from pathlib import Path

import torch
from torch import nn

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
inputs = torch.randn(64, 4).to(device)
targets = inputs[:, :1] * inputs[:, 1:2]


# %% Model and training
def build_model(width=16):
    return nn.Sequential(
        nn.Linear(4, width),
        nn.Tanh(),
        nn.Dropout(0.2),
        nn.Linear(width, 1),
    ).to(device)


def build_optimizer(model):
    weights = model.parameters()
    optimizer = torch.optim.SGD(weights, lr=0.1, momentum=0.9)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
    return optimizer, schedule


def train(epochs):
    model.train()
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), targets)
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


model = build_model()
optimizer, schedule = build_optimizer(model)
print("losses", *(f"{loss:.3f}" for loss in train(epochs=3)))


# %% Weights alone
def predict(model):
    model.eval()
    with torch.inference_mode():
        return model(inputs)


torch.save(model.state_dict(), "weights.pt")

fresh = build_model()
weights = torch.load(
    "weights.pt", map_location=device, weights_only=True
)
print(fresh.load_state_dict(weights))
print("same outputs:", torch.equal(predict(fresh), predict(model)))

# %% What the file of weights holds
for name, tensor in weights.items():
    print(name, tuple(tensor.shape))


# %% The whole training
def save_checkpoint(path, epoch):
    checkpoint = {
        "epoch": epoch,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "rng": torch.get_rng_state(),
        "cuda_rng": torch.cuda.get_rng_state_all(),
    }
    torch.save(checkpoint, path)
    return checkpoint


print(*save_checkpoint("checkpoint.pt", epoch=3))


# %% Resume
def load_checkpoint(path):
    # The random states belong on the CPU; loading moves the rest.
    checkpoint = torch.load(
        path, map_location="cpu", weights_only=True
    )
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    schedule.load_state_dict(checkpoint["schedule"])
    torch.set_rng_state(checkpoint["rng"])
    torch.cuda.set_rng_state_all(checkpoint["cuda_rng"])
    return checkpoint["epoch"]


uninterrupted = train(epochs=3)

model = build_model()
optimizer, schedule = build_optimizer(model)
epoch = load_checkpoint("checkpoint.pt")
resumed = train(epochs=3)
print("resumed after epoch", epoch)
print("resumed equals uninterrupted:", resumed == uninterrupted)

# %% Keep the last checkpoints of a loop
run = Path("run")
run.mkdir()
for epoch in range(7, 11):
    train(epochs=1)
    save_checkpoint(run / f"{epoch:04}.pt", epoch)
    for old in sorted(run.glob("*.pt"))[:-2]:
        old.unlink()
kept = sorted(run.glob("*.pt"))
print("kept", *(path.name for path in kept))
following = train(epochs=1)
print("restored epoch", load_checkpoint(kept[-1]))
print("same next epoch:", train(epochs=1) == following)

# %% Another architecture
try:
    build_model(width=8).load_state_dict(weights)
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
same = torch.equal(predict(trusted), predict(model))
print("same outputs:", same)
