"""Normalize by batch, layer, group and root mean square."""

# %% Setup
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_iris

rng = np.random.default_rng(0)
x = rng.permutation(load_iris().data)  # 150 flowers, 4 lengths
x = tf.constant(x, tf.float32)
batches = tf.split(x, 5)

# %% A batch in training
norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
y = norm(batches[0], training=True)
mean, var = tf.nn.moments(batches[0], axes=[0])
by_hand = (batches[0] - mean) / tf.sqrt(var + norm.epsilon)
print("first row", y[0].numpy().round(3))
print("as by hand:", np.allclose(y, by_hand, atol=1e-5))

# %% Running statistics
for batch in batches[1:]:
    norm(batch, training=True)
print("running mean", norm.moving_mean.numpy().round(3))
print("running variance", norm.moving_variance.numpy().round(3))
print("mean of the data", np.mean(x, axis=0).round(3))

# %% In evaluation
# A direct call without training=True is evaluation.
print("first row", norm(batches[0])[0].numpy().round(3))
print("alone", norm(x[:1])[0].numpy().round(3))

# %% Momentum
plt.figure(figsize=(5, 3))
for new in 0.1, 0.01:
    follower = layers.BatchNormalization(momentum=1 - new)
    path = []
    for batch in batches * 20:
        follower(batch, training=True)
        path.append(follower.moving_mean[0].numpy())
    plt.plot(path, label=f"{new} of each batch")
plt.axhline(np.mean(x[:, 0]), color="0.5", linestyle=":")
plt.gca().set(xlabel="batch", ylabel="running mean")
plt.legend()
plt.show()

# %% Freeze
norm.trainable = False  # weights, and statistics too
before = norm.moving_mean.numpy()
norm(batches[0], training=True)
moved = not np.array_equal(before, norm.moving_mean)
print("moved:", moved)

# %% Layer, group and RMS norm
layer_norm = layers.LayerNormalization(epsilon=1e-5)
group_norm = layers.GroupNormalization(groups=2, epsilon=1e-5)
rms_norm = layers.RMSNormalization(epsilon=1e-6)
for row_norm in layer_norm, group_norm, rms_norm:
    y = row_norm(batches[0])
    print(type(row_norm).__name__, y[0].numpy().round(3))

# %% A batch of one
norm.trainable = True
print(norm(x[:1], training=True).numpy())
