"""The loaded programs, given the same weights: outputs, gradients, what they refuse."""

import numpy as np

DIFFERENT = {
    "exported as built, two calls agree": "torch.export keeps the mode of the model, "
    "training at first; Keras exports inference",
    "another batch size, nothing declared, raises": "torch.export fixes the sizes it "
    "saw; Keras leaves the batch open",
    "a NumPy batch of float64 raises": "a tensor keeps its dtype and float32 weights "
    "refuse it; the SavedModel casts what is no tensor yet",
    "the function, its program forgotten, raises": "a bound method keeps its module; "
    "a function of a SavedModel does not keep its variables",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.5, (4, 8)).astype("float32"),
        "b1": rng.normal(0, 0.1, 8).astype("float32"),
        "w2": rng.normal(0, 0.5, (8, 3)).astype("float32"),
        "b2": rng.normal(0, 0.1, 3).astype("float32"),
        "x": rng.normal(size=(50, 4)).astype("float32"),
    }


def raises(error, part, function, *arguments, **options):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments, **options)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def pytorch(program, given):
    import contextlib
    import io
    import logging

    import torch

    loaded, x = program.loaded, torch.from_numpy(given["x"])
    names = ("hidden.weight", "hidden.bias", "out.weight", "out.bias")
    weights = dict(loaded.named_parameters())
    with torch.no_grad():
        for name, key in zip(names, ("w1", "b1", "w2", "b2")):
            weights[name].copy_(torch.from_numpy(given[key].T))
    outputs = loaded(x)
    (gradient,) = torch.autograd.grad(outputs[:, 0].log().sum(), weights[names[0]])

    class PythonIf(torch.nn.Module):
        def forward(self, x):
            return x * 10 if x.sum() > 0 else x / 10

    dropping = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.5))
    as_built = torch.export.export(dropping, (x,)).module()
    function_alone = torch.export.load("net.pt2").module().forward
    logging.disable(logging.CRITICAL)  # a refused export logs and prints its graph
    with contextlib.redirect_stderr(io.StringIO()):
        refused = raises(
            torch.fx.experimental.symbolic_shapes.GuardOnDataDependentSymNode,
            "Could not guard on data-dependent expression",
            torch.export.export,
            PythonIf(),
            (x,),
        )
    return {
        "outputs of 50 rows": outputs,
        "outputs of 1 row": loaded(x[:1]),
        "gradient of the hidden kernel": gradient.T,
        "branch on a positive sum": program.branch(torch.tensor([1.0, -0.9])),
        "branch on a negative sum": program.branch(torch.tensor([0.9, -1.0])),
        "a row too wide raises": raises(
            AssertionError, "x.size()[1] == 4", loaded, torch.zeros(6, 5)
        ),
        "exporting a Python if on values raises": refused,
        "exported as built, two calls agree": np.array(
            torch.equal(as_built(x), as_built(x))
        ),
        "another batch size, nothing declared, raises": raises(
            AssertionError, "input.size()[0] == 50", as_built, x[:7]
        ),
        "a NumPy batch of float64 raises": raises(
            RuntimeError,
            "must have the same dtype",
            loaded,
            torch.from_numpy(given["x"].astype("float64")),
        ),
        "the function, its program forgotten, raises": raises(
            AssertionError, "have been deleted", function_alone, x
        ),
    }


def tensorflow(program, given):
    import keras
    import tensorflow as tf

    loaded, x = program.loaded, given["x"]
    # The file has the same names for both layers; the shapes differ.
    weights = {tuple(each.shape): each for each in loaded.trainable_variables}
    for key in ("w1", "b1", "w2", "b2"):
        weights[given[key].shape].assign(given[key])
    with tf.GradientTape() as tape:
        outputs = loaded.serve(x)
        total = tf.reduce_sum(tf.math.log(outputs[:, 0]))
    gradient = tape.gradient(total, weights[4, 8])

    class PythonIf(keras.Model):
        def call(self, x):
            return x * 10 if tf.reduce_sum(x) > 0 else x / 10

    branching = PythonIf()
    branching(x)
    dense, dropout = keras.layers.Dense(8), keras.layers.Dropout(0.5)
    dropping = keras.Sequential([dense, dropout])
    dropping(x)
    dropping.export("as_built", verbose=False)
    as_built = tf.saved_model.load("as_built")
    function_alone = tf.saved_model.load("as_built").serve
    return {
        "outputs of 50 rows": outputs,
        "outputs of 1 row": loaded.serve(x[:1]),
        "gradient of the hidden kernel": gradient,
        "branch on a positive sum": program.branch(tf.constant([1.0, -0.9])),
        "branch on a negative sum": program.branch(tf.constant([0.9, -1.0])),
        "a row too wide raises": raises(
            TypeError, "Can not cast", loaded.serve, tf.zeros((6, 5))
        ),
        "exporting a Python if on values raises": raises(
            tf.errors.OperatorNotAllowedInGraphError,
            "Using a symbolic `tf.Tensor` as a Python `bool`",
            branching.export,
            "branching",
            verbose=False,
        ),
        "exported as built, two calls agree": np.array(
            np.array_equal(as_built.serve(x), as_built.serve(x))
        ),
        "another batch size, nothing declared, raises": raises(
            TypeError, "Can not cast", as_built.serve, x[:7]
        ),
        "a NumPy batch of float64 raises": raises(
            TypeError, "Can not cast", loaded.serve, x.astype("float64")
        ),
        "the function, its program forgotten, raises": raises(
            AssertionError, "have been deleted", function_alone, x
        ),
    }
