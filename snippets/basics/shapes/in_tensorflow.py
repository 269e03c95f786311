"""Give tensors another shape: what moves, and what is shared."""

# %% Setup
import tensorflow as tf
from keras import ops

x = tf.range(12)
images = tf.reshape(tf.range(2 * 3 * 4 * 5), (2, 3, 4, 5))


def show(name, *tensors):
    print(name, *(tuple(tensor.shape) for tensor in tensors))


# %% Reshape
rows = tf.reshape(x, (3, 4))
print(rows.numpy())
flat = tf.reshape(images, (2, -1))
show("flat", flat)
rows = tf.tensor_scatter_nd_update(rows, [[0, 0]], [100])
print("first of x:", x[0].numpy())  # tensors never change

# %% Transpose
turned = tf.transpose(rows)
print(turned.numpy())
swapped = tf.linalg.matrix_transpose(images)  # the last two axes
channels_last = tf.transpose(images, (0, 2, 3, 1))
show("swapped, channels last", swapped, channels_last)
# There are no views: reshape takes any tensor.
unrolled = tf.reshape(turned, (12,))
print("unrolled", unrolled.numpy().tolist())

# %% Add and drop axes
row, column = x[None], x[:, None]  # or tf.expand_dims(x, 1)
show("row, column", row, column)
one = images[:1, :1]
show("dropped all, the first", tf.squeeze(one), tf.squeeze(one, 0))

# %% Join
a, b = tf.zeros((2, 3)), tf.ones((2, 3))
below, beside = tf.concat([a, b], axis=0), tf.concat([a, b], axis=1)
show("below, beside", below, beside)
stacked = tf.stack([a, b])
show("on a new axis", stacked)

# %% Split
thirds = tf.split(x, 3)  # the number of parts
show("thirds", *thirds)
uneven = tf.split(x, [2, 4, 6])
show("lengths given", *uneven)
fifths = ops.array_split(x, 5)  # tf.split raises: 12 / 5
show("fifths", *fifths)
print("rows", *(row.numpy().tolist() for row in rows))

# %% Repeat and broadcast
pair = tf.constant([1, 2])
tiled, repeated = ops.tile(pair, 2), tf.repeat(pair, 2)
print("tiled", tiled.numpy(), "repeated", repeated.numpy())
spread = tf.broadcast_to(pair, (3, 2))  # a copy
print("spread", spread.numpy().tolist())
sums = pair[:, None] + tf.constant([10, 20, 30])
print("sums", sums.numpy().tolist())
