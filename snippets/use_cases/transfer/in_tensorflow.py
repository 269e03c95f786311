"""Reuse what a network learned on digits 0-4 for digits 5-9."""

# %% Setup
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, losses
from keras.optimizers import Adam
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

keras.utils.set_random_seed(0)

# %% Digits anywhere on a field
digits, labels = load_digits(return_X_y=True)
images = np.tile(digits.reshape(-1, 8, 8) / 16, (4, 1, 1))
labels = np.tile(labels, 4)
rng = np.random.default_rng(0)
fields = np.zeros((len(images), 12, 12), dtype="float32")
for field, image in zip(fields, images):
    row, column = rng.integers(0, 5, 2)
    field[row : row + 8, column : column + 8] = image
last_writers = np.arange(len(images)) % 1797 >= 1287
source = np.flatnonzero((labels < 5) & ~last_writers)
high = np.flatnonzero(labels[:1797] >= 5)  # each image once
pool, test = high[~last_writers[high]], high[last_writers[high]]
x, y = fields[..., None], labels % 5
print(len(source), "of 0-4,", len(test), "of 5-9 to test on")


# %% Features and head
def conv(channels):
    kernel = layers.Conv2D(channels, 3, padding="same")
    norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
    return [kernel, norm, layers.ReLU()]


def build(features=None):
    features = features or keras.Sequential([
        keras.Input((12, 12, 1)),
        *conv(16),
        layers.MaxPooling2D(2),
        *conv(32),
        *conv(64),
        layers.GlobalMaxPooling2D(),
    ])
    return keras.Sequential([features, layers.Dense(5)])


# %% Train and score
loss_fn = losses.SparseCategoricalCrossentropy(from_logits=True)


def train(model, optimizer, x, y, steps):
    data = tf.data.Dataset.from_tensor_slices((x, y))
    data = data.shuffle(len(x)).batch(50).repeat().take(steps)
    model.compile(optimizer, loss_fn)
    model.fit(data, shuffle=False, verbose=0)


def accuracy(model):
    logits = model(x[test]).numpy()
    return (logits.argmax(axis=1) == y[test]).mean()


# %% Learn 0 to 4
first = build()
optimizer = Adam(learning_rate=0.003)
train(first, optimizer, x[source], y[source], 500)
learned = first.layers[0]


# %% From scratch
def from_scratch(x, y):
    model = build()
    train(model, Adam(learning_rate=0.003), x, y, 100)
    return model


# %% Frozen features, new head
def frozen(x, y):
    features = keras.models.clone_model(learned)
    features.set_weights(learned.get_weights())
    features.trainable = False  # BatchNorm: inference mode
    model = build(features)
    train(model, Adam(learning_rate=0.02), x, y, 100)
    return model


# %% Fine-tune
def fine_tune(model, x, y):
    features = model.layers[0]
    features.trainable = True
    for part in features.layers:
        if isinstance(part, layers.BatchNormalization):
            part.trainable = False
    train(model, Adam(learning_rate=0.001), x, y, 100)


# %% Three images a class
pixels = fields.reshape(-1, 144)
names = ["pixels, linear", "scratch", "frozen", "fine-tuned"]
scores = []
for _ in range(3):
    classes = [pool[labels[pool] == d] for d in range(5, 10)]
    few = np.concatenate([rng.choice(c, 3, False) for c in classes])
    linear = LogisticRegression().fit(pixels[few], labels[few])
    row = [linear.score(pixels[test], labels[test])]
    row.append(accuracy(from_scratch(x[few], y[few])))
    model = frozen(x[few], y[few])
    row.append(accuracy(model))
    fine_tune(model, x[few], y[few])
    scores.append([*row, accuracy(model)])
means = np.mean(scores, axis=0)
for name, mean in zip(names, means):
    print(f"{name:15} {mean:.2f}")

# %% Each draw
plt.figure(figsize=(6, 3.5))
plt.plot(names, np.transpose(scores), "o", color="grey")
plt.plot(names, means, "k_", markersize=30)
plt.gca().set(ylabel="accuracy on new writers", ylim=(0, 1))
plt.show()
