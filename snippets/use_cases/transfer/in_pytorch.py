"""Reuse what a network learned on digits 0-4 for digits 5-9."""

# %% Setup
import copy

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.optim import Adam

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Digits anywhere on a field
digits, labels = load_digits(return_X_y=True)
images = np.tile(digits.reshape(-1, 8, 8) / 16, (4, 1, 1))
labels = np.tile(labels, 4)
rng = np.random.default_rng(0)
fields = np.zeros((len(images), 12, 12), dtype="float32")
for field, image in zip(fields, images):
    row, column = rng.integers(0, 5, 2)
    field[row : row + 8, column : column + 8] = image
last_writers = np.arange(len(images)) % 1797 >= 1287
source = np.flatnonzero((labels < 5) & ~last_writers)
high = np.flatnonzero(labels[:1797] >= 5)  # each image once
pool, test = high[~last_writers[high]], high[last_writers[high]]
x = torch.from_numpy(fields).unsqueeze(1).to(device)
y = torch.from_numpy(labels % 5).to(device)
print(len(source), "of 0-4,", len(test), "of 5-9 to test on")


# %% Features and head
def conv(channels_in, channels_out):
    kernel = nn.Conv2d(channels_in, channels_out, 3, padding=1)
    norm = nn.BatchNorm2d(channels_out)
    return nn.Sequential(kernel, norm, nn.ReLU())


def build(features=None):
    features = features or nn.Sequential(
        conv(1, 16),
        nn.MaxPool2d(2),
        conv(16, 32),
        conv(32, 64),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
    )
    return nn.Sequential(features, nn.Linear(64, 5)).to(device)


# %% Train and score
loss_fn = nn.CrossEntropyLoss()


def train(model, optimizer, x, y, steps):
    for _ in range(steps):
        batch = torch.randperm(len(x))[:50]
        optimizer.zero_grad()
        loss_fn(model(x[batch]), y[batch]).backward()
        optimizer.step()


@torch.inference_mode()
def accuracy(model):
    model.eval()
    correct = model(x[test]).argmax(dim=1) == y[test]
    return correct.float().mean().item()


# %% Learn 0 to 4
first = build()
optimizer = Adam(first.parameters(), lr=0.003)
train(first, optimizer, x[source], y[source], 500)
learned = first[0]


# %% From scratch
def from_scratch(x, y):
    model = build()
    train(model, Adam(model.parameters(), lr=0.003), x, y, 100)
    return model


# %% Frozen features, new head
def frozen(x, y):
    model = build(copy.deepcopy(learned))
    model[0].requires_grad_(False)
    model.eval()  # else BatchNorm would go on learning
    train(model, Adam(model[1].parameters(), lr=0.02), x, y, 100)
    return model


# %% Fine-tune
def fine_tune(model, x, y):
    for part in model[0].modules():
        part.requires_grad_(not isinstance(part, nn.BatchNorm2d))
    model.eval()
    train(model, Adam(model.parameters(), lr=0.001), x, y, 100)


# %% Three images a class
pixels = fields.reshape(-1, 144)
names = ["pixels, linear", "scratch", "frozen", "fine-tuned"]
scores = []
for _ in range(3):
    classes = [pool[labels[pool] == d] for d in range(5, 10)]
    few = np.concatenate([rng.choice(c, 3, False) for c in classes])
    linear = LogisticRegression().fit(pixels[few], labels[few])
    row = [linear.score(pixels[test], labels[test])]
    row.append(accuracy(from_scratch(x[few], y[few])))
    model = frozen(x[few], y[few])
    row.append(accuracy(model))
    fine_tune(model, x[few], y[few])
    scores.append([*row, accuracy(model)])
means = np.mean(scores, axis=0)
for name, mean in zip(names, means):
    print(f"{name:15} {mean:.2f}")

# %% Each draw
plt.figure(figsize=(6, 3.5))
plt.plot(names, np.transpose(scores), "o", color="grey")
plt.plot(names, means, "k_", markersize=30)
plt.gca().set(ylabel="accuracy on new writers", ylim=(0, 1))
plt.show()
