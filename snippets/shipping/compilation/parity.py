"""Same numbers compiled and not; how many graphs; what Python still does."""

import numpy as np

DIFFERENT = {
    "graphs after each batch size, by default": "torch.compile makes a changed size "
    "dynamic; tf.function traces for each",
    "graphs after each of three floats": "torch.compile makes a changed float an "
    "input; tf.function traces for each",
    "Python side effects of three calls": "torch.compile replays them at each call; "
    "tf.function runs them while tracing",
    "graphs of a branch on values": "torch.compile breaks into several graphs; "
    "AutoGraph puts both branches into one",
    "gradient of where(x > 0, sqrt(x), 0) at 0 and 4, eager": "PyTorch multiplies 0 by "
    "infinity, which is NaN; TensorFlow's eager kernel returns 0",
}


def inputs():
    rng = np.random.default_rng(0)
    return {"x": rng.normal(size=(4, 8)).astype("float32")}


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


def rows(program, array, **gradients):
    """What both sides compute in the same way."""
    graphs_for, batches = program.graphs_for, program.batches
    calls = []

    def announce(x):
        calls.append(None)
        return x * 2

    numbers = [(array, factor) for factor in (2.0, 3.0, 4.0)]
    graphs_for(announce, [(array,)] * 3)
    return {
        "output": program.score(array),
        "output, compiled": program.compiled(array),
        "graphs after each batch size, by default": graphs_for(program.score, batches),
        "graphs after each of three floats": graphs_for(program.scale, numbers),
        "Python side effects of three calls": len(calls),
        "graphs of a branch on values": graphs_for(program.branch, program.signs)[-1],
        "gradient of where(x > 0, sqrt(x), 0) at 0 and 4, eager": gradients["eager"],
        "the same gradient, TensorFlow's by XLA": gradients["compiled"],
    }


def pytorch(program, given):
    import torch

    edge = program.edge.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(program.root(edge).sum(), edge)
    x = torch.from_numpy(given["x"])
    found = rows(program, x, eager=gradient, compiled=gradient)
    graphs_for, batches = program.graphs_for, program.batches
    return found | {
        "graphs, default against reduce_retracing": graphs_for(program.score, batches),
        "graphs, batch declared open": graphs_for(program.score, batches, dynamic=True),
        "one graph demanded, a branch on values raises": raises(
            graphs_for, program.branch, program.signs, fullgraph=True
        ),
    }


def tensorflow(program, given):
    import tensorflow as tf

    eager = program.gradient(program.edge)
    compiled = program.compiled_gradient(program.edge)
    found = rows(program, tf.constant(given["x"]), eager=eager, compiled=compiled)
    graphs_for, batches = program.graphs_for, program.batches
    return found | {
        "graphs, default against reduce_retracing": graphs_for(
            program.score, batches, reduce_retracing=True
        ),
        "graphs, batch declared open": graphs_for(
            program.score, batches, input_signature=program.rows
        ),
        "one graph demanded, a branch on values raises": raises(
            graphs_for, program.branch, program.signs, autograph=False
        ),
    }
