"""Choose an optimizer: what decays, two rates, Muon."""

# %% Setup
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images / 16, dtype=torch.float32)
images, labels = images.to(device), torch.tensor(labels).to(device)
loss_fn = nn.CrossEntropyLoss()


def build():
    hidden = [nn.Linear(64, 32), nn.LayerNorm(32), nn.ReLU()]
    return nn.Sequential(*hidden, nn.Linear(32, 10)).to(device)


def train(model, *optimizers, steps=40):
    model.train()
    for _ in range(steps):
        model.zero_grad()
        loss = loss_fn(model(images), labels)
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
    return loss.item()


# %% Decay matrices only
def decay_matrices(model):
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim == 1]
    groups = [
        {"params": matrices, "weight_decay": 0.5},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=0.01)


model = build()
before = model[0].weight[:, 0].norm().item()
print(f"loss {train(model, decay_matrices(model)):.2f}")
after = model[0].weight[:, 0].norm().item()
print(f"a pixel that is always 0 keeps {after / before:.3f}")


# %% Two rates
def two_rates(model):
    body, head = model[:-1], model[-1]
    groups = [
        {"params": body.parameters()},
        {"params": head.parameters(), "lr": 0.1},
    ]
    return torch.optim.AdamW(groups, lr=0.01, weight_decay=0.1)


model = build()
optimizer = two_rates(model)
print(f"loss {train(model, optimizer):.2f}")

# %% Lower one of them
body, head = optimizer.param_groups
head["lr"] *= 0.1
print(f"body {body['lr']:.3f}  head {head['lr']:.3f}")
print(f"loss {train(model, optimizer):.2f}")


# %% Muon for hidden matrices
def muon(model):
    body, head = model[:-1], model[-1]
    matrices = [p for p in body.parameters() if p.ndim == 2]
    others = [p for p in body.parameters() if p.ndim != 2]
    others += head.parameters()
    settings = {"lr": 0.01, "weight_decay": 0.1}
    return (
        torch.optim.Muon(
            matrices, **settings, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(others, **settings),
    )


muon_model = build()
print(f"loss {train(muon_model, *muon(muon_model)):.2f}")
