"""The run's parts and stop; same weights: logits, gradients, five Adam steps."""

import numpy as np

OVER_SEEDS = {"accuracy": {"within": 0.02, "above": "baseline_accuracy"}}
VARIES = {
    "What it gets wrong": "rounding differs, and training amplifies it",
}
DIFFERENT = {
    "order of the flattened features": "channel by channel (NCHW) in PyTorch; "
    "pixel by pixel (NHWC) in Keras",
}
NAMES = ("k1", "b1", "k2", "b2", "kernel", "bias")


def inputs():
    rng = np.random.default_rng(0)
    return {
        "k1": rng.normal(0, 0.3, (3, 3, 1, 16)).astype("float32"),
        "b1": rng.normal(0, 0.1, 16).astype("float32"),
        "k2": rng.normal(0, 0.1, (3, 3, 16, 32)).astype("float32"),
        "b2": rng.normal(0, 0.1, 32).astype("float32"),
        "kernel": rng.normal(0, 0.05, (4 * 4 * 32, 10)).astype("float32"),
        "bias": rng.normal(0, 0.1, 10).astype("float32"),
        "x": rng.random((100, 8, 8, 1), dtype="float32"),
        "y": rng.integers(0, 10, 100),
    }


def of_the_run(program, evaluate, kept, steps):
    """What the run was about; `kept` is the loss of the epoch that it kept.

    `evaluate` takes a part of all images and gives loss and accuracy.
    """
    train, val, test = slice(0, 1029), slice(1029, 1287), slice(1287, 1797)
    return {
        "trained on the first writers: a lower loss there": evaluate(train)[0]
        < evaluate(test)[0],
        "keeps the lowest loss of the validation part": bool(
            np.isclose(kept, evaluate(val)[0], rtol=1e-3)
        ),
        "the accuracy is of the last writers": bool(
            np.isclose(program.accuracy, evaluate(test)[1])
        ),
        "steps an epoch": steps,
        "baseline accuracy": np.float64(program.baseline_accuracy),
        "accuracy on new writers above 0.92": program.accuracy > 0.92,
        "accuracy above the baseline": program.accuracy > program.baseline_accuracy,
    }


def stopped(last, best):
    """Whether a run of at most 40 epochs ends five epochs after its best one."""
    return last - best == 5 or (last == 39 and last - best < 5)


def pytorch(program, given):
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    ran = of_the_run(  # before anything changes the trained model
        program,
        lambda part: program.evaluate(program.images[part], program.targets[part]),
        program.best_loss,
        len(program.train_loader),
    )
    model = program.model
    layers = model[0], model[2], model[7]
    weights = dict(zip(NAMES, (w for each in layers for w in (each.weight, each.bias))))
    x = torch.from_numpy(given["x"]).permute(0, 3, 1, 2).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)

    def dense_from_keras(kernel):
        # Rows come as (height, width, channel); PyTorch flattens (channel, h, w).
        return kernel.reshape(4, 4, 32, 10).transpose(3, 2, 0, 1).reshape(10, 512)

    def as_keras(name, tensor):
        array = tensor.detach().cpu().numpy()
        if name == "kernel":
            return array.reshape(10, 32, 4, 4).transpose(2, 3, 1, 0).reshape(512, 10)
        return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.copy()

    with torch.no_grad():
        for name, weight in weights.items():
            value = given[name]
            if name == "kernel":
                value = dense_from_keras(value)
            elif value.ndim == 4:
                value = value.transpose(3, 2, 0, 1)
            weight.copy_(torch.from_numpy(np.ascontiguousarray(value)))
    rate, optimizer = model[6].p, program.optimizer
    loss, score = program.evaluate(x, y)  # sets the mode for what follows
    logits = model(x)
    features = model[:6](x)
    gradients = torch.autograd.grad(program.loss_fn(logits, y), list(weights.values()))

    # Dropout draws differ between the frameworks: off for this epoch.
    model[6].p = 0.0
    optimizer.state.clear()  # of the program's own: its settings stay
    optimizer.param_groups[0]["eps"] = 1e-14  # else Adam's differ
    program.train_epoch(DataLoader(TensorDataset(x, y), batch_size=20))
    return {
        **ran,
        "ends five epochs after the best": stopped(program.epoch, program.best_epoch),
        "rate of dropout": rate,
        "logits": logits,
        "order of the flattened features": features[0],
        "the same features, aligned": features[0].reshape(32, 4, 4).permute(1, 2, 0),
        "gradient of the first kernel": as_keras("k1", gradients[0]),
        "gradient of the second kernel": as_keras("k2", gradients[2]),
        "gradient of the last kernel": as_keras("kernel", gradients[4]),
        "loss of 100 images": np.float32(loss),
        "accuracy of 100 images": np.float32(score),
        "first kernel after 5 steps": as_keras("k1", weights["k1"]),
        "last kernel after 5 steps": as_keras("kernel", weights["kernel"]),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    model, x, y = program.model, given["x"], given["y"]
    losses = model.history.history["val_loss"]
    ran = of_the_run(  # before anything changes the trained model
        program,
        lambda part: model.evaluate(
            program.images[part], program.labels[part], verbose=0
        ),
        min(losses),
        int(model.optimizer.iterations.numpy()) // len(losses),
    )
    ends = stopped(len(losses) - 1, int(np.argmin(losses)))
    first, second, dense = model.layers[0], model.layers[1], model.layers[5]
    for layer, names in zip((first, second, dense), (NAMES[:2], NAMES[2:4], NAMES[4:])):
        layer.set_weights([given[name] for name in names])
    kernels = [each.kernel.value for each in (first, second, dense)]
    with tf.GradientTape() as tape:
        logits = model(x, training=False)
        loss = program.loss_fn(y, logits)
    gradients = tape.gradient(loss, kernels)
    flatten = model.layers[3]
    features = keras.Model(model.inputs, flatten.output)(x)
    loss, score = model.evaluate(x, y, verbose=0)

    # Dropout draws differ between the frameworks: off for this epoch.
    rate, model.layers[4].rate = model.layers[4].rate, 0.0
    for variable in model.optimizer.variables:  # its settings stay
        if variable.name != "learning_rate":
            variable.assign(keras.ops.zeros_like(variable))
    model.optimizer.epsilon = 1e-14  # else Adam's differ
    model.compile(model.optimizer, model.loss)
    model.fit(x, y, batch_size=20, shuffle=False, verbose=0)
    return {
        **ran,
        "ends five epochs after the best": ends,
        "rate of dropout": rate,
        "logits": logits,
        "order of the flattened features": features[0],
        "the same features, aligned": tf.reshape(features[0], (4, 4, 32)),
        "gradient of the first kernel": gradients[0],
        "gradient of the second kernel": gradients[1],
        "gradient of the last kernel": gradients[2],
        "loss of 100 images": np.float32(loss),
        "accuracy of 100 images": np.float32(score),
        "first kernel after 5 steps": first.kernel,
        "last kernel after 5 steps": dense.kernel,
    }
