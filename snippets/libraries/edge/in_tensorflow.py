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
images = (digits.images / 16).astype("float32")[..., None]
labels = digits.target
train_images, train_labels = images[:1287], labels[:1287]
test_images, test_labels = images[1287:], labels[1287:]
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(16, 3, padding="same", activation="relu"),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10),
])

# %% Train
model.compile(
    keras.optimizers.Adam(learning_rate=0.003),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(
    train_images, train_labels, batch_size=50, epochs=8, verbose=0
)


def accuracy(logits):
    return (logits.argmax(axis=1) == test_labels).mean()


expected = model.predict(test_images, verbose=0)
print(f"test accuracy: {accuracy(expected):.3f}")


# %% Write the file
def write(model, path, **options):
    image = keras.InputSpec(shape=(1, 8, 8, 1), dtype="float32")
    model.export(
        path,
        format="litert",
        input_signature=[image],
        verbose=False,
        **options,
    )
    print(path, f"{os.path.getsize(path) / 1000:.0f} kB")


write(model, "digits.tflite")


# %% Run the file
def run(path, images):
    runner = Interpreter(path).get_signature_runner()
    (name,) = runner.get_input_details()
    return np.concatenate([
        runner(**{name: image[None]})["output_0"]
        for image in images
    ])


def compare(logits):
    same = logits.argmax(axis=1) == expected.argmax(axis=1)
    print(f"the same class: {same.mean():.2f} of them")
    print(f"mean error: {np.abs(logits - expected).mean():.2f}")
    print(f"test accuracy: {accuracy(logits):.3f}")


compare(run("digits.tflite", test_images))

# %% What the delegate takes
interpreter = Interpreter("digits.tflite")
interpreter.allocate_tensors()
# No public call tells; the numbers are those of tensors.
for op in interpreter._get_ops_details():
    print(op["op_name"], *op["inputs"], "->", *op["outputs"])


# %% Calibrate and quantize
def write_quantized(model, path, images):
    only_int8 = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    write(
        model,
        path,
        optimizations=[tf.lite.Optimize.DEFAULT],
        representative_dataset=lambda: (
            [image[None]] for image in images
        ),
        target_spec={"supported_ops": only_int8},
    )


write_quantized(model, "digits8.tflite", train_images[::10])

# %% Run the 8-bit file
compare(run("digits8.tflite", test_images))
