"""Read handwritten digits with a small convolutional network."""

# %% Setup
import copy

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Three parts
digits = load_digits()
pixels = (digits.images / 16).astype("float32")
labels = digits.target
# The file goes writer by writer: each part has its own.
train, val = slice(0, 1029), slice(1029, 1287)
test = slice(1287, 1797)
images = torch.from_numpy(pixels).unsqueeze(1)
targets = torch.from_numpy(labels)
print("all images:", tuple(images.shape))
sizes = [len(labels[part]) for part in (train, val, test)]
print("train, validation, test:", sizes)

# %% Baseline
flat = pixels.reshape(1797, 64)
baseline = LogisticRegression(max_iter=1000)
baseline.fit(flat[train], labels[train])
baseline_accuracy = baseline.score(flat[test], labels[test])
print(f"logistic regression, test: {baseline_accuracy:.2f}")
mixed_train, mixed_test, train_labels, test_labels = (
    train_test_split(
        flat, labels, train_size=1029, test_size=510, random_state=0
    )
)
baseline.fit(mixed_train, train_labels)
mixed_accuracy = baseline.score(mixed_test, test_labels)
print(f"had the writers been mixed: {mixed_accuracy:.2f}")

# %% Network
model = nn.Sequential(
    nn.Conv2d(1, 16, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.Conv2d(16, 32, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Dropout(0.5),
    nn.Linear(32 * 4 * 4, 10),
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
print(sum(p.numel() for p in model.parameters()), "parameters")


# %% One epoch
def train_epoch(loader):
    model.train()
    for inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), targets)
        loss.backward()
        optimizer.step()


@torch.inference_mode()
def evaluate(inputs, targets):
    model.eval()
    inputs, targets = inputs.to(device), targets.to(device)
    logits = model(inputs)
    correct = logits.argmax(dim=1) == targets
    loss = loss_fn(logits, targets)
    return loss.item(), correct.float().mean().item()


# %% Train, keep the best epoch
train_set = TensorDataset(images[train], targets[train])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
best_loss = float("inf")
for epoch in range(40):
    train_epoch(train_loader)
    val_loss, val_accuracy = evaluate(images[val], targets[val])
    if val_loss < best_loss:
        best_loss, best_epoch = val_loss, epoch
        best_accuracy = val_accuracy
        best_weights = copy.deepcopy(model.state_dict())
    if epoch - best_epoch == 5:
        break
model.load_state_dict(best_weights)
print(f"best epoch, validation: {best_accuracy:.2f}")

# %% Test once
_, accuracy = evaluate(images[test], targets[test])
print(f"logistic regression, test: {baseline_accuracy:.2f}")
print(f"network, test: {accuracy:.2f}")

# %% What it gets wrong
model.eval()
with torch.inference_mode():
    logits = model(images[test].to(device))
predicted = logits.argmax(dim=1).cpu().numpy()
truth = labels[test]
wrong = (predicted != truth).nonzero()[0]
print(len(wrong), "of", len(truth), "wrong; the first eight:")
figure, axes = plt.subplots(1, 8, figsize=(6, 1.4))
for axis in axes:
    axis.axis("off")
for axis, i in zip(axes, wrong):
    image = pixels[test][i]
    axis.imshow(image, cmap="Greys", interpolation="nearest")
    axis.set_title(f"{truth[i]} as {predicted[i]}", fontsize=9)
plt.show()
