"""The same weights: files byte for byte, logits from both files, and what is refused."""

import contextlib
import io
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np

DIFFERENT = {
    "saving a transposed array raises": "safetensors.torch refuses it; safetensors.numpy "
    "0.8.0 writes its memory as it lies",
    "saving a weight under two names raises": "two entries of a state_dict share memory; "
    "TensorFlow copies each into NumPy and writes both",
    "saving a number without a shape raises": "safetensors.tensorflow takes .numpy(), "
    "which gives a NumPy number instead of an array",
    "saving changes the dictionary it is given": "safetensors.tensorflow puts NumPy arrays "
    "into it",
    "bfloat16 from bytes raises": "safetensors.tensorflow.load goes through NumPy's dtypes, "
    "load_file does not",
    "a second model has the same names": "PyTorch names by attribute; Keras numbers what "
    "has no name of its own",
    "a shared weight is one entry": "a state_dict names it twice; Keras has one variable",
}

DTYPES = "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64"


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


def content(path):
    return np.frombuffer(Path(path).read_bytes(), np.uint8)


def damaged(path, load):
    """What a reader of files that are not what they should be is told."""
    import safetensors

    data = Path(path).read_bytes()
    Path("cut").write_bytes(data[:-1])
    Path("longer").write_bytes(data + b"\0")
    Path("flipped").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    Path("pickled").write_bytes(pickle.dumps({"a": 1}))

    def refused(file, part="file not fully covered"):
        return raises(safetensors.SafetensorError, part, load, file)

    return {
        "a file that was cut raises": refused("cut"),
        "a file with a byte too many raises": refused("longer"),
        "a flipped bit in a weight raises": refused("flipped"),
        "a pickle raises": refused("pickled", "header too large"),
    }


def without_framework():
    """Which files NumPy refuses in a process without a framework."""

    def refused(path, module):
        code = f"import {module}; import safetensors.numpy as s; s.load_file({path!r})"
        done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE)
        assert done.returncode == 0 or b"bfloat16" in done.stderr, done.stderr.decode()
        return np.array(done.returncode != 0)

    return {
        "NumPy alone raises at float32": refused("own", "numpy"),
        "NumPy alone raises at bfloat16": refused("half", "numpy"),
        "NumPy with ml_dtypes raises at bfloat16": refused("half", "ml_dtypes"),
    }


def pytorch(program, given):
    import torch
    from safetensors.torch import load, load_file, save, save_file

    model, x = program.Digits(), torch.from_numpy(given["x"]).permute(0, 3, 1, 2)
    head = given["kernel"].reshape(4, 4, 8, 10).transpose(3, 2, 0, 1).reshape(10, 128)
    weights = given["k"].transpose(3, 2, 0, 1), given["b"], head, given["bias"]
    names = "conv.weight", "conv.bias", "head.weight", "head.bias"
    state = {name: torch.from_numpy(each) for name, each in zip(names, weights)}
    model.load_state_dict(state)
    save_file(model.state_dict(), "own")
    save_file(program.as_keras(model), "other")
    half = {name: each.bfloat16() for name, each in program.as_keras(model).items()}
    save_file(half, "half")
    own, other = program.Digits(), program.Digits()
    own.load_state_dict(load_file("own"))
    other.load_state_dict(program.from_keras(load_file("other")))

    kept = []
    for name in DTYPES.split():
        array = torch.tensor([0, 1, 1]).to(getattr(torch, name))
        back = load(save({"a": array}))["a"]
        kept.append(back.dtype == array.dtype and torch.equal(back, array))
    given_to = model.state_dict()
    save_file(given_to, "again")
    twice = torch.ones(2, 2)
    adam = program.optimizer.state_dict()
    return {
        "bytes of the file as PyTorch has it": content("own"),
        "bytes of the file as Keras has it": content("other"),
        "bytes of the file in bfloat16": content("half"),
        "logits from PyTorch's file": own(x).detach(),
        "logits from Keras' file": other(x).detach(),
        "dtypes that come back": np.array(kept),
        "names come back in the order of the model": np.array(
            list(load_file("own")) == list(model.state_dict())
        ),
        "a second model has the same names": np.array(
            list(torch.nn.Sequential(torch.nn.Linear(2, 2)).state_dict())
            == list(torch.nn.Sequential(torch.nn.Linear(2, 2)).state_dict())
        ),
        "saving changes the dictionary it is given": np.array(
            not all(isinstance(each, torch.Tensor) for each in given_to.values())
        ),
        "saving a transposed array raises": raises(
            ValueError, "non contiguous", save_file, {"a": torch.ones(2, 3).T}, "a"
        ),
        "saving a weight under two names raises": raises(
            RuntimeError, "share memory", save_file, {"a": twice, "b": twice}, "a"
        ),
        "a shared weight is one entry": np.array(len(program.tied.state_dict()) == 2),
        "saving a number without a shape raises": raises(
            AttributeError, "ctypes", save_file, {"a": torch.tensor(1.0)}, "a"
        ),
        "saving text raises": raises(
            ValueError, "expected torch.Tensor", save_file, {"a": "text"}, "a"
        ),
        "saving complex128 raises": raises(
            KeyError,
            "torch.complex128",
            save_file,
            {"a": torch.ones(2, dtype=torch.complex128)},
            "a",
        ),
        "metadata that is no text raises": raises(
            TypeError,
            "'int' object is not",
            save_file,
            {"a": torch.ones(2)},
            "a",
            metadata={"epochs": 5},
        ),
        "saving the state of the optimizer as it is raises": raises(
            ValueError, "expected torch.Tensor", save_file, adam, "a"
        ),
        "bfloat16 from bytes raises": raises(
            KeyError, "BF16", load, Path("half").read_bytes()
        ),
        **without_framework(),
        **damaged("own", load_file),
    }


def tensorflow(program, given):
    import keras
    import safetensors.numpy
    import tensorflow as tf
    from safetensors import SafetensorError
    from safetensors.tensorflow import load, load_file, save_file

    model, x = program.build(), given["x"]
    model.get_layer("conv").set_weights([given["k"], given["b"]])
    model.get_layer("head").set_weights([given["kernel"], given["bias"]])
    weights = {each.path: each.value for each in model.weights}
    given_to = dict(weights)
    save_file(program.as_pytorch(model), "other")
    save_file(given_to, "own")
    half = {name: tf.cast(each, "bfloat16") for name, each in weights.items()}
    save_file(half, "half")
    own, other = program.build(), program.build()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        program.load(own, load_file("own"))
        program.load(other, program.from_pytorch(load_file("other")))
    assert said.getvalue() == 2 * "left over: []\n"

    kept = []
    for name in DTYPES.split():
        array = tf.cast(tf.constant([0, 1, 1]), name)
        save_file({"a": array}, "a")
        back = load_file("a")["a"]
        kept.append(back.dtype == array.dtype and np.array_equal(back, array))
    twice = tf.ones((2, 2))
    first, second = (
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]) for _ in range(2)
    )
    adam = {each.path: each for each in program.model.optimizer.variables}
    return {
        "bytes of the file as PyTorch has it": content("other"),
        "bytes of the file as Keras has it": content("own"),
        "bytes of the file in bfloat16": content("half"),
        "logits from PyTorch's file": other(x),
        "logits from Keras' file": own(x),
        "dtypes that come back": np.array(kept),
        "names come back in the order of the model": np.array(
            list(load_file("own")) == list(weights)
        ),
        "a second model has the same names": np.array(
            [each.path for each in first.weights]
            == [each.path for each in second.weights]
        ),
        "saving changes the dictionary it is given": np.array(
            not all(tf.is_tensor(each) for each in given_to.values())
        ),
        "saving a transposed array raises": raises(
            ValueError,
            "non contiguous",
            safetensors.numpy.save_file,
            {"a": np.ones((2, 3)).T},
            "a",
        ),
        "saving a weight under two names raises": raises(
            RuntimeError, "share memory", save_file, {"a": twice, "b": twice}, "a"
        ),
        "a shared weight is one entry": np.array(len(program.tied.weights) == 1),
        "saving a number without a shape raises": raises(
            AttributeError, "ctypes", save_file, {"a": tf.constant(1.0)}, "a"
        ),
        "saving text raises": raises(
            SafetensorError,
            'Unknown dtype "object"',
            save_file,
            {"a": tf.constant(["text"])},
            "a",
        ),
        "saving complex128 raises": raises(
            SafetensorError,
            'Unknown dtype "complex128"',
            save_file,
            {"a": tf.ones(2, tf.complex128)},
            "a",
        ),
        "metadata that is no text raises": raises(
            TypeError,
            "'int' object is not",
            save_file,
            {"a": tf.ones(2)},
            "a",
            metadata={"epochs": 5},
        ),
        "saving the state of the optimizer as it is raises": raises(
            AttributeError, "ctypes", save_file, adam, "a"
        ),
        "bfloat16 from bytes raises": raises(
            KeyError, "BF16", load, Path("half").read_bytes()
        ),
        **without_framework(),
        **damaged("own", load_file),
    }
