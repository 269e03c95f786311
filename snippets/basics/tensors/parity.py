"""Same values from both, and a flag for each habit that does not carry over."""

import numpy as np

DIFFERENT = {
    "bytes of an int from a list": "PyTorch makes int64, TensorFlow int32",
    "bytes of int / int": "PyTorch divides in float32, TensorFlow in float64",
    "bytes of float32 tensor + float64 array": "PyTorch promotes to float64; "
    "TensorFlow converts the array to the tensor's float32",
    "int + float is an error": "PyTorch promotes, TensorFlow does not",
    "mean of the integers 1 and 2 is an error": "PyTorch refuses; TensorFlow returns 1",
    "x[::-1] is an error": "PyTorch has no negative steps",
    "dimensions of x[[0, 2]]": "PyTorch takes two rows; TensorFlow reads x[0, 2]",
    "item assignment is an error": "a TensorFlow tensor cannot be changed",
    "a slice follows its source": "a PyTorch slice is a view, a TensorFlow one a copy",
    "a tensor follows its array": "from_numpy shares memory, tf.constant copies",
    "a write to .numpy() reaches the tensor": "PyTorch shares memory, "
    "TensorFlow returns a copy",
    "np.asarray(tensor) is writable": "TensorFlow shares it for reading only",
}


def inputs():
    rng = np.random.default_rng(0)
    return {"array": rng.normal(size=(3, 4)).astype("float32")}


def raises(error, part, function, *arguments):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def values(program):
    names = "column_sums row_means last column part large rows backwards grid changed"
    return {name.replace("_", " "): getattr(program, name) for name in names.split()}


def pytorch(program, given):
    import torch

    def assign():
        program.x.clone()[0, 0] = 1

    def assign_weight():
        torch.nn.Parameter(torch.zeros(3))[0] = 1

    ints, floats, x = program.ints, program.floats, program.x
    return {
        **values(program),
        "array there and back": torch.from_numpy(given["array"]).numpy(),
        "moved": program.moved,
        "int + float, with keras.ops in TensorFlow": ints + floats,
        "item assignment to a weight is an error": raises(
            RuntimeError, "leaf Variable", assign_weight
        ),
        "bytes of an int from a list": np.array(ints.element_size()),
        "bytes of int / int": np.array((ints / ints).element_size()),
        "bytes of float32 tensor + float64 array": np.array(
            (floats + torch.from_numpy(np.ones(3))).element_size()
        ),
        "int + float is an error": raises(TypeError, "", lambda: ints + floats),
        "mean of the integers 1 and 2 is an error": raises(
            RuntimeError, "could not infer output dtype", lambda: ints[:2].mean()
        ),
        "x[::-1] is an error": raises(
            ValueError, "step must be greater than zero", lambda: x[::-1]
        ),
        "dimensions of x[[0, 2]]": np.array(x[[0, 2]].ndim),
        "item assignment is an error": raises(TypeError, "", assign),
        "a slice follows its source": np.array(program.row[0].item() == 7),
        "a tensor follows its array": np.array(program.shared[0].item() == 7),
        "a write to .numpy() reaches the tensor": np.array(
            program.copied[1].item() == 8
        ),
        "np.asarray(tensor) is writable": np.array(np.asarray(floats).flags.writeable),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    def assign():
        program.x[0, 0] = 1

    def assign_weight():
        tf.Variable(tf.zeros(3))[0] = 1

    ints, floats, x = program.ints, program.floats, program.x
    return {
        **values(program),
        "array there and back": tf.constant(given["array"]).numpy(),
        "moved": program.moved,
        "int + float, with keras.ops in TensorFlow": keras.ops.add(ints, floats),
        "item assignment to a weight is an error": raises(
            TypeError, "does not support item assignment", assign_weight
        ),
        "bytes of an int from a list": np.array(ints.dtype.size),
        "bytes of int / int": np.array((ints / ints).dtype.size),
        "bytes of float32 tensor + float64 array": np.array(
            (floats + np.ones(3)).dtype.size
        ),
        "int + float is an error": raises(
            tf.errors.InvalidArgumentError,
            "was expected to be a int32 tensor",
            lambda: ints + floats,
        ),
        "mean of the integers 1 and 2 is an error": raises(
            TypeError, "", lambda: tf.reduce_mean(ints[:2])
        ),
        "x[::-1] is an error": raises(ValueError, "", lambda: x[::-1]),
        "dimensions of x[[0, 2]]": np.array(x[[0, 2]].ndim),
        "item assignment is an error": raises(
            TypeError, "does not support item assignment", assign
        ),
        "a slice follows its source": np.array(program.row[0].numpy() == 7),
        "a tensor follows its array": np.array(program.copied[0].numpy() == 7),
        "a write to .numpy() reaches the tensor": np.array(
            program.copied[1].numpy() == 8
        ),
        "np.asarray(tensor) is writable": np.array(np.asarray(floats).flags.writeable),
    }
