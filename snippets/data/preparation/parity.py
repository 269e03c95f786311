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
    "the cached data set comes in one order": "the list is cached before it is "
    "shuffled; the program caches tf.data's stream behind the shuffle",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "images": rng.integers(0, 17, (20, 64)).astype("float64"),
        "labels": rng.integers(0, 10, 20),
    }


def raises(error, message, function):
    """Whether it raises this error with these words; any other error is one."""
    try:
        function()
    except error as raised:
        if message not in str(raised):
            raise
        return True
    return False


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader, default_collate

    dataset = program.Digits(given["images"], given["labels"], program.normalize)
    x, y = next(iter(DataLoader(dataset, batch_size=20)))
    epoch = [program.labels_of(program.train_loader).numpy() for _ in range(2)]
    val_x = torch.cat([x for x, y in program.val_loader])
    cached = [program.labels_of(program.cached_loader).numpy() for _ in range(2)]
    order = program.shuffled()
    return {
        "normalized images": x,
        "labels in order": y,
        "mean of the normalized validation images": val_x.mean(),
        "labels of the validation set": program.labels_of(program.val_loader),
        "batch sizes": np.array([len(y) for x, y in program.train_loader]),
        "batch sizes without the short one": np.array(
            [len(y) for x, y in program.full_loader]
        ),
        "default order is the arrays'": np.array_equal(
            program.labels_of(program.full_loader), program.train_labels[: 23 * 64]
        ),
        "a shuffled epoch holds each place once": np.sort(order),
        "labels of a shuffled epoch, sorted": np.sort(epoch[0]),
        "second epoch in the same order": np.array_equal(*epoch),
        "same seed gives the same order": np.array_equal(order, program.shuffled()),
        "the cached data set comes in one order": np.array_equal(*cached),
        "labels of the cached data set, sorted": np.sort(cached[0]),
        "first padded batch": next(iter(program.padded)),
        "unequal lengths without padding raise": raises(
            RuntimeError,
            "equal size",
            lambda: next(iter(DataLoader(program.ink, batch_size=3))),
        ),
        "shuffled order from seed 0": order,
        "largest move ahead, buffer of 10": (order - np.arange(1500)).max(),
        "dataset[5] works": not raises(
            TypeError, "not subscriptable", lambda: dataset[5]
        ),
        "bytes of a Python float in a batch": default_collate(
            [0.5, 1.5]
        ).element_size(),
        "bytes of a Python int in a batch": default_collate([1, 2]).element_size(),
        "bytes of an int, then a float": default_collate([1, 2.5]).element_size(),
    }


def tensorflow(program, given):
    import tensorflow as tf

    slices = tf.data.Dataset.from_tensor_slices
    dataset = program.dataset(given["images"], given["labels"])
    x, y = next(iter(dataset.batch(20)))
    epoch = [program.labels_of(program.train_batches) for _ in range(2)]
    val_x = np.concatenate([x for x, y in program.val_batches])
    cached = [program.labels_of(program.frozen) for _ in range(2)]
    order = program.shuffled(1500)
    return {
        "normalized images": x,
        "labels in order": y,
        "mean of the normalized validation images": val_x.mean(),
        "labels of the validation set": program.labels_of(program.val_batches),
        "batch sizes": np.array([len(y) for x, y in program.train_batches]),
        "batch sizes without the short one": np.array(
            [len(y) for x, y in program.full_batches]
        ),
        "default order is the arrays'": np.array_equal(
            program.labels_of(program.full_batches), program.train_labels[: 23 * 64]
        ),
        "a shuffled epoch holds each place once": np.sort(order),
        "labels of a shuffled epoch, sorted": np.sort(epoch[0]),
        "second epoch in the same order": np.array_equal(*epoch),
        "same seed gives the same order": np.array_equal(order, program.shuffled(1500)),
        "the cached data set comes in one order": np.array_equal(*cached),
        "labels of the cached data set, sorted": np.sort(cached[0]),
        "first padded batch": next(iter(program.padded)),
        "unequal lengths without padding raise": raises(
            tf.errors.InvalidArgumentError,
            "number of elements does not match",
            lambda: next(iter(program.ink.batch(3))),
        ),
        "shuffled order from seed 0": order,
        "largest move ahead, buffer of 10": (
            program.shuffled(10) - np.arange(1500)
        ).max(),
        "dataset[5] works": not raises(
            TypeError, "not subscriptable", lambda: dataset[5]
        ),
        "bytes of a Python float in a batch": slices(
            [0.5, 1.5]
        ).element_spec.dtype.size,
        "bytes of a Python int in a batch": slices([1, 2]).element_spec.dtype.size,
        "bytes of an int, then a float": slices([1, 2.5]).element_spec.dtype.size,
    }
