"""Same numbers compiled and not; how many graphs for new shapes; a gradient under XLA."""

import numpy as np

DIFFERENT = {
    "graphs after each batch size, by default": "torch.compile makes a changed size "
    "dynamic; tf.function traces for each",
    "gradient of where(x > 0, sqrt(x), 0) at 0 and 4, eager": "PyTorch multiplies 0 by "
    "infinity, which is NaN; TensorFlow's eager kernel returns 0",
}


def inputs():
    rng = np.random.default_rng(0)
    return {"x": rng.normal(size=(4, 8)).astype("float32")}


def rows(program, array, compiled_root, **declared):
    """What both sides compute in the same way; `declared` opens the size of the batch."""
    graphs_for, batches = program.graphs_for, program.batches
    return {
        "output": program.score(array),
        "output, compiled": program.compiled(array),
        "graphs after each batch size, by default": graphs_for(batches),
        "graphs, batch declared open": graphs_for(batches, **declared),
        "gradient of where(x > 0, sqrt(x), 0) at 0 and 4, eager": program.gradient(
            program.root
        ),
        "the same gradient, compiled": program.gradient(compiled_root),
    }


def pytorch(program, given):
    import torch

    array, compiled = torch.from_numpy(given["x"]), torch.compile(program.root)
    return rows(program, array, compiled, dynamic=True) | {
        "graphs, default against reduce_retracing": program.graphs_for(program.batches),
    }


def tensorflow(program, given):
    import tensorflow as tf

    array, any_rows = tf.constant(given["x"]), program.any_rows
    found = rows(program, array, program.by_xla, input_signature=any_rows)
    return found | {
        "graphs, default against reduce_retracing": program.graphs_for(
            program.batches, reduce_retracing=True
        ),
    }
