"""The run's own optimizer: same weights and batches, logits, gradients and 10 Adam steps."""

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
NAMES = ("w1", "b1", "w2", "b2")


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


def of_the_run(program, logits, predicted, steps):
    """What trained and tested the program's model, by its logits of all images."""
    from sklearn.datasets import load_digits

    labels = load_digits().target
    chosen = logits[np.arange(1797), labels]
    losses = np.log(np.exp(logits.astype("float64")).sum(axis=1)) - chosen
    unseen = logits[1500:].argmax(axis=1)
    return {
        "steps of the run": steps,
        "trained on the first 1500: a lower loss there": losses[:1500].mean()
        < losses[1500:].mean(),
        "tested on the last 297": np.array_equal(predicted, unseen),
        "accuracy above 0.85": (unseen == labels[1500:]).mean() > 0.85,
        "the score is of the last 297": bool(
            np.isclose(program.accuracy, (unseen == labels[1500:]).mean())
        ),
    }


def pytorch(program, given):
    import torch

    with torch.inference_mode():
        every = program.model(program.images.to(program.device)).cpu().numpy()
    first_weight = program.model[0].weight
    steps_of_the_run = int(program.optimizer.state[first_weight]["step"])
    ran = of_the_run(program, every, program.predicted, steps_of_the_run)
    epoch = torch.cat([images for images, _ in program.train_loader]).numpy()
    x = torch.from_numpy(given["x"]).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    start = {key: torch.from_numpy(given[name].T) for key, name in zip(names, NAMES)}
    first, last = program.model[0], program.model[2]

    def steps():
        """Ten steps of the program's own optimizer, its moments forgotten."""
        program.model.load_state_dict(start)
        program.optimizer.state.clear()
        losses = [program.train_step(*batch).item() for batch in zip(x, y)]
        return np.float32(losses), first.weight.detach().T.cpu().numpy().copy()

    program.model.load_state_dict(start)
    logits = program.model(x[0])
    loss = program.loss_fn(logits, y[0])
    gradients = torch.autograd.grad(loss, [first.weight, last.bias])
    _, kernel_by_default = steps()
    program.optimizer.param_groups[0]["eps"] = 1e-14
    losses, kernel = steps()

    program.model.load_state_dict(start)
    program.optimizer.zero_grad()
    for _ in range(2):
        program.loss_fn(program.model(x[0]), y[0]).backward()
    twice = first.weight.grad.T.clone()
    program.optimizer = torch.optim.SGD(program.model.parameters(), lr=0.0)
    program.train_step(x[0], y[0])
    return {
        **ran,
        "images of an epoch, each pixel sorted": np.sort(epoch, axis=0),
        "logits": logits,
        "gradient of the first kernel": gradients[0].T,
        "gradient of the last bias": gradients[1],
        "loss of 10 steps": losses,
        "first kernel after 10 steps": kernel,
        "mean loss of 10 steps, of fit where there is one": losses.mean(),
        "first kernel after 10 steps, default epsilon": kernel_by_default,
        "gradient asked twice, never cleared": twice,
        "a new optimizer is used by the step": np.array_equal(
            first.weight.detach().T.cpu(), given["w1"]
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    def logits_of(model):
        return model(program.images, training=False).numpy()

    fitted = logits_of(program.fitted)
    steps_of_fit, steps_of_the_run = (
        int(each.iterations.numpy())
        for each in (program.fitted.optimizer, program.optimizer)
    )
    of_fit = of_the_run(program, fitted, fitted[1500:].argmax(axis=1), steps_of_fit)
    program.accuracy = (program.predicted == program.labels[1500:]).mean()
    every = logits_of(program.model)
    ran = of_the_run(program, every, program.predicted, steps_of_the_run)
    epoch = np.concatenate([images for images, _ in program.train_ds])
    x, y = given["x"], given["y"]
    kernel, last_bias = program.model.layers[0].kernel, program.model.layers[1].bias

    def reset(model):
        for layer, names in zip(model.layers, (NAMES[:2], NAMES[2:])):
            layer.set_weights([given[name] for name in names])

    def forget(optimizer):
        """Zeroes the moments and the count of steps; its settings stay."""
        for variable in optimizer.variables:
            if variable.name != "learning_rate":
                variable.assign(keras.ops.zeros_like(variable))

    def steps():
        """Ten steps of the program's own optimizer, its moments forgotten."""
        reset(program.model)
        forget(program.optimizer)
        # Trace anew: the traced function holds the old epsilon.
        train_step = tf.function(program.train_step.python_function)
        losses = [train_step(*batch).numpy() for batch in zip(x, y)]
        return np.float32(losses), kernel.numpy()

    reset(program.model)
    with tf.GradientTape() as tape:
        logits = program.model(x[0], training=True)
        loss = program.loss_fn(y[0], logits)
    gradients = tape.gradient(loss, [kernel.value, last_bias.value])
    _, kernel_by_default = steps()
    program.optimizer.epsilon = 1e-14
    losses, kernel_after = steps()

    reset(program.fitted)
    forget(program.fitted.optimizer)
    program.fitted.optimizer.epsilon = 1e-14
    program.fitted.compile(program.fitted.optimizer, program.fitted.loss)
    flat = x.reshape(500, 64), y.reshape(500)
    fit = program.fitted.fit(*flat, batch_size=50, shuffle=False, verbose=0)

    reset(program.model)
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = program.loss_fn(y[0], program.model(x[0], training=True))
        twice = tape.gradient(loss, kernel.value)
    program.optimizer = keras.optimizers.SGD(learning_rate=0.0)
    program.train_step(x[0], y[0])
    return {
        **{name: min(ran[name], of_fit[name]) for name in ran},
        "images of an epoch, each pixel sorted": np.sort(epoch, axis=0),
        "logits": logits,
        "gradient of the first kernel": gradients[0],
        "gradient of the last bias": gradients[1],
        "loss of 10 steps": losses,
        "first kernel after 10 steps": kernel_after,
        "mean loss of 10 steps, of fit where there is one": np.float32(
            fit.history["loss"][0]
        ),
        "first kernel after 10 steps, default epsilon": kernel_by_default,
        "gradient asked twice, never cleared": twice,
        "a new optimizer is used by the step": np.array_equal(
            kernel.numpy(), given["w1"]
        ),
    }
