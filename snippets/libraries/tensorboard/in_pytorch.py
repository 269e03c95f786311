"""Log a training to TensorBoard, read it back and draw it."""

# %% Setup
import io

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch._dynamo  # before TensorBoard brings TensorFlow
from sklearn.datasets import load_digits
from tensorboard.backend.event_processing import event_accumulator
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

torch.manual_seed(0)

# %% Data and model
images, labels = load_digits(return_X_y=True)
x = torch.tensor(images / 16, dtype=torch.float32)
y = torch.tensor(labels)
x_val, y_val = x[1500:], y[1500:]
train_set = TensorDataset(x[:1500], y[:1500])
train_loader = DataLoader(train_set, batch_size=100, shuffle=True)
model = nn.Sequential(
    nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)
)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(
    model.parameters(), lr=0.1, momentum=0.9
)


# %% Train and log
def fit(train_log, val_log, epochs):
    history = {"loss": [], "val_loss": []}
    for epoch in range(epochs):
        losses = []
        model.train()
        for inputs, targets in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(inputs), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            step = epoch * len(train_loader) + len(losses)
            train_log.add_scalar("batch_loss", losses[-1], step)
        model.eval()
        with torch.inference_mode():
            val_loss = loss_fn(model(x_val), y_val).item()
        history["loss"].append(np.mean(losses))
        history["val_loss"].append(val_loss)
        train_log.add_scalar("epoch_loss", np.mean(losses), epoch)
        val_log.add_scalar("epoch_loss", val_loss, epoch)
        for name, weight in model.named_parameters():
            train_log.add_histogram(name, weight, epoch)
    return history


train_log = SummaryWriter("runs/pytorch/train")
val_log = SummaryWriter("runs/pytorch/validation")
history = fit(train_log, val_log, epochs=6)

# %% Log images
with torch.inference_mode():
    wrong = model(x_val).argmax(dim=1) != y_val
mistakes = x_val[wrong][:8].reshape(-1, 1, 8, 8)
val_log.add_images("mistakes", mistakes, 5)
train_log.close()
val_log.close()


# %% Read the tags
def read(folder):
    keep = {"scalars": 0, "histograms": 0, "images": 0}  # 0: all
    return event_accumulator.EventAccumulator(folder, keep).Reload()


train_run = read("runs/pytorch/train")
val_run = read("runs/pytorch/validation")
for kind in "scalars", "histograms", "images", "tensors":
    print(kind)
    for tag in train_run.Tags()[kind]:
        print("  train:", tag)
    for tag in val_run.Tags()[kind]:
        print("  validation:", tag)


# %% Read the curves
def curve(run, tag):
    points = run.Scalars(tag)
    return [p.step for p in points], [p.value for p in points]


plt.figure(figsize=(6, 3.2))
for run, key in (train_run, "loss"), (val_run, "val_loss"):
    steps, values = curve(run, "epoch_loss")
    print("steps", steps, key, np.round(values, 2))
    print("as written:", np.allclose(values, history[key]))
    plt.plot(steps, values, "o-", label=key)
steps, values = curve(train_run, "batch_loss")
plt.plot(np.divide(steps, 15) - 1, values, label="batch_loss")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.ylim(0, 2.6)
plt.legend()
plt.show()

# %% Read images and a histogram
event = val_run.Images("mistakes")[0]
picture = plt.imread(io.BytesIO(event.encoded_image_string))
print("one picture of all:", picture.shape)
last = train_run.Histograms("0.weight")[-1].histogram_value
counts, limits = np.array(last.bucket), last.bucket_limit
print(len(counts), "buckets of", int(counts.sum()), "weights")
# They widen with the distance from 0: share out over 30.
edges = np.linspace(limits[0], limits[-1], 31)
shared = np.diff(np.interp(edges, limits, counts.cumsum()))
figure, (top, bottom) = plt.subplots(2, 1, figsize=(6, 3.5))
top.imshow(picture, cmap="gray")
top.axis("off")
bottom.stairs(counts[1:], limits, label="as stored")
bottom.stairs(shared, edges, label="30 equal")
bottom.set(xlabel="weight", xlim=(-0.7, 0.7))
bottom.set(ylabel="count", yscale="log")
bottom.legend()
plt.show()
