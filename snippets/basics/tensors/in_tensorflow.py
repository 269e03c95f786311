"""Create tensors, look inside them, change them, move them."""

# %% Create
import numpy as np
import tensorflow as tf

ints = tf.constant([1, 2, 3])
floats = tf.constant([0.5, 1.0, 1.5])
doubles = tf.constant(np.array([0.5, 1.0, 1.5]))
zeros = tf.zeros((2, 3))
print("list of ints   ", ints.dtype)
print("list of floats ", floats.dtype)
print("NumPy array    ", doubles.dtype)
print("zeros          ", zeros.dtype)

# %% Mix dtypes
print(tf.cast(ints, tf.float32) + floats)  # no cast: an error
print(ints / 2)
print(tf.cast(floats, tf.int64))

# %% Shapes and axes
x = tf.reshape(tf.range(12.0), (3, 4))
column_sums = tf.reduce_sum(x, axis=0)
row_means = tf.reduce_mean(x, axis=1, keepdims=True)
print(x.shape, x.ndim, tf.size(x).numpy())
print(column_sums)
print(row_means.shape, tf.transpose(x).shape, x[tf.newaxis].shape)

# %% Index and slice
last, column, part = x[1, -1], x[:, 1], x[0, 1:3]
large = x[x > 8]
rows = tf.gather(x, [0, 2])  # x[[0, 2]] means x[0, 2]
backwards = x[::-1]
print(last.numpy(), column.numpy(), part.numpy())
print(large)
print(rows)
print(backwards[:, 0])

# %% Broadcast
grid = tf.constant([[1.0], [2.0]]) + tf.constant([10.0, 20, 30])
print(grid)

# %% Change elements
changed = tf.tensor_scatter_nd_update(x, [[0, 0]], [100.0])
changed += tf.constant([0.0, 0.0, 0.0, 0.5])
print(changed)

# %% Views and copies
base = tf.Variable(tf.zeros((2, 3)))  # unlike a tensor: mutable
row = base[0]  # no clone needed: this tensor never changes
base[0, 0].assign(7.0)
print("slice", row)
print("base ", base.numpy())

# %% From NumPy and back
source = np.zeros(3, dtype="float32")
# TensorFlow has no sharing counterpart of from_numpy.
copied = tf.constant(source)
source[0] = 7
print("constant", copied)
back = copied.numpy()
back[1] = 8
print("after a write to .numpy()", copied)

# %% Move to a device
# Operations run on the GPU if there is one. To choose:
with tf.device("CPU"):
    moved = tf.identity(x)
print(tf.DeviceSpec.from_string(moved.device).device_type)
print(tf.reduce_sum(moved).numpy(), moved.numpy().shape)
