"""What the run learned from; same weights, same points: outputs and 100 corrections."""

import numpy as np

# A hundred steps of size 1 amplify the rounding of each.
RTOL, ATOL = 1e-4, 1e-5


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 1, (2, 16)).astype("float32"),
        "b1": np.zeros(16, "float32"),
        "w2": rng.normal(0, 0.3, (16, 1)).astype("float32"),
        "b2": np.zeros(1, "float32"),
    }


def of_the_run(program, steepness):
    """What the program's run did; `steepness` is the size of the gradient at points."""
    points, targets = map(np.concatenate, zip(program.train_set, program.test_set))
    learned, unseen = steepness(*program.train_set), steepness(*program.test_set)
    return {
        "the points, those to learn first": points,
        "the kinds of all points": targets,
        # Such steps on the same points end where their gradient is close to nothing.
        "learned from the first 200: less to correct there": learned < unseen / 2,
        "right after a thousand corrections: above 90 %": float(
            program.accuracy(*program.test_set)
        )
        > 0.9,
    }


def pytorch(program, given):
    import torch

    def steepness(inputs, targets):
        weights = list(program.model.parameters())
        loss = program.loss_fn(program.model(inputs), targets)
        gradients = torch.autograd.grad(loss, weights)
        return float(torch.cat([each.ravel() for each in gradients]).norm())

    ran = of_the_run(program, steepness)
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    start = {
        name: torch.from_numpy(each.T) for name, each in zip(names, given.values())
    }
    program.model.load_state_dict(start)
    inputs, targets = program.train_set
    logits = program.model(inputs)
    loss = program.loss_fn(logits, targets)
    (gradient,) = torch.autograd.grad(loss, [program.model[0].weight])
    losses = [program.train_step(inputs, targets).item() for _ in range(100)]
    return {
        **ran,
        "outputs": logits,
        "gradient of the first weights": gradient.T,
        "loss of 100 corrections": np.float32(losses),
        "first weights after them": program.model[0].weight.T,
    }


def tensorflow(program, given):
    import tensorflow as tf

    def steepness(inputs, targets):
        with tf.GradientTape() as tape:
            loss = program.loss_fn(targets, program.model(inputs, training=True))
        gradients = tape.gradient(loss, program.model.trainable_variables)
        return float(tf.linalg.global_norm(gradients))

    ran = of_the_run(program, steepness)
    first, last = program.model.layers
    first.set_weights([given["w1"], given["b1"]])
    last.set_weights([given["w2"], given["b2"]])
    inputs, targets = program.train_set
    with tf.GradientTape() as tape:
        logits = program.model(inputs, training=True)
        loss = program.loss_fn(targets, logits)
    gradient = tape.gradient(loss, first.kernel.value)
    losses = [program.train_step(inputs, targets).numpy() for _ in range(100)]
    return {
        **ran,
        "outputs": logits,
        "gradient of the first weights": gradient,
        "loss of 100 corrections": np.float32(losses),
        "first weights after them": first.kernel,
    }
