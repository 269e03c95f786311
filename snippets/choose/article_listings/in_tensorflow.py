"""Parse and run what the article prints; watch memory return."""

# %% Setup
import ast
import warnings

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)

# %% As printed
PRINTED = """
    model = tf.keras.Sequential([
        tf.keras.layers.Dense(output_size)
    return model
"""


def parses(text):
    try:
        ast.parse("def create_simple_nn(output_size):" + text)
    except SyntaxError as error:
        print(error.msg)
        return False
    return True


print("parses:", parses(PRINTED))

# %% Repaired
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    model = keras.Sequential([
        keras.layers.Dense(
            20, activation="relu", input_shape=(10,)
        ),
        keras.layers.Dense(5),
    ])
print(len(said), "warnings")
print(str(said[0].message).partition(" to a layer")[0])
print(model.count_params(), "parameters")

# %% The activation either way
x = np.ones((8, 10), dtype="float32")
first, last = model.layers
weights, bias = first.weights
hidden = keras.layers.ReLU()(x @ weights + bias)
print("same output:", np.allclose(last(hidden), model(x)))


# %% When memory comes back
gpus = tf.config.list_logical_devices("GPU")
device = "GPU:0" if gpus else "CPU:0"


def memory_is_kept():
    def in_use():
        info = tf.config.experimental.get_memory_info(device)
        return info["current"]

    def kept():  # most of the 4 MB of x
        return in_use() - before > 3_000_000

    before = in_use()
    x = tf.ones((1000, 1000))
    with_x = kept()
    part = x[:2]
    del x
    with_part = kept()
    del part
    return [with_x, with_part, kept()]


for step, kept in zip(
    ("with x:", "a slice of x left:", "nothing left:"),
    memory_is_kept(),
):
    print(f"{step:18} {'kept' if kept else 'given back'}")
