"""Predictions over HTTP with the same weights; status codes, error bodies, threads."""

import contextlib
import http.client
import io
import json

import numpy as np

DIFFERENT = {
    "what is served is a folder": "torch.export saves a file; a SavedModel is a "
    "folder, here one for each version",
}
NAMES = {
    "pytorch": (
        ("0.hidden.weight", "w1"),
        ("0.hidden.bias", "b1"),
        ("0.out.weight", "w2"),
        ("0.out.bias", "b2"),
    ),
    "tensorflow": (
        ("digits/hidden/kernel:0", "w1"),
        ("digits/hidden/bias:0", "b1"),
        ("digits/out/kernel:0", "w2"),
        ("digits/out/bias:0", "b2"),
    ),
}


def inputs():
    rng = np.random.default_rng(0)
    return {
        "w1": rng.normal(0, 0.3, (64, 32)).astype("float32"),
        "b1": rng.normal(0, 0.1, 32).astype("float32"),
        "w2": rng.normal(0, 0.3, (32, 10)).astype("float32"),
        "b2": rng.normal(0, 0.1, 10).astype("float32"),
        "x": rng.random((24, 8, 8), dtype="float32") * 16,
    }


def fails(error, function, *arguments):
    try:
        function(*arguments)
    except error:
        return np.array(True)
    return np.array(False)


def ask(program, given):
    """Starts the program's server anew and asks, as the program does."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Thread

    stopped = fails(ConnectionRefusedError, program.post, "{}")
    program.server = program.ThreadingHTTPServer(("127.0.0.1", 0), program.Handler)
    thread = Thread(target=program.server.serve_forever)
    thread.start()
    x = given["x"]
    path = "/v1/models/letters:predict"
    good = json.dumps({"instances": x.tolist()})
    status, content = program.post(good)
    divided = program.post(json.dumps({"instances": (x / 16).tolist()}))
    with_nan = json.dumps({"instances": np.full((1, 8, 8), np.nan).tolist()})
    bad = {
        "no JSON": program.post("{"),
        "a list, no object": program.post("[1, 2]"),
        "no instances": program.post('{"inputs": [[0, 1]]}'),
        "text for numbers": program.post('{"instances": ["eight"]}'),
        "ragged rows": program.post('{"instances": [[0, 1], [2]]}'),
        "images of another size": program.post('{"instances": [[[0, 1]]]}'),
        "a NaN": program.post(with_nan),
        "an unknown model": program.post(good, path=path),
    }
    singles = [json.dumps({"instances": [image.tolist()]}) for image in x]
    with ThreadPoolExecutor(8) as pool:
        apart = list(pool.map(program.post, singles))
    proper, program.answer = program.answer, None  # not callable
    with contextlib.redirect_stderr(io.StringIO()):  # http.server prints a traceback
        broken = fails(http.client.RemoteDisconnected, program.post, good)
    program.answer = proper
    program.server.shutdown()
    thread.join()
    program.server.server_close()
    received = np.array(content["predictions"], "float32")
    result = {
        "status of a good request": np.array(status),
        "predictions of 24 images": received,
        "predictions of 24 requests in 8 threads": np.concatenate(
            [np.array(c["predictions"], "float32") for _, c in apart]
        ),
        "status of pixels that are divided once more": np.array(divided[0]),
        "JSON keeps every bit": np.array(
            np.array_equal(received, program.predict(x))
        ),
        "after the stop, no connection": stopped,
        "an exception in the handler breaks the connection": broken,
    }
    for name, (status, content) in bad.items():
        result[f"status of {name}"] = np.array(status)
        assert list(content) == ["error"], content
        assert isinstance(content["error"], str)
    return result


def elsewhere(function):
    """What the function returns in another thread."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def pytorch(program, given):
    from pathlib import Path

    import torch

    weights = {name: torch.from_numpy(given[key].T) for name, key in NAMES["pytorch"]}
    program.loaded.load_state_dict(weights)
    nothing = np.full((1, 8, 8), np.nan, "float32")
    assert np.isnan(program.predict(nothing)).all()
    with torch.inference_mode():
        held = elsewhere(torch.is_inference_mode_enabled)
    return ask(program, given) | {
        "inference mode or tape reaches another thread": np.array(held),
        "what is served is a folder": np.array(Path("digits.pt2").is_dir()),
    }


def tensorflow(program, given):
    from pathlib import Path

    import tensorflow as tf

    weights = {each.name: each for each in program.loaded.trainable_variables}
    for name, key in NAMES["tensorflow"]:
        weights[name].assign(given[key])
    x = tf.constant(given["x"])
    with tf.GradientTape() as tape:
        (output,) = elsewhere(lambda: program.signature(images=x)).values()
    recorded = tape.gradient(output, list(weights.values()))[0] is not None
    return ask(program, given) | {
        "inference mode or tape reaches another thread": np.array(recorded),
        "what is served is a folder": np.array(Path("digits/1").is_dir()),
    }
