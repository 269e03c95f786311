"""Build one model with Keras, and train it in this framework."""

# %% Setup
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
digits = load_digits()
x = (digits.images / 16).astype("float32")[..., None]
y = digits.target
print(keras.backend.backend(), keras.config.image_data_format())


# %% One model for both
def build():
    return keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(8, 3, padding="same", name="conv"),
        layers.BatchNormalization(momentum=0.9, name="norm"),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(10, name="head"),
    ], name="digits")


model = build()
print(model.count_params(), "numbers")

# %% What the framework sees
print("a tf.Module:", isinstance(model, tf.Module))
kernel = model.get_layer("conv").kernel
print(kernel.path, tuple(kernel.shape), type(kernel.value).__name__)
trained, every = model.trainable_variables, model.variables
print(len(trained), "of", len(every), "variables are trained")

# %% Training mode
# The model has no mode to switch: each call says what it is.
one, two = model(x), model(x)
print("a call drops out:", not np.array_equal(one, two))
one, two = (model(x, training=True) for _ in range(2))
print("training=True drops out:", not np.array_equal(one, two))

# %% A loop of the framework
train_ds = tf.data.Dataset.from_tensor_slices((x[:1500], y[:1500]))
train_ds = train_ds.shuffle(1500, seed=0).batch(50)
train_ds = train_ds.prefetch(tf.data.AUTOTUNE)
loss_fn = keras.losses.SparseCategoricalCrossentropy(
    from_logits=True
)


@tf.function
def train_step(model, optimizer, inputs, targets):
    with tf.GradientTape() as tape:
        loss = loss_fn(targets, model(inputs, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)


optimizer = keras.optimizers.Adam(learning_rate=0.01)
for epoch in range(3):
    for inputs, targets in train_ds:
        train_step(model, optimizer, inputs, targets)
logits = model(x[1500:], training=False)
correct = tf.argmax(logits, axis=1).numpy() == y[1500:]
print(f"test accuracy: about {correct.mean():.1f}")

# %% fit
model.compile(
    keras.optimizers.Adam(learning_rate=0.01),
    loss_fn,
    metrics=["accuracy"],
)
model.fit(train_ds, epochs=2, shuffle=False, verbose=0)
_, accuracy = model.evaluate(x[1500:], y[1500:], verbose=0)
print(f"test accuracy: about {accuracy:.1f}")


# %% A Keras layer in the framework's module
class Mixed(tf.Module):
    def __init__(self):
        super().__init__()
        self.body = tf.Variable(tf.random.normal((64, 32)))
        self.head = layers.Dense(10)

    def __call__(self, x):
        return self.head(tf.nn.relu(x @ self.body))


mixed = Mixed()
print("before a call:", len(mixed.variables))
mixed(x.reshape(-1, 64))
print("after it:", len(mixed.variables))
print("in its head:", len(mixed.head.variables))


# %% The framework's module in a Keras model
@keras.saving.register_keras_serializable()
class Wrapped(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inside = Mixed()

    def call(self, x):
        return self.inside(x)


wrapped = Wrapped()
wrapped(x.reshape(-1, 64))
print("weights:", *(tuple(each.shape) for each in wrapped.weights))

# %% One file for both
model.save("digits.keras")
again = keras.saving.load_model("digits.keras")
print("same outputs:", np.array_equal(again(x), model(x)))
print(type(again.optimizer).__module__)

# %% Move the training, too
model.save_weights("digits.weights.h5")
moved = keras.saving.load_model("digits.keras", compile=False)
moved.compile(keras.optimizers.Adam(), model.loss)
moved.optimizer.build(moved.trainable_variables)
moved.load_weights("digits.weights.h5")
print("steps so far:", int(moved.optimizer.iterations.numpy()))
print(f"rate: {float(moved.optimizer.learning_rate.numpy()):.2f}")

# %% A file with the framework's module
# Keras wraps modules of PyTorch alone, for its PyTorch backend.

# %% Export
model.export("digits", format="tf_saved_model", verbose=False)
exported = tf.saved_model.load("digits")
print("close:", np.allclose(exported.serve(x), model(x), atol=1e-5))
