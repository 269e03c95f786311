"""Find what moves in a clip: its box, and which digit it is."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.datasets import load_digits, load_sample_image
from sklearn.linear_model import LogisticRegression

keras.utils.set_random_seed(0)
# No device to choose: TensorFlow uses a GPU if there is one.

# %% Make the clips
digits = load_digits()
photo = load_sample_image("china.jpg")[::2, ::2].mean(2) / 765


def clip(rng, chosen, left):
    row, column = rng.integers(181), left + rng.integers(128)
    scene = photo[row : row + 32, column : column + 32]
    frames = np.stack([scene] * 3)
    still, moving = rng.choice(chosen, 2)
    other_size, size = rng.choice([8, 16], 2)
    there = rng.integers(33 - other_size, size=2)
    speed = rng.choice([-3, -2, 2, 3], 2)
    least, most = (2 * speed).clip(0), (2 * speed).clip(max=0)
    corner = rng.integers(least, 33 - size + most)
    for n, frame in enumerate(frames):
        draw(frame, still, there, other_size)
        draw(frame, moving, corner + (n - 2) * speed, size)
    frames *= rng.uniform(0.8, 1.2, (3, 1, 1))  # the light changes
    frames += rng.normal(0, 0.03, frames.shape)
    box, kind = (*corner, size), digits.target[moving]
    return np.float32(frames), box, kind


def draw(frame, digit, corner, size):
    (y, x), times = corner, size // 8
    image = digits.images[digit].repeat(times, 0).repeat(times, 1)
    patch = frame[y : y + size, x : x + size]
    np.maximum(patch, image / 16, out=patch)


# %% Split by writer and background
def dataset(count, seed, chosen, left):
    rng = np.random.default_rng(seed)
    clips = [clip(rng, chosen, left) for _ in range(count)]
    return map(np.array, zip(*clips))


train_clips, train_boxes, train_kinds = dataset(
    2000, 0, range(1287), left=0
)
test_clips, test_boxes, test_kinds = dataset(
    500, 1, range(1287, 1797), left=160
)
print("train", train_clips.shape, "test", test_clips.shape)


# %% Boxes and anchors
# Windows of 8 x 8 pixels, in the frame and in one half as large.
small = [(y, x, 8) for y in range(25) for x in range(25)]
large = [(2 * y, 2 * x, 16) for y in range(9) for x in range(9)]
anchors = np.array(small + large)


def iou(boxes, others):
    y, x, size = boxes.T
    y2, x2, size2 = others.T
    height = np.minimum(y + size, y2 + size2) - np.maximum(y, y2)
    width = np.minimum(x + size, x2 + size2) - np.maximum(x, x2)
    both = height.clip(0) * width.clip(0)
    return both / (size**2 + size2**2 - both)


def nearest_anchors(boxes):
    return np.array([iou(anchors, box).argmax() for box in boxes])


def score(places, kinds):
    where = iou(anchors[places], test_boxes) > 0.5
    return where.mean(), (where & (kinds == test_kinds)).mean()


# %% Baseline
def windows(frames):
    halves = frames.reshape(-1, 16, 2, 16, 2).mean(axis=(2, 4))
    views = [
        sliding_window_view(each, (8, 8), (1, 2)).reshape(
            len(frames), -1, 64
        )
        for each in (frames, halves)
    ]
    return np.concatenate(views, axis=1)


def largest_change(clips):
    rise = windows((clips[:, 2] - clips[:, 1]).clip(0) ** 2).sum(2)
    places = rise.argmax(axis=1)
    crops = windows(clips[:, 2])[np.arange(len(clips)), places]
    return places, crops


linear = LogisticRegression(max_iter=1000)
linear.fit(largest_change(train_clips)[1], train_kinds)
places, crops = largest_change(test_clips)
where, baseline = score(places, linear.predict(crops))
print(f"where {where:.2f}, where and what {baseline:.2f}")


# %% Model
@keras.saving.register_keras_serializable()
class Detector(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.last = layers.Permute((2, 3, 1))  # channels last
        self.halve = layers.AveragePooling2D(2)
        self.window = layers.Conv2D(48, 8, activation="relu")
        self.kinds = layers.Conv2D(10, 1)
        self.flatten = layers.Flatten()

    def call(self, clips):
        clips, logits = self.last(clips), []
        for frames in clips, self.halve(clips):
            maps = self.kinds(self.window(frames))
            logits.append(self.flatten(maps))
        return keras.ops.concatenate(logits, axis=1)


model = Detector()
optimizer = keras.optimizers.Adam(learning_rate=0.005)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
model.compile(optimizer, loss_fn)

# %% Train
targets = 10 * nearest_anchors(train_boxes) + train_kinds
train_ds = tf.data.Dataset.from_tensor_slices(
    (train_clips, targets)
)
train_ds = train_ds.shuffle(len(train_clips)).batch(32)
train_ds = train_ds.prefetch(tf.data.AUTOTUNE)
history = model.fit(train_ds, epochs=8, shuffle=False, verbose=0)
for epoch, loss in enumerate(history.history["loss"], 1):
    print(f"epoch {epoch}  loss {loss:.2f}")

# %% Evaluate
logits = model.predict(test_clips, verbose=0)
places, kinds = np.divmod(logits.argmax(axis=1), 10)
where, accuracy = score(places, kinds)
print(f"where {where:.2f}, where and what {accuracy:.2f}")

# %% Look at four clips
gray = plt.get_cmap("gray", 8)  # 8 grays keep the figure small
figure, axes = plt.subplots(2, 2, figsize=(6, 2.6))
for n, axis in enumerate(axes.flat):
    frames = np.hstack(test_clips[n])
    axis.imshow(frames, gray, interpolation="none")
    y, x, size = anchors[places[n]]
    corner = x + 63.5, y - 0.5
    box = plt.Rectangle(corner, size, size, ec="r", fc="none")
    axis.add_patch(box)
    axis.set(title=f"found: {kinds[n]}", xticks=[], yticks=[])
plt.show()
