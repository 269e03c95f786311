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


def raises(error, message, function):
    """Whether it raises this error with these words; any other error is one."""
    try:
        function()
    except error as raised:
        if message not in str(raised):
            raise
        return True
    return False


def pytorch(program, given):
    import torch
    from torch import nn

    x, direction = torch.from_numpy(given["x"]), torch.from_numpy(given["direction"])

    model, short = program.model, program.short

    def ported(weights, transpose):
        weights = [torch.from_numpy(w.T if transpose else w) for w in weights]
        model.load_state_dict(dict(zip(NAMES, weights)))
        logits = model(x)
        loss = (logits * direction).sum()
        of = [model.get_parameter(name) for name in NAMES]
        return logits, torch.autograd.grad(loss, of)

    def fresh(apply=None):
        torch.manual_seed(0)
        for _ in range(NETWORKS):
            network = program.SimpleNN(10, 20, 5)
            if apply:
                network.apply(apply)
            yield [network.get_parameter(name).detach().numpy().T for name in NAMES]

    as_the_program_ported = torch.equal(short(program.inputs), model(program.inputs))
    keras_to_torch, gradients = ported(given["in_out"], transpose=True)
    own_layout, _ = ported(given["out_in"], transpose=False)
    short[0].load_state_dict(model.fc1.state_dict())
    short[2].load_state_dict(model.fc2.state_dict())
    networks, other = list(fresh()), list(fresh(program.like_keras))
    refused = raises(TypeError, "in_features", lambda: nn.Linear(out_features=20))
    first = nn.LazyLinear(20)
    eleven = torch.ones(8, 11)
    program.lazy(eleven[:, :10])  # it has 10 inputs by now
    return {
        "output, weights in Keras' layout": keras_to_torch,
        "output, weights in PyTorch's layout": own_layout,
        "output of the shorter network": short(x),
        "the program's own port gives the same output": as_the_program_ported,
        "gradient of the first weights": gradients[0].T,
        "gradient of the first bias": gradients[1],
        "gradient of the last weights": gradients[2].T,
        "gradient of the last bias": gradients[3],
        "number of parameters": sum(p.numel() for p in model.parameters()),
        "counting before the first batch raises": raises(
            ValueError, "uninitialized parameter", lambda: first.weight.numel()
        ),
        "11 columns instead of 10 raise": raises(
            RuntimeError, "cannot be multiplied", lambda: model(eleven)
        ),
        "the first batch decides: then 11 instead of 10 raise": raises(
            RuntimeError, "cannot be multiplied", lambda: program.lazy(eleven)
        ),
        "sizes that the first batch decided": np.array(
            [program.lazy[at].weight.shape[::-1] for at in (0, 2)]
        ),
        "first weights fill their documented range": fills(PYTORCH_BOUNDS, networks),
        "made like the other's, they fill the other's": fills(GLOROT_BOUNDS, other),
        "two draws of one initializer are equal": np.array_equal(
            nn.init.uniform_(torch.empty(9)), nn.init.uniform_(torch.empty(9))
        ),
        **first_weights(networks, not refused, tuple(model.fc1.weight.shape)),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    x, direction = given["x"], given["direction"]

    model, short = program.model, program.short
    fc1, fc2 = model.get_layer("fc1"), model.get_layer("fc2")
    same = np.array_equal(short(program.inputs), model(program.inputs))

    def ported(weights, transpose):
        weights = [w.T if transpose else w for w in weights]
        fc1.set_weights(weights[:2])
        fc2.set_weights(weights[2:])
        with tf.GradientTape() as tape:
            logits = model(x)
            loss = tf.reduce_sum(logits * direction)
        of = [fc1.kernel, fc1.bias, fc2.kernel, fc2.bias]
        return logits, tape.gradient(loss, [each.value for each in of])

    def fresh(make):
        keras.utils.set_random_seed(0)
        for _ in range(NETWORKS):
            first, last = make().layers
            yield [*first.get_weights(), *last.get_weights()]

    own_layout, gradients = ported(given["in_out"], transpose=False)
    torch_to_keras, _ = ported(given["out_in"], transpose=True)
    short.layers[0].set_weights(fc1.get_weights())
    short.layers[1].set_weights(fc2.get_weights())
    networks = list(fresh(lambda: program.create_simple_nn(10, 20, 5)))
    other = list(fresh(lambda: keras.models.clone_model(program.other)))
    layer = keras.layers.Dense(20)
    uniform = keras.initializers.RandomUniform(0, 1)
    eleven = np.ones((8, 11), "float32")
    program.deferred(eleven[:, :10])  # it has 10 inputs by now
    return {
        "output, weights in Keras' layout": own_layout,
        "output, weights in PyTorch's layout": torch_to_keras,
        "output of the shorter network": short(x),
        "the program's own port gives the same output": same,
        "gradient of the first weights": gradients[0],
        "gradient of the first bias": gradients[1],
        "gradient of the last weights": gradients[2],
        "gradient of the last bias": gradients[3],
        "number of parameters": model.count_params(),
        "counting before the first batch raises": raises(
            ValueError, "isn't built", layer.count_params
        ),
        "11 columns instead of 10 raise": raises(
            ValueError, "incompatible with the layer", lambda: model(eleven)
        ),
        "the first batch decides: then 11 instead of 10 raise": raises(
            ValueError, "incompatible with", lambda: program.deferred(eleven)
        ),
        "sizes that the first batch decided": np.array(
            [layer.kernel.shape for layer in program.deferred.layers]
        ),
        "first weights fill their documented range": fills(GLOROT_BOUNDS, networks),
        "made like the other's, they fill the other's": fills(PYTORCH_BOUNDS, other),
        "two draws of one initializer are equal": np.array_equal(
            uniform((9,)), uniform((9,))
        ),
        **first_weights(networks, not layer.weights, fc1.kernel.shape),
    }
