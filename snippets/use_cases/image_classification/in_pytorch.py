"""Tell brick, grass and gravel apart from 42 patches of each."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from skimage import data, util
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Cut patches, split by region
names = ["brick", "grass", "gravel"]
photos = np.stack([getattr(data, name)() for name in names])
blocks = util.view_as_blocks(photos[:, :504, :504], (1, 24, 24))


def patches(columns):
    images = blocks[:, :, columns].reshape(-1, 24, 24)
    images = images.astype("float32")
    images -= images.mean(axis=(1, 2), keepdims=True)
    images /= images.std(axis=(1, 2), keepdims=True)
    return images, np.repeat([0, 1, 2], len(images) // 3)


train_images, train_labels = patches(slice(0, 2))
val_images, val_labels = patches(slice(2, 5))
test_images, test_labels = patches(slice(5, 21))
print(len(train_images), len(val_images), len(test_images))

# %% Two baselines
parts = train_images, val_images, test_images
pixels = [images.reshape(-1, 576) for images in parts]
grays = [np.sort(images) for images in pixels]  # not where
for name, parts in {"pixels": pixels, "grays": grays}.items():
    train, val, test = parts
    linear = LogisticRegression(max_iter=999)
    linear.fit(train, train_labels)
    score = linear.score(val, val_labels)
    print(f"logistic regression on {name}, validation: {score:.2f}")
baseline = linear.score(test, test_labels)  # the better one


# %% Augment
def augment(images):
    flip = torch.rand(len(images), 1, 1, 1) < 0.5
    images = torch.where(flip.to(device), images.flip(3), images)
    images = F.pad(images, (6, 6, 6, 6), mode="reflect")
    windows = images.unfold(2, 24, 1).unfold(3, 24, 1)
    rows, columns = torch.randint(13, (2, len(images)))
    return windows[torch.arange(len(images)), :, rows, columns]


train_set = TensorDataset(
    torch.from_numpy(train_images).unsqueeze(1),
    torch.from_numpy(train_labels),
)
train_loader = DataLoader(train_set, batch_size=42, shuffle=True)
images, labels = next(iter(train_loader))
print(augment(images.to(device)).shape)

# %% Network
model = nn.Sequential(
    nn.Conv2d(1, 8, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(32, 3),
).to(device)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
print(sum(p.numel() for p in model.parameters()), "parameters")


# %% Train
def train_step(model, optimizer, images, labels):
    optimizer.zero_grad()
    loss = loss_fn(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.inference_mode()
def predict(images):
    model.eval()
    logits = model(torch.from_numpy(images).unsqueeze(1).to(device))
    return logits.argmax(dim=1).cpu().numpy()


model.train()
for epoch in range(120):
    for images, labels in train_loader:
        images, labels = images.to(device), labels.to(device)
        train_step(model, optimizer, augment(images), labels)
score = (predict(val_images) == val_labels).mean()
print(f"network, validation: {score:.2f}")

# %% Test once
predicted = predict(test_images)
accuracy = float((predicted == test_labels).mean())
print(f"logistic regression on grays, test: {baseline:.2f}")
print(f"network, test: {accuracy:.2f}")
table = confusion_matrix(test_labels, predicted, normalize="true")
print(table.round(2))

# %% Look at some
wrong = np.flatnonzero(predicted != test_labels)
shown = [100, 436, 772, *wrong[[0, len(wrong) // 2, -1]]]
figure, axes = plt.subplots(1, 6, figsize=(6, 1.4))
for axis, i in zip(axes, shown):
    axis.imshow(test_images[i], "gray", interpolation="nearest")
    title = f"{names[test_labels[i]]} as\n{names[predicted[i]]}"
    axis.set_title(title, fontsize=8)
    axis.axis("off")
plt.show()
