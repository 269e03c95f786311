"""Train on two devices: the same weights as on one."""

# %% Setup
import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")

# %% Devices
cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
print("replicas:", strategy.num_replicas_in_sync)

# %% Batches
global_batch_size = 100
train_set = images[:1500], labels[:1500]
# One order for all epochs, so that all runs have the same batches.
train_ds = tf.data.Dataset.from_tensor_slices(train_set).shuffle(
    1500, seed=0, reshuffle_each_iteration=False
)
train_ds = train_ds.batch(global_batch_size)
train_ds = train_ds.prefetch(tf.data.AUTOTUNE)


# %% Model
def build_model():
    keras.utils.set_random_seed(0)
    return keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(10),
    ])


# %% Train
def fit(model, train_ds):
    loss_fn = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True
    )
    optimizer = keras.optimizers.SGD(learning_rate=0.5)
    model.compile(optimizer, loss_fn)
    model.fit(train_ds, epochs=3, shuffle=False, verbose=0)


# %% On two devices
with strategy.scope():
    two = build_model()
    fit(two, train_ds)

# %% On one device
one = build_model()
fit(one, train_ds)
for model in one, two:
    logits = model(images[1500:], training=False).numpy()
    accuracy = (logits.argmax(axis=1) == labels[1500:]).mean()
    print(f"accuracy on 297 unseen images: {accuracy:.2f}")
gap = max(
    np.abs(a - b).max()
    for a, b in zip(one.get_weights(), two.get_weights())
)
print("weights agree to 1e-5:", gap < 1e-5)

# %% A loop by hand
with strategy.scope():
    by_hand = build_model()
    optimizer = keras.optimizers.SGD(learning_rate=0.5)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True, reduction=None
)


def replica_step(inputs, targets):
    with tf.GradientTape() as tape:
        logits = by_hand(inputs, training=True)
        losses = loss_fn(targets, logits)
        loss = tf.reduce_sum(losses) / global_batch_size
    gradients = tape.gradient(loss, by_hand.trainable_variables)
    optimizer.apply(gradients, by_hand.trainable_variables)


@tf.function
def train_step(inputs, targets):
    strategy.run(replica_step, args=(inputs, targets))


shares = strategy.experimental_distribute_dataset(train_ds)
for epoch in range(3):
    for inputs, targets in shares:
        train_step(inputs, targets)
gap = max(
    np.abs(a - b).max()
    for a, b in zip(one.get_weights(), by_hand.get_weights())
)
print("weights agree to 1e-5:", gap < 1e-5)
