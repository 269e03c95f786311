"""Same weights, same batches: logits, gradients and 10 Adam steps."""

import numpy as np

# Adam divides by the root of a running mean of squared gradients, so a
# gradient near zero turns rounding into a step: ten of them amplify it.
RTOL, ATOL = 1e-5, 1e-5

DIFFERENT = {
    "first kernel after 10 steps, default epsilon": "PyTorch adds 1e-8 to the "
    "root; Keras adds 1e-7, before it corrects the bias, so it weighs more",
    "gradient asked twice, never cleared": "PyTorch adds the second gradient to "
    "the first; each tape starts empty",
    "a new optimizer is used by the step": "tf.function keeps the one that it traced",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.1, (64, 32)).astype("float32"),
        "b1": rng.normal(0, 0.1, 32).astype("float32"),
        "w2": rng.normal(0, 0.1, (32, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        "x": rng.random((10, 50, 64), dtype="float32"),
        "y": rng.integers(0, 10, (10, 50)),
    }


def pytorch(program, given):
    import torch

    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    weights = dict(zip(("w1", "b1", "w2", "b2"), program.model.parameters()))

    def reset():
        with torch.no_grad():
            for name, weight in weights.items():
                weight.copy_(torch.from_numpy(given[name].T))

    def steps(**options):
        reset()
        # A new optimizer: the program's own remembers its training.
        program.optimizer = torch.optim.Adam(weights.values(), lr=0.005, **options)
        losses = [program.train_step(*batch).item() for batch in zip(x, y)]
        return np.float32(losses), weights["w1"].detach().T.cpu().numpy().copy()

    reset()
    logits = program.model(x[0])
    loss = program.loss_fn(logits, y[0])
    gradients = torch.autograd.grad(loss, list(weights.values()))
    _, kernel_by_default = steps()
    losses, kernel = steps(eps=1e-14)

    reset()
    program.optimizer.zero_grad()
    for _ in range(2):
        program.loss_fn(program.model(x[0]), y[0]).backward()
    twice = weights["w1"].grad.T.clone()
    program.optimizer = torch.optim.SGD(weights.values(), lr=0.0)
    program.train_step(x[0], y[0])
    return {
        "logits": logits,
        "gradient of the first kernel": gradients[0].T,
        "gradient of the last bias": gradients[3],
        "loss of 10 steps": losses,
        "first kernel after 10 steps": kernel,
        "first kernel after 10 steps, default epsilon": kernel_by_default,
        "gradient asked twice, never cleared": twice,
        "a new optimizer is used by the step": np.array_equal(
            weights["w1"].detach().T.cpu(), given["w1"]
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    x, y = given["x"], given["y"]

    def reset():
        program.model.set_weights([given[name] for name in ("w1", "b1", "w2", "b2")])

    def steps(**options):
        reset()
        program.optimizer = keras.optimizers.Adam(learning_rate=0.005, **options)
        # Trace anew: the traced function still holds the old optimizer.
        train_step = tf.function(program.train_step.python_function)
        losses = [train_step(*batch).numpy() for batch in zip(x, y)]
        return np.float32(losses), program.model.get_weights()[0]

    reset()
    with tf.GradientTape() as tape:
        logits = program.model(x[0], training=True)
        loss = program.loss_fn(y[0], logits)
    gradients = tape.gradient(loss, program.model.trainable_variables)
    _, kernel_by_default = steps()
    losses, kernel = steps(epsilon=1e-14)

    reset()
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = program.loss_fn(y[0], program.model(x[0], training=True))
        twice = tape.gradient(loss, program.model.trainable_variables[0])
    program.optimizer = keras.optimizers.SGD(learning_rate=0.0)
    program.train_step(x[0], y[0])
    return {
        "logits": logits,
        "gradient of the first kernel": gradients[0],
        "gradient of the last bias": gradients[3],
        "loss of 10 steps": losses,
        "first kernel after 10 steps": kernel,
        "first kernel after 10 steps, default epsilon": kernel_by_default,
        "gradient asked twice, never cleared": twice,
        "a new optimizer is used by the step": np.array_equal(
            program.model.get_weights()[0], given["w1"]
        ),
    }
