"""Turn arrays into normalized, shuffled and padded batches."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

# %% Split, then measure
images, labels = load_digits(return_X_y=True)
train_images, val_images, train_labels, val_labels = (
    train_test_split(images, labels, test_size=297, random_state=0)
)
mean, std = float(train_images.mean()), float(train_images.std())
print(f"training mean {mean:.3f}, deviation {std:.3f}")


# %% Dataset
def normalize(image, label):
    image = tf.cast(image, tf.float32)
    return (image - mean) / std, label


def dataset(images, labels):
    ds = tf.data.Dataset.from_tensor_slices((images, labels))
    return ds.map(normalize, num_parallel_calls=tf.data.AUTOTUNE)


train_ds = dataset(train_images, train_labels).cache()
val_ds = dataset(val_images, val_labels).cache()
image, label = train_ds.element_spec
print(len(train_ds), "images", tuple(image.shape), image.dtype.name)

# %% Batches
train_batches = train_ds.shuffle(1500, seed=0).batch(64)
train_batches = train_batches.prefetch(tf.data.AUTOTUNE)
val_batches = val_ds.batch(64)
sizes = [len(y) for x, y in train_batches]
print(len(train_batches), "batches, the last has", sizes[-1])

# %% Without the short batch
full_batches = train_ds.batch(64, drop_remainder=True)
x, y = next(iter(full_batches))
print(len(full_batches), "batches, all of", len(y))
same = np.array_equal(y, train_labels[:64])
print("in the order of the arrays:", same)


# %% How far shuffling moves
def shuffled(buffer_size, seed=0):
    places = tf.data.Dataset.range(1500)
    places = places.shuffle(buffer_size, seed=seed)
    return next(iter(places.batch(1500))).numpy()


place, by_class = np.arange(1500), np.sort(train_labels)
plt.figure(figsize=(6, 3.5))
for size in 1500, 100, 10:
    order = shuffled(size)
    first_batch = len(set(by_class[order[:64]]))
    print("buffer of", size)
    print("  moves ahead by at most", (order - place).max())
    print("  classes in the first batch:", first_batch)
    plt.plot(place[::6], order[::6], ".", label=f"buffer {size}")
plt.xlabel("position in the epoch")
plt.ylabel("place in the dataset")
plt.legend(loc="upper left", framealpha=1)
plt.show()


# %% Each epoch anew
def labels_of(batches):
    return np.concatenate([y for x, y in batches])


first, second = labels_of(train_batches), labels_of(train_batches)
same = np.array_equal(first, second)
print("second epoch in the same order:", same)
first = labels_of(train_ds.shuffle(1500, seed=1).batch(64))
second = labels_of(train_ds.shuffle(1500, seed=1).batch(64))
print("same seed, same order:", np.array_equal(first, second))

# %% Cache
frozen = train_ds.shuffle(1500, seed=0).cache().batch(64)
first, second = labels_of(frozen), labels_of(frozen)
print("cached after shuffling, second epoch")
print("  in the same order:", np.array_equal(first, second))


# %% Unequal lengths
def inked(image):
    return image[image > 0]


ink = tf.data.Dataset.from_tensor_slices(np.float32(images[:6]))
ink = ink.map(inked)
print("lengths", [len(part) for part in ink])
padded = ink.padded_batch(3)
print("batches", [tuple(batch.shape) for batch in padded])
