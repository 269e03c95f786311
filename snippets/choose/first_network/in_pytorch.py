"""Teach a small network where the line between two moons runs."""

# %% Examples
import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import make_moons
from torch import nn

torch.manual_seed(0)
points, labels = make_moons(300, noise=0.2, random_state=0)
inputs = torch.tensor(points, dtype=torch.float32)
targets = torch.tensor(labels, dtype=torch.float32)[:, None]
train_set = inputs[:200], targets[:200]
test_set = inputs[200:], targets[200:]
print(len(inputs[:200]), "points to learn,", end=" ")
print(len(inputs[200:]), "to test")

# %% A network of weights
model = nn.Sequential(
    nn.Linear(2, 16),
    nn.Tanh(),
    nn.Linear(16, 1),
)
print(sum(p.numel() for p in model.parameters()), "weights")

# %% One small correction
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)


def train_step(inputs, targets):
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss


# %% A thousand corrections
def accuracy(inputs, targets):
    model.eval()
    with torch.inference_mode():
        return ((model(inputs) > 0) == targets).float().mean()


print(f"before: {accuracy(*test_set):.0%} of the test right")
model.train()
for step in range(1000):
    train_step(*train_set)
print(f"after:  {accuracy(*test_set):.0%} of the test right")

# %% What it has learned
a, b = np.meshgrid(np.linspace(-2, 3, 50), np.linspace(-1.5, 2, 50))
grid = torch.tensor(np.stack([a, b], -1), dtype=torch.float32)
model.eval()
with torch.inference_mode():
    probability = torch.sigmoid(model(grid)[..., 0]).numpy()

plt.figure(figsize=(6, 3.5))
plt.imshow(
    probability, extent=(-2, 3, -1.5, 2), origin="lower",
    cmap="Greys", vmin=-1, vmax=2, aspect="auto",
)
plt.contour(a, b, probability, [0.5], colors="k")
for label, mark in (0, "ko"), (1, "w^"):
    chosen = points[200:][labels[200:] == label]
    plt.plot(*chosen.T, mark, markeredgecolor="k", markersize=4)
plt.xlabel("first number")
plt.ylabel("second number")
plt.show()
