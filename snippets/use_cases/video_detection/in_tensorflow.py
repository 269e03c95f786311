"""Find what moves in a clip: where it is and which digit."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
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
    row, column = rng.integers(189), left + rng.integers(136)
    scene = photo[row : row + 24, column : column + 24]
    frames = np.stack([scene, scene])
    still, moving = rng.choice(chosen, 2)
    there, at = rng.integers(17, size=2), rng.integers(4, 13, 2)
    past = at - rng.choice([-4, -3, -2, 2, 3, 4], 2)
    for digit, *places in (still, there, there), (moving, past, at):
        for frame, (y, x) in zip(frames, places):
            patch = frame[y : y + 8, x : x + 8]
            np.maximum(patch, digits.images[digit] / 16, out=patch)
    frames *= rng.uniform(0.8, 1.2, (2, 1, 1))  # the light changes
    frames += rng.normal(0, 0.03, frames.shape)
    return np.float32(frames), at @ [17, 1], digits.target[moving]


# %% Split by writer and background
def dataset(count, seed, chosen, left):
    rng = np.random.default_rng(seed)
    clips = [clip(rng, chosen, left) for _ in range(count)]
    return [np.array(each) for each in zip(*clips)]


train = dataset(2000, 0, range(1287), left=0)
test = dataset(500, 1, range(1287, 1797), left=160)
print("train", train[0].shape, "test", test[0].shape)


# %% Baseline
def largest_change(frames):
    rise = (frames[:, 1] - frames[:, 0]).clip(0) ** 2
    rise = sliding_window_view(rise, (8, 8), (1, 2)).sum((3, 4))
    places = rise.reshape(-1, 289).argmax(axis=1)
    crops = sliding_window_view(frames[:, 1], (8, 8), (1, 2))
    crops = crops[np.arange(len(frames)), *divmod(places, 17)]
    return places, crops.reshape(-1, 64)


def score(places, kinds):
    off = abs(np.subtract(divmod(places, 17), divmod(test[1], 17)))
    both = (8 - off).clip(0).prod(axis=0)  # of two boxes of 8 x 8
    where = both / (64 + 64 - both) > 0.5
    return where.mean(), (where & (kinds == test[2])).mean()


linear = LogisticRegression(max_iter=1000)
linear.fit(largest_change(train[0])[1], train[2])
found, crops = largest_change(test[0])
where, baseline = score(found, linear.predict(crops))
print(f"where {where:.2f}, where and what {baseline:.2f}")

# %% Model
model = keras.Sequential([
    keras.Input((2, 24, 24)),
    layers.Permute((2, 3, 1)),  # channels last
    layers.Conv2D(48, 8, activation="relu"),  # 17 x 17 places
    layers.Conv2D(10, 1),
    layers.Flatten(),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
model.compile(keras.optimizers.Adam(0.005), loss_fn)

# %% Train
x, y = train[0], 10 * train[1] + train[2]
model.fit(x, y, batch_size=32, epochs=8, verbose=0)

# %% Evaluate
best = model.predict(test[0], verbose=0).argmax(axis=1)
found, named = np.divmod(best, 10)
where, accuracy = score(found, named)
print(f"where {where:.2f}, where and what {accuracy:.2f}")

# %% Look at four clips
grey = plt.get_cmap("gray", 8)  # 8 greys keep the figure small
axes = plt.subplots(2, 2, figsize=(6, 3.4))[1].flat
for n, ax in enumerate(axes):
    ax.imshow(np.hstack(test[0][n]), grey, interpolation="none")
    row, column = divmod(found[n], 17)
    corner = column + 23.5, row - 0.5
    ax.add_patch(plt.Rectangle(corner, 8, 8, ec="r", fc="none"))
    ax.set(title=f"found: {named[n]}", xticks=[], yticks=[])
plt.show()
