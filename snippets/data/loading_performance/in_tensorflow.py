"""Keep the model busy: workers, prefetch, pinned memory, cache."""

# %% Setup
import time

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
images, labels = load_digits(return_X_y=True)
images = (images[:128] / 16).astype("float32")


# %% A slow dataset
def load(i):
    """Takes 5 ms a sample, as decoding a photograph does."""
    start = time.perf_counter()
    time.sleep(0.005)
    times = np.array([start, time.perf_counter()])
    return images[i], labels[i], times


def slow(i):
    types = tf.float32, tf.int64, tf.float64
    image, label, times = tf.numpy_function(load, [i], types)
    image = tf.ensure_shape(image, (64,))
    return image, tf.ensure_shape(label, ()), times


places = tf.data.Dataset.range(len(images))
train_ds = places.map(slow).batch(16)
print(len(images), "images in", len(train_ds), "batches")

# %% Train and take the times
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(10),
])
optimizer = keras.optimizers.SGD(learning_rate=0.1)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)


@tf.function
def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = loss_fn(targets, model(inputs, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def train_epoch(dataset):
    loads, steps = [], []
    for inputs, targets, times in dataset:
        start = time.perf_counter()
        train_step(inputs, targets).numpy()  # waits for the GPU
        steps.append((start, time.perf_counter()))
        loads.append(times)
    return np.concatenate(loads), np.array(steps)


def report(loads, steps):
    starts, ends = np.sort(loads, axis=0).T
    ended = np.searchsorted(ends, starts, side="right")
    at_once = (np.arange(1, len(starts) + 1) - ended).max()
    ahead = (starts[16::16] < steps[:-1, 1]).any()
    print("samples loading at once:", at_once)
    print("next batch begun before a step ends:", ahead)
    return at_once, ahead


# %% Find the bottleneck
train_epoch(train_ds)  # first steps take longer
loads, steps = train_epoch(train_ds)
computing = np.ptp(steps, axis=1).sum() / np.ptp(steps)
print("the model waits most of the time:", bool(computing < 0.5))
one_thread = report(loads, steps)

# %% Several at once
parallel_ds = places.map(slow, num_parallel_calls=2).batch(16)
several = report(*train_epoch(parallel_ds))

# %% Ahead of the model
ahead_ds = parallel_ds.prefetch(tf.data.AUTOTUNE)
ahead = report(*train_epoch(ahead_ds))

# %% Keep the order
batches = list(ahead_ds)
order = np.concatenate([targets for _, targets, _ in batches])
same = np.array_equal(order, labels[:128])
print("in the order of the dataset:", same)

# %% Load once
cached_ds = places.map(slow, num_parallel_calls=2).cache()
cached_ds = cached_ds.shuffle(128).batch(16).prefetch(1)
first, second = (train_epoch(cached_ds)[0] for _ in range(2))
starts = np.union1d(first[:, 0], second[:, 0])
print("samples loaded in two epochs:", len(starts))


# %% Random numbers
def two_epochs(dataset):
    first, second = (tf.concat(list(dataset), 0) for _ in range(2))
    print(len(np.unique(first)), "of 8 differ;", end=" ")
    same = np.array_equal(first, second)
    print("the next epoch repeats them:", same)
    return first, second


rng = np.random.default_rng(0)
places = tf.data.Dataset.range(8)
noisy = places.map(lambda i: rng.random(), num_parallel_calls=2)
noisy = two_epochs(noisy.batch(4))
seeds = tf.data.Dataset.random(0, rerandomize_each_iteration=True)
seeded = tf.data.Dataset.zip(places, seeds.batch(2)).map(
    lambda i, seed: tf.random.stateless_uniform((), seed),
    num_parallel_calls=2,
)
seeded = two_epochs(seeded.batch(4))
