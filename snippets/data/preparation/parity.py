"""Same arrays: same examples, batch sizes and padding; other shuffles and dtypes."""

import numpy as np

DIFFERENT = {
    "shuffled order from seed 0": "two random number generators: a seed means "
    "something only to the framework that draws",
    "largest move ahead, buffer of 10": "DataLoader permutes all places and has no "
    "buffer; tf.data draws from the next 10",
    "dataset[5] works": "a Dataset with __getitem__ is a sequence; a "
    "tf.data.Dataset can only be iterated",
    "bytes of a Python float in a batch": "collate makes float64, as NumPy does; "
    "TensorFlow makes float32",
    "bytes of a Python int in a batch": "collate makes int64; TensorFlow int32",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "images": rng.integers(0, 17, (20, 64)).astype("float64"),
        "labels": rng.integers(0, 10, 20),
    }


def raises(error, function):
    try:
        function()
    except error:
        return np.array(True)
    return np.array(False)


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader, default_collate

    dataset = program.Digits(given["images"], given["labels"], program.normalise)
    x, y = next(iter(DataLoader(dataset, batch_size=20)))
    epoch = [program.labels_of(program.loader).numpy() for _ in range(2)]
    val_x = torch.cat([x for x, y in program.val_loader])
    order = program.shuffled()
    return {
        "normalised images": x,
        "labels in order": y,
        "mean of the normalised validation images": val_x.mean(),
        "labels of the validation set": program.labels_of(program.val_loader),
        "batch sizes": np.array([len(y) for x, y in program.loader]),
        "batch sizes without the short one": np.array(
            [len(y) for x, y in program.whole]
        ),
        "default order is the arrays'": np.array_equal(
            program.labels_of(program.whole), program.train_y[: 23 * 64]
        ),
        "a shuffled epoch holds each place once": np.sort(order),
        "labels of a shuffled epoch, sorted": np.sort(epoch[0]),
        "second epoch in the same order": np.array_equal(*epoch),
        "same seed gives the same order": np.array_equal(order, program.shuffled()),
        "first padded batch": next(iter(program.padded)),
        "unequal lengths without padding raise": raises(
            RuntimeError, lambda: next(iter(DataLoader(program.ink, batch_size=3)))
        ),
        "shuffled order from seed 0": order,
        "largest move ahead, buffer of 10": (order - np.arange(1500)).max(),
        "dataset[5] works": np.logical_not(raises(TypeError, lambda: dataset[5])),
        "bytes of a Python float in a batch": np.array(
            default_collate([0.5, 1.5]).element_size()
        ),
        "bytes of a Python int in a batch": np.array(
            default_collate([1, 2]).element_size()
        ),
    }


def tensorflow(program, given):
    import tensorflow as tf

    slices = tf.data.Dataset.from_tensor_slices
    dataset = slices((given["images"], given["labels"])).map(program.normalise)
    x, y = next(iter(dataset.batch(20)))
    epoch = [program.labels_of(program.loader) for _ in range(2)]
    val_x = np.concatenate([x for x, y in program.val_loader])
    order = program.shuffled(1500)
    return {
        "normalised images": x,
        "labels in order": y,
        "mean of the normalised validation images": val_x.mean(),
        "labels of the validation set": program.labels_of(program.val_loader),
        "batch sizes": np.array([len(y) for x, y in program.loader]),
        "batch sizes without the short one": np.array(
            [len(y) for x, y in program.whole]
        ),
        "default order is the arrays'": np.array_equal(
            program.labels_of(program.whole), program.train_y[: 23 * 64]
        ),
        "a shuffled epoch holds each place once": np.sort(order),
        "labels of a shuffled epoch, sorted": np.sort(epoch[0]),
        "second epoch in the same order": np.array_equal(*epoch),
        "same seed gives the same order": np.array_equal(order, program.shuffled(1500)),
        "first padded batch": next(iter(program.padded)),
        "unequal lengths without padding raise": raises(
            tf.errors.InvalidArgumentError, lambda: next(iter(program.ink.batch(3)))
        ),
        "shuffled order from seed 0": order,
        "largest move ahead, buffer of 10": (
            program.shuffled(10) - np.arange(1500)
        ).max(),
        "dataset[5] works": np.logical_not(raises(TypeError, lambda: dataset[5])),
        "bytes of a Python float in a batch": np.array(
            slices([0.5, 1.5]).element_spec.dtype.size
        ),
        "bytes of a Python int in a batch": np.array(
            slices([1, 2]).element_spec.dtype.size
        ),
    }
