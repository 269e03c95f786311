"""Given weights: 45 steps on one device and on two; what shares and losses do."""

import os

import numpy as np

DIFFERENT = {
    "each replica's own mean loss, step over the right one": "DistributedDataParallel "
    "averages gradients; a Keras optimizer sums them, so the step doubles",
    "two epochs, two orders by themselves": "DistributedSampler needs set_epoch; "
    "shuffle() reshuffles by default",
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


def size(step):
    return np.sqrt(sum(np.sum(np.square(part, dtype="float64")) for part in step))


def pytorch(program, given):
    import torch

    as_built = program.build
    x, y = program.train.tensors

    def build():
        model = as_built()
        with torch.no_grad():
            for weight, value in zip(model.parameters(), given.values()):
                weight.copy_(torch.from_numpy(value.T))
        return model

    def batches(rank, world):
        """Each batch in the file's order; with two replicas, halved in the middle."""
        for step in range(steps):
            first = 100 * (step % 15) + 100 * rank // world
            share = slice(first, first + 100 // world)
            yield x[share], y[share]

    def on_one():
        model = build()
        program.fit(model, batches(0, 1))
        return [weight.detach().numpy().T for weight in model.parameters()]

    def on_two():
        os.unlink("two.pt")
        program.start_processes(program.worker, nprocs=2, start_method="fork")
        return [weight.numpy().T for weight in torch.load("two.pt").values()]

    def step_sizes():
        return [
            size(after - before for after, before in zip(weights, given.values()))
            for weights in (on_one(), on_two())
        ]

    sampler = program.DistributedSampler(program.train, 2, 0, seed=0)
    epochs = [list(sampler), list(sampler)]
    shares = [program.DistributedSampler(range(101), 2, rank) for rank in (0, 1)]
    # What `worker` calls when it is forked.
    program.build, program.batches = build, batches
    steps = 45
    one, two = on_one(), on_two()
    steps = 1
    alone, together = step_sizes()
    return {
        "first kernel after 45 steps, one device": one[0],
        "first kernel after 45 steps, two devices": two[0],
        "last bias after 45 steps, two devices": two[3],
        "two devices agree with one": all(map(close, one, two)),
        "each replica's own mean loss, step over the right one": together / alone,
        "two epochs, two orders by themselves": epochs[0] != epochs[1],
        "samples used of 101": sum(len(share) for share in shares),
    }


def tensorflow(program, given):
    import tensorflow as tf

    strategy, start = program.strategy, list(given.values())
    batches = program.train.batch(100)

    def fitted():
        model = program.build()
        model.set_weights(start)
        program.fit(model, batches)
        return model.get_weights()

    def by_hand(steps):
        program.by_hand.set_weights(start)
        # Trace anew: the traced step holds the old global batch.
        train_step = tf.function(program.train_step.python_function)
        shares = strategy.experimental_distribute_dataset(batches.repeat().take(steps))
        for x, y in shares:
            train_step(x, y)
        return program.by_hand.get_weights()

    def step_size(weights):
        return size(after - before for after, before in zip(weights, start))

    one = fitted()
    with strategy.scope():
        two = fitted()
    hand = by_hand(45)
    right = step_size(by_hand(1))
    program.global_batch = 50
    wrong = step_size(by_hand(1))

    numbers = tf.data.Dataset.range(101)
    shuffled = numbers.shuffle(101, seed=0)
    epochs = [list(shuffled.as_numpy_iterator()) for _ in range(2)]
    used = sum(
        len(part)
        for share in strategy.experimental_distribute_dataset(numbers.batch(100))
        for part in strategy.experimental_local_results(share)
    )
    return {
        "first kernel after 45 steps, one device": one[0],
        "first kernel after 45 steps, two devices": two[0],
        "last bias after 45 steps, two devices": two[3],
        "two devices agree with one": all(map(close, [*one, *one], [*two, *hand])),
        "each replica's own mean loss, step over the right one": wrong / right,
        "two epochs, two orders by themselves": epochs[0] != epochs[1],
        "samples used of 101": used,
    }
