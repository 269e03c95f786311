"""Same weights, same points: outputs, gradients and 100 corrections."""

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


def pytorch(program, given):
    import torch

    x, y = program.x[:200], program.y[:200]
    weights = list(program.model.parameters())
    with torch.no_grad():
        for weight, value in zip(weights, given.values()):
            weight.copy_(torch.from_numpy(value.T))
    outputs = program.model(x)[:, 0]
    gradients = torch.autograd.grad(program.loss_fn(outputs, y), weights)
    losses = [program.train_step(x, y).item() for _ in range(100)]
    return {
        "outputs": outputs,
        "gradient of the first weights": gradients[0].T,
        "loss of 100 corrections": np.float32(losses),
        "first weights after them": weights[0].T,
    }


def tensorflow(program, given):
    import tensorflow as tf

    x, y = program.x[:200], program.y[:200]
    program.model.set_weights(list(given.values()))
    with tf.GradientTape() as tape:
        outputs = program.model(x)[:, 0]
        loss = program.loss_fn(y, outputs)
    gradients = tape.gradient(loss, program.model.trainable_variables)
    losses = [program.train_step(x, y).numpy() for _ in range(100)]
    return {
        "outputs": outputs,
        "gradient of the first weights": gradients[0],
        "loss of 100 corrections": np.float32(losses),
        "first weights after them": program.model.get_weights()[0],
    }
