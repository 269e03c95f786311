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
x = torch.tensor(images / 16, dtype=torch.float32)
y = torch.tensor(labels)
train = TensorDataset(x[:1500], y[:1500])
loader = DataLoader(train, batch_size=50, shuffle=True)
print(len(train), "images in", len(loader), "batches")

# %% Model
model = nn.Sequential(
    nn.Linear(64, 32),
    nn.ReLU(),
    nn.Linear(32, 10),
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)


# %% One step
def train_step(x, y):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


# %% The loop
for epoch in range(1, 6):
    model.train()
    total = 0.0
    for batch_x, batch_y in loader:
        loss = train_step(batch_x.to(device), batch_y.to(device))
        total += loss.item()
    print(f"epoch {epoch}  loss {total / len(loader):.3f}")

# %% On unseen data
model.eval()
with torch.no_grad():
    predicted = model(x[1500:].to(device)).argmax(dim=1).cpu()
accuracy = (predicted == y[1500:]).float().mean()
print(f"accuracy on 297 unseen images: {accuracy:.2f}")

# %% The same with fit
# PyTorch has no fit: the loop above is how it is done.
# Lightning's Trainer and others add one on top.
