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
x = torch.from_numpy(pixels).unsqueeze(1).to(device)
y = torch.from_numpy(labels).to(device)
print("all images:", tuple(x.shape))
sizes = [len(labels[part]) for part in (train, val, test)]
print("train, validation, test:", sizes)

# %% Baseline
flat = pixels.reshape(1797, 64)
baseline = LogisticRegression(max_iter=1000)
baseline.fit(flat[train], labels[train])
baseline_accuracy = baseline.score(flat[test], labels[test])
print(f"logistic regression, test: {baseline_accuracy:.2f}")
seen, new, y_seen, y_new = train_test_split(
    flat, labels, train_size=1029, test_size=510, random_state=0
)
mixed = baseline.fit(seen, y_seen).score(new, y_new)
print(f"had the writers been mixed: {mixed:.2f}")

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
    for batch_x, batch_y in loader:
        optimizer.zero_grad()
        loss_fn(model(batch_x), batch_y).backward()
        optimizer.step()


@torch.inference_mode()
def evaluate(x, y):
    model.eval()
    logits = model(x)
    correct = logits.argmax(dim=1) == y
    return loss_fn(logits, y).item(), correct.float().mean().item()


# %% Train, keep the best epoch
train_set = TensorDataset(x[train], y[train])
loader = DataLoader(train_set, batch_size=50, shuffle=True)
best_loss = float("inf")
for epoch in range(40):
    train_epoch(loader)
    val_loss, val_accuracy = evaluate(x[val], y[val])
    if val_loss < best_loss:
        best_loss, best_epoch = val_loss, epoch
        best_accuracy = val_accuracy
        best = copy.deepcopy(model.state_dict())
    if epoch - best_epoch == 5:
        break
model.load_state_dict(best)
print(f"best epoch, validation: {best_accuracy:.2f}")

# %% Test once
_, accuracy = evaluate(x[test], y[test])
print(f"logistic regression, test: {baseline_accuracy:.2f}")
print(f"network, test: {accuracy:.2f}")

# %% What it gets wrong
with torch.inference_mode():
    predicted = model(x[test]).argmax(dim=1).cpu().numpy()
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
