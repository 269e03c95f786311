"""Weights after steps by each of the program's optimizers, rates of both groups, Muon's step."""

import numpy as np

# Adam divides by the root of a running mean of squared gradients, which
# amplifies rounding.
RTOL, ATOL = 1e-5, 5e-5

DIFFERENT = {
    "a weight in no group trains": "PyTorch steps through what its groups hold; "
    "OptimizerMap gives all others to its default",
    "the name alone finds the head": "PyTorch asks the model for the module; "
    "OptimizerMap holds the pattern against the whole path, which begins with the "
    "model's name",
    "a misspelt setting raises": "PyTorch keeps unknown keys of a group; Keras' "
    "optimizers know their arguments",
    "rates under a function of the epoch": "LambdaLR multiplies the rate of each "
    "group by it; LearningRateScheduler gives it to all optimizers as the rate",
    "a step clipped to a norm of 1": "clip_grad_norm_ measures all gradients; each "
    "optimizer in MultiOptimizer measures its own",
    "length of Muon's first step, default scale": "PyTorch multiplies by the root of "
    "rows over columns, at least 1; Keras by 0.2 times the root of the longer side",
    "Muon takes a bias": "PyTorch's refuses what is no matrix; Keras' moves it as "
    "AdamW does",
    "weights after 10 steps, default epsilon": "PyTorch adds 1e-8 to the root; Keras "
    "adds 1e-7, before it corrects the bias",
}
NAMES = ("kernel", "bias", "gamma", "beta", "head_kernel", "head_bias")


def inputs():
    rng = np.random.default_rng(0)
    return {
        "x": rng.random((64, 64), dtype="float32"),
        "y": rng.integers(0, 10, 64),
        # Large, so that its decay is seen; LayerNorm takes the size back.
        "kernel": rng.normal(0, 2, (64, 32)).astype("float32"),
        "bias": rng.normal(0, 2, 32).astype("float32"),
        "gamma": rng.normal(1, 0.1, 32).astype("float32"),
        "beta": rng.normal(0, 0.1, 32).astype("float32"),
        "head_kernel": rng.normal(0, 0.3, (32, 10)).astype("float32"),
        "head_bias": rng.normal(0, 0.3, 10).astype("float32"),
    }


def raises(expected, message, call):
    """Whether a call raises this kind of error with this in its message."""
    try:
        call()
    except expected as raised:
        if message not in str(raised):
            raise
        return True
    return False


def newton_schulz(gradient, steps=5):
    """Muon's direction, as both document it: a (64, 32) float64."""
    x = gradient.T / np.linalg.norm(gradient)
    for _ in range(steps):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.T


def as_documented(moved, start, gradient):
    """Whether a kernel took Muon's step: rate 0.01, decay 0.1, the scale of AdamW."""
    # The first momentum is a multiple of the gradient, whose length does not count.
    step = 0.2 * np.sqrt(64) * newton_schulz(np.float64(gradient)) + 0.1 * start
    error = np.linalg.norm(moved - start + 0.01 * step) / np.linalg.norm(0.01 * step)
    return bool(error < 0.05)  # PyTorch orthogonalises in bfloat16


def flat(arrays):
    return np.concatenate([np.ravel(each) for each in arrays])


def pytorch(program, given):
    import torch

    names = ("0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias")
    start = {key: torch.from_numpy(given[name].T) for key, name in zip(names, NAMES)}
    rates = [group["lr"] for group in program.optimizer.param_groups]
    program.images = torch.from_numpy(given["x"]).to(program.device)
    program.labels = torch.from_numpy(given["y"]).to(program.device)

    def weights(model):
        state = model.state_dict()
        return [state[name].cpu().numpy().T.copy() for name in names]

    def after(steps, model, *optimizers, eps=1e-14):
        """The weights after some steps of the program's loop, from the given ones."""
        model.load_state_dict(start)
        for optimizer in optimizers:
            optimizer.state.clear()
            for group in optimizer.param_groups:
                if eps is not None and "betas" in group:
                    group["eps"] = eps
        program.train(model, *optimizers, steps=steps)
        return weights(model)

    model = program.build()
    decayed = after(10, model, program.decay_matrices(model))
    by_default = after(10, model, program.decay_matrices(model), eps=None)
    two = after(10, model, program.two_rates(model))
    lowered = after(10, program.model, program.optimizer)

    by_muon = after(1, model, *program.muon(model))
    gradient = model[0].weight.grad.T.cpu().numpy()
    refused = raises(
        ValueError, "2D parameters", lambda: torch.optim.Muon([model[0].bias])
    )
    optimizer, _ = program.muon(model)
    optimizer.param_groups[0].update(adjust_lr_fn=None, weight_decay=0.0)
    unscaled = after(1, model, optimizer)

    body = program.two_rates(model).param_groups[0]
    alone = torch.optim.SGD([{"params": body["params"]}], lr=0.1)
    untouched = after(1, model, alone)[-1]
    optimizer = program.two_rates(model)
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.5)
    scheduled = [group["lr"] for group in optimizer.param_groups]

    first, second = (torch.nn.Parameter(torch.zeros(2)) for _ in range(2))
    first.grad, second.grad = torch.tensor([3.0, 4.0]), torch.tensor([30.0, 40.0])
    torch.nn.utils.clip_grad_norm_([first, second], 1.0)
    torch.optim.SGD([{"params": [first]}, {"params": [second]}], lr=1.0).step()
    group = {"params": [first], "weight_decai": 0.1}
    twice = [{"params": [first]}, {"params": [first]}]
    return {
        "weights after 10 steps, matrices decayed": flat(decayed),
        "weights after 10 steps, default epsilon": flat(by_default),
        "weights after 10 steps, two rates": flat(two),
        "weights after 10 steps, a rate lowered": flat(lowered),
        "rates after lowering one": np.float32(rates),
        "AdamW's weights beside Muon's, after a step": flat(by_muon[1:]),
        "Muon's first step is as documented, to a twentieth": as_documented(
            by_muon[0], given["kernel"], gradient
        ),
        "length of Muon's first step, default scale": np.float32(
            np.linalg.norm(unscaled[0] - given["kernel"])
        ),
        "Muon takes a bias": not refused,
        "a weight in no group trains": bool((untouched != given["head_bias"]).any()),
        "the name alone finds the head": model.get_submodule("3") is model[-1],
        "a weight in two groups raises": raises(
            ValueError, "more than one parameter group", lambda: torch.optim.SGD(twice)
        ),
        "a misspelt setting raises": raises(
            TypeError, "weight_decai", lambda: torch.optim.AdamW([group])
        ),
        "rates under a function of the epoch": np.float32(scheduled),
        "rates halved in all groups": np.float32(scheduled),
        "a step clipped to a norm of 1": flat([first.detach(), second.detach()]),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    optimizers = keras.optimizers
    start = [given[name] for name in NAMES]
    rates = [float(each.learning_rate) for each in (program.body, program.head)]
    program.images, program.labels = given["x"], given["y"]

    def after(steps, model, optimizer, eps=1e-14):
        """The weights after some steps of the program's loop, from the given ones."""
        model.set_weights(start)
        for each in getattr(optimizer, "optimizers", [optimizer]):
            if eps is not None:
                each.epsilon = eps
            for variable in each.variables:
                if "learning_rate" not in variable.path:
                    variable.assign(keras.ops.zeros_like(variable))
        program.train(model, optimizer, steps=steps)
        return model.get_weights()

    model = program.build()
    decayed = after(10, model, program.decay_matrices(model))
    by_default = after(10, model, program.decay_matrices(model), eps=None)
    two = after(10, model, program.two_rates())
    lowered = after(10, program.model, program.optimizer)

    model.set_weights(start)
    with tf.GradientTape() as tape:
        loss = program.loss_fn(given["y"], model(given["x"], training=True))
    gradient = tape.gradient(loss, model.trainable_variables)[0].numpy()
    by_muon = after(1, model, program.muon())
    optimizer = program.muon()
    optimizer.weight_decay = 0.0
    unscaled = after(1, model, optimizer)
    taken = (by_muon[1] != given["bias"]).all()

    path = model.get_layer("head").kernel.path
    sgd, other = optimizers.SGD(0.1), optimizers.SGD(0.2)
    found = optimizers.OptimizerMap(sgd, {"head/.*": other})[path] is other
    alone = optimizers.MultiOptimizer(optimizers.OptimizerMap(sgd, {".*/dense.*": sgd}))
    moved = after(1, model, alone)[-1]
    both = optimizers.OptimizerMap(sgd, {".*/head/.*": sgd, ".*kernel": other})

    def scheduled(function):
        """The rates of body and head that this function sets as an epoch begins."""
        scheduler = keras.callbacks.LearningRateScheduler(function)
        optimizer = program.two_rates()
        model.compile(optimizer, program.loss_fn)
        scheduler.set_model(model)
        scheduler.on_epoch_begin(0)
        return np.float32([each.learning_rate for each in reversed(optimizer.optimizers)])

    first, second = (keras.Variable(np.zeros(2, "f4"), name=name) for name in "ab")
    clipped = [optimizers.SGD(1.0, global_clipnorm=1.0) for _ in range(2)]
    groups = optimizers.OptimizerMap(clipped[0], {"b": clipped[1]})
    gradients = [np.float32([3, 4]), np.float32([30, 40])]
    optimizers.MultiOptimizer(groups).apply(gradients, [first, second])
    return {
        "weights after 10 steps, matrices decayed": flat(decayed),
        "weights after 10 steps, default epsilon": flat(by_default),
        "weights after 10 steps, two rates": flat(two),
        "weights after 10 steps, a rate lowered": flat(lowered),
        "rates after lowering one": np.float32(rates),
        "AdamW's weights beside Muon's, after a step": flat(by_muon[1:]),
        "Muon's first step is as documented, to a twentieth": as_documented(
            by_muon[0], given["kernel"], gradient
        ),
        "length of Muon's first step, default scale": np.float32(
            np.linalg.norm(unscaled[0] - given["kernel"])
        ),
        "Muon takes a bias": bool(taken),
        "a weight in no group trains": bool((moved != given["head_bias"]).any()),
        "the name alone finds the head": found,
        "a weight in two groups raises": raises(
            ValueError, "Multiple optimizers assigned", lambda: both[path]
        ),
        "a misspelt setting raises": raises(
            ValueError, "weight_decai", lambda: optimizers.AdamW(weight_decai=0.1)
        ),
        "rates under a function of the epoch": scheduled(lambda epoch: 0.5),
        "rates halved in all groups": scheduled(lambda epoch, rate: 0.5 * rate),
        "a step clipped to a norm of 1": flat([first.numpy(), second.numpy()]),
    }
