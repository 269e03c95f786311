"""Reuse what a network learned on digits 5-9 for digits 0-4."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, losses
from keras.optimizers import Adam
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)

# %% Digits on noisy fields
digits, labels = load_digits(return_X_y=True)
images = np.tile(digits.reshape(-1, 8, 8) / 16, (4, 1, 1))
labels = np.tile(labels, 4)
rng = np.random.default_rng(0)
fields = rng.normal(0, 0.3, (len(images), 12, 12))
for field, image in zip(fields, images):
    row, column = rng.integers(0, 5, 2)
    field[row : row + 8, column : column + 8] += image
early = np.arange(len(images)) % 1797 < 1287  # writers
source = np.flatnonzero(early & (labels >= 5))
pools = [np.flatnonzero(early & (labels == d)) for d in range(5)]
test = np.flatnonzero(~early & (labels < 5))
x, y = fields[..., None].astype("float32"), labels % 5
print(len(source), "of 5-9,", len(test), "of 0-4 to test on")


# %% Features and head
def conv(filters):
    kernel = layers.Conv2D(filters, 3, padding="same")
    norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    return [kernel, norm, layers.ReLU()]


def new_features():
    first = [*conv(32), layers.MaxPooling2D(2)]
    last = [*conv(64), layers.GlobalMaxPooling2D()]
    image = keras.Input((12, 12, 1))
    return keras.Sequential([image, *first, *last])


def with_head(features):
    return keras.Sequential([features, layers.Dense(5)])


# %% Train and score
loss_fn = losses.SparseCategoricalCrossentropy(from_logits=True)


def train(model, optimizer, x, y, steps):
    data = tf.data.Dataset.from_tensor_slices((x, y))
    data = data.shuffle(len(x)).batch(50).repeat().take(steps)
    model.compile(optimizer, loss_fn, steps_per_execution=5)
    model.fit(data, shuffle=False, verbose=0)
    return model


def score(model):
    right = model(x[test]).numpy().argmax(axis=1) == y[test]
    return right.mean()


# %% From scratch
def from_scratch(x, y, steps):
    model = with_head(new_features())
    return train(model, Adam(0.01), x, y, steps)


# %% Learn 5 to 9
learned = from_scratch(x[source], y[source], 500).layers[0]


# %% Frozen features, new head
def frozen(x, y):
    features = keras.models.clone_model(learned)
    features.set_weights(learned.get_weights())
    features.trainable = False  # BatchNorm: inference mode
    return train(with_head(features), Adam(0.02), x, y, 100)


# %% Fine-tune
def tuned(x, y):
    model = frozen(x, y)
    features = model.layers[0]
    features.trainable = True
    for part in features.layers:
        if isinstance(part, layers.BatchNormalization):
            part.trainable = False
    return train(model, Adam(0.003), x, y, 100)


# %% Five images a class
names = ["from scratch", "frozen", "fine-tuned"]
draws = []
for _ in range(3):
    few = np.ravel([rng.choice(p, 5, replace=False) for p in pools])
    data = x[few], y[few]
    models = from_scratch(*data, 100), frozen(*data), tuned(*data)
    draws.append([score(model) for model in models])
baseline, _, accuracy = means = np.mean(draws, axis=0).tolist()
for name, mean in zip(names, means):
    print(f"{name:12} {mean:.2f}")

# %% Each draw
plt.figure(figsize=(6, 3.5))
plt.plot(names, np.transpose(draws), "o", color="grey")
plt.plot(names, means, "k_", markersize=30)
plt.gca().set(ylabel="accuracy on new writers", ylim=(0, 1))
plt.show()
