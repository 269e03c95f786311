"""Same weights: the logits of both files, in float and 8 bits, and what they refuse."""

import numpy as np

DIFFERENT = {
    "8-bit logits": "each library chooses its scales and rounds in its own order",
    "one weight scale for each channel, nothing said": "ExecuTorch's quantizer takes "
    "one for the whole tensor unless is_per_channel=True",
    "quantizing without images raises": "torchao warns and goes on with default "
    "scales; the converter wants a representative_dataset",
    "five images, four declared, raises": "ExecuTorch plans memory for the declared "
    "maximum; LiteRT allocates for what comes",
    "written from a permuted grey image, the file raises": "the strides "
    "of the example reach the file, and the delegate refuses them; Keras needs none",
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "k1": rng.normal(0, 0.3, (3, 3, 1, 16)).astype("float32"),
        "b1": rng.normal(0, 0.1, 16).astype("float32"),
        "k2": rng.normal(0, 0.1, (3, 3, 16, 32)).astype("float32"),
        "b2": rng.normal(0, 0.1, 32).astype("float32"),
        "kernel": rng.normal(0, 0.1, (4 * 4 * 32, 10)).astype("float32"),
        "bias": rng.normal(0, 0.1, 10).astype("float32"),
        "x": rng.random((60, 8, 8, 1), dtype="float32"),
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


def compared(logits, logits8, cut, dim, sizes):
    """What is said of the 8-bit logits; `cut` were calibrated with darker images."""
    arrays = (logits, logits8, cut, dim)
    logits, logits8, cut, dim = (np.asarray(array) for array in arrays)
    span = logits.max() - logits.min()
    same = logits8.argmax(axis=1) == logits.argmax(axis=1)
    return {
        "8-bit logits": logits8,
        "same class in 8 bits for 95 of 100": np.array(same.mean() >= 0.95),
        "8-bit logits within 3 % of their range": np.array(
            np.abs(logits8 - logits).max() < 0.03 * span
        ),
        "8-bit file below half the size": np.array(sizes[1] < sizes[0] / 2),
        "8-bit logits end where calibration ended": np.array(
            cut.max() < dim.max() + 0.02 * span < logits.max() - 0.1 * span
        ),
    }


def pytorch(program, given):
    import os
    import warnings
    from importlib.util import find_spec

    import torch

    run = program.run
    accuracies = [
        program.accuracy(logits)
        for logits in (program.expected, run("digits8.pte", program.test_images))
    ]
    model, config = program.model, program.xnnpack_quantizer
    # Rows come as (height, width, channel); PyTorch flattens (channel, h, w).
    dense = given["kernel"].reshape(4, 4, 32, 10).transpose(3, 2, 0, 1)
    state = {
        "0.weight": given["k1"].transpose(3, 2, 0, 1),
        "0.bias": given["b1"],
        "2.weight": given["k2"].transpose(3, 2, 0, 1),
        "2.bias": given["b2"],
        "6.weight": dense.reshape(10, 512),
        "6.bias": given["bias"],
    }
    model.load_state_dict({name: torch.from_numpy(each) for name, each in state.items()})
    model.requires_grad_(False)
    permuted = torch.from_numpy(given["x"]).permute(0, 3, 1, 2).contiguous()
    x = torch.from_numpy(given["x"]).reshape(-1, 1, 8, 8)  # the same, other strides

    program.write(program.export(model), "ported.pte")
    program.write(program.export(program.quantize(model, x)), "ported8.pte")
    half = program.quantize(model, x / 2)  # run in PyTorch, which is faster
    cut = torch.cat([half(image) for image in x.split(1)])
    logits, logits8 = run("ported.pte", x), run("ported8.pte", x)
    sizes = [os.path.getsize(name) for name in ("ported.pte", "ported8.pte")]

    open_batch = {"input": {0: torch.export.Dim("batch", max=4)}}
    exported = torch.export.export(model, (x[:2],), dynamic_shapes=open_batch)
    program.write(exported, "open.pte")
    program.write(torch.export.export(model, (permuted[:1],)), "permuted.pte")

    def call(path, images):
        loaded = program.Runtime.get().load_program(path)
        return loaded.load_method("forward").execute([images])[0]

    def refused(path, images, part="set_inputs() for method 'forward' failed"):
        return raises(RuntimeError, part, call, path, images)

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        made = []
        uncalibrated = raises(
            ValueError,
            "images",
            lambda: made.append(program.quantize(model, x[:0])),
        )
    assert any("observer before calling" in str(each.message) for each in warned), [
        str(each.message) for each in warned
    ]
    assert not any(made[0](image).any() for image in x.split(1))  # zeros alone
    weights = config.get_symmetric_quantization_config().weight
    left = [name for name, nodes in program.found.items() if nodes.non_delegated]
    return {
        "logits of the model": model(x),
        "logits of the file": logits,
        "classes of the file": logits.argmax(dim=1),
        **compared(logits, logits8, cut, model(x / 2), sizes),
        "logits of three images, batch declared open": call("open.pte", x[:3]),
        "five images, four declared, raises": refused("open.pte", x[:5]),
        "two images, one declared, raises": refused("ported.pte", x[:2]),
        "a float64 image raises": refused("ported.pte", x[:1].double()),
        "written from a permuted grey image, the file raises": refused(
            "permuted.pte", x[:1], "execute() failed"
        ),
        "the 8-bit file takes and returns float32": np.array(
            call("ported8.pte", x[:1]).dtype == torch.float32
        ),
        "the delegate takes every operation": np.array(left == ["getitem"]),
        "one weight scale for each channel, nothing said": np.array(
            weights.qscheme == torch.per_channel_symmetric
        ),
        "quantizing without images raises": uncalibrated,
        "trained: 8 bits move the accuracy by less than a point": np.array(
            abs(accuracies[1] - accuracies[0]).item() < 0.01
        ),
        "the older module is gone or warns": np.array(
            find_spec("torch.ao.quantization") is not None
            and find_spec("torch.ao.quantization.quantize_pt2e") is None
        ),
    }


def tensorflow(program, given):
    import os
    import warnings

    import tensorflow as tf

    run = program.run
    accuracies = [
        program.accuracy(logits)
        for logits in (program.expected, run("digits8.tflite", program.test_images))
    ]
    model, x, Interpreter = program.model, given["x"], program.Interpreter
    permuted = x.reshape(-1, 1, 8, 8).transpose(0, 2, 3, 1)
    ops = program.interpreter._get_ops_details()
    written = {number for op in ops[:-1] for number in op["outputs"]}
    (output,) = program.interpreter.get_output_details()
    delegate = ops[-1]
    all_taken = (
        delegate["op_name"] == "DELEGATE"
        and not written & set(delegate["inputs"])
        and output["index"] in delegate["outputs"]
    )
    first, second, _, _, dense = model.layers
    first.set_weights([given["k1"], given["b1"]])
    second.set_weights([given["k2"], given["b2"]])
    dense.set_weights([given["kernel"], given["bias"]])

    program.write(model, "ported.tflite")
    program.write_quantized(model, "ported8.tflite", x)
    program.write_quantized(model, "cut.tflite", x / 2)
    logits, logits8 = run("ported.tflite", x), run("ported8.tflite", x)
    sizes = [os.path.getsize(name) for name in ("ported.tflite", "ported8.tflite")]
    kernels = [
        tensor["quantization_parameters"]["scales"].size
        for tensor in Interpreter("ported8.tflite").get_tensor_details()
        if tensor["dtype"] == np.int8 and tuple(tensor["shape"]) == (32, 3, 3, 16)
    ]

    model.export("open.tflite", format="litert", verbose=False)

    def call(path, images):
        runner = Interpreter(path).get_signature_runner()
        (name,) = runner.get_input_details()
        return runner(**{name: images})["output_0"]

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        tf.lite.Interpreter("ported.tflite")
    uncalibrated = {
        "optimizations": [tf.lite.Optimize.DEFAULT],
        "target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]},
    }

    def refused(path, images, part="failed to prepare", error=RuntimeError):
        return raises(error, part, call, path, images)

    return {
        "logits of the model": model(x),
        "logits of the file": logits,
        "classes of the file": logits.argmax(axis=1),
        **compared(logits, logits8, run("cut.tflite", x), model(x / 2), sizes),
        "logits of three images, batch declared open": call("open.tflite", x[:3]),
        "five images, four declared, raises": refused("open.tflite", x[:5]),
        "two images, one declared, raises": refused("ported.tflite", x[:2]),
        "a float64 image raises": refused(
            "ported.tflite",
            x[:1].astype("float64"),
            "Got value of type FLOAT64",
            ValueError,
        ),
        "written from a permuted grey image, the file raises": refused(
            "ported.tflite", permuted[:1]
        ),
        "the 8-bit file takes and returns float32": np.array(
            call("ported8.tflite", x[:1]).dtype == np.float32
        ),
        "the delegate takes every operation": np.array(all_taken),
        "one weight scale for each channel, nothing said": np.array(kernels == [32]),
        "quantizing without images raises": raises(
            ValueError,
            "representative_dataset",
            program.write,
            model,
            "uncalibrated.tflite",
            **uncalibrated,
        ),
        "trained: 8 bits move the accuracy by less than a point": np.array(
            abs(accuracies[1] - accuracies[0]) < 0.01
        ),
        "the older module is gone or warns": np.array(
            any("scheduled for deletion" in str(warning.message) for warning in warned)
        ),
    }
