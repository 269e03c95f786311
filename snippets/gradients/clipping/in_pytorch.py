"""Limit gradients: by their norm, by each weight's, by value."""

# %% Setup
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Two weights and their gradients
kernel = nn.Parameter(torch.zeros(2))
bias = nn.Parameter(torch.zeros(1))
weights = [kernel, bias]


def compute_gradients(slopes=(3.0, 4.0), slope=12.0):
    for weight in weights:
        weight.grad = None
    loss = (torch.tensor(slopes) * kernel).sum()
    loss += slope * bias.sum()
    loss.backward()
    return [weight.grad for weight in weights]


gradients = compute_gradients()
print("gradients:", *(g.tolist() for g in gradients))
norm = nn.utils.get_total_norm(gradients)
print(f"norm of all: {norm:.1f}")

# %% Clip the norm of all
by_norm = compute_gradients()
norm_before = nn.utils.clip_grad_norm_(weights, max_norm=1.0)
print(f"norm before: {norm_before:.1f}")
print("clipped:", *(g.numpy().round(3) for g in by_norm))

# %% Clip each weight by itself
by_weight = compute_gradients()
for weight in weights:
    nn.utils.clip_grad_norm_(weight, max_norm=1.0)
print("clipped:", *(g.numpy().round(3) for g in by_weight))

# %% Clip each value
by_value = compute_gradients()
nn.utils.clip_grad_value_(weights, clip_value=3.5)
print("clipped:", *(g.numpy().round(3) for g in by_value))

# %% In training
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images, dtype=torch.float32)
train_set = TensorDataset(images, torch.tensor(labels))
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
model = nn.Sequential(
    nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train_step(inputs, targets):
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(
        model.parameters(), max_norm=1.0
    )
    optimizer.step()
    return loss, norm


model.train()
for epoch in range(1, 6):
    total, largest = 0.0, 0.0
    for inputs, targets in train_loader:
        inputs, targets = inputs.to(device), targets.to(device)
        loss, norm = train_step(inputs, targets)
        total += loss.item()
        largest = max(largest, norm.item())
    mean = total / len(train_loader)
    print(f"{epoch}  loss {mean:.3f}  largest norm {largest:.1f}")

# %% A gradient that is not finite
broken = compute_gradients(slope=float("inf"))
nn.utils.clip_grad_norm_(weights, max_norm=1.0)
print("clipped:", *(g.tolist() for g in broken))

compute_gradients(slope=float("inf"))
try:
    nn.utils.clip_grad_norm_(
        weights, max_norm=1.0, error_if_nonfinite=True
    )
except RuntimeError as error:
    print("stopped by", type(error).__name__)
