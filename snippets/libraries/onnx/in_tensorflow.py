"""Export a network to ONNX and run it without its framework."""

# %% Setup
import warnings
from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from keras import layers
from onnxruntime.capi.onnxruntime_pybind11_state import (
    InvalidArgument,
)
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
# Keras looks for a name that NumPy no longer has:
warnings.filterwarnings("ignore", message=".*np.object")

# %% A trained network
digits = load_digits()
images = (digits.images / 16).astype("float32")[..., None]
labels = digits.target
model = keras.Sequential([
    keras.Input((8, 8, 1), name="images"),
    layers.Conv2D(8, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10),
])
model.compile(
    keras.optimizers.Adam(learning_rate=0.01),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
x, y = images[:1500], labels[:1500]
model.fit(x, y, batch_size=50, epochs=5, verbose=0)
expected = model.predict(images[1500:], verbose=0)
correct = expected.argmax(axis=1) == labels[1500:]
print(f"test accuracy: about {correct.mean():.1f}")


# %% Export
def to_onnx(model, path, **options):
    outputs = {"logits": model.outputs[0]}
    named = keras.Model(model.inputs[0], outputs)
    named(images[:2])  # a model that never ran is refused
    named.export(path, format="onnx", verbose=False, **options)


to_onnx(model, "digits.onnx")
print(Path("digits.onnx").stat().st_size // 1000, "kB")

# %% Check the file
graph = onnx.load("digits.onnx")
onnx.checker.check_model(graph, full_check=True)
print("opset", graph.opset_import[0].version)
print(*(node.op_type for node in graph.graph.node))

# %% Inputs and outputs
session = onnxruntime.InferenceSession("digits.onnx")
for value in session.get_inputs() + session.get_outputs():
    print(value.name, value.type, value.shape)

# %% Run
test_images = images[1500:]
(logits,) = session.run(["logits"], {"images": test_images})
print("close:", np.allclose(logits, expected, atol=1e-5))
same = logits.argmax(axis=1) == expected.argmax(axis=1)
print("same classes:", same.mean())
for size in (1, 7, 100):
    (logits,) = session.run(None, {"images": test_images[:size]})
    print(size, "images:", logits.shape)


# %% Take the other layout
def to_channels_first(model, path):
    @tf.function
    def predict(images):
        return {"logits": model(images, training=False)}

    tf2onnx.convert.from_function(
        predict,
        [tf.TensorSpec((None, 8, 8, 1), name="images")],
        inputs_as_nchw=["images"],
        output_path=path,
    )


to_channels_first(model, "first.onnx")
first = onnxruntime.InferenceSession("first.onnx")
print(first.get_inputs()[0].shape)
channels_first = test_images.transpose(0, 3, 1, 2)
(logits,) = first.run(["logits"], {"images": channels_first})
print("close:", np.allclose(logits, expected, atol=1e-5))

# %% A wrong input
for wrong in (test_images.astype("float64"), test_images[..., 0]):
    try:
        session.run(None, {"images": wrong})
    except InvalidArgument as error:
        print(str(error).splitlines()[0])


# %% A branch on values
@tf.function
def branch(x):
    if tf.reduce_sum(x) > 0:
        return x * 10
    return x / 10


tf2onnx.convert.from_function(
    branch, [tf.TensorSpec([2])], output_path="branch.onnx"
)
branch = onnxruntime.InferenceSession("branch.onnx")
name = branch.get_inputs()[0].name
for sign in (1, -1):
    inputs = np.array([sign, sign], dtype="float32")
    print(*branch.run(None, {name: inputs}))
