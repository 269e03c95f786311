"""Guards the recipes that port weights: both frameworks compute the same with them, outputs, gradients and steps.

Each recipe is tested both ways, in float32 and float64, on random weights: what it must not do is leave two sides that
look alike and differ. Two whole models are ported with nothing but the recipes. What no recipe can carry is asserted
to differ, so that the page says so for as long as it is true.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from headtohead import porting
from headtohead.comparing.agreement import compare
from headtohead.porting import part, prefixed

torch = pytest.importorskip("torch")
tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

nn, layers = torch.nn, keras.layers
WAYS = ("to Keras", "to PyTorch")
SUMMED = (nn.RNN, nn.LSTM)  # of their two biases Keras has the sum
DTYPES = ("float32", "float64")


@pytest.fixture(params=DTYPES)
def dtype(request):
    """What layers of Keras are made of; PyTorch's are converted."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(before)


def agree(name: str, left: Any, right: Any) -> None:
    _, broken = compare(name, np.asarray(left), np.asarray(right))
    assert not broken, broken


def some(rng: np.random.Generator, shape: tuple[int, ...], dtype: str, name: str = "") -> np.ndarray:
    """Random numbers; positive ones for a variance."""
    low, high = (0.5, 1.5) if name.endswith(("running_var", "variance")) else (-0.5, 0.5)
    return rng.uniform(low, high, shape).astype(dtype)


def arrays(module: Any) -> dict[str, np.ndarray]:
    return {name: each.detach().numpy().copy() for name, each in module.state_dict().items()}


def tensors(state: dict[str, np.ndarray]) -> dict[str, Any]:
    return {name: torch.from_numpy(each) for name, each in state.items()}


def last(array: np.ndarray) -> np.ndarray:
    """From channels first to channels last."""
    return np.moveaxis(array, 1, -1)


def recipe(name: str, **settings: Any) -> tuple[Callable, Callable]:
    """Both functions of a recipe. What is set is given to those that take it."""
    pair = (getattr(porting, f"{name}_to_keras"), getattr(porting, f"{name}_to_torch"))

    def bound(function: Callable) -> Callable:
        taken = {key: value for key, value in settings.items() if key in inspect.signature(function).parameters}
        return lambda given: function(given, **taken)

    return bound(pair[0]), bound(pair[1])


# The same layer on both sides ------------------------------------------------------------------


@dataclass(frozen=True)
class Same:
    """A module and the layer that computes the same, the recipe, and the shapes of inputs as PyTorch takes them."""

    recipe: tuple[Callable, Callable]
    module: Callable[[], Any]
    layer: Callable[[], Any]
    shapes: tuple[tuple[int, ...], ...]
    channels: bool = False  # come first in PyTorch and last in Keras
    words: int = 0  # inputs are whole numbers below this
    turned: bool = True  # and so do the channels of the output
    call: Callable[..., Any] = lambda layer, *inputs: layer(*inputs)

    def inputs(self, rng: np.random.Generator, dtype: str) -> list[np.ndarray]:
        if self.words:
            return [rng.integers(0, self.words, shape) for shape in self.shapes]
        return [rng.standard_normal(shape).astype(dtype) for shape in self.shapes]

    def sides(self, rng: np.random.Generator, dtype: str, way: str = "") -> tuple[Any, Any]:
        """Both with random weights, and ported one way if so wanted."""
        module, layer = self.module().to(getattr(torch, dtype)).eval(), self.layer()
        self.call(layer, *(last(x) if self.channels else x for x in self.inputs(rng, dtype)))
        state = {
            name: each if each.ndim == 0 else some(rng, each.shape, dtype, name)
            for name, each in arrays(module).items()
        }
        module.load_state_dict(tensors(state))
        layer.set_weights([some(rng, each.shape, dtype, each.path) for each in layer.weights])
        if way == "to Keras":
            layer.set_weights(self.recipe[0](arrays(module)))
        elif way == "to PyTorch":
            module.load_state_dict(tensors(self.recipe[1](layer.get_weights())))
        return module, layer


def stacked(name: str, number: int) -> tuple[Callable, Callable]:
    """The recipe of several layers one after the other."""
    to_keras, to_torch = getattr(porting, f"{name}_to_keras"), getattr(porting, f"{name}_to_torch")

    def back(weights):
        step = len(weights) // number
        parts = [to_torch(weights[n * step : (n + 1) * step], n) for n in range(number)]
        return {name: each for one in parts for name, each in one.items()}

    return lambda state: [each for n in range(number) for each in to_keras(state, n)], back


def flattened(size: tuple[int, ...]) -> tuple[Callable, Callable]:
    """The recipe of a convolution, `Flatten` and `Linear`."""

    def to_keras(state):
        dense = porting.flattened_linear_to_keras(part(state, "2"), size)
        return porting.conv_to_keras(part(state, "0")) + dense

    def to_torch(weights):
        linear = porting.flattened_linear_to_torch(weights[2:], size)
        return prefixed(porting.conv_to_torch(weights[:2]), "0") | prefixed(linear, "2")

    return to_keras, to_torch


def moved() -> tuple[Callable, Callable]:
    """The recipe of a LayerNorm over channels too, as the docstring tells it."""

    def to_keras(state):
        return porting.layer_norm_to_keras({name: np.moveaxis(each, 0, -1) for name, each in state.items()})

    def to_torch(weights):
        return porting.layer_norm_to_torch([np.moveaxis(each, -1, 0) for each in weights])

    return to_keras, to_torch


def attends(layer, query, key, value):
    """Keras takes the value before the key."""
    return layer(query, key, value) if isinstance(layer, nn.Module) else layer(query, value, key)


def both(wrapped):
    return layers.Bidirectional(wrapped)


def recurrent(kind: str, **settings: Any) -> Any:
    return getattr(layers, kind)(3, return_sequences=True, **settings)


class SplitAttention(nn.Module):
    """As many write it: four linear layers, and heads that are split by hand, narrower inside."""

    def __init__(self, bias: bool = True):
        super().__init__()
        for name, inside, outside in (("q_proj", 6, 4), ("k_proj", 5, 4), ("v_proj", 7, 4), ("out_proj", 4, 6)):
            setattr(self, name, nn.Linear(inside, outside, bias=bias))

    def forward(self, query, key, value):
        parts = [self.q_proj(query), self.k_proj(key), self.v_proj(value)]
        heads = [each.unflatten(-1, (2, 2)).transpose(1, 2) for each in parts]
        return self.out_proj(nn.functional.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2))


IMAGES = ((2, 4, 7, 6),)
SEQUENCES = ((2, 5, 4),)
CUBES = ((2, 4, 5, 4, 6),)
LINES = ((2, 4, 9),)
HEADS = {"num_heads": 2, "batch_first": True}


def recurrences(kind: str, name: str, directions: bool = True) -> dict[str, Same]:
    """The cases of a recurrent layer, which has another name in Keras."""
    module, carried = partial(getattr(nn, kind), 4, 3, batch_first=True), kind.lower()
    cases = {
        kind: Same(recipe(carried), module, lambda: recurrent(name), SEQUENCES),
        f"{kind} without bias": Same(
            recipe(carried), lambda: module(bias=False), lambda: recurrent(name, use_bias=False), SEQUENCES
        ),
        f"{kind} of two layers": Same(
            stacked(carried, 2),
            lambda: module(num_layers=2),
            lambda: keras.Sequential([recurrent(name), recurrent(name)]),
            SEQUENCES,
        ),
    }
    if directions:
        cases[f"{kind} in both directions"] = Same(
            stacked(f"bidirectional_{carried}", 2),
            lambda: module(num_layers=2, bidirectional=True),
            lambda: keras.Sequential([both(recurrent(name)), both(recurrent(name))]),
            SEQUENCES,
        )
    return cases


SAME = {
    "Linear": Same(recipe("linear"), lambda: nn.Linear(5, 3), lambda: layers.Dense(3), ((4, 5),)),
    "Linear without bias": Same(
        recipe("linear"), lambda: nn.Linear(5, 3, bias=False), lambda: layers.Dense(3, use_bias=False), ((4, 5),)
    ),
    "Linear after Flatten of images": Same(
        flattened((3, 5, 4)),
        lambda: nn.Sequential(nn.Conv2d(4, 3, 3), nn.Flatten(), nn.Linear(60, 2)),
        lambda: keras.Sequential([layers.Conv2D(3, 3), layers.Flatten(), layers.Dense(2)]),
        IMAGES,
        channels=True,
        turned=False,
    ),
    "Linear after Flatten of lines": Same(
        flattened((3, 7)),
        lambda: nn.Sequential(nn.Conv1d(4, 3, 3), nn.Flatten(), nn.Linear(21, 2)),
        lambda: keras.Sequential([layers.Conv1D(3, 3), layers.Flatten(), layers.Dense(2)]),
        LINES,
        channels=True,
        turned=False,
    ),
    "Linear after Flatten of cubes": Same(
        flattened((3, 3, 2, 4)),
        lambda: nn.Sequential(nn.Conv3d(4, 3, 3), nn.Flatten(), nn.Linear(72, 2)),
        lambda: keras.Sequential([layers.Conv3D(3, 3), layers.Flatten(), layers.Dense(2)]),
        CUBES,
        channels=True,
        turned=False,
    ),
    "Embedding": Same(
        recipe("embedding"), lambda: nn.Embedding(7, 3), lambda: layers.Embedding(7, 3), ((2, 5),), words=7
    ),
    "Conv1d": Same(
        recipe("conv"),
        lambda: nn.Conv1d(4, 6, 3, stride=2),
        lambda: layers.Conv1D(6, 3, strides=2),
        LINES,
        channels=True,
    ),
    "Conv2d": Same(
        recipe("conv"), lambda: nn.Conv2d(4, 6, (3, 2)), lambda: layers.Conv2D(6, (3, 2)), IMAGES, channels=True
    ),
    "Conv2d without bias": Same(
        recipe("conv"),
        lambda: nn.Conv2d(4, 6, (3, 2), bias=False),
        lambda: layers.Conv2D(6, (3, 2), use_bias=False),
        IMAGES,
        channels=True,
    ),
    "Conv2d in groups": Same(
        recipe("conv"),
        lambda: nn.Conv2d(4, 6, 3, groups=2),
        lambda: layers.Conv2D(6, 3, groups=2),
        IMAGES,
        channels=True,
    ),
    "Conv3d": Same(
        recipe("conv"), lambda: nn.Conv3d(4, 6, (3, 2, 1)), lambda: layers.Conv3D(6, (3, 2, 1)), CUBES, channels=True
    ),
    "Conv3d, a group a channel": Same(
        recipe("conv"),
        lambda: nn.Conv3d(4, 8, 2, groups=4),
        lambda: layers.Conv3D(8, 2, groups=4),
        CUBES,
        channels=True,
    ),
    "Conv1d, depthwise": Same(
        recipe("depthwise"),
        lambda: nn.Conv1d(4, 4, 3, groups=4),
        lambda: layers.DepthwiseConv1D(3),
        LINES,
        channels=True,
    ),
    "Conv2d, depthwise": Same(
        recipe("depthwise", multiplier=2),
        lambda: nn.Conv2d(4, 8, (3, 2), groups=4),
        lambda: layers.DepthwiseConv2D((3, 2), depth_multiplier=2),
        IMAGES,
        channels=True,
    ),
    "ConvTranspose1d": Same(
        recipe("conv_transpose"),
        lambda: nn.ConvTranspose1d(4, 6, 3, stride=2),
        lambda: layers.Conv1DTranspose(6, 3, strides=2),
        LINES,
        channels=True,
    ),
    "ConvTranspose2d": Same(
        recipe("conv_transpose"),
        lambda: nn.ConvTranspose2d(4, 6, (3, 2), stride=2),
        lambda: layers.Conv2DTranspose(6, (3, 2), strides=2),
        IMAGES,
        channels=True,
    ),
    "ConvTranspose3d": Same(
        recipe("conv_transpose"),
        lambda: nn.ConvTranspose3d(4, 6, (3, 2, 1), bias=False),
        lambda: layers.Conv3DTranspose(6, (3, 2, 1), use_bias=False),
        CUBES,
        channels=True,
    ),
    "BatchNorm1d": Same(
        recipe("batch_norm"), lambda: nn.BatchNorm1d(5), lambda: layers.BatchNormalization(epsilon=1e-5), ((4, 5),)
    ),
    "BatchNorm2d": Same(
        recipe("batch_norm"),
        lambda: nn.BatchNorm2d(4),
        lambda: layers.BatchNormalization(epsilon=1e-5),
        IMAGES,
        channels=True,
    ),
    "BatchNorm3d without scale and shift": Same(
        recipe("batch_norm"),
        lambda: nn.BatchNorm3d(4, affine=False),
        lambda: layers.BatchNormalization(epsilon=1e-5, scale=False, center=False),
        CUBES,
        channels=True,
    ),
    "LayerNorm": Same(
        recipe("layer_norm"), lambda: nn.LayerNorm(5), lambda: layers.LayerNormalization(epsilon=1e-5), ((4, 5),)
    ),
    "LayerNorm without shift": Same(
        recipe("layer_norm"),
        lambda: nn.LayerNorm(5, bias=False),
        lambda: layers.LayerNormalization(epsilon=1e-5, center=False),
        ((4, 5),),
    ),
    "LayerNorm without scale and shift": Same(
        recipe("layer_norm"),
        lambda: nn.LayerNorm(5, elementwise_affine=False),
        lambda: layers.LayerNormalization(epsilon=1e-5, scale=False, center=False),
        ((4, 5),),
    ),
    "LayerNorm over channels and size": Same(
        moved(),
        lambda: nn.LayerNorm((4, 7, 6)),
        lambda: layers.LayerNormalization(axis=(1, 2, 3), epsilon=1e-5),
        IMAGES,
        channels=True,
    ),
    "GroupNorm": Same(
        recipe("group_norm"),
        lambda: nn.GroupNorm(2, 4),
        lambda: layers.GroupNormalization(2, epsilon=1e-5),
        IMAGES,
        channels=True,
    ),
    "GroupNorm without scale and shift": Same(
        recipe("group_norm"),
        lambda: nn.GroupNorm(2, 4, affine=False),
        lambda: layers.GroupNormalization(2, epsilon=1e-5, scale=False, center=False),
        IMAGES,
        channels=True,
    ),
    "InstanceNorm2d": Same(
        recipe("group_norm"),
        lambda: nn.InstanceNorm2d(4, affine=True),
        lambda: layers.GroupNormalization(-1, epsilon=1e-5),
        IMAGES,
        channels=True,
    ),
    "InstanceNorm1d without scale and shift": Same(
        recipe("group_norm"),
        lambda: nn.InstanceNorm1d(4),
        lambda: layers.GroupNormalization(-1, epsilon=1e-5, scale=False, center=False),
        LINES,
        channels=True,
    ),
    "RMSNorm": Same(recipe("layer_norm"), lambda: nn.RMSNorm(5, eps=1e-6), layers.RMSNormalization, ((4, 5),)),
    **recurrences("RNN", "SimpleRNN", directions=False),
    **recurrences("LSTM", "LSTM"),
    **recurrences("GRU", "GRU"),
    "MultiheadAttention": Same(
        recipe("multihead_attention", heads=2),
        lambda: nn.MultiheadAttention(6, **HEADS),
        lambda: layers.MultiHeadAttention(2, key_dim=3),
        ((2, 4, 6), (2, 5, 6), (2, 5, 6)),
        call=attends,
    ),
    "MultiheadAttention without bias": Same(
        recipe("multihead_attention", heads=2),
        lambda: nn.MultiheadAttention(6, bias=False, **HEADS),
        lambda: layers.MultiHeadAttention(2, key_dim=3, use_bias=False),
        ((2, 4, 6), (2, 5, 6), (2, 5, 6)),
        call=attends,
    ),
    "MultiheadAttention to other sizes": Same(
        recipe("multihead_attention", heads=2),
        lambda: nn.MultiheadAttention(6, kdim=5, vdim=7, **HEADS),
        lambda: layers.MultiHeadAttention(2, key_dim=3),
        ((2, 4, 6), (2, 5, 5), (2, 5, 7)),
        call=attends,
    ),
    "Attention of four Linear": Same(
        recipe("split_attention", heads=2),
        SplitAttention,
        lambda: layers.MultiHeadAttention(2, key_dim=2),
        ((2, 4, 6), (2, 5, 5), (2, 5, 7)),
        call=attends,
    ),
    "Attention of four Linear without bias": Same(
        recipe("split_attention", heads=2),
        lambda: SplitAttention(bias=False),
        lambda: layers.MultiHeadAttention(2, key_dim=2, use_bias=False),
        ((2, 4, 6), (2, 5, 5), (2, 5, 7)),
        call=attends,
    ),
}
cases = pytest.mark.parametrize("same", SAME.values(), ids=SAME)


@cases
@pytest.mark.parametrize("way", WAYS)
def test_outputs_and_gradients_agree(same, way, dtype):
    rng = np.random.default_rng(0)
    module, layer = same.sides(rng, dtype, way)
    inputs = same.inputs(rng, dtype)

    given = [torch.from_numpy(x).requires_grad_(x.dtype.kind == "f") for x in inputs]
    output = same.call(module, *given)
    output = output[0] if isinstance(output, tuple) else output
    towards = rng.standard_normal(output.shape).astype(dtype)  # so that no gradient is the sum of all
    (output * torch.from_numpy(towards)).sum().backward()

    variables = [tf.Variable(last(x) if same.channels else x) for x in inputs]
    turn = last if same.channels and same.turned else np.asarray
    with tf.GradientTape() as tape:
        result = same.call(layer, *variables)
        loss = tf.reduce_sum(result * turn(towards))
    weights = layer.trainable_variables
    sources = [*([] if same.words else variables), *(each.value for each in weights)]
    gradients = [tf.convert_to_tensor(each).numpy() for each in tape.gradient(loss, sources)]

    agree("output", turn(output.detach().numpy()), result)
    for number, each in enumerate([] if same.words else given):
        left = each.grad.numpy()
        agree(f"gradient of input {number}", last(left) if same.channels else left, gradients.pop(0))
    found = {name: np.zeros_like(each) for name, each in arrays(module).items()}
    found |= {name: each.grad.numpy() for name, each in module.named_parameters()}
    if isinstance(module, SUMMED):  # both biases have the gradient of their sum
        found |= {name: np.zeros_like(each) for name, each in found.items() if name.startswith("bias_hh")}
    turned = dict(zip((each.path for each in layer.weights), same.recipe[0](found), strict=True))
    for each, right in zip(weights, gradients, strict=True):
        assert np.any(right)
        agree(f"gradient of {each.path}", turned[each.path], right)


@cases
@pytest.mark.parametrize("numbers", ["float16", *DTYPES])
def test_there_and_back_gives_the_same(same, numbers):
    rng = np.random.default_rng(0)
    module, layer = same.sides(rng, "float32")
    to_keras, to_torch = same.recipe

    weights = [each.astype(numbers) for each in layer.get_weights()]
    again = to_keras(to_torch(weights))
    assert [each.dtype for each in again] == [each.dtype for each in weights]
    assert all(np.array_equal(*pair) for pair in zip(again, weights, strict=True))

    state = {name: each if each.ndim == 0 else each.astype(numbers) for name, each in arrays(module).items()}
    expected = dict(state)
    for name, each in state.items():
        if isinstance(module, SUMMED) and name.startswith("bias_ih"):  # the sum is carried, in one of the two
            other = name.replace("_ih", "_hh")
            expected |= {name: each + state[other], other: np.zeros_like(each)}
    again = to_torch(to_keras(state))
    assert set(again) == set(expected)
    for name, each in again.items():
        assert each.dtype == expected[name].dtype
        assert np.array_equal(each, expected[name])


def test_every_recipe_goes_both_ways():
    public = {name for name, each in vars(porting).items() if inspect.isfunction(each) and not name.startswith("_")}
    recipes = {name.rpartition("_to_")[0] for name in public - {"part", "prefixed"}}
    assert public == {f"{name}_to_{way}" for name in recipes for way in ("keras", "torch")} | {"part", "prefixed"}


def test_it_needs_no_framework():
    text = inspect.getsource(porting)
    assert "import torch" not in text
    assert "import keras" not in text
    assert "tensorflow" not in text


# What is refused -------------------------------------------------------------------------------


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


LSTM = {"weight_ih_l0": zeros(12, 4), "weight_hh_l0": zeros(12, 3), "bias_ih_l0": zeros(12), "bias_hh_l0": zeros(12)}
GRU = {"weight_ih_l0": zeros(9, 4), "weight_hh_l0": zeros(9, 3), "bias_ih_l0": zeros(9), "bias_hh_l0": zeros(9)}
ATTENTION = {
    "in_proj_weight": zeros(18, 6),
    "in_proj_bias": zeros(18),
    "out_proj.weight": zeros(6, 6),
    "out_proj.bias": zeros(6),
}
SPLIT = {f"{name}_proj.weight": zeros(4, 6) for name in "qkv"} | {"out_proj.weight": zeros(6, 4)}
NORM = {name: zeros(4) for name in ("weight", "bias", "running_mean", "running_var")}
KERNELS = [zeros(6, 2, 3), zeros(6, 2, 3), zeros(6, 2, 3), zeros(2, 3, 6)]
REFUSED = [
    (recipe("linear")[0], {"kernel": zeros(3, 5)}, "no 'weight' among 'kernel'"),
    (recipe("linear")[0], {}, "no 'weight' among nothing"),
    (recipe("linear")[0], {"weight": zeros(3, 5, 1)}, "weight: shape (3, 5, 1), not (out, in)"),
    (recipe("linear")[0], {"weight": zeros(3, 5), "bias": zeros(5)}, "bias: shape (5,), not (3)"),
    (recipe("linear")[0], {"weight": zeros(3, 5), "scale": zeros(3)}, "'scale' has no place in this layer of Keras"),
    (recipe("linear")[1], [], "0 arrays of Keras, not 1 or 2"),
    (recipe("linear")[1], [zeros(5, 3), zeros(5)], "bias: shape (5,), not (3)"),
    (recipe("flattened_linear", shape=(3, 2, 2))[0], {"weight": zeros(3, 13)}, "13 features go in, not 3 · 2 · 2 = 12"),
    (recipe("flattened_linear", shape=(3, 2, 2))[1], [zeros(13, 3)], "13 features go in, not 3 · 2 · 2 = 12"),
    (recipe("flattened_linear", shape=(3, 2, 2))[1], [zeros(12)], "kernel: shape (12,), not (in, out)"),
    (recipe("embedding")[0], {"weight": zeros(3)}, "weight: shape (3,), not (words, size)"),
    (recipe("embedding")[1], [zeros(3)], "embeddings: shape (3,), not (words, size)"),
    (recipe("conv")[0], {"weight": zeros(3, 5)}, "weight: shape (3, 5), not (out, in / groups, *size)"),
    (recipe("conv")[1], [zeros(*[1] * 6)], "kernel: shape (1, 1, 1, 1, 1, 1), not (*size, in / groups, out)"),
    (recipe("conv")[1], [zeros(3, 3, 4, 6), zeros(4)], "bias: shape (4,), not (6)"),
    (
        recipe("depthwise")[0],
        {"weight": zeros(4, 2, 3)},
        "weight: shape (4, 2, 3), not (channel · multiplier, 1, *size)",
    ),
    (
        recipe("depthwise", multiplier=3)[0],
        {"weight": zeros(4, 1, 3)},
        "weight: 4 channels come out, which is no multiple of 3",
    ),
    (recipe("depthwise")[1], [zeros(3, 4, 2), zeros(4)], "bias: shape (4,), not (8)"),
    (recipe("conv_transpose")[0], {"weight": zeros(4, 3, 2), "bias": zeros(6)}, "bias: shape (6,), not (3)"),
    (recipe("conv_transpose")[1], [zeros(2, 6, 4), zeros(4)], "bias: shape (4,), not (6)"),
    (recipe("batch_norm")[0], {"weight": zeros(4), "bias": zeros(4)}, "no 'running_mean' among 'weight', 'bias'"),
    (
        recipe("batch_norm")[0],
        NORM | {"running_var": zeros(5)},
        "weight, bias, running_mean or running_var: shape (5,)",
    ),
    (recipe("batch_norm")[1], [zeros(4)] * 3, "3 arrays of Keras, not 2 or 4"),
    (recipe("layer_norm")[0], {"bias": zeros(4)}, "no 'weight' among 'bias'"),
    (recipe("layer_norm")[0], {"weight": zeros(4), "bias": zeros(5)}, "bias: shape (5,), not (4,) as weight"),
    (recipe("layer_norm")[1], [zeros(4)] * 3, "3 arrays of Keras, not 0 or 1 or 2"),
    (recipe("group_norm")[0], {"weight": zeros(4)}, "no 'bias' among 'weight'"),
    (recipe("group_norm")[1], [zeros(4)], "1 arrays of Keras, not 0 or 2"),
    (recipe("lstm")[0], LSTM | {"weight_hr_l0": zeros(2, 3)}, "'weight_hr_l0' has no place in this layer of Keras"),
    (recipe("lstm")[0], GRU, "weight_hh_l0: shape (9, 3), not (12, 3)"),
    (recipe("lstm")[0], LSTM | {"bias_hh_l0": zeros(3)}, "a bias of l0: shape (3,), not (12)"),
    (recipe("group_norm")[0], NORM, "'running_mean' has no place in this layer of Keras"),
    (recipe("rnn")[0], LSTM, "weight_hh_l0: shape (12, 3), not (3, 3)"),
    (recipe("rnn")[1], [zeros(4, 3), zeros(3, 3), zeros(4)], "bias: shape (4,), not (3)"),
    (recipe("lstm", layer=1)[0], LSTM, "no 'weight_ih_l1' among nothing"),
    (recipe("lstm")[1], [zeros(4, 12), zeros(3, 9)], "recurrent kernel: shape (3, 9), not (3, 12)"),
    (recipe("bidirectional_lstm")[0], LSTM, "no 'weight_ih_l0_reverse' among nothing"),
    (recipe("bidirectional_lstm")[1], [zeros(4, 12)] * 3, "3 arrays of Keras, not 4 or 6"),
    (recipe("gru")[0], GRU | {"weight_ih_l0": zeros(4, 9)}, "weight_ih_l0: shape (4, 9), not (9, in)"),
    (recipe("gru")[1], [zeros(4, 9), zeros(3, 9), zeros(9)], "bias: shape (9,), not (2, 9)"),
    (recipe("bidirectional_gru")[0], GRU, "no 'weight_ih_l0_reverse' among nothing"),
    (recipe("bidirectional_gru")[1], [zeros(4, 9)] * 3, "3 arrays of Keras, not 4 or 6"),
    (
        recipe("multihead_attention", heads=4)[0],
        ATTENTION,
        "out_proj.weight: the size 6 is no multiple of 4 heads",
    ),
    (
        recipe("multihead_attention", heads=2)[0],
        ATTENTION | {"in_proj_weight": zeros(6, 18)},
        "in_proj_weight: shape (6, 18), not (18, 6)",
    ),
    (
        recipe("multihead_attention", heads=2)[0],
        ATTENTION | {"bias_k": zeros(1, 1, 6)},
        "'bias_k' has no place in this layer of Keras",
    ),
    (recipe("multihead_attention")[1], KERNELS[:3], "3 arrays of Keras, not 4 or 8"),
    (
        recipe("multihead_attention")[1],
        [*KERNELS[:3], zeros(2, 3, 5)],
        "kernel of the output: the size 5 is not 2 heads · 3, as PyTorch needs it",
    ),
    (
        recipe("multihead_attention")[1],
        [*KERNELS[:2], zeros(6, 2, 4), KERNELS[3]],
        "kernel of the value: shape (6, 2, 4), not (inputs of the value, 2, 3)",
    ),
    (recipe("split_attention", heads=3)[0], SPLIT, "out_proj.weight: the inner size 4 is no multiple of 3 heads"),
    (
        recipe("split_attention", heads=2)[0],
        SPLIT | {"k_proj.weight": zeros(6, 5)},
        "k_proj.weight: shape (6, 5), not (4, in)",
    ),
    (recipe("split_attention", heads=2)[0], ATTENTION, "no 'q_proj.weight' among 'in_proj_weight'"),
    (
        recipe("split_attention")[1],
        [zeros(6, 2, 2), zeros(5, 2, 3), zeros(7, 2, 2), zeros(2, 2, 6)],
        "kernel of the key: shape (5, 2, 3), not (in, 2, 2)",
    ),
    (lambda state: part(state, "layer1"), {"layer10.weight": zeros(1)}, "nothing under 'layer1'"),
]


@pytest.mark.parametrize(("function", "given", "told"), REFUSED, ids=[told for *_, told in REFUSED])
def test_what_does_not_fit_is_told_in_a_line(function, given, told):
    with pytest.raises((KeyError, ValueError)) as error:
        function(given)
    assert str(error.value.args[0]).startswith(told)
    assert "\n" not in str(error.value)
    assert error.type is (KeyError if told.startswith("no") else ValueError)


# What no recipe can carry ----------------------------------------------------------------------


def test_gates_of_a_gru_must_be_swapped():
    rng = np.random.default_rng(0)
    module, layer = SAME["GRU"].sides(rng, "float32", "to Keras")
    x = SAME["GRU"].inputs(rng, "float32")[0]
    state = arrays(module)
    biases = np.stack([state["bias_ih_l0"], state["bias_hh_l0"]])
    layer.set_weights([state["weight_ih_l0"].T, state["weight_hh_l0"].T, biases])
    assert np.abs(module(torch.from_numpy(x))[0].detach().numpy() - np.asarray(layer(x))).max() > 0.01


def test_the_bias_of_an_lstm_moves_twice_as_far_in_pytorch():
    """Two biases get the same gradient, and both move; so the ported model learns otherwise."""
    rng = np.random.default_rng(0)
    module, layer = SAME["LSTM"].sides(rng, "float32", "to Keras")
    x = SAME["LSTM"].inputs(rng, "float32")[0]
    before = layer.get_weights()[2]
    module(torch.from_numpy(x))[0].sum().backward()
    with torch.no_grad():
        frozen = (module.bias_ih_l0 - 0.1 * module.bias_ih_l0.grad + module.bias_hh_l0).numpy()
    torch.optim.SGD(module.parameters(), lr=0.1).step()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x))
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.apply(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables)
    kernel, recurrent_kernel, bias = porting.lstm_to_keras(arrays(module))
    agree("kernel", kernel, layer.get_weights()[0])
    agree("recurrent kernel", recurrent_kernel, layer.get_weights()[1])
    agree("the sum, had one not moved", frozen, layer.get_weights()[2])
    agree("how far the bias moved", bias - before, 2 * (layer.get_weights()[2] - before))


def test_running_statistics_of_batch_norm():
    """With momentum m and 1 - m the means agree; PyTorch keeps the unbiased variance, Keras the biased one."""
    rng = np.random.default_rng(0)
    module, layer = nn.BatchNorm1d(3, momentum=0.2), layers.BatchNormalization(momentum=0.8, epsilon=1e-5)
    x = rng.standard_normal((5, 3)).astype("float32")
    module.train()
    agree("output", module(torch.from_numpy(x)).detach(), layer(x, training=True))
    state, weights = arrays(module), layer.get_weights()
    agree("running mean", state["running_mean"], weights[2])
    assert compare("running variance", state["running_var"], weights[3])[1]
    agree(
        "running variance, after correction",
        (state["running_var"] - 0.8) * np.float32(4 / 5),
        weights[3] - np.float32(0.8),
    )
    assert state["num_batches_tracked"] == 1


def test_defaults_that_weights_do_not_carry():
    module, layer = nn.BatchNorm2d(3), layers.BatchNormalization()
    assert (module.eps, layer.epsilon) == (1e-5, 1e-3)
    assert (module.momentum, layer.momentum) == (0.1, 0.99)
    assert (nn.LayerNorm(3).eps, layers.LayerNormalization().epsilon) == (1e-5, 1e-3)
    assert (nn.GroupNorm(1, 3).eps, layers.GroupNormalization(1).epsilon) == (1e-5, 1e-3)
    assert (nn.InstanceNorm2d(3).eps, nn.InstanceNorm2d(3).weight) == (1e-5, None)
    assert (nn.RMSNorm(3).eps, layers.RMSNormalization().epsilon) == (None, 1e-6)


def test_a_new_module_trains_until_it_is_told_otherwise():
    rng = np.random.default_rng(0)
    same = SAME["BatchNorm1d"]
    module, layer = same.sides(rng, "float32", "to Keras")
    x = same.inputs(rng, "float32")[0]
    assert nn.BatchNorm1d(5).training
    agree("when told", module.eval()(torch.from_numpy(x)).detach(), layer(x))
    assert compare("otherwise", module.train()(torch.from_numpy(x)).detach().numpy(), np.asarray(layer(x)))[1]


def test_the_row_of_padding_learns_in_keras():
    module, layer = nn.Embedding(4, 3, padding_idx=0), layers.Embedding(4, 3, mask_zero=True)
    layer.build()
    layer.set_weights(porting.embedding_to_keras(arrays(module)))
    words = np.array([[0, 1, 0, 3]])
    module(torch.from_numpy(words)).sum().backward()
    with tf.GradientTape() as tape:
        result = layer(words)
        loss = tf.reduce_sum(result)
    (gradient,) = tape.gradient(loss, [layer.embeddings.value])
    agree("output", module(torch.from_numpy(words)).detach(), result)
    assert module.weight.grad[0].tolist() == [0, 0, 0]
    assert tf.convert_to_tensor(gradient)[0].numpy().tolist() == [2, 2, 2]
    agree("the other rows", module.weight.grad[1:], tf.convert_to_tensor(gradient)[1:])


def test_tied_weights_are_carried_once():
    """The state has the array under both names; in Keras there is one variable, and its gradient is of both uses."""
    rng = np.random.default_rng(0)
    module = nn.ModuleDict({"encoder": nn.Embedding(7, 3), "decoder": nn.Linear(3, 7, bias=False)})
    module["decoder"].weight = module["encoder"].weight
    state = arrays(module)
    assert np.array_equal(state["encoder.weight"], state["decoder.weight"])
    layer = layers.ReversibleEmbedding(7, 3)
    layer.build()
    layer.set_weights(porting.embedding_to_keras(part(state, "encoder")))
    words = np.array([[0, 1, 5, 1]])
    towards = rng.standard_normal((1, 4, 7)).astype("float32")
    logits = module["decoder"](module["encoder"](torch.from_numpy(words)))
    (logits * torch.from_numpy(towards)).sum().backward()
    with tf.GradientTape() as tape:
        result = layer(layer(words), reverse=True)
        loss = tf.reduce_sum(result * towards)
    (gradient,) = tape.gradient(loss, [layer.embeddings.value])
    agree("logits", logits.detach(), result)
    agree("gradient", module["encoder"].weight.grad, tf.convert_to_tensor(gradient))
    assert [name for name, _ in module.named_parameters()] == ["encoder.weight"]


def test_same_padding_with_a_stride_is_not_padding_1():
    """On an even size, Keras pads below and to the right alone."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 2, 8, 8)).astype("float32")
    module, layer = nn.Conv2d(2, 3, 3, stride=2, padding=1), layers.Conv2D(3, 3, strides=2, padding="same")
    layer(last(x))
    layer.set_weights(porting.conv_to_keras(arrays(module)))
    result = np.asarray(layer(last(x)))
    given = torch.from_numpy(x)
    assert compare("output", last(module(given).detach().numpy()), result)[1]
    module.padding = 0
    padded = nn.functional.pad(given, (0, 1, 0, 1))
    agree("padded by hand in PyTorch", last(module(padded).detach().numpy()), result)
    module.padding, layer.padding = 1, "valid"
    agree("padded by hand in Keras", last(module(given).detach().numpy()), layer(layers.ZeroPadding2D(1)(last(x))))
    with pytest.raises(ValueError, match="padding='same' is not supported for strided convolutions"):
        nn.Conv2d(2, 3, 3, stride=2, padding="same")


def test_same_padding_of_a_transposed_convolution_cuts_the_end():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 2, 4, 4)).astype("float32")
    layer = layers.Conv2DTranspose(3, 3, strides=2, padding="same")
    module = nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1)
    layer(last(x))
    layer.set_weights(porting.conv_transpose_to_keras(arrays(module)))
    result, given = np.asarray(layer(last(x))), torch.from_numpy(x)
    assert compare("output", last(module(given).detach().numpy()), result)[1]
    module.padding = module.output_padding = (0, 0)
    agree("cut by hand", last(module(given)[..., :8, :8].detach().numpy()), result)


def test_flattened_features_without_reordering_differ():
    rng = np.random.default_rng(0)
    same = SAME["Linear after Flatten of images"]
    module, layer = same.sides(rng, "float32", "to Keras")
    x = same.inputs(rng, "float32")[0]
    expected = module(torch.from_numpy(x)).detach().numpy()
    agree("with the recipe", expected, layer(last(x)))
    layer.layers[-1].set_weights(porting.linear_to_keras(part(arrays(module), "2")))
    assert compare("without", expected, np.asarray(layer(last(x))))[1]


def test_heads_are_checked_by_keras():
    same = SAME["MultiheadAttention"]
    module, layer = same.sides(np.random.default_rng(0), "float32")
    with pytest.raises(ValueError, match="shape"):
        layer.set_weights(porting.multihead_attention_to_keras(arrays(module), heads=3))


def test_groups_of_a_transposed_convolution_are_refused_by_keras():
    module = nn.ConvTranspose1d(4, 6, 3, groups=2, bias=False)
    layer = layers.Conv1DTranspose(6, 3, use_bias=False)
    layer.build((None, 9, 4))
    with pytest.raises(ValueError, match="shape"):
        layer.set_weights(porting.conv_transpose_to_keras(arrays(module)))


def test_a_mask_of_attention_says_the_opposite():
    rng = np.random.default_rng(0)
    same = SAME["MultiheadAttention"]
    module, layer = same.sides(rng, "float32", "to Keras")
    query, key, value = same.inputs(rng, "float32")
    blocked = np.triu(np.ones((4, 5), bool), 1)
    given = map(torch.from_numpy, (query, key, value))
    left = module(*given, attn_mask=torch.from_numpy(blocked))[0].detach()
    agree("inverted", left, layer(query, value, key, attention_mask=~blocked[None]))
    order = list(inspect.signature(layers.MultiHeadAttention.call).parameters)[1:4]
    assert order == ["query", "value", "key"]
    assert list(inspect.signature(nn.MultiheadAttention.forward).parameters)[1:4] == ["query", "key", "value"]


# Whole models ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A model on both sides, and for each module with weights its name, its layer and its recipe."""

    module: Any
    model: Any
    ported: list[tuple[str, Any, tuple[Callable, Callable]]]
    shape: tuple[int, ...]
    channels: bool

    def to_keras(self) -> None:
        state = arrays(self.module)
        for name, layer, (to_keras, _) in self.ported:
            layer.set_weights(to_keras(part(state, name)))

    def state(self) -> dict[str, np.ndarray]:
        """Keras' weights as PyTorch has them."""
        found = {}
        for name, layer, (_, to_torch) in self.ported:
            found |= prefixed(to_torch(layer.get_weights()), name)
        return found

    def gradients(self, gradients: list[Any]) -> dict[str, np.ndarray]:
        """Keras' gradients as PyTorch has them."""
        found, own = {}, dict(zip((each.path for each in self.model.trainable_variables), gradients, strict=True))
        for name, layer, (_, to_torch) in self.ported:
            arrays = [np.asarray(own.get(each.path, np.zeros(each.shape))) for each in layer.weights]
            found |= prefixed(to_torch(arrays), name)
        return {name: found[name] for name, _ in self.module.named_parameters()}


class Block(nn.Module):
    """A residual block, as in ResNet-18."""

    def __init__(self, channels: int, out: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.downsample = None
        if stride > 1:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        found = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        return (found + (self.downsample(x) if self.downsample else x)).relu()


def resnet(head: str) -> Pair:
    """Two residual blocks, and a head that takes the mean of each channel or flattens the image."""
    pool = nn.AdaptiveAvgPool2d(1) if head == "pooled" else nn.Identity()
    last = nn.Linear(8 if head == "pooled" else 8 * 4 * 3, 3)
    stem = [nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU()]
    module = nn.Sequential(*stem, Block(4, 4, 1), Block(4, 8, 2), pool, nn.Flatten(), last)
    ported = []

    def conv(x, name, out, size, stride=1):
        layer = layers.Conv2D(out, size, strides=stride, use_bias=False)
        ported.append((name, layer, recipe("conv")))
        return layer(layers.ZeroPadding2D(1)(x) if size == 3 else x)

    def norm(x, name):
        layer = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
        ported.append((name, layer, recipe("batch_norm")))
        return layer(x)

    def block(x, name, out, stride):
        found = layers.ReLU()(norm(conv(x, f"{name}.conv1", out, 3, stride), f"{name}.bn1"))
        found = norm(conv(found, f"{name}.conv2", out, 3), f"{name}.bn2")
        if stride > 1:
            x = norm(conv(x, f"{name}.downsample.0", out, 1, stride), f"{name}.downsample.1")
        return layers.ReLU()(found + x)

    inputs = keras.Input((8, 6, 3))
    x = layers.ReLU()(norm(conv(inputs, "0", 4, 3), "1"))
    x = block(block(x, "3", 4, 1), "4", 8, 2)
    dense = layers.Dense(3)
    if head == "pooled":
        x = layers.GlobalAveragePooling2D()(x)
        ported.append(("7", dense, recipe("linear")))
    else:
        x = layers.Flatten()(x)
        ported.append(("7", dense, recipe("flattened_linear", shape=(8, 4, 3))))
    return Pair(module, keras.Model(inputs, dense(x)), ported, (5, 3, 8, 6), True)


def transformer() -> Pair:
    """nn.TransformerEncoder of two layers, which normalise after they add."""
    block = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
    module = nn.TransformerEncoder(block, 2, norm=nn.LayerNorm(8), enable_nested_tensor=False)
    ported = []

    def norm(x, name):
        layer = layers.LayerNormalization(epsilon=1e-5)
        ported.append((name, layer, recipe("layer_norm")))
        return layer(x)

    def dense(x, name, out, activation=None):
        layer = layers.Dense(out, activation=activation)
        ported.append((name, layer, recipe("linear")))
        return layer(x)

    x = inputs = keras.Input((6, 8))
    for name in ("layers.0", "layers.1"):
        attention = layers.MultiHeadAttention(2, key_dim=4)
        ported.append((f"{name}.self_attn", attention, recipe("multihead_attention", heads=2)))
        x = norm(x + attention(x, x), f"{name}.norm1")
        found = dense(dense(x, f"{name}.linear1", 16, "relu"), f"{name}.linear2", 8)
        x = norm(x + found, f"{name}.norm2")
    return Pair(module, keras.Model(inputs, norm(x, "norm")), ported, (4, 6, 8), False)


MODELS = {
    "ResNet, pooled": lambda: resnet("pooled"),
    "ResNet, flattened": lambda: resnet("flattened"),
    "Transformer encoder": transformer,
}
models = pytest.mark.parametrize("name", MODELS)


def made(name: str, way: str, dtype: str) -> tuple[Pair, SimpleNamespace]:
    """A ported pair, and its data."""
    rng = np.random.default_rng(0)
    pair = MODELS[name]()
    pair.module.to(getattr(torch, dtype))
    state = arrays(pair.module)
    for key, each in state.items():
        if key.endswith(("running_mean", "running_var")) or each.ndim == 1:
            state[key] = some(rng, each.shape, dtype, key)
        elif each.ndim:
            state[key] = (rng.standard_normal(each.shape) / np.sqrt(each[0].size)).astype(dtype)
    pair.module.load_state_dict(tensors(state))
    pair.to_keras()
    if way == "to PyTorch":  # of which the weights are then other ones
        for each in pair.module.state_dict().values():
            each.zero_()
        pair.module.load_state_dict(tensors(pair.state()))
    x = rng.standard_normal(pair.shape).astype(dtype)
    y = rng.standard_normal(pair.model(last(x) if pair.channels else x).shape).astype(dtype)
    turned = np.ascontiguousarray(last(x)) if pair.channels else x
    return pair, SimpleNamespace(x=torch.from_numpy(x), y=torch.from_numpy(y), keras=(turned, y))


def losses(pair: Pair, data: SimpleNamespace, training: bool) -> tuple[Any, list[Any]]:
    """PyTorch's loss, its gradients taken, and of Keras the loss and the gradients of input and weights."""
    pair.module.train(training)
    pair.module.zero_grad()
    data.x.requires_grad_().grad = None
    loss = ((pair.module(data.x) - data.y) ** 2).mean()
    loss.backward()
    x, y = map(tf.convert_to_tensor, data.keras)
    with tf.GradientTape() as tape:
        tape.watch(x)
        other = tf.reduce_mean((pair.model(x, training=training) - y) ** 2)
    return loss, [other, *tape.gradient(other, [x, *(each.value for each in pair.model.trainable_variables)])]


@models
@pytest.mark.parametrize("way", WAYS)
def test_a_ported_model_gives_the_same_outputs_and_gradients(name, way, dtype):
    pair, data = made(name, way, dtype)
    pair.module.eval()
    agree("output", pair.module(data.x).detach(), pair.model(data.keras[0], training=False))
    for training in (False, True):
        loss, (other, of_input, *gradients) = losses(pair, data, training)
        agree("loss", loss.detach(), other)
        agree("gradient of the input", last(data.x.grad.numpy()) if pair.channels else data.x.grad, of_input)
        turned = pair.gradients(gradients)
        for key, each in pair.module.named_parameters():
            agree(f"gradient of {key}", each.grad, turned[key].astype(dtype))


@models
def test_a_ported_model_takes_the_same_steps(name, dtype):
    pair, data = made(name, "to Keras", dtype)
    before = arrays(pair.module)
    optimizer, other = torch.optim.SGD(pair.module.parameters(), lr=0.1), keras.optimizers.SGD(0.1)
    for _ in range(3):
        loss, (right, _, *gradients) = losses(pair, data, training=True)
        agree("loss", loss.detach(), right)
        optimizer.step()
        other.apply(gradients, pair.model.trainable_variables)
    state = pair.state()
    for key, each in arrays(pair.module).items():
        # The variances differ, as test_running_statistics_of_batch_norm has it, and the batches are not counted.
        if not key.endswith(("running_var", "num_batches_tracked")):
            assert not np.array_equal(each, before[key])
            agree(key, each, state[key])
