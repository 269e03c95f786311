"""The same weights in both ONNX files: logits in ONNX Runtime, and what is refused."""

from pathlib import Path

import numpy as np

DIFFERENT = {
    "shape of one image": "each file keeps its framework's layout: channel, height, "
    "width in PyTorch; height, width, channel in Keras",
    "transpositions in the file": "ONNX computes channels first: tf2onnx goes there "
    "and back",
    "opset if none is asked for": "each exporter has its own default",
    "asking for opset 20 raises": "tf2onnx knows none above 18",
    "4 MB of weights get a file of their own": "torch.onnx.export writes large weights "
    "beside the file; tf2onnx keeps them inside",
    "exporting an operator that ONNX lacks raises": "torch.onnx refuses; tf2onnx logs "
    "an error and writes the file",
    "exporting a function with a Python if raises": "torch.export refuses; tf.function "
    "turns it into tf.cond, and tf2onnx that into If",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "k": rng.normal(0, 0.3, (3, 3, 1, 8)).astype("float32"),
        "b": rng.normal(0, 0.1, 8).astype("float32"),
        "kernel": rng.normal(0, 0.1, (4 * 4 * 8, 10)).astype("float32"),
        "bias": rng.normal(0, 0.1, 10).astype("float32"),
        "x": rng.random((50, 8, 8, 1), dtype="float32"),
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


def facts(path, x, first_path, x_first, own):
    """What both files are asked, in the same words."""
    import onnx
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument

    session = onnxruntime.InferenceSession(path)
    (logits,) = session.run(["logits"], {"images": x})
    (one,) = session.run(["logits"], {"images": x[:1]})
    (first,) = onnxruntime.InferenceSession(first_path).run(None, {"images": x_first})
    fixed = onnxruntime.InferenceSession("fixed.onnx")
    name = fixed.get_inputs()[0].name
    graph = onnx.load(path)
    operators = [node.op_type for node in graph.graph.node]
    return {
        "logits of 50 images": logits,
        "logits of 1 image": one,
        "logits of the channels-first file": first,
        "close to its framework's logits": np.array(
            np.allclose(logits, own, atol=1e-5)
        ),
        "same classes as its framework": np.array(
            np.array_equal(logits.argmax(1), own.argmax(1))
        ),
        "shape of one image": np.array(session.get_inputs()[0].shape[1:]),
        "transpositions in the file": np.array(operators.count("Transpose")),
        "opset if none is asked for": np.array(graph.opset_import[0].version),
        "opset if 18 is asked for": np.array(
            onnx.load("opset18.onnx").opset_import[0].version
        ),
        "a batch of 7 for a file of 2 raises": raises(
            InvalidArgument,
            "Got: 7 Expected: 2",
            fixed.run,
            None,
            {name: x[:7]},
        ),
        "a name that the file lacks raises": raises(
            ValueError,
            "Required inputs (['images']) are missing",
            session.run,
            None,
            {"image": x},
        ),
        "a batch of float64 raises": raises(
            InvalidArgument,
            "Unexpected input data type",
            session.run,
            None,
            {"images": x.astype("float64")},
        ),
    }


def pytorch(program, given):
    import contextlib
    import io
    import logging

    import onnx
    import torch

    model = program.model
    # Rows come as (height, width, channel); PyTorch flattens (channel, h, w).
    head = given["kernel"].reshape(4, 4, 8, 10).transpose(3, 2, 0, 1).reshape(10, 128)
    weights = {
        "0.weight": given["k"].transpose(3, 2, 0, 1),
        "0.bias": given["b"],
        "4.weight": head,
        "4.bias": given["bias"],
    }
    model.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()})
    x = np.ascontiguousarray(given["x"].transpose(0, 3, 1, 2))
    program.to_onnx(model, "proof.onnx")
    program.to_onnx(model, "opset18.onnx", opset_version=18)
    opset20 = raises(
        ValueError, "Opset 20", program.to_onnx, model, "20.onnx", opset_version=20
    )
    two = (torch.from_numpy(x[:2]),)
    torch.onnx.export(model, two, "fixed.onnx", verbose=False)
    own = model(torch.from_numpy(x)).detach().numpy()

    class Lacking(torch.nn.Module):
        def forward(self, x):
            return torch.linalg.svd(x)[0]

    class PythonIf(torch.nn.Module):
        def forward(self, x):
            return x * 10 if x.sum() > 0 else x / 10

    logging.disable(logging.CRITICAL)  # a refused export logs and prints its graph
    error = torch.onnx.errors.OnnxExporterError
    with contextlib.redirect_stderr(io.StringIO()):
        lacking = raises(
            error,
            "Failed to convert the exported program",
            torch.onnx.export,
            Lacking().eval(),
            (torch.ones(2, 2),),
            verbose=False,
        )
        refused = raises(
            error,
            "Failed to export the model with torch.export",
            torch.onnx.export,
            PythonIf().eval(),
            (torch.ones(2),),
            verbose=False,
        )
    wide = torch.nn.Linear(1000, 1000).eval()
    torch.onnx.export(wide, (torch.ones(1, 1000),), "wide.onnx", verbose=False)
    operators = [node.op_type for node in onnx.load("branch.onnx").graph.node]
    return facts("proof.onnx", x, "proof.onnx", x, own) | {
        "4 MB of weights get a file of their own": np.array(
            Path("wide.onnx.data").exists()
        ),
        "asking for opset 20 raises": opset20,
        "If operators of the branch": np.array(operators.count("If")),
        "exporting a Python if of a model raises": refused,
        "exporting a function with a Python if raises": refused,
        "exporting an operator that ONNX lacks raises": lacking,
    }


def tensorflow(program, given):
    import logging

    import keras
    import onnx
    import tensorflow as tf
    import tf2onnx

    model, x = program.model, given["x"]
    convolution, *_, head = model.layers
    convolution.set_weights([given["k"], given["b"]])
    head.set_weights([given["kernel"], given["bias"]])
    program.to_onnx(model, "proof.onnx")
    program.to_channels_first(model, "proof_first.onnx")
    program.to_onnx(model, "opset18.onnx", opset_version=18)
    opset20 = raises(
        ValueError, "Opset 20", program.to_onnx, model, "20.onnx", opset_version=20
    )
    two = [tf.TensorSpec((2, 8, 8, 1))]
    tf2onnx.convert.from_function(tf.function(model), two, output_path="fixed.onnx")
    own = model(x).numpy()

    class PythonIf(keras.layers.Layer):
        def call(self, x):
            return x * 10 if tf.reduce_sum(x) > 0 else x / 10

    @tf.function
    def python_if(x):
        return x * 10 if tf.reduce_sum(x) > 0 else x / 10

    @tf.function
    def lacking(x):
        return tf.linalg.svd(x)[0]

    convert, pair = tf2onnx.convert.from_function, [tf.TensorSpec([2])]
    logging.disable(logging.CRITICAL)  # tf2onnx logs what it lacks
    square = [tf.TensorSpec([2, 2])]
    lacks = raises(ValueError, "Svd", convert, lacking, square, output_path="lacks")
    assert raises(
        onnx.checker.ValidationError,
        "No Op registered for Svd",
        onnx.checker.check_model,
        "lacks",
        full_check=True,
    )
    first = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    wide, row = keras.layers.Dense(1000), [tf.TensorSpec([1, 1000])]
    wide.build((1, 1000))
    convert(tf.function(wide), row, output_path="wide.onnx")
    assert Path("wide.onnx").stat().st_size > 4_000_000
    operators = [node.op_type for node in onnx.load("branch.onnx").graph.node]
    return facts("proof.onnx", x, "proof_first.onnx", first, own) | {
        "4 MB of weights get a file of their own": np.array(
            Path("wide.onnx.data").exists()
        ),
        "asking for opset 20 raises": opset20,
        "If operators of the branch": np.array(operators.count("If")),
        "exporting a Python if of a model raises": raises(
            tf.errors.OperatorNotAllowedInGraphError,
            "Using a symbolic `tf.Tensor` as a Python `bool`",
            convert,
            tf.function(PythonIf()),
            pair,
        ),
        "exporting a function with a Python if raises": raises(
            tf.errors.OperatorNotAllowedInGraphError,
            "Using a symbolic `tf.Tensor` as a Python `bool`",
            convert,
            python_if,
            pair,
        ),
        "exporting an operator that ONNX lacks raises": lacks,
    }
