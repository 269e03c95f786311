"""The run's loaders: the same batches and steps, what overlaps, what is drawn in parallel."""

import numpy as np

DIFFERENT = {
    "the next batch begins before a step ends: nothing parallel": "a DataLoader without "
    "workers loads when asked; tf.data, by default, fuses map and batch and works ahead",
    "of 8 draws of a generator in the data set, how many differ": "each of two workers "
    "has a copy and draws the same 4; tf.data traces the draw once",
    "of 8 draws of NumPy's global generator, how many differ": "each worker seeds it; "
    "tf.data traces the draw once",
}


def inputs():
    rng = np.random.default_rng(0)
    return {"kernel": rng.normal(0, 0.1, (64, 10)).astype("float32")}


def of_the_run(program, kinds):
    """What overlapped in the run, of the loader with nothing parallel, with two, and ahead."""
    one, several, ahead = kinds
    noisy, seeded = program.noisy, program.seeded
    return {
        "samples loading at once: nothing parallel": int(one[0]),
        "the next batch begins before a step ends: nothing parallel": bool(one[1]),
        "samples loading at once: two workers or calls": int(several[0]),
        "the next batch begins before a step ends: two": bool(several[1]),
        "samples loading at once: ahead of the model": int(ahead[0]),
        "the next batch begins before a step ends: ahead": bool(ahead[1]),
        "the model waits most of the time": bool(program.computing < 0.5),
        "samples loaded in two epochs, cached": len(program.starts),
        "of 8 draws of a generator in the data set, how many differ": len(
            np.unique(noisy[0])
        ),
        "the next epoch repeats those": np.array_equal(*noisy),
        "of 8 draws with a seed each, how many differ": len(np.unique(seeded[0])),
        "the next epoch repeats the seeded ones": np.array_equal(*seeded),
    }


def of_batches(batches):
    """The images and labels of some batches, one after the other."""
    images, labels, _ = (np.concatenate(parts) for parts in zip(*batches))
    return images, labels


def in_order(images, labels):
    """Both, sorted by all pixels."""
    order = np.lexsort(images.T)
    return images[order], labels[order]


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader, Dataset

    class Global(Dataset):
        def __len__(self):
            return 8

        def __getitem__(self, i):
            return np.random.random()

    draws = torch.cat(list(DataLoader(Global(), 4, num_workers=2)))
    kinds = program.one_process, program.several, program.ahead
    first = of_batches(program.parallel_loader)
    ahead = of_batches(program.ahead_loader)
    cached = in_order(*of_batches(program.cached_loader))
    with torch.no_grad():
        program.model.weight.copy_(torch.tensor(given["kernel"].T))
        program.model.bias.zero_()
    batches = [batch[:2] for batch in program.train_loader]
    losses = [program.train_step(*batch) for batch in batches]
    kernel = program.model.weight.detach().T.clone()
    twice = [program.train_epoch(program.parallel_loader)[0] for _ in range(2)]
    return {
        **of_the_run(program, kinds),
        "images, two workers or calls": first[0],
        "labels, two workers or calls": first[1],
        "images, ahead of the model": ahead[0],
        "labels, ahead of the model": ahead[1],
        "images of the cache, sorted": cached[0],
        "labels of the cache, sorted": cached[1],
        "losses of an epoch": np.float32(losses),
        "kernel after an epoch": kernel,
        "samples loaded in two epochs, not cached": len(np.unique(twice)) // 2,
        "of 8 draws of NumPy's global generator, how many differ": len(draws.unique()),
        "nothing parallel, tf.data's optimizations off": bool(program.one_process[1]),
    }


def tensorflow(program, given):
    import tensorflow as tf

    draws = program.places.map(lambda i: np.random.random(), num_parallel_calls=2)
    kinds = program.one_thread, program.several, program.ahead
    first = of_batches(program.parallel_ds)
    ahead = of_batches(program.ahead_ds)
    cached = in_order(*of_batches(program.cached_ds))
    kernel, bias = program.model.trainable_variables
    kernel.assign(given["kernel"])
    bias.assign(tf.zeros_like(bias))
    batches = [batch[:2] for batch in program.train_ds]
    losses = [program.train_step(*batch).numpy() for batch in batches]
    weights = kernel.numpy()
    twice = [program.train_epoch(program.parallel_ds)[0] for _ in range(2)]
    options = tf.data.Options()
    options.experimental_optimization.apply_default_optimizations = False
    alone = program.report(
        *program.train_epoch(program.train_ds.with_options(options))
    )
    return {
        **of_the_run(program, kinds),
        "images, two workers or calls": first[0],
        "labels, two workers or calls": first[1],
        "images, ahead of the model": ahead[0],
        "labels, ahead of the model": ahead[1],
        "images of the cache, sorted": cached[0],
        "labels of the cache, sorted": cached[1],
        "losses of an epoch": np.float32(losses),
        "kernel after an epoch": weights,
        "samples loaded in two epochs, not cached": len(np.unique(twice)) // 2,
        "of 8 draws of NumPy's global generator, how many differ": len(
            np.unique(list(draws.as_numpy_iterator()))
        ),
        "nothing parallel, tf.data's optimizations off": bool(alone[1]),
    }
