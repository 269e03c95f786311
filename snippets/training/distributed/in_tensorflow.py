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
global_batch = 100
train = tf.data.Dataset.from_tensor_slices(
    (images[:1500], labels[:1500])
)


def batches():
    # One order for all epochs, to give all runs the same batches.
    order = {"seed": 0, "reshuffle_each_iteration": False}
    return train.shuffle(1500, **order).batch(global_batch)


# %% Model
def build():
    keras.utils.set_random_seed(0)
    return keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(10),
    ])


# %% Train
def fit(model, batches):
    loss_fn = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True
    )
    optimizer = keras.optimizers.SGD(learning_rate=0.5)
    model.compile(optimizer, loss_fn, metrics=["accuracy"])
    model.fit(batches, epochs=3, shuffle=False, verbose=0)


# %% On two devices
with strategy.scope():
    two = build()
    fit(two, batches())

# %% On one device
one = build()
fit(one, batches())
for model in one, two:
    logits = model(images[1500:]).numpy()
    accuracy = (logits.argmax(1) == labels[1500:]).mean()
    print(f"accuracy on 297 unseen images: {accuracy:.2f}")
gap = max(
    np.abs(a - b).max()
    for a, b in zip(one.get_weights(), two.get_weights())
)
print("weights agree to 1e-5:", gap < 1e-5)

# %% A loop by hand
with strategy.scope():
    by_hand = build()
    optimizer = keras.optimizers.SGD(learning_rate=0.5)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True, reduction=None
)


def replica_step(x, y):
    with tf.GradientTape() as tape:
        losses = loss_fn(y, by_hand(x, training=True))
        loss = tf.reduce_sum(losses) / global_batch
    weights = by_hand.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


@tf.function
def train_step(x, y):
    strategy.run(replica_step, args=(x, y))


shares = strategy.experimental_distribute_dataset(batches())
for epoch in range(3):
    for x, y in shares:
        train_step(x, y)
gap = max(
    np.abs(a - b).max()
    for a, b in zip(one.get_weights(), by_hand.get_weights())
)
print("weights agree to 1e-5:", gap < 1e-5)
