"""Eager and traced results and gradients, and how often each side traces."""

import contextlib
import io
import random

import numpy as np

DIFFERENT = {
    "graphs for three Python numbers": "PyTorch makes a number an input of the graph "
    "once it has changed; TensorFlow traces each",
    "graphs for three lengths": "PyTorch leaves a length open once it has changed; "
    "TensorFlow traces each, unless reduce_retracing is set",
    "runs of a side effect in three calls": "TensorFlow runs Python only to trace",
    "graphs for three calls that append to a global list": "PyTorch guards the "
    "list's length and traces anew; TensorFlow appends once",
    "graphs of a branch, both ways taken": "PyTorch breaks the graph at the `if`; "
    "TensorFlow puts the `if` into the graph",
    "an `if` in one graph is an error": "PyTorch needs torch.cond, "
    "TensorFlow has AutoGraph",
    "two calls draw two Python random numbers": "TensorFlow keeps the first",
    "a changed global reaches the function": "PyTorch guards what it read "
    "and traces anew; TensorFlow keeps the old value",
    "a tensor put into a list inside is an error outside": "TensorFlow leaves "
    "a symbol without a value there",
    "x.numpy() inside is an error": "PyTorch breaks the graph or traces NumPy; "
    "a TensorFlow symbol has no value to give",
}

scale = 1.0
kept = []


def inputs():
    rng = np.random.default_rng(0)
    return {"x": rng.normal(size=(4, 3)).astype("float32")}


def of_random(x):
    return x * random.uniform(1, 2)


def of_global(x):
    return x * scale


def of_list(x):
    kept.append(x * 2)
    return x


def pure(x):
    return x * 3


def of_numpy(x):
    return x * float(x.numpy()[0])


def fails(action, error):
    try:
        action()
    except error:
        return np.array(True)
    return np.array(False)


def runs(function, x):
    """How often the Python of `noisy` runs in three calls."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        for _ in range(3):
            function(x)
    return np.array(said.getvalue().count("Python runs"))


def flags(compiled, x):
    """What a compiled function does with Python around it."""
    global scale
    random.seed(0)
    draw = compiled(of_random)
    draws = [np.array(draw(x)) for _ in range(2)]
    scale = 1.0
    scaled = compiled(of_global)
    before = np.array(scaled(x))
    scale = 2.0
    after = np.array(scaled(x))
    kept.clear()
    compiled(of_list)(x)
    return {
        "two calls draw two Python random numbers": np.array(
            draws[0][0] != draws[1][0]
        ),
        "a changed global reaches the function": np.array(before[0] != after[0]),
        "a tensor put into a list inside is an error outside": fails(
            lambda: kept[0] + 1, TypeError
        ),
        "x.numpy() inside is an error": fails(
            lambda: compiled(of_numpy)(x), AttributeError
        ),
    }


def pytorch(program, given):
    import torch

    def compiled(function, **options):
        return torch.compile(function, backend=program.keep, **options)

    def graphs(function, lengths):
        program.graphs.clear()
        call = compiled(function)
        for length in lengths:
            call(torch.ones(length))
        return np.array(len(program.graphs))

    xs = torch.from_numpy(given["x"])
    row = xs[0].clone().requires_grad_()
    (gradient,) = torch.autograd.grad(program.traced(row, 2.0), row)
    x = torch.ones(3)
    results = {
        "eager": program.scaled(xs, 3.0),
        "traced": torch.stack([program.traced(row, 2.0) for row in xs]),
        "gradient of the traced function": gradient,
        "branch": torch.stack([program.branched(row) for row in xs]),
        "branch within one graph": torch.stack([program.whole(row) for row in xs]),
        "loop": program.looped(xs.abs()),
    }
    results["an `if` in one graph is an error, after it ran in pieces"] = fails(
        lambda: compiled(program.branch, fullgraph=True)(x),
        torch._dynamo.exc.Unsupported,
    )
    # Without this, fullgraph=True finds the pieces of the branch in the cache.
    torch._dynamo.reset()
    return {
        **results,
        "graphs for three tensors": np.array(program.traces_of_tensors),
        "graphs for three Python numbers": np.array(program.traces_of_numbers),
        "graphs for three lengths": graphs(pure, (3, 4, 5)),
        "graphs for three calls that append to a global list": graphs(
            of_list, (3, 3, 3)
        ),
        "graphs of a branch, both ways taken": np.array(program.branch_graphs),
        "an `if` in one graph is an error": fails(
            lambda: compiled(program.branch, fullgraph=True)(x),
            torch._dynamo.exc.Unsupported,
        ),
        "runs of a side effect in three calls": runs(compiled(program.noisy), x),
        "runs of a side effect in three eager calls": runs(program.noisy, x),
        **flags(compiled, x),
    }


def tensorflow(program, given):
    import tensorflow as tf

    def graphs(function, lengths):
        call = tf.function(function)
        for length in lengths:
            call(tf.ones(length))
        return np.array(call.experimental_get_tracing_count())

    xs = tf.constant(given["x"])
    row = xs[0]
    with tf.GradientTape() as tape:
        tape.watch(row)
        value = program.traced(row, 2.0)
    x = tf.ones(3)
    branches = tf.stack([program.branched(row) for row in xs])
    return {
        "eager": program.scaled(xs, 3.0),
        "traced": tf.stack([program.traced(row, 2.0) for row in xs]),
        "gradient of the traced function": tape.gradient(value, row),
        "branch": branches,
        "branch within one graph": branches,
        "loop": program.looped(tf.abs(xs)),
        "an `if` in one graph is an error, after it ran in pieces": fails(
            lambda: program.branched(x), tf.errors.OperatorNotAllowedInGraphError
        ),
        "graphs for three tensors": np.array(program.traces_of_tensors),
        "graphs for three Python numbers": np.array(program.traces_of_numbers),
        "graphs for three lengths": graphs(pure, (3, 4, 5)),
        "graphs for three calls that append to a global list": graphs(
            of_list, (3, 3, 3)
        ),
        "graphs of a branch, both ways taken": np.array(program.branch_graphs),
        "an `if` in one graph is an error": fails(
            lambda: program.branched.get_concrete_function(x),
            tf.errors.OperatorNotAllowedInGraphError,
        ),
        "runs of a side effect in three calls": runs(tf.function(program.noisy), x),
        "runs of a side effect in three eager calls": runs(program.noisy, x),
        **flags(tf.function, x),
    }
