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

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Cut patches, split by region
names = ["brick", "grass", "gravel"]
photos = np.stack([getattr(data, name)() for name in names])
blocks = util.view_as_blocks(photos[:, :504, :504], (1, 24, 24))


def patches(columns):
    x = blocks[:, :, columns].reshape(-1, 24, 24).astype("float32")
    x -= x.mean(axis=(1, 2), keepdims=True)
    x /= x.std(axis=(1, 2), keepdims=True)
    return x, np.repeat([0, 1, 2], len(x) // 3)


train, y_train = patches(slice(0, 2))
val, y_val = patches(slice(2, 5))
test, y_test = patches(slice(5, 21))
print(len(train), len(val), len(test), "patches")

# %% Two baselines
pixels = [part.reshape(-1, 576) for part in (train, val, test)]
greys = [np.sort(part) for part in pixels]  # which, not where
for name, parts in {"pixels": pixels, "greys": greys}.items():
    linear = LogisticRegression(max_iter=999).fit(parts[0], y_train)
    score = linear.score(parts[1], y_val)
    print(f"logistic regression on {name}, validation: {score:.2f}")
baseline = linear.score(greys[2], y_test)  # the better one


# %% Augment
def augment(x):
    warp = torch.eye(2, 3, device=x.device).repeat(len(x), 1, 1)
    warp[:, 0, 0] -= 2 * torch.randint_like(warp[:, 0, 0], 2)
    warp[:, :, 2].uniform_(-0.5, 0.5)  # the side is 2 long
    grid = F.affine_grid(warp, x.shape, align_corners=False)
    return F.grid_sample(
        x, grid, "nearest", "reflection", align_corners=False
    )


x = torch.from_numpy(train).unsqueeze(1).to(device)
y = torch.from_numpy(y_train).to(device)
print("new grey values:", not torch.isin(augment(x), x).all())

# %% Network
model = nn.Sequential(
    nn.Conv2d(1, 16, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(32, 32, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(32, 3),
).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
print(sum(p.numel() for p in model.parameters()), "parameters")


# %% Train
def train_step(x, y):
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()


def predict(images):
    with torch.inference_mode():
        x = torch.from_numpy(images).unsqueeze(1).to(device)
        return model(x).argmax(dim=1).cpu().numpy()


for epoch in range(120):
    for batch in torch.randperm(len(x)).split(42):
        train_step(augment(x[batch]), y[batch])
print(f"network, validation: {(predict(val) == y_val).mean():.2f}")

# %% Test once
predicted = predict(test)
accuracy = float((predicted == y_test).mean())
print(f"logistic regression on greys, test: {baseline:.2f}")
print(f"network, test: {accuracy:.2f}")
table = confusion_matrix(y_test, predicted, normalize="true")
print(table.round(2))

# %% Look at some
wrong = np.flatnonzero(predicted != y_test)
shown = [100, 436, 772, *wrong[[0, len(wrong) // 2, -1]]]
figure, axes = plt.subplots(1, 6, figsize=(6, 1.4))
for axis, i in zip(axes, shown):
    axis.imshow(test[i], cmap="gray", interpolation="nearest")
    title = f"{names[y_test[i]]} as\n{names[predicted[i]]}"
    axis.set_title(title, fontsize=8)
    axis.axis("off")
plt.show()
