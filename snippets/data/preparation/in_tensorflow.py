"""Turn arrays into normalised, shuffled and padded batches."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

# %% Split, then measure
images, labels = load_digits(return_X_y=True)
train_x, val_x, train_y, val_y = train_test_split(
    images, labels, test_size=297, random_state=0
)
mean, std = float(train_x.mean()), float(train_x.std())
print(f"training mean {mean:.3f}, deviation {std:.3f}")


# %% Dataset
def normalise(image, label):
    image = tf.cast(image, tf.float32)
    return (image - mean) / std, label


train = tf.data.Dataset.from_tensor_slices((train_x, train_y))
train = train.map(normalise).cache()
val = tf.data.Dataset.from_tensor_slices((val_x, val_y))
val = val.map(normalise).cache()
image, label = train.element_spec
print(len(train), "images", tuple(image.shape), image.dtype.name)

# %% Batches
loader = train.shuffle(1500, seed=0).batch(64)
loader = loader.prefetch(tf.data.AUTOTUNE)
val_loader = val.batch(64)
sizes = [len(y) for x, y in loader]
print(len(loader), "batches, the last has", sizes[-1])

# %% Without the short batch
whole = train.batch(64, drop_remainder=True)
y = next(iter(whole))[1].numpy()
print(len(whole), "batches, all of", len(y))
print("in the order of the arrays:", (y == train_y[:64]).all())


# %% How far shuffling moves
def shuffled(buffer_size, seed=0):
    places = tf.data.Dataset.range(1500)
    places = places.shuffle(buffer_size, seed=seed)
    return next(iter(places.batch(1500))).numpy()


place, by_class = np.arange(1500), np.sort(train_y)
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
def labels_of(loader):
    return np.concatenate([y for x, y in loader])


first, second = labels_of(loader), labels_of(loader)
print("second epoch in the same order:", (first == second).all())
first = labels_of(train.shuffle(1500, seed=1).batch(64))
second = labels_of(train.shuffle(1500, seed=1).batch(64))
print("same seed, same order:", (first == second).all())

# %% Cache
frozen = train.shuffle(1500, seed=0).cache().batch(64)
first, second = labels_of(frozen), labels_of(frozen)
print("cached after shuffling, second epoch")
print("  in the same order:", (first == second).all())


# %% Unequal lengths
def inked(image):
    return image[image > 0]


ink = tf.data.Dataset.from_tensor_slices(np.float32(images[:6]))
ink = ink.map(inked)
print("lengths", [len(part) for part in ink])
padded = ink.padded_batch(3)
print("batches", [tuple(batch.shape) for batch in padded])
