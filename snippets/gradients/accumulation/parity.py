"""Steps from given weights: small batches, uneven ones, weighted by size; training; what counts steps."""

import numpy as np

DIFFERENT = {
    "updates of the run, three epochs of 113 batches": "PyTorch's loop steps for the "
    "last batch of an epoch, too; Keras goes on counting in the next epoch",
    "updates of two epochs of three batches": "the same: Keras' fourth batch is the "
    "first of the next epoch",
    "weights after four losses of weight 1": "PyTorch adds up gradients; Keras' "
    "optimizer divides their sum by gradient_accumulation_steps",
    "rate of a schedule after four batches": "PyTorch's schedule counts calls of its "
    "step(), one an update; Keras' counts batches",
}
NAMES = ("w1", "b1", "w2", "b2")
SIZES = [16, 16, 16, 16]


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.3, (64, 32)).astype("float32"),
        "b1": rng.normal(0, 0.3, 32).astype("float32"),
        "w2": rng.normal(0, 0.3, (32, 10)).astype("float32"),
        "b2": rng.normal(0, 0.3, 10).astype("float32"),
        "x": rng.random((64, 64), dtype="float32"),
        "y": rng.integers(0, 10, 64),
    }


def flat(arrays):
    return np.concatenate([np.ravel(each) for each in arrays])


def pytorch(program, given):
    import torch

    def weights(model):
        return flat([each.detach().cpu().numpy().T for each in model.parameters()])

    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    program.images, program.labels = x, y
    keys = ("0.weight", "0.bias", "2.weight", "2.bias")
    program.start = {
        key: torch.from_numpy(given[name].T) for key, name in zip(keys, NAMES)
    }

    def trained(rows, epochs):
        """The updates and the weights after some epochs of the program's own loop."""
        model, optimizer = program.build()
        model.load_state_dict(program.start)
        program.train_loader = list(zip(x[:rows].split(16), y[:rows].split(16)))
        return program.train(model, optimizer, epochs), weights(model)

    updates, after = trained(64, 3)
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + step))
    for slope in (3.0, 5.0, 7.0, 9.0):
        (slope * weight / 4).sum().backward()
    torch.nn.utils.clip_grad_norm_([weight], 2.0)
    optimizer.step()
    scheduler.step()

    def running_mean(batches):
        layer = torch.nn.BatchNorm1d(64, momentum=0.1)
        for batch in batches:
            layer(batch.cpu())
        return layer.running_mean.numpy()

    small, large = running_mean(x.split(16)), running_mean([x])
    return {
        "four small batches make the step of the large one": program.distance(program.small)
        < 1e-5,
        "uneven batches of equal weight make it": program.distance(program.uneven) < 1e-5,
        "uneven batches weighted by size make it": program.distance(program.weighted) < 1e-5,
        "weights after four batches": weights(program.accumulate(SIZES, [1 / 4] * 4)),
        "weights after uneven batches": weights(
            program.accumulate(program.sizes, [1 / 4] * 4)
        ),
        "weights after uneven batches, weighted by size": weights(
            program.accumulate(program.sizes, [size / 64 for size in program.sizes])
        ),
        "weights after four losses of weight 1": weights(
            program.accumulate(SIZES, [1.0] * 4)
        ),
        "weights after three epochs of 64 images": after,
        "updates of three epochs of 64 images": updates,
        "updates of the run, three epochs of 113 batches": program.updates,
        "updates of two epochs of three batches": trained(48, 2)[0],
        "loss of the run below 1": program.loss.item() < 1,
        "rate of a schedule after four batches": np.float32(scheduler.get_last_lr()[0]),
        "a step clipped to 2, gradients of 3, 5, 7 and 9": np.float32(weight.item()),
        "batch norm's running mean is that of the large batch": bool(
            np.allclose(small, large, rtol=0.01)
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    def weights(model):
        return flat(model.get_weights())

    program.start = [given[name] for name in NAMES]
    program.images, program.labels = tf.constant(given["x"]), tf.constant(given["y"])
    by_size = [4 * size / 64 for size in program.sizes]
    four = weights(program.accumulate(SIZES, [1.0] * 4))
    uneven = weights(program.accumulate(program.sizes, [1.0] * 4))
    weighted = weights(program.accumulate(program.sizes, by_size))

    def trained(rows, epochs):
        """The updates and the weights after some epochs of the program's own fit."""
        model = program.build(gradient_accumulation_steps=4)
        model.set_weights(program.start)
        program.images, program.labels = given["x"][:rows], given["y"][:rows]
        return program.train(model, epochs), weights(model)

    updates, after = trained(64, 3)
    weight = keras.Variable([0.0])
    schedule = keras.optimizers.schedules.InverseTimeDecay(1.0, 1, 1.0)
    optimizer = keras.optimizers.SGD(schedule, gradient_accumulation_steps=4)
    clipping = keras.optimizers.SGD(
        1.0, global_clipnorm=2.0, gradient_accumulation_steps=4
    )
    for slope in (3.0, 5.0, 7.0, 9.0):
        optimizer.apply([np.float32([0])], [weight])
        clipping.apply([np.float32([slope])], [weight])

    def running_mean(batches):
        layer = keras.layers.BatchNormalization(momentum=0.9)
        for batch in batches:
            layer(batch, training=True)
        return layer.moving_mean.numpy()

    x = given["x"]
    small, large = running_mean(np.split(x, 4)), running_mean([x])
    return {
        "four small batches make the step of the large one": program.distance(program.small)
        < 1e-5,
        "uneven batches of equal weight make it": program.distance(program.uneven) < 1e-5,
        "uneven batches weighted by size make it": program.distance(program.weighted) < 1e-5,
        "weights after four batches": four,
        "weights after uneven batches": uneven,
        "weights after uneven batches, weighted by size": weighted,
        # 1 is the weight of the shown call in Keras, and that of no division in PyTorch.
        "weights after four losses of weight 1": four,
        "weights after three epochs of 64 images": after,
        "updates of three epochs of 64 images": updates,
        "updates of the run, three epochs of 113 batches": program.updates,
        "updates of two epochs of three batches": trained(48, 2)[0],
        "loss of the run below 1": program.loss < 1,
        "rate of a schedule after four batches": np.float32(optimizer.learning_rate),
        "a step clipped to 2, gradients of 3, 5, 7 and 9": np.float32(weight.numpy()[0]),
        "batch norm's running mean is that of the large batch": bool(
            np.allclose(small, large, rtol=0.01)
        ),
    }
