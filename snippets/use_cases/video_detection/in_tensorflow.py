"""Find what moves in a clip: where it is and which shape."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from skimage.data import camera

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.

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
def conv(filters, kernel, stride):
    return keras.layers.Conv2D(
        filters, kernel, stride, padding="same", activation="relu"
    )


model = keras.Sequential([
    keras.Input((48, 48, 2)),
    conv(16, 4, 2), conv(32, 4, 2), conv(32, 3, 1), conv(32, 3, 1),
    keras.layers.Conv2D(1 + 3 + 4, 1),
    keras.layers.Reshape((144, 1 + 3 + 4)),
])
middle = (np.mgrid[:12, :12][::-1].reshape(2, 144).T + 0.5) / 12
anchors = np.pad(middle, ((0, 0), (0, 2))).astype("float32")


def detect(x):
    where, what, box = tf.split(model(x), [1, 3, 4], axis=2)
    return tf.squeeze(where, 2), what, box + anchors


def at_cell(outputs, cell):
    return tf.gather(outputs, cell, batch_dims=1)


# %% Loss
cross_entropy = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
huber = keras.losses.Huber(delta=0.1)


def loss_of(x, cell, kind, box):
    where, what, boxes = detect(x)
    return (
        cross_entropy(cell, where)
        + cross_entropy(kind, at_cell(what, cell))
        + 20 * huber(box, at_cell(boxes, cell)) / 0.1
    )


# %% Train
@tf.function
def train_step(*batch):
    with tf.GradientTape() as tape:
        loss = loss_of(*batch)
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


optimizer = keras.optimizers.Adam(0.003)
clips = tf.data.Dataset.from_tensor_slices(train)
for batch in clips.shuffle(2400).batch(32).repeat(10):
    loss = train_step(*batch)
print(f"loss on all clips {loss_of(*train).numpy():.2f}")


# %% Evaluate
def predict(x):
    where, what, boxes = detect(x)
    cell = tf.argmax(where, axis=1)
    kinds = tf.argmax(at_cell(what, cell), axis=1)
    return kinds.numpy(), at_cell(boxes, cell).numpy()


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
