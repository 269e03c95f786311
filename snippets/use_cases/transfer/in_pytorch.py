"""Reuse what a network learned on digits 5-9 for digits 0-4."""

# %% Setup
import copy

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.optim import Adam

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Digits on noisy fields
digits, labels = load_digits(return_X_y=True)
images = np.tile(digits.reshape(-1, 8, 8) / 16, (4, 1, 1))
labels = np.tile(labels, 4)
rng = np.random.default_rng(0)
fields = rng.normal(0, 0.3, (len(images), 12, 12))
for field, image in zip(fields, images):
    row, column = rng.integers(0, 5, 2)
    field[row : row + 8, column : column + 8] += image
early = np.arange(len(images)) % 1797 < 1287  # writers
source = np.flatnonzero(early & (labels >= 5))
pools = [np.flatnonzero(early & (labels == d)) for d in range(5)]
test = np.flatnonzero(~early & (labels < 5))
x = torch.from_numpy(fields).float().unsqueeze(1).to(device)
y = torch.from_numpy(labels % 5).to(device)
print(len(source), "of 5-9,", len(test), "of 0-4 to test on")


# %% Features and head
def conv(before, after):
    kernel = nn.Conv2d(before, after, 3, padding=1)
    return [kernel, nn.BatchNorm2d(after), nn.ReLU()]


def new_features():
    first = [*conv(1, 32), nn.MaxPool2d(2)]
    last = [*conv(32, 64), nn.AdaptiveMaxPool2d(1)]
    return nn.Sequential(*first, *last, nn.Flatten())


def with_head(features):
    return nn.Sequential(features, nn.Linear(64, 5)).to(device)


# %% Train and score
loss_fn = nn.CrossEntropyLoss()


def train(model, optimizer, x, y, steps):
    for _ in range(steps):
        batch = torch.randperm(len(x))[:50]
        optimizer.zero_grad()
        loss_fn(model(x[batch]), y[batch]).backward()
        optimizer.step()
    return model


@torch.inference_mode()
def score(model):
    right = model.eval()(x[test]).argmax(dim=1) == y[test]
    return right.float().mean().item()


# %% From scratch
def from_scratch(x, y, steps):
    model = with_head(new_features())
    return train(model, Adam(model.parameters(), 0.01), x, y, steps)


# %% Learn 5 to 9
learned = from_scratch(x[source], y[source], 500)[0]


# %% Frozen features, new head
def frozen(x, y):
    model = with_head(copy.deepcopy(learned))
    model[0].requires_grad_(False)
    model.eval()  # else BatchNorm would go on learning
    head = model[1].parameters()
    return train(model, Adam(head, 0.02), x, y, 100)


# %% Fine-tune
def tuned(x, y):
    model = frozen(x, y)
    for part in model[0]:
        part.requires_grad_(not isinstance(part, nn.BatchNorm2d))
    return train(model, Adam(model.parameters(), 0.003), x, y, 100)


# %% Five images a class
names = ["from scratch", "frozen", "fine-tuned"]
draws = []
for _ in range(3):
    few = np.ravel([rng.choice(p, 5, replace=False) for p in pools])
    data = x[few], y[few]
    models = from_scratch(*data, 100), frozen(*data), tuned(*data)
    draws.append([score(model) for model in models])
baseline, _, accuracy = means = np.mean(draws, axis=0).tolist()
for name, mean in zip(names, means):
    print(f"{name:12} {mean:.2f}")

# %% Each draw
plt.figure(figsize=(6, 3.5))
plt.plot(names, np.transpose(draws), "o", color="grey")
plt.plot(names, means, "k_", markersize=30)
plt.gca().set(ylabel="accuracy on new writers", ylim=(0, 1))
plt.show()
