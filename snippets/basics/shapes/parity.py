"""Every tensor of the run: the same numbers in the same places; what shares memory, and raises."""

import numpy as np

DIFFERENT = {
    "x after its reshape was changed": "a reshape is a view where it can be; "
    "TensorFlow makes a new tensor",
    "squeeze of an axis longer than 1 runs": "PyTorch leaves the axis alone; TensorFlow "
    "raises",
    "parts of a split of 12 by 4": "PyTorch takes the length of the parts, TensorFlow "
    "their number",
    "parts of a split of 12 by 5": "PyTorch's last part is shorter; TensorFlow raises, "
    "counted here as 0",
    "repeat of a pair, twice": "PyTorch repeats the whole, TensorFlow each number",
    "axes after the shortest transpose of 4 axes": "mT exchanges the last two; "
    "tf.transpose turns all round",
    "an expanded tensor is a copy": "PyTorch gives all rows one memory",
    "dtype of whole numbers": "int64 in PyTorch, int32 in TensorFlow",
}


def inputs():
    return {"four": np.arange(120).reshape(2, 3, 4, 5)}


def works(function, error, message):
    """Whether it runs; it may raise this error with these words and no other one."""
    try:
        function()
    except error as raised:
        if message not in str(raised):
            raise
        return False
    return True


def of_the_run(program):
    """Every tensor of the run by its name, whole numbers of one dtype."""
    names = "rows flat turned swapped channels_last unrolled row column one below "
    names += "beside stacked tiled repeated spread sums"
    found = {name: np.asarray(getattr(program, name)) for name in names.split()}
    for name in ("thirds", "uneven", "fifths"):
        parts = map(np.asarray, getattr(program, name))
        found |= {f"{name}, part {i}": part for i, part in enumerate(parts, 1)}
    # Of a view, the number that was written into it: it is a row of its own.
    for name in ("row", "column", "thirds, part 1", "uneven, part 1", "fifths, part 1"):
        found[name] = np.where(found[name] == 100, 0, found[name])
    return {name: np.float32(value) for name, value in found.items()}


def pytorch(program, given):
    import torch

    x, pair, four = program.x, program.pair, torch.from_numpy(given["four"])
    fours, fives = x.split(4), x.split(5)
    return {
        **of_the_run(program),
        "view of a turned matrix runs": works(
            lambda: program.turned.view(12), RuntimeError, "view size is not compatible"
        ),
        "reshape of a turned matrix runs": works(
            lambda: program.turned.reshape(12), RuntimeError, "view size"
        ),
        "x after its reshape was changed": np.float32(x),
        "squeeze of an axis longer than 1 runs": works(
            lambda: program.images.squeeze(0), RuntimeError, "squeeze"
        ),
        "parts of a split of 12 by 4": len(fours),
        "parts of a split of 12 by 5": len(fives),
        "repeat of a pair, twice": np.float32(pair.repeat(2)),
        "axes after the shortest transpose of 4 axes": np.array(four.mT.shape),
        "an expanded tensor is a copy": program.spread.data_ptr() != pair.data_ptr(),
        "dtype of whole numbers": x.dtype.itemsize,
    }


def tensorflow(program, given):
    import tensorflow as tf

    x, four = program.x, tf.constant(given["four"])
    fives = works(lambda: tf.split(x, 5), tf.errors.InvalidArgumentError, "evenly")
    return {
        **of_the_run(program),
        "view of a turned matrix runs": hasattr(tf, "view"),
        "reshape of a turned matrix runs": works(
            lambda: tf.reshape(program.turned, (12,)),
            tf.errors.InvalidArgumentError,
            "reshape",
        ),
        "x after its reshape was changed": np.float32(x),
        "squeeze of an axis longer than 1 runs": works(
            lambda: tf.squeeze(program.images, 0),
            tf.errors.InvalidArgumentError,
            "squeeze",
        ),
        "parts of a split of 12 by 4": len(tf.split(x, 4)),
        "parts of a split of 12 by 5": 5 * fives,
        "repeat of a pair, twice": np.float32(tf.repeat(program.pair, 2)),
        "axes after the shortest transpose of 4 axes": np.array(tf.transpose(four).shape),
        "an expanded tensor is a copy": not np.shares_memory(
            program.spread.numpy(), program.pair.numpy()
        ),
        "dtype of whole numbers": x.dtype.size,
    }
