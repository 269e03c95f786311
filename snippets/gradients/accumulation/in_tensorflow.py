"""Accumulate gradients: several small batches, one step."""

# %% Setup
import keras
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
images, labels = load_digits(return_X_y=True)
images = tf.constant(images / 16, dtype=tf.float32)
labels = tf.constant(labels)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)


def build(**settings):
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(10),
    ])
    model.compile(keras.optimizers.SGD(0.5, **settings), loss_fn)
    return model


# %% One large batch
large = build()
start = large.get_weights()
large.train_on_batch(images[:64], labels[:64])


# %% Four small batches
def accumulate(sizes, weights):
    model = build(gradient_accumulation_steps=4)
    model.set_weights(start)
    variables = model.trainable_variables
    inputs = tf.split(images[:64], sizes)
    targets = tf.split(labels[:64], sizes)
    for x, y, weight in zip(inputs, targets, weights):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = weight * loss_fn(y, logits)
        gradients = tape.gradient(loss, variables)
        model.optimizer.apply(gradients, variables)
    return model


def distance(model):
    moved = model.layers[0].kernel - large.layers[0].kernel
    return float(tf.norm(moved))


small = accumulate([16, 16, 16, 16], [1.0] * 4)
print(f"from the large step: {distance(small):.4f}")

# %% Batches of unequal size
sizes = [40, 16, 4, 4]
uneven = accumulate(sizes, [1.0] * 4)
print(f"from the large step: {distance(uneven):.4f}")
weighted = accumulate(sizes, [4 * size / 64 for size in sizes])
print(f"weighted by size: {distance(weighted):.4f}")


# %% In training
def train(model, epochs=3):
    settings = {"batch_size": 16, "epochs": epochs, "verbose": 0}
    model.fit(images, labels, **settings)
    return int(model.optimizer.iterations)


model = build(gradient_accumulation_steps=4)
updates = train(model)
loss = model.evaluate(images, labels, verbose=0)
print(f"{updates} updates  loss {loss:.2f}")
