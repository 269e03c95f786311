"""Teach a small network where the line between two moons runs."""

# %% Examples
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import make_moons

keras.utils.set_random_seed(0)
points, labels = make_moons(300, noise=0.2, random_state=0)
inputs = points.astype("float32")
targets = labels.astype("float32")[:, None]
train_set = inputs[:200], targets[:200]
test_set = inputs[200:], targets[200:]
print(len(inputs[:200]), "points to learn,", end=" ")
print(len(inputs[200:]), "to test")

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
def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = loss_fn(targets, model(inputs, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


# %% A thousand corrections
def accuracy(inputs, targets):
    logits = model(inputs, training=False).numpy()
    return ((logits > 0) == targets).mean()


print(f"before: {accuracy(*test_set):.0%} of the test right")
for step in range(1000):
    train_step(*train_set)
print(f"after:  {accuracy(*test_set):.0%} of the test right")

# %% What it has learned
a, b = np.meshgrid(np.linspace(-2, 3, 50), np.linspace(-1.5, 2, 50))
grid = np.stack([a, b], -1).reshape(-1, 2).astype("float32")
logits = model(grid, training=False)
probability = tf.sigmoid(logits).numpy().reshape(a.shape)

plt.figure(figsize=(6, 3.5))
plt.imshow(
    probability, extent=(-2, 3, -1.5, 2), origin="lower",
    cmap="Greys", vmin=-1, vmax=2, aspect="auto",
)
plt.contour(a, b, probability, [0.5], colors="k")
for label, mark in (0, "ko"), (1, "w^"):
    chosen = points[200:][labels[200:] == label]
    plt.plot(*chosen.T, mark, markeredgecolor="k", markersize=4)
plt.xlabel("first number")
plt.ylabel("second number")
plt.show()
