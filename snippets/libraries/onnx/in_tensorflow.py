"""Export a network to ONNX and run it without its framework."""

# %% Setup
from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from keras import layers
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)

# %% A trained network
digits = load_digits()
x = (digits.images / 16).astype("float32")[..., None]
y = digits.target
model = keras.Sequential([
    keras.Input((8, 8, 1)),
    layers.Conv2D(8, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10),
])
model.compile(
    keras.optimizers.Adam(learning_rate=0.01),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(x[:1500], y[:1500], batch_size=50, epochs=5, verbose=0)
expected = model.predict(x[1500:], verbose=0)
right = expected.argmax(axis=1) == digits.target[1500:]
print(f"right, of 297 new images: about {right.mean():.1f}")


# %% Export
def to_onnx(model, path, **options):
    @tf.function
    def predict(images):
        return {"logits": model(images, training=False)}

    images = tf.TensorSpec((None, 8, 8, 1), name="images")
    tf2onnx.convert.from_function(
        predict, [images], output_path=path, **options
    )


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
images = x[1500:]
(logits,) = session.run(["logits"], {"images": images})
print("close:", np.allclose(logits, expected, atol=1e-5))
same = logits.argmax(axis=1) == expected.argmax(axis=1)
print("same classes:", same.mean())
for size in (1, 7, 100):
    (part,) = session.run(None, {"images": images[:size]})
    print(size, "images:", part.shape)

# %% Take the other layout
to_onnx(model, "first.onnx", inputs_as_nchw=["images"])
first = onnxruntime.InferenceSession("first.onnx")
print(first.get_inputs()[0].shape)
channels_first = images.transpose(0, 3, 1, 2)
(part,) = first.run(None, {"images": channels_first})
print("close:", np.allclose(part, expected, atol=1e-5))

# %% A wrong input
for wrong in (images.astype("float64"), images[..., 0]):
    try:
        session.run(None, {"images": wrong})
    except Exception as error:
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
    given = np.array([sign, sign], dtype="float32")
    print(*branch.run(None, {name: given}))
