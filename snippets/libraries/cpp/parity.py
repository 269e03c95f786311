"""What the compiled C++ programs print and refuse, and what they need to run."""

import numpy as np

DIFFERENT = {
    "the export holds compiled code": "AOTInductor writes a shared library; "
    "a SavedModel is a graph, run by kernels that TensorFlow has",
}


def inputs():
    rng = np.random.default_rng(1)
    return {"x": rng.normal(size=(50, 4)).astype("float32")}


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


def rows(program, given, exported, library, refusal, missing):
    """What is asked of both executables; the last two are parts of what they say."""
    import subprocess
    from pathlib import Path

    predict, x = program.predict, given["x"]
    listed = subprocess.run(["ldd", "model"], capture_output=True, check=True).stdout

    def refused(width, part):
        return raises(RuntimeError, part, predict, np.ones((1, width), "float32"))

    found = {
        "outputs of 50 rows, from C++": predict(x),
        "outputs of 1 row, from C++": predict(x[:1]),
        "a row too wide is refused": refused(5, refusal.format(5)),
        "a row too narrow is refused": refused(3, refusal.format(3)),
        "the executable links Python": np.array(b"libpython" in listed),
        "the executable holds the path of the wheel": np.array(
            library.encode() in Path("model").read_bytes()
        ),
    }
    moved = Path(exported).rename("moved")
    found["it fails without the exported model"] = raises(
        RuntimeError, missing, predict, x
    )
    moved.rename(exported)
    return found


def pytorch(program, given):
    import torch

    found = rows(
        program, given, "net.pt2", program.library_paths()[0], "1x{0} and 4x8", "zip archive"
    )
    with torch.inference_mode():
        outputs = program.model(torch.from_numpy(given["x"]))
    return found | {
        "outputs of 50 rows, from Python": outputs,
        "the export holds compiled code": any(f.endswith(".so") for f in program.files),
        "built with the C++11 ABI": torch.compiled_with_cxx11_abi(),
    }


def tensorflow(program, given):
    import tensorflow as tf

    found = rows(
        program, given, "net", program.library, "In[0]: [1,{0}]", "Could not find SavedModel"
    )
    # The output's name in other tutorials is another signature's here.
    program.names[1] = "StatefulPartitionedCall:0"
    assert raises(
        RuntimeError, "You must feed a value", program.predict, given["x"]
    )
    return found | {
        "outputs of 50 rows, from Python": program.model(given["x"]),
        "the export holds compiled code": any(f.suffix == ".so" for f in program.files),
        "built with the C++11 ABI": bool(tf.sysconfig.CXX11_ABI_FLAG),
    }
