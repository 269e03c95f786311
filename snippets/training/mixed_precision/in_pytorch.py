"""Train in mixed precision: bfloat16, and float16 with scaling."""

# %% Setup
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images / 16, dtype=torch.float32)
labels = torch.tensor(labels)
train_set = TensorDataset(images[:1280], labels[:1280])
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
val_images, val_labels = images[1280:], labels[1280:]
loss_fn = nn.CrossEntropyLoss()


def build():
    model = nn.Sequential(
        nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10)
    ).to(device)
    return model, torch.optim.SGD(model.parameters(), lr=0.3)


# %% Train in bfloat16
model, optimizer = build()


def bfloat16_step(inputs, targets):
    optimizer.zero_grad()
    with torch.autocast(device, dtype=torch.bfloat16):
        loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss


def fit(train_step, epochs):
    model.train()
    for epoch in range(1, epochs + 1):
        total = 0.0
        for inputs, targets in train_loader:
            loss = train_step(inputs.to(device), targets.to(device))
            total += loss.item()
        mean = total / len(train_loader)
        print(f"epoch {epoch}  mean loss {mean:.1f}")


fit(bfloat16_step, epochs=3)

# %% What is kept in float32
inputs = val_images.to(device)
model.eval()
with (
    torch.inference_mode(),
    torch.autocast(device, dtype=torch.bfloat16),
):
    logits = model(inputs)
    loss = loss_fn(logits, val_labels.to(device))
print("logits: ", logits.dtype)
print("loss:   ", loss.dtype)
print("weights:", model[0].weight.dtype)
accuracy = (logits.argmax(dim=1).cpu() == val_labels).float().mean()
print(f"accuracy {accuracy:.2f}")

# %% Train in float16, the loss scaled
model, optimizer = build()
scaler = torch.amp.GradScaler(device, init_scale=2.0**15)


def float16_step(inputs, targets):
    optimizer.zero_grad()
    with torch.autocast(device, dtype=torch.float16):
        loss = loss_fn(model(inputs), targets)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)  # before clipping
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    scaler.step(optimizer)
    scaler.update()
    return loss


fit(float16_step, epochs=3)
print("scale:", scaler.get_scale())

# %% A step that overflows
before = model[0].weight.clone()
float16_step(1e6 * inputs[:64], val_labels[:64].to(device))
print("moved:", not torch.equal(model[0].weight, before))
print("scale:", scaler.get_scale())
