"""Limit gradients: by their norm, by each weight's, by value."""

# %% Setup
import keras
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)

# %% Two weights and their gradients
kernel = tf.Variable([0.0, 0.0])
bias = tf.Variable([0.0])
weights = [kernel, bias]


def compute_gradients(slopes=(3.0, 4.0), slope=12.0):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.constant(slopes) * kernel)
        loss += slope * tf.reduce_sum(bias)
    return tape.gradient(loss, weights)


gradients = compute_gradients()
print("gradients:", *(g.numpy().tolist() for g in gradients))
norm = tf.linalg.global_norm(gradients)
print(f"norm of all: {norm:.1f}")

# %% Clip the norm of all
gradients = compute_gradients()
by_norm, norm_before = tf.clip_by_global_norm(gradients, 1.0)
print(f"norm before: {norm_before:.1f}")
print("clipped:", *(g.numpy().round(3) for g in by_norm))

# %% Clip each weight by itself
gradients = compute_gradients()
by_weight = [tf.clip_by_norm(g, 1.0) for g in gradients]
print("clipped:", *(g.numpy().round(3) for g in by_weight))

# %% Clip each value
gradients = compute_gradients()
by_value = [tf.clip_by_value(g, -3.5, 3.5) for g in gradients]
print("clipped:", *(g.numpy().round(3) for g in by_value))

# %% In training
images, labels = load_digits(return_X_y=True)
train_set = images.astype("float32"), labels
train_ds = tf.data.Dataset.from_tensor_slices(train_set)
train_ds = train_ds.shuffle(1797).batch(64)
train_ds = train_ds.prefetch(tf.data.AUTOTUNE)
model = keras.Sequential([
    keras.Input((64,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(10),
])
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)
optimizer = keras.optimizers.SGD(0.1, global_clipnorm=1.0)


@tf.function
def train_step(inputs, targets):
    with tf.GradientTape() as tape:
        loss = loss_fn(targets, model(inputs, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, tf.linalg.global_norm(gradients)


for epoch in range(1, 6):
    total, largest = 0.0, 0.0
    for inputs, targets in train_ds:
        loss, norm = train_step(inputs, targets)
        total += loss.numpy()
        largest = max(largest, norm.numpy())
    mean = total / len(train_ds)
    print(f"{epoch}  loss {mean:.3f}  largest norm {largest:.1f}")

# %% A gradient that is not finite
gradients = compute_gradients(slope=float("inf"))
broken, norm = tf.clip_by_global_norm(gradients, 1.0)
print("clipped:", *(g.numpy().tolist() for g in broken))

if not tf.math.is_finite(norm):
    print("stopped by a norm of", norm.numpy())
