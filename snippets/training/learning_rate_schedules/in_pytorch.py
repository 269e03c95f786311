"""Change the learning rate: warm-up, cosine, plateau."""

# %% Setup
import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images / 16, dtype=torch.float32)
labels = torch.tensor(labels)
train_set = TensorDataset(images[:1280], labels[:1280])
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
val_images = images[1280:].to(device)
val_labels = labels[1280:].to(device)
loss_fn = nn.CrossEntropyLoss()


# %% Warm-up, then cosine
def build():
    model = nn.Linear(64, 10).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    warmup = lr_scheduler.LinearLR(
        optimizer, start_factor=0.1, total_iters=20
    )
    cosine = lr_scheduler.CosineAnnealingLR(
        optimizer, T_max=80, eta_min=0.0002
    )
    scheduler = lr_scheduler.SequentialLR(
        optimizer, [warmup, cosine], milestones=[20]
    )
    return model, optimizer, scheduler


# %% Train with it
def train(epochs, scheduler=None):
    model.train()
    rates = []
    for _ in range(epochs):
        for inputs, targets in train_loader:
            optimizer.zero_grad()
            logits = model(inputs.to(device))
            loss_fn(logits, targets.to(device)).backward()
            optimizer.step()
            rates.append(optimizer.param_groups[0]["lr"])
            if scheduler is not None:
                scheduler.step()  # after each batch
    return rates


@torch.inference_mode()
def evaluate():
    model.eval()
    return loss_fn(model(val_images), val_labels).item()


model, optimizer, scheduler = build()
rates = train(2, scheduler)
print(*(f"{rate:.4f}" for rate in rates[::5]))
print(f"validation loss {evaluate():.3f}")

# %% Resume
checkpoint = {
    "model": model.state_dict(),
    "optimizer": optimizer.state_dict(),
    "scheduler": scheduler.state_dict(),
}
torch.save(checkpoint, "checkpoint.pt")

model, optimizer, scheduler = build()
checkpoint = torch.load("checkpoint.pt", map_location=device)
model.load_state_dict(checkpoint["model"])
optimizer.load_state_dict(checkpoint["optimizer"])
scheduler.load_state_dict(checkpoint["scheduler"])
print(f"step {scheduler.last_epoch}  loss {evaluate():.3f}")
rates += train(3, scheduler)
print(*(f"{rate:.4f}" for rate in rates[40::10]))
print(f"validation loss {evaluate():.3f}")

# %% Draw the rates
plt.figure(figsize=(6, 3))
plt.plot(rates)
plt.gca().set(xlabel="step", ylabel="learning rate")
plt.show()

# %% Reduce on a plateau
model = nn.Linear(64, 10).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=1.0)
plateau = lr_scheduler.ReduceLROnPlateau(
    optimizer, factor=0.1, patience=1
)
for epoch in range(1, 16):
    rate = train(1)[-1]
    val_loss = evaluate()
    plateau.step(val_loss)
    print(f"{epoch:2}  rate {rate:.3f}  loss {val_loss:.3f}")
