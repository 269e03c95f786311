"""Stop early, keep the best weights, act after each epoch."""

# %% Setup
import copy

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images / 16, dtype=torch.float32)
labels = torch.tensor(labels)
train_set = TensorDataset(images[:200], labels[:200])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
val_images = images[200:].to(device)
val_labels = labels[200:].to(device)

model = nn.Sequential(
    nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(
    model.parameters(), lr=0.1, momentum=0.9
)


# %% Train and validate
def train_epoch():
    model.train()
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        logits = model(inputs.to(device))
        loss_fn(logits, targets.to(device)).backward()
        optimizer.step()


@torch.inference_mode()
def evaluate():
    model.eval()
    return loss_fn(model(val_images), val_labels).item()


def fit(epochs, callbacks):
    losses = []
    for epoch in range(1, epochs + 1):
        train_epoch()
        logs = {"val_loss": evaluate()}
        losses.append(logs["val_loss"])
        stop = [each(epoch, logs) for each in callbacks]
        if any(stop):
            break
    return losses


# %% Stop early
class EarlyStopping:
    def __init__(self, patience, monitor="val_loss"):
        self.patience, self.monitor = patience, monitor
        self.best, self.wait = float("inf"), 0

    def __call__(self, epoch, logs):
        if logs[self.monitor] < self.best:
            self.best, self.wait = logs[self.monitor], 0
            self.best_epoch = epoch
            self.best_state = copy.deepcopy(model.state_dict())
            return False
        self.wait += 1
        return self.wait >= self.patience


stopping = EarlyStopping(patience=5)


# %% Save the best to disk
def checkpoint(epoch, logs):
    if epoch == stopping.best_epoch:
        torch.save(model.state_dict(), "best.pt")


# %% A callback of your own
class Report:
    def __init__(self, every):
        self.every = every

    def __call__(self, epoch, logs):
        if epoch % self.every == 0:
            print(f"{epoch}  val_loss {logs['val_loss']:.3f}")


# %% Train with all three
losses = fit(60, [Report(every=5), stopping, checkpoint])
print("best epoch:", stopping.best_epoch)
print(f"last:     {losses[-1]:.3f}")
model.load_state_dict(stopping.best_state)
print(f"restored: {evaluate():.3f}")

# %% Load the best from disk
train_epoch()
print(f"moved on:  {evaluate():.3f}")
weights = torch.load("best.pt", map_location=device)
model.load_state_dict(weights)
print(f"from disk: {evaluate():.3f}")
