"""Teach a small network where the line between two moons runs."""

# %% Examples
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

keras.utils.set_random_seed(0)
points, labels = make_moons(300, noise=0.2, random_state=0)
x = points.astype("float32")
y = labels.astype("float32")
print(len(x[:200]), "points to learn,", len(x[200:]), "to test")

# %% A network of weights
model = keras.Sequential([
    keras.Input((2,)),
    keras.layers.Dense(16, activation="tanh"),
    keras.layers.Dense(1),
])
print(model.count_params(), "weights")

# %% One small correction
loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
optimizer = keras.optimizers.SGD(learning_rate=1.0)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True)[:, 0])
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% A thousand corrections
def right(x, y):
    return ((model(x).numpy()[:, 0] > 0) == y).mean()


print(f"before: {right(x[200:], y[200:]):.0%} of the test right")
for _ in range(1000):
    train_step(x[:200], y[:200])
print(f"after:  {right(x[200:], y[200:]):.0%} of the test right")

# %% What it has learned
a, b = np.meshgrid(np.linspace(-2, 3, 50), np.linspace(-1.5, 2, 50))
grid = np.stack([a, b], -1).reshape(-1, 2).astype("float32")
one = tf.sigmoid(model(grid)).numpy().reshape(a.shape)

plt.figure(figsize=(6, 3.5))
plt.imshow(
    one, extent=(-2, 3, -1.5, 2), origin="lower", cmap="Greys",
    vmin=-1, vmax=2, aspect="auto",
)
plt.contour(a, b, one, [0.5], colors="k")
for label, mark in (0, "ko"), (1, "w^"):
    some = points[200:][labels[200:] == label]
    plt.plot(*some.T, mark, markeredgecolor="k", markersize=4)
plt.xlabel("first number")
plt.ylabel("second number")
plt.show()
