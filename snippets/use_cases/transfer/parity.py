"""Same weights, frozen and unfrozen: logits, gradients, 5 steps of each."""

import numpy as np

OVER_SEEDS = {"accuracy": {"within": 0.04, "above": "baseline"}}
VARIES = {
    "Five images a class": "rounding differs, and training amplifies it",
    "Each draw": "rounding differs, and training amplifies it",
}
DIFFERENT = {
    "frozen, called in training mode: a running mean moves": "requires_grad_(False) "
    "does not stop PyTorch's; trainable=False puts Keras' in inference mode",
    "weights to train after unfreezing the whole model": "requires_grad_ on the model "
    "reaches the features; trainable = True does nothing where it is True already",
    "gradient of the global maximum of equals": "PyTorch gives it to one of them; "
    "TensorFlow shares it among all",
}


def inputs():
    rng = np.random.default_rng(0)
    given = {"x": rng.random((25, 12, 12, 1), dtype="float32")}
    given["y"] = np.repeat(np.arange(5), 5)
    for n, (one, two) in enumerate([(1, 32), (32, 64)]):
        scale = (2 / (9 * one)) ** 0.5
        given[f"kernel {n}"] = rng.normal(0, scale, (3, 3, one, two)).astype("float32")
        for name in ("bias", "beta", "mean"):
            given[f"{name} {n}"] = rng.normal(0, 0.1, two).astype("float32")
        for name in ("gamma", "variance"):
            given[f"{name} {n}"] = rng.uniform(0.5, 1.5, two).astype("float32")
    given["head"] = rng.normal(0, 0.1, (64, 5)).astype("float32")
    given["head bias"] = rng.normal(0, 0.1, 5).astype("float32")
    return given


def flags(program):
    scratch, tuned = program.baseline, program.accuracy
    return {
        "fine-tuned accuracy above 0.50": np.array(tuned > 0.5),
        "fine-tuned 0.05 above from scratch": np.array(tuned > scratch + 0.05),
    }


def pytorch(program, given):
    import torch

    x = torch.from_numpy(given["x"]).permute(0, 3, 1, 2).to(program.device)
    y = torch.from_numpy(given["y"]).to(program.device)
    state = program.learned.state_dict()
    parts = (0, "weight", "kernel"), (0, "bias", "bias"), (1, "weight", "gamma")
    parts += (1, "bias", "beta"), (1, "running_mean", "mean")
    parts += ((1, "running_var", "variance"),)
    for n, place in enumerate((0, 4)):
        for offset, key, name in parts:
            value = given[f"{name} {n}"]
            value = value.transpose(3, 2, 0, 1) if value.ndim == 4 else value
            state[f"{place + offset}.{key}"].copy_(torch.from_numpy(value.copy()))

    train = program.train
    program.train = lambda model, *arguments: model  # the model as frozen() sets it up
    model = program.frozen(x, y)
    features, head = model
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(given["head"].T))
        head.bias.copy_(torch.from_numpy(given["head bias"]))
    kernel, mean = features[0].weight, features[1].running_mean

    def hwio(tensor):
        return tensor.detach().permute(2, 3, 1, 0).cpu().numpy().copy()

    def trainable():
        return np.array(sum(p.requires_grad for p in model.parameters()))

    found = {"features": features(x), "logits": model(x)}
    found["frozen: weights to train"] = trainable()
    loss = program.loss_fn(model(x), y)
    found["gradient of the head"] = torch.autograd.grad(loss, head.weight)[0].T
    train(model, torch.optim.SGD(head.parameters(), lr=0.05), x, y, 5)
    found["frozen: head after 5 steps"] = head.weight.detach().T.cpu().numpy().copy()
    found["frozen: first kernel after 5 steps"] = hwio(kernel)
    found["frozen: running mean after 5 steps"] = mean.cpu().numpy().copy()

    key = "weights to train after unfreezing the whole model"
    model.requires_grad_(True)
    found[key] = trainable()
    frozen, program.frozen = program.frozen, lambda *arguments: model
    program.tuned(x, y)
    found["unfrozen: weights to train"] = trainable()
    loss = program.loss_fn(model(x), y)
    found["unfrozen: gradient of the first kernel"] = hwio(
        torch.autograd.grad(loss, kernel)[0]
    )
    train(model, torch.optim.SGD(model.parameters(), lr=0.01), x, y, 5)
    found["unfrozen: first kernel after 5 steps"] = hwio(kernel)
    found["unfrozen: running mean after 5 steps"] = mean.cpu().numpy().copy()

    model = frozen(x, y)
    before = model[0][1].running_mean.clone()
    model.train()
    model(x)
    moved = not torch.equal(model[0][1].running_mean, before)
    found["frozen, called in training mode: a running mean moves"] = np.array(moved)

    outer = torch.nn.Sequential(torch.nn.BatchNorm2d(1))
    outer[0].eval()
    outer.train()(x.cpu())
    moved = outer[0].running_mean.item() != 0
    found["told to infer, then trained from outside: mean moves"] = np.array(moved)

    equals = torch.ones(1, 1, 3, 3, device=x.device, requires_grad=True)
    features[7](equals).sum().backward()
    found["gradient of the global maximum of equals"] = equals.grad.reshape(3, 3)
    return found | flags(program)


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    x, y = given["x"], given["y"]
    names = ("kernel", "bias", "gamma", "beta", "mean", "variance")
    values = [given[f"{name} {n}"] for n in range(2) for name in names]
    program.learned.set_weights(values)

    train = program.train
    program.train = lambda model, *arguments: model  # the model as frozen() sets it up
    model = program.frozen(x, y)
    model(x)
    features, head = model.layers
    head.set_weights([given["head"], given["head bias"]])
    kernel, mean = features.layers[0].kernel, features.layers[1].moving_mean

    def gradient(weight):
        with tf.GradientTape() as tape:
            loss = program.loss_fn(y, model(x, training=True))
        return tape.gradient(loss, weight)

    def trainable():
        return np.array(len(model.trainable_weights))

    found = {"features": features(x), "logits": model(x)}
    found["frozen: weights to train"] = trainable()
    found["gradient of the head"] = gradient(head.kernel)
    train(model, keras.optimizers.SGD(learning_rate=0.05), x, y, 5)
    found["frozen: head after 5 steps"] = head.kernel.numpy()
    found["frozen: first kernel after 5 steps"] = kernel.numpy()
    found["frozen: running mean after 5 steps"] = mean.numpy()

    key = "weights to train after unfreezing the whole model"
    model.trainable = True
    found[key] = trainable()
    frozen, program.frozen = program.frozen, lambda *arguments: model
    program.tuned(x, y)
    found["unfrozen: weights to train"] = trainable()
    found["unfrozen: gradient of the first kernel"] = gradient(kernel)
    train(model, keras.optimizers.SGD(learning_rate=0.01), x, y, 5)
    found["unfrozen: first kernel after 5 steps"] = kernel.numpy()
    found["unfrozen: running mean after 5 steps"] = mean.numpy()

    model = frozen(x, y)
    mean = model.layers[0].layers[1].moving_mean
    before = mean.numpy()
    model(x, training=True)
    moved = not np.array_equal(mean.numpy(), before)
    found["frozen, called in training mode: a running mean moves"] = np.array(moved)

    image, normalise = keras.Input((12, 12, 1)), keras.layers.BatchNormalization()
    outer = keras.Model(image, normalise(image, training=False))
    outer(x, training=True)
    moved = normalise.moving_mean.numpy().item() != 0
    found["told to infer, then trained from outside: mean moves"] = np.array(moved)

    equals = tf.ones((1, 3, 3, 1))
    with tf.GradientTape() as tape:
        tape.watch(equals)
        largest = features.layers[-1](equals)
    shared = tape.gradient(largest, equals)
    found["gradient of the global maximum of equals"] = tf.reshape(shared, (3, 3))
    return found | flags(program)
