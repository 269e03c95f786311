"""Find what moves in a clip: where it is and which shape."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import torch
from skimage.data import camera
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% Make the clips
photo = camera().reshape(256, 2, 256, 2).mean(axis=(1, 3)) / 255
pixels = np.stack(np.mgrid[:48, :48][::-1], axis=-1) / 48 + 1 / 96


def clip(seed, left):
    rng = np.random.default_rng(seed)
    row, column = rng.integers(208), left + rng.integers(80)
    scene = photo[row : row + 48, column : column + 48]
    frames = np.stack([scene, scene])
    motion = rng.choice([-1, 1], 2) * rng.uniform(0.05, 0.12, 2)
    for step in 0, motion:  # a shape that stays, one that moves
        kind, grey = rng.integers(3), rng.choice([0, 0.15, 0.85, 1])
        size, at = rng.uniform((0.25, 0.27), (0.42, 0.73), (2, 2)).T
        for frame, centre in zip(frames, (at - step, at)):
            u, v = np.moveaxis(2 * (pixels - centre) / size, -1, 0)
            box = np.maximum(abs(u), abs(v)) <= 1
            triangle = box & (2 * abs(u) <= v + 1)
            frame[(u**2 + v**2 <= 1, box, triangle)[kind]] = grey
    frames *= rng.uniform(0.8, 1.2, (2, 1, 1))  # the light changes
    frames += rng.normal(0, 0.02, frames.shape)
    return frames, kind, np.r_[at, size]


# %% Split by background
def dataset(seeds, left):
    made = zip(*(clip(seed, left) for seed in seeds))
    frames, kinds, boxes = map(np.array, made)
    frames /= frames.mean(axis=(2, 3), keepdims=True)
    before, now = frames[:, 0], frames[:, 1]
    x = 2 * np.stack([now - 1, now - before], axis=-1)
    cells = (12 * boxes[:, :2]).astype(int) @ [1, 12]
    boxes = boxes.astype("float32")
    return x.astype("float32"), cells, kinds, boxes


train = dataset(range(2400), left=0)
test = dataset(range(2400, 2800), left=128)


# %% A baseline
def iou(a, b):
    a_low, b_low = (c[:, :2] - c[:, 2:] / 2 for c in (a, b))
    high = np.minimum(a_low + a[:, 2:], b_low + b[:, 2:])
    both = (high - np.maximum(a_low, b_low)).clip(0).prod(1)
    return both / (a[:, 2:].prod(1) + b[:, 2:].prod(1) - both)


def change_iou(data, share):
    boxes = []
    for change in abs(data[0][..., 1]):
        at = pixels[change > share * change.max()]
        low, high = at.min(axis=0) - 1 / 96, at.max(axis=0) + 1 / 96
        boxes.append([*(low + high) / 2, *high - low])
    return iou(np.array(boxes), data[3]).mean()


shares = np.arange(1, 10) / 10
share = max(shares, key=lambda share: change_iou(train, share))
print(f"box of change: mean IoU {change_iou(test, share):.2f}")
common = np.bincount(train[2]).argmax()
print(f"commonest shape: accuracy {(test[2] == common).mean():.2f}")

# %% Model
model = nn.Sequential(
    nn.Conv2d(2, 16, 4, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(16, 32, 4, stride=2, padding=1), nn.ReLU(),
    nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
    nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
    nn.Conv2d(32, 1 + 3 + 4, 1), nn.Flatten(2),
).to(device)
middle = (np.mgrid[:12, :12][::-1].reshape(2, 144).T + 0.5) / 12
anchors = np.pad(middle, ((0, 0), (0, 2))).astype("float32")
anchors = torch.from_numpy(anchors).to(device)


def detect(x):
    cells = model(x.movedim(3, 1)).mT  # clips, 144 cells, 8
    where, what, box = cells.split([1, 3, 4], dim=2)
    return where.squeeze(2), what, box + anchors


# %% Loss
def loss_of(x, cell, kind, box):
    where, what, boxes = detect(x)
    rows = torch.arange(len(x), device=device)
    return (
        F.cross_entropy(where, cell)
        + F.cross_entropy(what[rows, cell], kind)
        + 20 * F.smooth_l1_loss(boxes[rows, cell], box, beta=0.1)
    )


# %% Train
def train_step(*batch):
    optimizer.zero_grad()
    loss = loss_of(*batch)
    loss.backward()
    optimizer.step()
    return loss


optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
clips = [torch.from_numpy(each).to(device) for each in train]
for epoch in range(1, 11):
    for rows in torch.randperm(2400, device=device).split(32):
        loss = train_step(*(each[rows] for each in clips))
with torch.inference_mode():
    print(f"loss on all clips {loss_of(*clips).item():.2f}")


# %% Evaluate
@torch.inference_mode()
def predict(x):
    where, what, boxes = detect(torch.from_numpy(x).to(device))
    rows, cell = torch.arange(len(x)), where.argmax(dim=1).cpu()
    kinds = what[rows, cell].argmax(dim=1)
    return kinds.cpu().numpy(), boxes[rows, cell].cpu().numpy()


kinds, boxes = predict(test[0])
print(f"mean IoU {iou(boxes, test[3]).mean():.2f}")
print(f"accuracy {(kinds == test[2]).mean():.2f}")

# %% Look at three clips
names = "ellipse", "rectangle", "triangle"
grey = plt.get_cmap("gray", 8)  # 8 greys keep the figure small
fig, panels = plt.subplots(1, 3, figsize=(6, 2.2))
for n, panel in enumerate(panels):
    panel.imshow(
        test[0][n, ..., 0], grey, interpolation="none",
        extent=(0, 1, 1, 0),
    )
    for (x, y, w, h), line in (test[3][n], "y-"), (boxes[n], "r--"):
        across = np.array([-w, w, w, -w, -w]) / 2
        down = np.array([-h, -h, h, h, -h]) / 2
        panel.plot(x + across, y + down, line)
    panel.set_title(f"found: {names[kinds[n]]}")
    panel.axis("off")
plt.show()
