"""Train a small network on handwritten digits, step by step."""

# %% Setup
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Data
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images / 16, dtype=torch.float32)
labels = torch.tensor(labels)
train_set = TensorDataset(images[:1500], labels[:1500])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
print(len(train_set), "images in", len(train_loader), "batches")

# %% Model
model = nn.Sequential(
    nn.Linear(64, 32),
    nn.ReLU(),
    nn.Linear(32, 10),
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)


# %% One step
def train_step(inputs, targets):
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss


# %% The loop
for epoch in range(1, 6):
    model.train()
    total = 0.0
    for inputs, targets in train_loader:
        loss = train_step(inputs.to(device), targets.to(device))
        total += loss.item()
    print(f"epoch {epoch}  loss {total / len(train_loader):.3f}")

# %% On unseen data
model.eval()
with torch.inference_mode():
    logits = model(images[1500:].to(device))
predicted = logits.argmax(dim=1).cpu()
accuracy = (predicted == labels[1500:]).float().mean()
print(f"accuracy on 297 unseen images: {accuracy:.2f}")

# %% The same with fit
# PyTorch has no fit: the loop above is how it is done.
# Lightning's Trainer and others add one on top.
