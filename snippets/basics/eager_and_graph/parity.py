"""Eager and traced results and gradients, and how often each side traces."""

import contextlib
import io
import logging
import random

import numpy as np

DIFFERENT = {
    "graphs for three Python numbers": "PyTorch makes a number an input of the graph "
    "once it has changed; TensorFlow traces each",
    "runs of a side effect in three calls": "TensorFlow runs Python only to trace",
    "graphs for three calls that append to a global list": "PyTorch guards the "
    "list's length and traces anew; TensorFlow appends once",
    "graphs of a branch, both ways taken": "PyTorch breaks the graph at the `if`; "
    "TensorFlow puts the `if` into the graph",
    "an `if` in one graph is an error": "PyTorch needs torch.cond, "
    "TensorFlow has AutoGraph",
    "a `while` in one graph is an error": "PyTorch needs torch.while_loop, "
    "TensorFlow has AutoGraph",
    "exporting a `while` is an error": "torch.export wants one graph, too",
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


def of_numpy(x):
    return x * float(x.numpy()[0])


def raises(error, part, function, *arguments):
    """Whether it raises this error; its message then has this part."""
    try:
        function(*arguments)
    except error as raised:
        message = str(raised)
    else:
        return np.array(False)
    assert part in message, message
    return np.array(True)


def runs(function, x):
    """How often the Python of `announce` runs in three calls."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        for _ in range(3):
            function(x)
    return np.array(said.getvalue().count("Python runs"))


def quietly(function, x):
    """What a function gives that prints as well."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(x)


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
        "a tensor put into a list inside is an error outside": raises(
            TypeError, "out of scope", lambda: kept[0] + 1
        ),
        "x.numpy() inside is an error": raises(
            AttributeError, "numpy", compiled(of_numpy), x
        ),
    }


def pytorch(program, given):
    import torch

    def compiled(function, **options):
        return torch.compile(function, backend=program.keep, **options)

    def graphs(function):
        program.graphs.clear()
        call = compiled(function)
        for _ in range(3):
            call(x)
        return np.array(len(program.graphs))

    def one_graph_is_refused(function):
        return raises(
            torch._dynamo.exc.Unsupported,
            "Data-dependent",
            compiled(function, fullgraph=True),
            x,
        )

    class Loop(torch.nn.Module):
        def forward(self, x):
            return program.loop(x)

    xs = torch.from_numpy(given["x"])
    row = xs[0].clone().requires_grad_()
    (gradient,) = torch.autograd.grad(program.traced(row, 2.0), row)
    x = torch.ones(3)
    start = torch.ones(3, requires_grad=True)
    end = program.looped_in_graph(start)
    with contextlib.redirect_stderr(io.StringIO()):  # a refused export prints its graph
        logging.disable(logging.CRITICAL)
        refused = raises(
            torch.fx.experimental.symbolic_shapes.GuardOnDataDependentSymNode,
            "data-dependent",
            torch.export.export,
            Loop(),
            (x,),
        )
        logging.disable(logging.NOTSET)
    results = {
        "eager": program.scaled(xs, 3.0),
        "traced": torch.stack([program.traced(row, 2.0) for row in xs]),
        "gradient of the traced function": gradient,
        "branch": torch.stack([program.branched(row) for row in xs]),
        "branch within one graph": torch.stack(
            [program.branched_in_graph(row) for row in xs]
        ),
        "loop": program.looped(xs.abs()),
        "loop within one graph": program.looped_in_graph(xs.abs()),
        "its gradient": torch.autograd.grad(end.sum(), start)[0],
        "exporting a `while` is an error": refused,
        "an `if` in one graph is an error, after it ran in pieces": (
            one_graph_is_refused(program.branch)
        ),
    }
    # Without this, fullgraph=True finds the pieces of the branch in the cache.
    torch._dynamo.reset()
    return {
        **results,
        "graphs for three tensors": np.array(program.traces_of_tensors),
        "graphs for three Python numbers": np.array(program.traces_of_numbers),
        "graphs for three calls that append to a global list": graphs(of_list),
        "graphs of a branch, both ways taken": np.array(program.branch_graphs),
        "an `if` in one graph is an error": one_graph_is_refused(program.branch),
        "a `while` in one graph is an error": one_graph_is_refused(program.loop),
        "output of the function with a side effect": quietly(program.announced, x),
        "runs of a side effect in three calls": runs(compiled(program.announce), x),
        "runs of a side effect in three eager calls": runs(program.announce, x),
        **flags(compiled, x),
    }


def tensorflow(program, given):
    import tensorflow as tf

    def graphs(function):
        call = tf.function(function)
        for _ in range(3):
            call(x)
        return np.array(call.experimental_get_tracing_count())

    def one_graph_is_refused(function):
        return raises(
            tf.errors.OperatorNotAllowedInGraphError,
            "symbolic",
            function.get_concrete_function,
            x,
        )

    module = tf.Module()
    module.loop = program.looped

    xs = tf.constant(given["x"])
    row = xs[0]
    with tf.GradientTape() as tape:
        tape.watch(row)
        value = program.traced(row, 2.0)
    x = tf.ones(3)
    start = tf.ones(3)
    with tf.GradientTape() as of_loop:
        of_loop.watch(start)
        end = program.looped(start)
    branches = tf.stack([program.branched(row) for row in xs])
    return {
        "eager": program.scaled(xs, 3.0),
        "traced": tf.stack([program.traced(row, 2.0) for row in xs]),
        "gradient of the traced function": tape.gradient(value, row),
        "branch": branches,
        "branch within one graph": branches,
        "loop": program.looped(tf.abs(xs)),
        "loop within one graph": program.looped(tf.abs(xs)),
        "its gradient": of_loop.gradient(end, start),
        "exporting a `while` is an error": raises(
            tf.errors.OperatorNotAllowedInGraphError,
            "symbolic",
            tf.saved_model.save,
            module,
            "loop",
        ),
        "an `if` in one graph is an error, after it ran in pieces": raises(
            tf.errors.OperatorNotAllowedInGraphError, "symbolic", program.branched, x
        ),
        "graphs for three tensors": np.array(program.traces_of_tensors),
        "graphs for three Python numbers": np.array(program.traces_of_numbers),
        "graphs for three calls that append to a global list": graphs(of_list),
        "graphs of a branch, both ways taken": np.array(program.branch_graphs),
        "an `if` in one graph is an error": one_graph_is_refused(program.branched),
        "a `while` in one graph is an error": one_graph_is_refused(program.looped),
        "output of the function with a side effect": quietly(program.announced, x),
        "runs of a side effect in three calls": runs(tf.function(program.announce), x),
        "runs of a side effect in three eager calls": runs(program.announce, x),
        **flags(tf.function, x),
    }
