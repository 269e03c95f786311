"""Feed data of your own: by index, as a stream, with collate."""

# %% Setup
from itertools import islice

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
digits = load_digits()


# %% By index
class Digits(keras.utils.PyDataset):
    def __init__(self, images, labels, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.images, self.labels = images, labels
        self.batch_size = batch_size

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)  # rounds up

    def __getitem__(self, i):
        start = i * self.batch_size
        batch = slice(start, start + self.batch_size)
        images = np.float32(self.images[batch] / 16)
        return images, self.labels[batch]


dataset = Digits(digits.data[:100], digits.target[:100], 32)
images, labels = dataset[0]
print(len(dataset), "batches of", images.shape, images.dtype)
print("labels", labels.dtype)


# %% As a stream
def stream():
    """Reads on and on; nobody knows how long."""
    for image, label in zip(digits.data[:100], digits.target):
        yield np.float32(image / 16), label


signature = (
    tf.TensorSpec((64,), tf.float32),
    tf.TensorSpec((), tf.int64),
)
stream_ds = tf.data.Dataset.from_generator(
    stream, output_signature=signature
)
sizes = [len(labels) for images, labels in stream_ds.batch(32)]
print("sizes of the batches:", sizes)

# %% Two at once
twice = tf.data.Dataset.range(2).interleave(
    lambda worker: stream_ds, num_parallel_calls=2
)
count = sum(len(labels) for _, labels in twice.batch(32))
print("samples of two workers:", count)


def part(worker, workers):
    yield from islice(stream(), worker, None, workers)


shared = tf.data.Dataset.range(2).interleave(
    lambda worker: tf.data.Dataset.from_generator(
        part, output_signature=signature, args=(worker, 2)
    ),
    num_parallel_calls=2,
).batch(32)
count = sum(len(labels) for _, labels in shared)
print("shared out:", count)


# %% Put samples together
def strokes_of(image, label):
    return image[image > 0], label


ragged = stream_ds.map(strokes_of).padded_batch(32)
print([tuple(strokes.shape) for strokes, _ in ragged])

# %% Length unknown
try:
    len(stream_ds)
except TypeError as error:
    print("TypeError:", error)

# %% Feed the model
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(10),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.Adam(learning_rate=0.01)
model.compile(optimizer, loss_fn)
history = model.fit(dataset, epochs=10, shuffle=False, verbose=0)
losses = history.history["loss"]
print(f"loss {losses[0]:.1f} falls to {losses[-1]:.1f}")
