"""Accumulate gradients: several small batches, one step."""

# %% Setup
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images / 16, dtype=torch.float32)
images, labels = images.to(device), torch.tensor(labels).to(device)
loss_fn = nn.CrossEntropyLoss()


def build():
    layers = nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
    model = nn.Sequential(*layers).to(device)
    return model, torch.optim.SGD(model.parameters(), lr=0.5)


# %% One large batch
large, optimizer = build()
start = {k: v.clone() for k, v in large.state_dict().items()}
loss_fn(large(images[:64]), labels[:64]).backward()
optimizer.step()


# %% Four small batches
def accumulate(sizes, weights):
    model, optimizer = build()
    model.load_state_dict(start)
    inputs = images[:64].split(sizes)
    targets = labels[:64].split(sizes)
    for x, y, weight in zip(inputs, targets, weights):
        loss = weight * loss_fn(model(x), y)
        loss.backward()  # adds to what is there
    optimizer.step()
    return model


def distance(model):
    return (model[0].weight - large[0].weight).norm().item()


small = accumulate([16, 16, 16, 16], [1 / 4] * 4)
print(f"from the large step: {distance(small):.4f}")

# %% Batches of unequal size
sizes = [40, 16, 4, 4]
uneven = accumulate(sizes, [1 / 4] * 4)
print(f"from the large step: {distance(uneven):.4f}")
weighted = accumulate(sizes, [size / 64 for size in sizes])
print(f"weighted by size: {distance(weighted):.4f}")

# %% In training
train_set = TensorDataset(images, labels)
train_loader = DataLoader(train_set, batch_size=16, shuffle=True)


def train(model, optimizer, epochs=3):
    model.train()
    updates = 0
    for _ in range(epochs):
        for i, (inputs, targets) in enumerate(train_loader, 1):
            loss = loss_fn(model(inputs), targets)
            (loss / 4).backward()
            if i % 4 == 0 or i == len(train_loader):
                optimizer.step()
                optimizer.zero_grad()
                updates += 1
    return updates


model, optimizer = build()
updates = train(model, optimizer)
model.eval()
with torch.inference_mode():
    loss = loss_fn(model(images), labels)
print(f"{updates} updates  loss {loss:.2f}")
