"""Keep weights in a safetensors file that both can read."""

# %% Setup
import keras
import numpy as np
import safetensors.numpy
import tensorflow as tf
from keras import layers
from safetensors import safe_open
from safetensors.tensorflow import load_file, save_file
from sklearn.datasets import load_digits

keras.utils.set_random_seed(0)
digits = load_digits()
images = (digits.images / 16).astype("float32")[..., None]
labels = digits.target


# %% A trained network
def build():
    return keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.Conv2D(8, 3, padding="same", name="conv"),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, name="head"),
    ], name="digits")


model = build()
model.compile(
    keras.optimizers.Adam(learning_rate=0.01),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
x, y = images[:1500], labels[:1500]
model.fit(x, y, batch_size=50, epochs=5, verbose=0)
logits = model.predict(images, verbose=0)
correct = logits[1500:].argmax(axis=1) == labels[1500:]
print(f"test accuracy: about {correct.mean():.1f}")

# %% Save
weights = {each.path: each.value for each in model.weights}
# A copy: save_file turns what is in the dictionary into NumPy.
tensors = dict(weights)
save_file(tensors, "digits.safetensors", metadata={"epochs": "5"})
print(*weights)

# %% Look without loading
with safe_open("digits.safetensors", framework="tf") as file:
    print(file.metadata())
    for name in file.keys():
        part = file.get_slice(name)
        print(name, part.get_dtype(), part.get_shape())
    two_rows = file.get_slice("digits/head/kernel")[:2]
print("read alone:", tuple(two_rows.shape))


# %% Load
def load(model, tensors):
    for each in model.weights:
        each.assign(tensors.pop(each.path))
    print("left over:", list(tensors))


fresh = build()
load(fresh, load_file("digits.safetensors"))
same = np.array_equal(fresh.predict(images, verbose=0), logits)
print("same outputs:", same)


# %% Write what the other would write
def as_pytorch(model):
    weights = {each.path: each.value for each in model.weights}
    conv = tf.transpose(weights["digits/conv/kernel"], (3, 2, 0, 1))
    head = tf.reshape(weights["digits/head/kernel"], (4, 4, 8, 10))
    head = tf.transpose(head, (3, 2, 0, 1))
    return {
        "conv.weight": conv,
        "conv.bias": weights["digits/conv/bias"],
        "head.weight": tf.reshape(head, (10, 8 * 4 * 4)),
        "head.bias": weights["digits/head/bias"],
    }


save_file(as_pytorch(model), "for_pytorch.safetensors")


# %% Read what the other has written
def from_pytorch(tensors):
    conv = tf.transpose(tensors["conv.weight"], (2, 3, 1, 0))
    head = tf.reshape(tensors["head.weight"], (10, 8, 4, 4))
    head = tf.transpose(head, (2, 3, 1, 0))
    return {
        "digits/conv/kernel": conv,
        "digits/conv/bias": tensors["conv.bias"],
        "digits/head/kernel": tf.reshape(head, (4 * 4 * 8, 10)),
        "digits/head/bias": tensors["head.bias"],
    }


fresh = build()
load(fresh, from_pytorch(load_file("for_pytorch.safetensors")))
same = np.array_equal(fresh.predict(images, verbose=0), logits)
print("same outputs:", same)

# %% A transposed array
# TensorFlow's transpose copies. NumPy's turns the view alone:
turned = weights["digits/head/kernel"].numpy().T
for each in (turned, np.ascontiguousarray(turned)):
    safetensors.numpy.save_file({"weight": each}, "t.safetensors")
    back = safetensors.numpy.load_file("t.safetensors")["weight"]
    print("comes back:", np.array_equal(back, turned))

# %% A weight that is used twice
words = keras.Input((None,), dtype="int32")
embed = layers.ReversibleEmbedding(50, 8, name="embed")
tied = keras.Model(words, embed(embed(words), reverse=True))
tensors = {each.path: each.value for each in tied.weights}
save_file(tensors, "tied.safetensors")
print("in the file:", *load_file("tied.safetensors"))

# %% bfloat16
name = "digits/conv/bias"
half = {name: tf.cast(weights[name], "bfloat16")}
save_file(dict(half), "half.safetensors")
back = load_file("half.safetensors")[name]
print(back.dtype.name, np.array_equal(back, half[name]))

# %% The optimizer
state = {each.path: each for each in model.optimizer.variables}
try:
    save_file(dict(state), "adam.safetensors")
except AttributeError as error:
    print(error)
first = {name: state[name] for name in list(state)[2:4]}
save_file(first, "adam.safetensors")
print("of the first weight:", *load_file("adam.safetensors"))
