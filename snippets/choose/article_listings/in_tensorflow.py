"""Parse and run a network as printed; watch memory return."""

# %% Setup
import ast
import warnings
import weakref

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
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    model = keras.Sequential([
        keras.layers.Dense(
            20, activation="relu", input_shape=(10,)
        ),
        keras.layers.Dense(5),
    ])
print(len(caught), "warnings")
print(str(caught[0].message).partition(" to a layer")[0])
print(model.count_params(), "parameters")

# %% The activation either way
x = np.ones((8, 10), dtype="float32")
first, last = model.layers
hidden = keras.layers.ReLU()(x @ first.kernel + first.bias)
print("same output:", np.allclose(last(hidden), model(x)))


# %% When memory comes back
def memory_is_kept(take, width):
    with tf.device("CPU"):  # where NumPy sees the memory itself
        x = tf.ones((1000, width))
        part = take(x)
    shared = np.shares_memory(np.asarray(x), np.asarray(part))
    owner = weakref.ref(x)
    del x
    return owner() is not None or shared


takes = {
    "x itself": lambda x: x,
    "two rows": lambda x: x[:2],
    "two columns": lambda x: x[:, :2],
    "nothing": lambda x: None,
}
for name, take in takes.items():
    kept = memory_is_kept(take, width=1024)
    print(f"{name:11} {'kept' if kept else 'given back'}")
