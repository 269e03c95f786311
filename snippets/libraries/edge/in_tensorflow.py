"""Run a digit classifier from files made for small devices."""

# %% Setup
import os

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from keras import layers
from sklearn.datasets import load_digits

# The files run on a CPU: compare them with the model on a CPU.
tf.config.set_visible_devices([], "GPU")
keras.utils.set_random_seed(0)

# %% Digits and network
digits = load_digits()
x = (digits.images / 16).astype("float32")[..., None]
y = digits.target
train, test = slice(0, 1287), slice(1287, 1797)
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 3, padding="same", activation="relu"),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10),
])

# %% Train
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(0.003), loss)
model.fit(x[train], y[train], batch_size=50, epochs=8, verbose=0)


def accuracy(logits):
    right = logits.argmax(axis=1) == y[test]
    return f"{right.mean():.3f} of the test digits right"


expected = model.predict(x[test], verbose=0)
print(accuracy(expected))


# %% Write the file
def converter_of(model):
    image = keras.InputSpec(shape=(1, 8, 8, 1), dtype="float32")
    model.export("saved", verbose=False, input_signature=[image])
    return tf.lite.TFLiteConverter.from_saved_model("saved")


def write(converter, path):
    with open(path, "wb") as file:
        file.write(converter.convert())
    print(path, f"{os.path.getsize(path) / 1000:.0f} kB")


write(converter_of(model), "digits.tflite")


# %% Run the file
def run(path, images):
    runner = Interpreter(path).get_signature_runner()
    (name,) = runner.get_input_details()
    rows = [runner(**{name: image[None]}) for image in images]
    return np.concatenate([row["output_0"] for row in rows])


def compare(logits):
    same = logits.argmax(axis=1) == expected.argmax(axis=1)
    print(f"the same class: {same.mean():.2f} of them")
    print(f"mean error: {np.abs(logits - expected).mean():.2f}")
    print(accuracy(logits))


compare(run("digits.tflite", x[test]))

# %% What the delegate takes
interpreter = Interpreter("digits.tflite")
interpreter.allocate_tensors()
# No public call tells; the numbers are those of tensors.
for op in interpreter._get_ops_details():
    print(op["op_name"], *op["inputs"], "->", *op["outputs"])


# %% Calibrate and quantise
def quantise(model, images):
    converter = converter_of(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: (
        [image[None]] for image in images
    )
    converter.target_spec.supported_ops = [
        tf.lite.OpsSet.TFLITE_BUILTINS_INT8
    ]
    return converter


write(quantise(model, x[train][::10]), "digits8.tflite")

# %% Run the 8-bit file
compare(run("digits8.tflite", x[test]))
