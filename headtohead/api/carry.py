"""Carries the weights of a PyTorch layer into the Keras layer of the same kind, for the rows of the API map.

Each function takes the `state_dict` of a layer of PyTorch as NumPy arrays and gives the list that `set_weights` of
the Keras layer takes. Where names are not enough, a second argument is the attribute of the PyTorch layer of that name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

State = dict[str, np.ndarray]


def weights(module: Any, layer: Any) -> list[np.ndarray]:
    """The arrays for `layer.set_weights`, in Keras' order and layout; raises `KeyError` for an unknown kind."""
    if type(module).__name__ == "Sequential":
        return _chain(module, layer)
    kind, target = type(module).__name__, type(layer).__name__
    carry = CARRY.get(f"{kind} {target}") or CARRY[kind]
    wanted = list(inspect.signature(carry).parameters)[1:]
    return carry(state(module), **{name: getattr(module, name) for name in wanted})


def state(module: Any) -> State:
    return {name: each.detach().numpy() for name, each in module.state_dict().items()}


def _chain(module: Any, layer: Any) -> list[np.ndarray]:
    """Of a `Sequential`: one after the other, the parts that have weights."""
    parts = [each for each in module if each.state_dict()]
    if type(layer).__name__ in SEPARABLE:
        return separable(*map(state, parts))
    return [array for each in parts for array in weights(each, None)]


# Dense ---------------------------------------------------------------------------------------------


def linear(state: State) -> list[np.ndarray]:
    """Linear into Dense or EinsumDense.

    PyTorch: weight (out, in), bias (out). Keras: kernel (in, out), bias (out).
    """
    return [state["weight"].T, *_bias(state)]


def bilinear(state: State) -> list[np.ndarray]:
    """Bilinear into EinsumDense over the outer product of both inputs.

    PyTorch: weight (out, in1, in2), bias (out). Keras: kernel (in1, in2, out), bias (out).
    """
    return [state["weight"].transpose(1, 2, 0), *_bias(state)]


def embedding(state: State) -> list[np.ndarray]:
    """Embedding and EmbeddingBag into Embedding: (words, size) on both sides."""
    return [state["weight"]]


def prelu(state: State) -> list[np.ndarray]:
    """PReLU into PReLU: (channels) on both sides, or one number for all: (1)."""
    return [state["weight"]]


def spectral(state: State) -> list[np.ndarray]:
    """A Linear under spectral_norm into SpectralNormalization of a Dense.

    PyTorch: the weight as it was (out, in), u (out), v (in), bias (out).
    Keras: kernel (in, out), u (1, out), bias (out); v is not kept. Keras writes the divided kernel over the kernel.
    """
    first = "parametrizations.weight."
    return [state[first + "original"].T, state[first + "0._u"][None], *_bias(state)]


def _bias(state: State) -> list[np.ndarray]:
    return [state["bias"]] if "bias" in state else []


# Convolution ---------------------------------------------------------------------------------------


def conv(state: State) -> list[np.ndarray]:
    """Conv1d, 2d, 3d and ConvTranspose1d, 2d, 3d into Conv1D... and Conv1DTranspose...

    PyTorch: weight (out, in / groups, *size), transposed (in, out / groups, *size); bias (out).
    Keras: kernel (*size, in / groups, out), transposed (*size, out, in); bias (out). Nothing is flipped.
    """
    weight = state["weight"]
    return [weight.transpose(*range(2, weight.ndim), 1, 0), *_bias(state)]


def depthwise(state: State, groups: int) -> list[np.ndarray]:
    """Conv1d, 2d with as many groups as channels into DepthwiseConv1D, 2D.

    PyTorch: weight (in · multiplier, 1, *size), bias (in · multiplier).
    Keras: kernel (*size, in, multiplier), bias (in · multiplier).
    """
    weight = state["weight"]
    split = weight.reshape(groups, -1, *weight.shape[2:])
    return [split.transpose(*range(2, split.ndim), 0, 1), *_bias(state)]


def separable(deep: State, point: State) -> list[np.ndarray]:
    """A convolution a channel without bias and one of size 1 after it into SeparableConv1D, 2D.

    PyTorch: weights (in, 1, *size) and (out, in, 1...), bias (out).
    Keras: depthwise kernel (*size, in, 1), pointwise kernel (1..., in, out), bias (out).
    """
    return [*depthwise(deep, len(deep["weight"])), *conv(point)]


# Normalisation -------------------------------------------------------------------------------------


def norm(state: State) -> list[np.ndarray]:
    """LayerNorm, RMSNorm, GroupNorm, InstanceNorm: scale and shift, of the shape normalised, on both sides."""
    return [state[name] for name in ("weight", "bias") if name in state]


def batch_norm(state: State) -> list[np.ndarray]:
    """BatchNorm1d, 2d, 3d into BatchNormalization, (channels) each.

    PyTorch: weight, bias, running_mean, running_var, num_batches_tracked.
    Keras: gamma, beta, moving_mean, moving_variance.
    """
    return [state[name] for name in ("weight", "bias", "running_mean", "running_var") if name in state]


# Recurrent -----------------------------------------------------------------------------------------


def recurrent(state: State, mode: str) -> list[np.ndarray]:
    """RNN and LSTM into SimpleRNN and LSTM, layer after layer, each forward and then backward (Bidirectional).

    PyTorch: weight_ih (gates · units, in), weight_hh (gates · units, units), bias_ih and bias_hh (gates · units) each.
    Keras: kernel (in, gates · units), recurrent kernel (units, gates · units), one bias (gates · units), which is
    the sum of the two. The gates of an LSTM stand in the same order: in, forget, cell, out.
    """
    carry = gru_cell if mode == "GRU" else cell
    ends = [name.removeprefix("weight_ih_") for name in state if name.startswith("weight_ih_")]
    found = []
    for end in ends:
        found += carry({name.removesuffix(f"_{end}"): each for name, each in state.items() if name.endswith(f"_{end}")})
    return found


def cell(state: State) -> list[np.ndarray]:
    """RNNCell and LSTMCell into SimpleRNNCell and LSTMCell; shapes as for the layers."""
    biases = [state["bias_ih"] + state["bias_hh"]] if "bias_ih" in state else []
    return [state["weight_ih"].T, state["weight_hh"].T, *biases]


def gru_cell(state: State) -> list[np.ndarray]:
    """GRUCell into GRUCell, and each layer of GRU into GRU, with reset_after=True, Keras' default.

    PyTorch: weight_ih (3 · units, in), weight_hh (3 · units, units), bias_ih and bias_hh (3 · units) each; the gates
    are reset, update, new. Keras: kernel (in, 3 · units), recurrent kernel (units, 3 · units), bias (2, 3 · units),
    and the gates are update, reset, new.
    """
    turned = {}
    for name, each in state.items():
        reset, update, new = np.split(each, 3)
        turned[name] = np.concatenate([update, reset, new])
    biases = [np.stack([turned["bias_ih"], turned["bias_hh"]])] if "bias_ih" in turned else []
    return [turned["weight_ih"].T, turned["weight_hh"].T, *biases]


# Attention -----------------------------------------------------------------------------------------


def attention(state: State, num_heads: int) -> list[np.ndarray]:
    """MultiheadAttention into MultiHeadAttention, or GroupQueryAttention with as many heads for keys.

    PyTorch: in_proj_weight (3 · size, size), query, key and value one under the other, or q_proj_weight, k_proj_weight
    and v_proj_weight where keys or values have other sizes; in_proj_bias (3 · size), out_proj.weight (size, size),
    out_proj.bias (size).
    Keras: for query, key and value a kernel (size, heads, size / heads) and a bias (heads, size / heads), then the
    output's kernel (heads, size / heads, size) and bias (size).
    """
    size = state["out_proj.weight"].shape[0]
    head = size // num_heads
    if "in_proj_weight" in state:
        kernels = np.split(state["in_proj_weight"], 3)
    else:
        kernels = [state[f"{name}_proj_weight"] for name in "qkv"]
    biases = np.split(state["in_proj_bias"], 3) if "in_proj_bias" in state else [None] * 3
    found = []
    for kernel, bias in zip(kernels, biases, strict=True):
        found.append(kernel.T.reshape(-1, num_heads, head))
        found += [bias.reshape(num_heads, head)] if bias is not None else []
    found.append(state["out_proj.weight"].T.reshape(num_heads, head, size))
    return found + ([state["out_proj.bias"]] if "out_proj.bias" in state else [])


SEPARABLE = {"SeparableConv1D", "SeparableConv2D"}
# What carries a kind of PyTorch's layers; with a kind of Keras' after it where that one wants another shape.
CARRY: dict[str, Callable[..., list[np.ndarray]]] = {
    "Linear": linear,
    "Bilinear": bilinear,
    "ParametrizedLinear": spectral,
    "Embedding": embedding,
    "EmbeddingBag": embedding,
    "PReLU": prelu,
    "LayerNorm": norm,
    "RMSNorm": norm,
    "GroupNorm": norm,
    "SyncBatchNorm": batch_norm,
    "RNN": recurrent,
    "LSTM": recurrent,
    "GRU": recurrent,
    "RNNCell": cell,
    "LSTMCell": cell,
    "GRUCell": gru_cell,
    "MultiheadAttention": attention,
}
CARRY |= {f"{kind}{n}d": conv for kind in ("Conv", "ConvTranspose") for n in (1, 2, 3)}
CARRY |= {f"Conv{n}d DepthwiseConv{n}D": depthwise for n in (1, 2)}
CARRY |= {f"BatchNorm{n}d": batch_norm for n in (1, 2, 3)} | {f"InstanceNorm{n}d": norm for n in (1, 2, 3)}
