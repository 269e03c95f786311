"""Weights ported both ways: outputs, gradients, and the range of fresh weights."""

import numpy as np

NAMES = ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")
NETWORKS = 30
PYTORCH_BOUNDS = (1 / 10) ** 0.5, (1 / 20) ** 0.5
GLOROT_BOUNDS = (6 / 30) ** 0.5, (6 / 25) ** 0.5

DIFFERENT = {
    "shape of the first weights": "nn.Linear stores (out, in); Dense (in, out)",
    "largest first weight of 30 networks": "U(-a, a) with a = sqrt(1/in) in "
    "nn.Linear; a = sqrt(6/(in + out)) in Dense",
    "largest last weight of 30 networks": "the same two formulas",
    "standard deviation of the first weights": "that of U(-a, a) is a / sqrt(3)",
    "largest first bias of 30 networks": "nn.Linear draws biases as it draws "
    "weights; Dense starts them at zero",
    "two draws of one initializer are equal": "nn.init draws on from the global "
    "generator; a Keras initializer keeps its seed, also one that it made up",
    "a layer without an input size can be made": "nn.Linear requires in_features; "
    "Dense waits for its first input",
}


def inputs():
    rng = np.random.default_rng(0)

    def normal(*shape):
        return rng.normal(0, 0.5, shape).astype("float32")

    return {
        # One set of weights in each framework's layout.
        "in_out": [normal(10, 20), normal(20), normal(20, 5), normal(5)],
        "out_in": [normal(20, 10), normal(20), normal(5, 20), normal(5)],
        "x": normal(8, 10),
        "direction": normal(8, 5),
    }


def first_weights(networks, lazy_works, shape):
    """What 30 fresh networks start from: lists of four arrays, kernels (in, out)."""
    w1, b1, w2, _ = (np.stack(part) for part in zip(*networks))
    return {
        "shape of the first weights": np.array(shape),
        "largest first weight of 30 networks": np.abs(w1).max(),
        "largest last weight of 30 networks": np.abs(w2).max(),
        "standard deviation of the first weights": w1.std(),
        "largest first bias of 30 networks": np.abs(b1).max(),
        "a layer without an input size can be made": np.array(lazy_works),
    }


def fills(bounds, networks):
    """Whether the weights stay in the bounds, come near, and spread evenly."""
    w1, _, w2, _ = (np.stack(part) for part in zip(*networks))
    for bound, w in zip(bounds, (w1, w2)):
        share = np.abs(w) / bound
        # A uniform draw: mean of |w| is half the bound, deviation a root of three.
        if not (0.99 < share.max() <= 1.000001 and abs(share.mean() - 0.5) < 0.02):
            return np.array(False)
        if abs(w.std() / bound * 3**0.5 - 1) > 0.02:
            return np.array(False)
    return np.array(True)


def pytorch(program, given):
    import torch
    from torch import nn

    x, direction = torch.from_numpy(given["x"]), torch.from_numpy(given["direction"])

    def ported(weights, transpose):
        weights = [torch.from_numpy(w.T if transpose else w) for w in weights]
        program.model.load_state_dict(dict(zip(NAMES, weights)))
        logits = program.model(x)
        loss = (logits * direction).sum()
        return logits, torch.autograd.grad(loss, list(program.model.parameters()))

    def fresh(apply=None):
        torch.manual_seed(0)
        for _ in range(NETWORKS):
            network = program.SimpleNN(10, 20, 5)
            if apply:
                network.apply(apply)
            yield [p.detach().numpy().T for p in network.parameters()]

    keras_to_torch, gradients = ported(given["in_out"], transpose=True)
    own_layout, _ = ported(given["out_in"], transpose=False)
    program.short.load_state_dict(
        dict(zip(program.short.state_dict(), program.model.state_dict().values()))
    )
    networks, other = list(fresh()), list(fresh(program.like_keras))
    try:
        works = bool(nn.Linear(out_features=20))
    except TypeError:
        works = False
    try:
        uncounted = nn.LazyLinear(20).weight.numel() < 0
    except ValueError:
        uncounted = True
    try:
        refused = program.model(torch.ones(8, 11)) is None
    except RuntimeError:
        refused = True
    return {
        "output, weights in Keras' layout": keras_to_torch,
        "output, weights in PyTorch's layout": own_layout,
        "output of the shorter network": program.short(x),
        "gradient of the first weights": gradients[0].T,
        "gradient of the first bias": gradients[1],
        "gradient of the last weights": gradients[2].T,
        "gradient of the last bias": gradients[3],
        "number of parameters": np.array(
            sum(p.numel() for p in program.model.parameters())
        ),
        "counting before the first batch raises": np.array(uncounted),
        "11 columns instead of 10 raise": np.array(refused),
        "first weights fill their documented range": fills(PYTORCH_BOUNDS, networks),
        "made like the other's, they fill the other's": fills(GLOROT_BOUNDS, other),
        "two draws of one initializer are equal": np.array_equal(
            nn.init.uniform_(torch.empty(9)), nn.init.uniform_(torch.empty(9))
        ),
        **first_weights(networks, works, tuple(program.model.fc1.weight.shape)),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    x, direction = given["x"], given["direction"]

    def ported(weights, transpose):
        program.model.set_weights([w.T if transpose else w for w in weights])
        with tf.GradientTape() as tape:
            logits = program.model(x)
            loss = tf.reduce_sum(logits * direction)
        return logits, tape.gradient(loss, program.model.trainable_variables)

    def fresh(make):
        keras.utils.set_random_seed(0)
        return [make().get_weights() for _ in range(NETWORKS)]

    own_layout, gradients = ported(given["in_out"], transpose=False)
    torch_to_keras, _ = ported(given["out_in"], transpose=True)
    program.short.set_weights(program.model.get_weights())
    networks = fresh(lambda: program.create_simple_nn(10, 20, 5))
    other = fresh(lambda: keras.models.clone_model(program.other))
    layer = keras.layers.Dense(20)
    uniform = keras.initializers.RandomUniform(0, 1)
    try:
        uncounted = layer.count_params() < 0
    except ValueError:
        uncounted = True
    try:
        refused = program.model(np.ones((8, 11), "float32")) is None
    except ValueError:
        refused = True
    return {
        "output, weights in Keras' layout": own_layout,
        "output, weights in PyTorch's layout": torch_to_keras,
        "output of the shorter network": program.short(x),
        "gradient of the first weights": gradients[0],
        "gradient of the first bias": gradients[1],
        "gradient of the last weights": gradients[2],
        "gradient of the last bias": gradients[3],
        "number of parameters": np.array(program.model.count_params()),
        "counting before the first batch raises": np.array(uncounted),
        "11 columns instead of 10 raise": np.array(refused),
        "first weights fill their documented range": fills(GLOROT_BOUNDS, networks),
        "made like the other's, they fill the other's": fills(PYTORCH_BOUNDS, other),
        "two draws of one initializer are equal": np.array_equal(
            uniform((9,)), uniform((9,))
        ),
        **first_weights(networks, not layer.weights, program.model.weights[0].shape),
    }
