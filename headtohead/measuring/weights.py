"""Carries the weights of a PyTorch layer into the Keras layer of the same kind, for the rows of the API map.

The recipes are those of `headtohead.porting`. Here stand the kind of layer that each is for, and what only the map
pairs: layers that the other side has to compose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from headtohead import porting

State = dict[str, np.ndarray]


def weights_for(module: Any, layer: Any) -> list[np.ndarray]:
    """The arrays for `layer.set_weights`, in Keras' order and layout; raises `KeyError` for an unknown kind."""
    kind, target = type(module).__name__, type(layer).__name__
    recipe = RECIPES.get(f"{kind} {target}") or RECIPES[kind]
    return recipe(_state(module), module)


def _state(module: Any) -> State:
    return {name: each.detach().numpy() for name, each in module.state_dict().items()}


def _chain(_: State, module: Any) -> list[np.ndarray]:
    """A `Sequential`: one after the other, the parts that have weights."""
    return [array for each in module if each.state_dict() for array in weights_for(each, None)]


def _depthwise(state: State, module: Any) -> list[np.ndarray]:
    return porting.depthwise_to_keras(state, module.out_channels // module.groups)


def _separable(_: State, module: Any) -> list[np.ndarray]:
    """A convolution a channel without bias and one of size 1 after it: SeparableConv1D, 2D."""
    deep, point = (each for each in module if each.state_dict())
    return _depthwise(_state(deep), deep) + weights_for(point, None)


def _bilinear(state: State, _: Any) -> list[np.ndarray]:
    """Bilinear into EinsumDense over the outer product of both inputs: (out, in1, in2) to (in1, in2, out)."""
    return [state["weight"].transpose(1, 2, 0), state["bias"]]


def _prelu(state: State, _: Any) -> list[np.ndarray]:
    """PReLU: (channels) on both sides, or one number for all: (1)."""
    return [state["weight"]]


def _spectral(state: State, _: Any) -> list[np.ndarray]:
    """A Linear under spectral_norm into SpectralNormalization of a Dense.

    PyTorch: the weight as it was (out, in), u (out), v (in), bias (out).
    Keras: kernel (in, out), u (1, out), bias (out); v is not kept. Keras writes the divided kernel over the kernel.
    """
    first = "parametrizations.weight."
    return [state[first + "original"].T, state[first + "0._u"][None], state["bias"]]


def _recurrent(state: State, module: Any) -> list[np.ndarray]:
    """RNN, LSTM and GRU: layer after layer, each forward and then backward (Bidirectional)."""
    recipe = RECURRENT[module.mode.partition("_")[0]]
    ways = (False, True) if module.bidirectional else (False,)
    return [array for n in range(module.num_layers) for reverse in ways for array in recipe(state, n, reverse)]


def _cell(kind: str) -> Callable[[State, Any], list[np.ndarray]]:
    """RNNCell, LSTMCell and GRUCell: their names are those of the first layer without its number."""
    return lambda state, _: RECURRENT[kind]({f"{name}_l0": each for name, each in state.items()})


def _plain(recipe: Callable[[State], list[np.ndarray]]) -> Callable[[State, Any], list[np.ndarray]]:
    return lambda state, _: recipe(state)


RECURRENT = {"RNN": porting.rnn_to_keras, "LSTM": porting.lstm_to_keras, "GRU": porting.gru_to_keras}
# What carries a kind of PyTorch's layers; with a kind of Keras' after it where that one wants another shape.
RECIPES: dict[str, Callable[[State, Any], list[np.ndarray]]] = {
    "Sequential": _chain,
    "Linear": _plain(porting.linear_to_keras),
    "Bilinear": _bilinear,
    "ParametrizedLinear": _spectral,
    "Embedding": _plain(porting.embedding_to_keras),
    "EmbeddingBag": _plain(porting.embedding_to_keras),
    "PReLU": _prelu,
    "LayerNorm": _plain(porting.layer_norm_to_keras),
    "RMSNorm": _plain(porting.layer_norm_to_keras),
    "GroupNorm": _plain(porting.group_norm_to_keras),
    "SyncBatchNorm": _plain(porting.batch_norm_to_keras),
    "MultiheadAttention": lambda state, module: porting.multihead_attention_to_keras(state, module.num_heads),
}
RECIPES |= dict.fromkeys(RECURRENT, _recurrent) | {f"{kind}Cell": _cell(kind) for kind in RECURRENT}
for n in (1, 2, 3):
    RECIPES[f"Conv{n}d"] = _plain(porting.conv_to_keras)
    RECIPES[f"ConvTranspose{n}d"] = _plain(porting.conv_transpose_to_keras)
    RECIPES[f"Conv{n}d DepthwiseConv{n}D"] = _depthwise
    RECIPES[f"Sequential SeparableConv{n}D"] = _separable
    RECIPES[f"BatchNorm{n}d"] = _plain(porting.batch_norm_to_keras)
    RECIPES[f"InstanceNorm{n}d"] = _plain(porting.group_norm_to_keras)
