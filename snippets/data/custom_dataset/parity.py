"""The run's own data sets: the same batches, counts and refusals; same weights: an epoch of each."""

import numpy as np

# Adam divides by the root of a running mean of squared gradients, so a
# gradient near zero turns rounding into a step: four of them amplify it.
RTOL, ATOL = 1e-5, 1e-5

DIFFERENT = {
    "axes of what an index gives": "a Dataset gives one sample, a PyDataset a batch",
    "a stream can be shuffled": "DataLoader refuses shuffle=True for an "
    "IterableDataset; tf.data shuffles what passes through a buffer",
    "a generator that is spent gives an empty epoch": "an iterator goes on where it is; "
    "from_generator refuses one and asks for a function that makes it",
    "floats that NumPy made stay float64": "DataLoader keeps the type; from_generator "
    "casts to its signature, here float32",
}


def inputs():
    rng = np.random.default_rng(0)
    return {"kernel": rng.normal(0, 0.1, (64, 10)).astype("float32")}


def raises(function, error, message):
    """Whether a call raises this error with these words; any other error is one."""
    try:
        function()
    except error as raised:
        if message not in str(raised):
            raise
        return True
    return False


def joined(batches):
    """The images and labels of batches, one after the other."""
    images, labels = (np.concatenate(parts) for parts in zip(*batches))
    return {"images": images, "labels": labels}


def in_order(batches):
    """Both, sorted by all pixels: workers take turns."""
    images, labels = joined(batches).values()
    order = np.lexsort(images.T)
    return {"images": images[order], "labels": labels[order]}


def named(what, arrays):
    return {f"{name}, {what}": array for name, array in arrays.items()}


def of_the_run(program, by_index, streamed, twice, shared):
    falls = program.losses[-1] < program.losses[0] / 2
    return {
        **named("by index", joined(by_index)),
        **named("as a stream", joined(streamed)),
        "sizes of the batches of the stream": program.sizes,
        **named("two workers, sorted", in_order(twice)),
        **named("shared out, sorted", in_order(shared)),
        "the loss of the run is halved": bool(falls),
    }


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader, IterableDataset

    class Spent(IterableDataset):
        samples = iter(program.stream)

        def __iter__(self):
            return self.samples

    class Double(IterableDataset):
        def __iter__(self):
            yield np.zeros(3)

    spent = DataLoader(Spent(), batch_size=32)
    epochs = [len(list(spent)) for _ in range(2)]
    ragged = list(program.ragged)
    run = of_the_run(
        program,
        list(program.loader),
        list(program.stream_loader),
        list(program.twice),
        list(program.shared),
    )

    def epoch(loader):
        with torch.no_grad():
            program.model.weight.copy_(torch.tensor(given["kernel"].T))
            program.model.bias.zero_()
        program.optimizer.state.clear()
        program.optimizer.param_groups[0]["eps"] = 1e-14
        loss = program.train_epoch(loader)
        kernel = program.model.weight.detach().T.clone()
        return {"loss": np.float32(loss), "kernel": kernel}

    return {
        **run,
        "first padded batch": ragged[0][0],
        "last padded batch": ragged[-1][0],
        **named("after an epoch by index", epoch(program.loader)),
        **named("after an epoch of the stream", epoch(program.stream_loader)),
        "the length of a stream raises": raises(
            lambda: len(program.stream_loader), TypeError, "has no len()"
        ),
        "axes of what an index gives": program.dataset[0][0].ndim,
        "a stream can be shuffled": not raises(
            lambda: DataLoader(program.stream, shuffle=True),
            ValueError,
            "shuffle option",
        ),
        "batches of two epochs of a stream": len(list(program.stream_loader)) * 2,
        "a generator that is spent gives an empty epoch": epochs == [4, 0],
        "floats that NumPy made stay float64": next(iter(DataLoader(Double()))).dtype
        == torch.float64,
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    def double():
        yield np.zeros(3)

    ragged = list(program.ragged)
    stream_ds = program.stream_ds.batch(32)
    run = of_the_run(
        program,
        [program.dataset[i] for i in range(len(program.dataset))],
        list(stream_ds),
        list(program.twice.batch(32)),
        list(program.shared),
    )
    from_generator = tf.data.Dataset.from_generator
    spec = tf.TensorSpec((3,), tf.float32)
    (dense,) = program.model.layers

    def epoch(dataset):
        dense.set_weights([given["kernel"], np.zeros(10, "float32")])
        for variable in program.optimizer.variables:
            if variable.name != "learning_rate":
                variable.assign(keras.ops.zeros_like(variable))
        program.optimizer.epsilon = 1e-14
        program.model.compile(program.optimizer, program.loss_fn)
        fitted = program.model.fit(dataset, shuffle=False, verbose=0)
        loss = np.float32(fitted.history["loss"][0])
        return {"loss": loss, "kernel": dense.kernel.numpy()}

    return {
        **run,
        "first padded batch": ragged[0][0],
        "last padded batch": ragged[-1][0],
        **named("after an epoch by index", epoch(program.dataset)),
        **named("after an epoch of the stream", epoch(stream_ds)),
        "the length of a stream raises": raises(
            lambda: len(program.stream_ds), TypeError, "length is unknown"
        ),
        "axes of what an index gives": program.dataset[0][0].ndim,
        "a stream can be shuffled": len(list(stream_ds.shuffle(4))) == 4,
        "batches of two epochs of a stream": len(list(stream_ds.repeat(2))),
        "a generator that is spent gives an empty epoch": not raises(
            lambda: from_generator(
                program.stream(), output_signature=program.signature
            ),
            TypeError,
            "callable",
        ),
        "floats that NumPy made stay float64": next(
            iter(from_generator(double, output_signature=spec))
        ).dtype
        == tf.float64,
    }
