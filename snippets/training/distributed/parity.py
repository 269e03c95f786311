"""Given weights: 45 steps on one device and on two; what shares and losses do."""

import contextlib
import os
import socket

import numpy as np

NAMES = ("w1", "b1", "w2", "b2")
DIFFERENT = {
    "each replica's own mean loss, step over the right one": "DistributedDataParallel "
    "averages gradients; a Keras optimizer sums them, so the step doubles",
    "two passes over the data by themselves, in one order": "DistributedSampler needs "
    "set_epoch; shuffle() reshuffles by default",
    "two epochs of the program, in one order": "`fit` calls set_epoch; the program "
    "turns the reshuffling of shuffle() off, to give three runs the same batches",
    "samples used of 101": "DistributedSampler repeats one, to make the shares even; "
    "tf.data gives uneven shares",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.1, (64, 32)).astype("float32"),
        "b1": rng.normal(0, 0.1, 32).astype("float32"),
        "w2": rng.normal(0, 0.1, (32, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
    }


def close(one, other):
    return np.allclose(one, other, rtol=1.3e-6, atol=1e-5)


def moved(start, end):
    """The size of a step: the root of the sum of squares over all weights."""
    return np.sqrt(
        sum(np.sum(np.square(b - a, dtype="float64")) for a, b in zip(start, end))
    )


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    build_model, loader = program.build_model, program.loader
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    start = {name: torch.from_numpy(given[key].T) for name, key in zip(names, NAMES)}

    class InOrder(torch.utils.data.Sampler):
        """The images in the file's order, of each batch the share of one process."""

        def __init__(self, rank, world_size, steps=15):
            self.places = (
                np.arange(100 * steps).reshape(steps, world_size, -1)[:, rank].ravel()
            )

        def __iter__(self):
            return iter(self.places.tolist())

        def __len__(self):
            return len(self.places)

        def set_epoch(self, epoch):
            pass

    def given_model():
        model = build_model()
        model.load_state_dict(start)
        return model

    def on_one(steps):
        model = given_model()
        program.fit(
            model, DataLoader(program.train_set, 100, sampler=InOrder(0, 1, steps))
        )
        return [weight.detach().numpy().T for weight in model.parameters()]

    def on_two(steps):
        """What `main` leaves in two processes, told their ranks as torchrun does."""
        program.build_model = given_model
        program.loader = lambda rank, world_size: DataLoader(
            program.train_set,
            100 // world_size,
            sampler=InOrder(rank, world_size, steps),
        )
        os.unlink("two.pt")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        os.environ |= {
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
            "WORLD_SIZE": "2",
        }
        torch.multiprocessing.start_processes(
            process, (program.main,), nprocs=2, start_method="fork"
        )
        weights = torch.load("two.pt", weights_only=True)
        return [weights[name].numpy().T for name in names]

    def places(train_loader):
        """The batches of a loader, as sorted places in the training set."""
        of = {
            tuple(image.tolist()): i
            for i, image in enumerate(program.train_set.tensors[0])
        }
        return [
            sorted(of[tuple(image.tolist())] for image in images)
            for images, _ in train_loader
        ]

    def seen_by_fit():
        """The order in which two epochs of `fit` ask for the samples."""
        asked = []

        class Noting(TensorDataset):
            def __getitem__(self, i):
                asked.append(i)
                return super().__getitem__(i)

        noting = Noting(*program.train_set.tensors)
        program.train_set, kept = noting, program.train_set
        program.fit(build_model(), loader(0, 1))
        program.train_set = kept
        return np.reshape(asked, (3, -1))

    halves = zip(places(loader(0, 2)), places(loader(1, 2)))
    joined = [sorted(one + other) for one, other in halves]
    sampler = loader(0, 2).sampler
    twice = [list(sampler), list(sampler)]
    epochs = seen_by_fit()
    shares = [program.DistributedSampler(range(101), 2, rank) for rank in (0, 1)]
    one, two = on_one(15), on_two(15)
    first = [given[name] for name in NAMES]
    alone, together = moved(first, on_one(1)), moved(first, on_two(1))
    return {
        "first kernel after 45 steps, one device": one[0],
        "first kernel after 45 steps, two devices": two[0],
        "last bias after 45 steps, two devices": two[3],
        "two devices agree with one": all(map(close, one, two)),
        "the shares of two devices make the batches of one": joined
        == places(loader(0, 1)),
        "samples of an epoch": len(set(np.concatenate(joined).tolist())),
        "each replica's own mean loss, step over the right one": together / alone,
        "two passes over the data by themselves, in one order": twice[0] == twice[1],
        "two epochs of the program, in one order": np.array_equal(epochs[0], epochs[1]),
        "samples used of 101": sum(len(share) for share in shares),
    }


def process(rank, main):
    """One of the processes, quiet: what it prints is no output of a cell."""
    os.environ["RANK"] = str(rank)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        main()


def tensorflow(program, given):
    import tensorflow as tf

    strategy, start = program.strategy, [given[name] for name in NAMES]
    batches = tf.data.Dataset.from_tensor_slices(program.train_set).batch(100)

    def shares(dataset):
        for share in strategy.experimental_distribute_dataset(dataset):
            yield strategy.experimental_local_results(share)

    def fitted():
        model = program.build_model()
        model.set_weights(start)
        program.fit(model, batches)
        return model.get_weights()

    def by_hand(steps):
        program.by_hand.set_weights(start)
        # Trace anew: the traced step holds the old global batch.
        train_step = tf.function(program.train_step.python_function)
        dataset = batches.repeat().take(steps)
        for inputs, targets in strategy.experimental_distribute_dataset(dataset):
            train_step(inputs, targets)
        return program.by_hand.get_weights()

    def places(dataset):
        """The batches of a data set, as sorted places in the training set."""
        of = {image.tobytes(): i for i, image in enumerate(program.train_set[0])}
        return [sorted(of[image.tobytes()] for image in batch) for batch in dataset]

    joined = places(
        np.concatenate([images.numpy() for images in parts])
        for parts in shares(program.train_ds.map(lambda images, _: images))
    )
    images = program.train_ds.map(lambda images, _: images).as_numpy_iterator
    epochs = [np.concatenate(list(images())) for _ in range(2)]
    one = fitted()
    with strategy.scope():
        two = fitted()
    hand = by_hand(45)
    right = moved(start, by_hand(1))
    program.global_batch_size = 50
    wrong = moved(start, by_hand(1))

    numbers = tf.data.Dataset.range(101)
    shuffled = numbers.shuffle(101, seed=0)
    twice = [list(shuffled.as_numpy_iterator()) for _ in range(2)]
    used = sum(len(part) for parts in shares(numbers.batch(100)) for part in parts)
    return {
        "first kernel after 45 steps, one device": one[0],
        "first kernel after 45 steps, two devices": two[0],
        "last bias after 45 steps, two devices": two[3],
        "two devices agree with one": all(map(close, [*one, *one], [*two, *hand])),
        "the shares of two devices make the batches of one": joined == places(images()),
        "samples of an epoch": len(set(np.concatenate(joined).tolist())),
        "each replica's own mean loss, step over the right one": wrong / right,
        "two passes over the data by themselves, in one order": twice[0] == twice[1],
        "two epochs of the program, in one order": np.array_equal(*epochs),
        "samples used of 101": used,
    }
