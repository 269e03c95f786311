"""Guards what stands for settings, seeds, dtypes, files and callbacks: it runs, and does what is said."""

from __future__ import annotations

import copy
import random

import numpy as np
import pytest

from tests.reasons.frameworks import keras, layers, nn, tf, torch
from tests.reasons.proofs import GIVEN, REASONS, proves, same, text

X = GIVEN["x"]
DTYPES = [
    "float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool",
    "complex64", "complex128",
]  # fmt: skip


def dense():
    return keras.Sequential([keras.Input((4,)), layers.Dense(2)])


# Dtypes and devices ----------------------------------------------------------------------------


@proves(*(f"{side}.{dtype}" for side in ("torch", "tf") for dtype in DTYPES), made=" ".join(DTYPES))
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_dtype_has_its_namesake(dtype):
    ours, theirs = torch.zeros(2, dtype=getattr(torch, dtype)), tf.zeros(2, getattr(tf, dtype))
    assert REASONS[f"tf.{dtype}"] == f"torch.{dtype}."
    assert REASONS[f"torch.{dtype}"] == f"tf.{dtype}; in Keras the string '{dtype}'."
    assert str(ours.dtype) == f"torch.{dtype}"
    assert theirs.dtype.name == dtype
    assert ours.element_size() == theirs.dtype.size
    assert keras.ops.zeros(2, dtype=dtype).dtype == dtype


@proves("tf.DType", "tf.as_dtype")
def test_dtypes_are_objects_and_text():
    assert isinstance(torch.float32, torch.dtype)
    with pytest.raises(TypeError):
        torch.zeros(2, dtype="float32")
    assert tf.zeros(2, "float64").dtype is tf.as_dtype("float64") is tf.float64
    assert isinstance(tf.float64, tf.DType)
    assert keras.ops.zeros(2, dtype="float64").dtype == "float64"


@proves("torch.set_default_dtype", says="before the first layer is made")
def test_the_default_is_set_before_the_first_layer():
    from keras.src.backend.common import global_state  # where the policy is kept from the first layer on

    try:
        layers.Dense(2)
        keras.config.set_floatx("float64")
        assert layers.Dense(2).compute_dtype == "float32"
        keras.config.set_dtype_policy("float64")
        assert layers.Dense(2).compute_dtype == "float64"
        global_state.set_global_attribute("dtype_policy", None)
        assert layers.Dense(2).compute_dtype == "float64"
        torch.set_default_dtype(torch.float64)
        assert nn.Linear(4, 2).weight.dtype == torch.float64
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
        torch.set_default_dtype(torch.float32)


@proves(
    "torch.accelerator.is_available", "torch.accelerator.device_count", "torch.accelerator.current_accelerator",
    "torch.cuda.is_available", "tf.config.list_physical_devices",
)  # fmt: skip
def test_accelerators_are_counted():
    assert isinstance(torch.accelerator.is_available(), bool)
    assert len(tf.config.list_physical_devices("GPU")) >= 0
    there = bool(tf.config.list_physical_devices("GPU"))
    assert ("GPU" if there else "CPU") in tf.ones(2).device
    assert torch.cuda.device_count() == torch.accelerator.device_count() * torch.cuda.is_available()
    if not torch.accelerator.is_available():
        assert torch.accelerator.current_accelerator(check_available=True) is None
        assert not there


# Seeds -----------------------------------------------------------------------------------------


@proves("torch.manual_seed", "keras.utils.set_random_seed", "tf.random.set_seed", says="he numbers drawn are others")
def test_what_a_seed_repeats():
    def drawn(seed):
        seed(0)
        weights = layers.Dense(2)
        weights.build((None, 4))
        module = nn.Linear(4, 2).weight.tolist()
        return weights.kernel.numpy().tolist(), tf.random.normal((2,)).numpy().tolist(), module, random.random()

    keras_weights, theirs, _, ours = zip(drawn(keras.utils.set_random_seed), drawn(keras.utils.set_random_seed))
    assert keras_weights[0] == keras_weights[1]
    assert theirs[0] == theirs[1]
    assert ours[0] == ours[1]
    keras_weights, theirs, *_ = zip(drawn(tf.random.set_seed), drawn(tf.random.set_seed))
    assert theirs[0] == theirs[1]
    assert keras_weights[0] != keras_weights[1]
    torch_weights = list(zip(drawn(torch.manual_seed), drawn(torch.manual_seed)))[2]
    assert torch_weights[0] == torch_weights[1]
    for seed, draw in ((random.seed, random.random), (np.random.seed, np.random.rand)):
        first, again = ((seed(0), draw())[1] for _ in range(2))
        assert first == again
    assert not np.allclose(torch.randn(2, generator=torch.Generator().manual_seed(0)), theirs[0])


# Compiling, copying, saving --------------------------------------------------------------------


@proves("torch.compile", "tf.function")
def test_functions_are_traced():
    def f(x):
        return x * 2 + 1

    for theirs in (tf.function(f), tf.function(f, jit_compile=True)):
        same(torch.compile(f, backend="eager")(torch.tensor(X)), theirs(tf.constant(X)))
        assert theirs.get_concrete_function(tf.constant(X)).graph.as_graph_def().ByteSize()  # runs without Python
    function = f
    torch.compile(function, backend="eager")
    model = dense()
    model.compile("sgd", "mse", jit_compile=True)
    assert model.jit_compile


@proves("keras.models.clone_model", says="copies the weights as well")
def test_a_copy_has_the_weights():
    model = nn.Linear(4, 2)
    same(copy.deepcopy(model).weight, model.weight)
    other = dense()
    assert (keras.models.clone_model(other).get_weights()[0] != other.get_weights()[0]).any()


@proves(
    "torch.save", "torch.load", "keras.saving.load_model", "keras.models.load_model", "keras.callbacks.ModelCheckpoint"
)
def test_models_and_tensors_are_saved(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = dense()
    model.compile(keras.optimizers.Adam(), "mse")
    model.train_on_batch(X, np.zeros((3, 2)))
    model.save("model.keras")
    loaded = keras.saving.load_model("model.keras")
    same(loaded(X), model(X))
    assert int(loaded.optimizer.iterations.numpy()) == 1
    np.save("x.npy", tf.constant(X))
    same(np.load("x.npy"), X)
    tf.io.write_file("x", tf.io.serialize_tensor(X))
    same(tf.io.parse_tensor(tf.io.read_file("x"), tf.float32), X)
    best, path = 1.0, "best.pt"
    for metric, bias in ((0.5, 1.0), (0.7, 2.0)):
        model = nn.Linear(4, 2)
        model.bias.data.fill_(bias)
        if metric < best:
            best = metric
            torch.save(model.state_dict(), path)
    state_dict = torch.load(path)
    model.load_state_dict(state_dict)
    assert model.bias.tolist() == [1, 1]


@proves("torch.export.export")
def test_export_writes_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = dense()
    model.export("folder", verbose=False)
    assert (tmp_path / "folder/saved_model.pb").exists()
    assert torch.export.export(nn.Linear(4, 2), (torch.tensor(X),)).module()(torch.tensor(X)).shape == (3, 2)


@proves("torch.onnx.export")
def test_a_model_becomes_onnx(tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    tf2onnx = pytest.importorskip("tf2onnx")
    path = str(tmp_path / "model.onnx")
    function = tf.function(lambda x: x * 2, input_signature=[tf.TensorSpec((None, 4))])
    tf2onnx.convert.from_function(function, function.input_signature, output_path=path)
    session = onnxruntime.InferenceSession(path)
    same(session.run(None, {session.get_inputs()[0].name: X})[0], X * 2)
    model = dense()
    with pytest.raises(ValueError, match="never called"):
        model.export(path, format="onnx", verbose=False)
    model(X)
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(path)
    same(session.run(None, {session.get_inputs()[0].name: X})[0], model(X), rtol=1e-5)


@proves("torch.nn.parallel.DistributedDataParallel", "tf.distribute.MirroredStrategy")
def test_distribution_over_devices():
    strategy = tf.distribute.MirroredStrategy(["/cpu:0"])
    with strategy.scope():
        variable = tf.Variable(1.0)
    assert strategy.run(lambda: variable * 2).numpy() == 2
    assert issubclass(tf.distribute.MultiWorkerMirroredStrategy, tf.distribute.Strategy)
    assert "spawn up ``N`` processes" in text("torch.nn.parallel.DistributedDataParallel")


@proves("torch.autograd.Function", "tf.custom_gradient", "keras.ops.custom_gradient")
def test_a_gradient_of_ones_own():
    class Straight(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.round()

        @staticmethod
        def backward(ctx, gradient):
            return gradient

    x = torch.tensor(X, requires_grad=True)
    Straight.apply(x).sum().backward()
    for decorator in (tf.custom_gradient, keras.ops.custom_gradient):
        straight = decorator(lambda x: (tf.round(x), lambda *given, upstream=None: upstream or given[0]))
        with tf.GradientTape() as tape:
            tape.watch(theirs := tf.constant(X))
            total = tf.reduce_sum(straight(theirs))
        same(x.grad, tape.gradient(total, theirs))
