"""Recipes that carry weights from PyTorch to Keras and back, a pair of functions a layer.

`<layer>_to_keras` takes what `module.state_dict()` holds, as NumPy arrays under PyTorch's names, and gives the list
that `layer.set_weights` takes. `<layer>_to_torch` takes the list that `layer.get_weights()` gives, and gives the
mapping that `load_state_dict` takes once its arrays are tensors. The pairs bear PyTorch's names.

An array may be of any dtype and keeps it. A result may be a view of its argument: `set_weights` and `load_state_dict`
copy. In shapes, a name stands for a number, and `*size` for one, two or three of them: (length), (height, width) or
(depth, height, width). Where nothing else is said, a recipe loses and adds nothing.

Every recipe raises `KeyError` for a name that is missing, and `ValueError` for a name that is left over, for a wrong
number of arrays, and for a wrong shape: nothing is left out without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

State = Mapping[str, np.ndarray]
Weights = Sequence[np.ndarray]


# Parts of a model ----------------------------------------------------------------------------------


def part(state: State, prefix: str) -> dict[str, np.ndarray]:
    """The part of a model's state that belongs to one of its modules, under the names that the module has for it.

    Args:
        state: The state of the model, such as `layers.0.linear1.weight`.
        prefix: The module, such as `layers.0.linear1`.

    Returns:
        The arrays of the module, such as `weight`.

    Raises:
        KeyError: Nothing is under the prefix.
    """
    found = {name.removeprefix(f"{prefix}."): each for name, each in state.items() if name.startswith(f"{prefix}.")}
    if not found:
        raise KeyError(f"nothing under {prefix!r}")
    return found


def prefixed(state: State, prefix: str) -> dict[str, np.ndarray]:
    """The reverse of `part`: a module's arrays under the names that the model has for them.

    Args:
        state: The state of the module, such as `weight`.
        prefix: The module, such as `layers.0.linear1`.

    Returns:
        The arrays for the model, such as `layers.0.linear1.weight`.
    """
    return {f"{prefix}.{name}": each for name, each in state.items()}


# Dense ---------------------------------------------------------------------------------------------


def linear_to_keras(state: State) -> list[np.ndarray]:
    """`nn.Linear` to `keras.layers.Dense`.

    - weight: `(out, in)` → kernel: `(in, out)`
    - bias: `(out)` → bias: `(out)`

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/core/dense.py).

    Args:
        state: `weight` and, unless `bias=False`, `bias`.

    Returns:
        Kernel and, if there was one, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong, or a name is left over.
    """
    weight, *bias = _named(state, "weight", "bias")
    out, _ = _shape("weight", weight, "out", "in")
    _vectors("bias", bias, out)
    return [weight.T, *bias]


def linear_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.Dense` to `nn.Linear`.

    - kernel: `(in, out)` → weight: `(out, in)`
    - bias: `(out)` → bias: `(out)`

    Args:
        weights: Kernel and, unless `use_bias=False`, bias.

    Returns:
        `weight` and, if there was one, `bias`.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    kernel, *bias = _counted(weights, 1, 2)
    _, out = _shape("kernel", kernel, "in", "out")
    _vectors("bias", bias, out)
    return _state("weight bias", kernel.T, *bias)


def flattened_linear_to_keras(state: State, shape: Sequence[int]) -> list[np.ndarray]:
    """The `nn.Linear` after `nn.Flatten` after a convolution to the `Dense` after `Flatten`.

    The features come channel by channel in PyTorch, and position by position in Keras, so those that go in are put
    into another order:

    - weight: `(out, channel · row · column)` → kernel: `(row · column · channel, out)`
    - bias: `(out)` → bias: `(out)`

    Orders: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html) flattens
    (N, C, H, W), [Keras](https://keras.io/api/layers/reshaping_layers/flatten/) flattens (N, H, W, C).

    Args:
        state: `weight` and, unless `bias=False`, `bias`.
        shape: Of one example before it is flattened, as in PyTorch: `(channel, *size)`.

    Returns:
        Kernel and, if there was one, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong, or a name is left over; or the features are not as many as the shape has.
    """
    kernel, *bias = linear_to_keras(state)
    _features(kernel, shape)
    features = kernel.reshape(*shape, kernel.shape[1])
    return [np.moveaxis(features, 0, -2).reshape(kernel.shape), *bias]


def flattened_linear_to_torch(weights: Weights, shape: Sequence[int]) -> dict[str, np.ndarray]:
    """The `Dense` after `Flatten` after a convolution to the `nn.Linear` after `nn.Flatten`.

    - kernel: `(row · column · channel, out)` → weight: `(out, channel · row · column)`
    - bias: `(out)` → bias: `(out)`

    Args:
        weights: Kernel and, unless `use_bias=False`, bias.
        shape: Of one example before it is flattened, as in PyTorch: `(channel, *size)`.

    Returns:
        `weight` and, if there was one, `bias`.

    Raises:
        ValueError: A shape or the number of arrays is wrong, or the features are not as many as the shape has.
    """
    kernel, *bias = _counted(weights, 1, 2)
    _features(kernel, shape)
    features = kernel.reshape(*shape[1:], shape[0], kernel.shape[1])
    return linear_to_torch([np.moveaxis(features, -2, 0).reshape(kernel.shape), *bias])


def embedding_to_keras(state: State) -> list[np.ndarray]:
    """`nn.Embedding` to `keras.layers.Embedding`.

    - weight: `(words, size)` → embeddings: `(words, size)`

    Lost: `padding_idx`. Its row is carried as it is, but in Keras it gets gradients.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/core/embedding.py).

    Args:
        state: `weight`.

    Returns:
        Embeddings.

    Raises:
        KeyError: The name is missing.
        ValueError: The shape is wrong, or a name is left over.
    """
    (weight,) = _named(state, "weight")
    _shape("weight", weight, "words", "size")
    return [weight]


def embedding_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.Embedding` to `nn.Embedding`.

    - embeddings: `(words, size)` → weight: `(words, size)`

    Lost: `mask_zero`.

    Args:
        weights: Embeddings.

    Returns:
        `weight`.

    Raises:
        ValueError: The shape or the number of arrays is wrong.
    """
    (embeddings,) = _counted(weights, 1)
    _shape("embeddings", embeddings, "words", "size")
    return {"weight": embeddings}


# Convolution ---------------------------------------------------------------------------------------


def conv_to_keras(state: State) -> list[np.ndarray]:
    """`nn.Conv1d`, `Conv2d`, `Conv3d` to `keras.layers.Conv1D`, `Conv2D`, `Conv3D`, with the same `groups`.

    - weight: `(out, in / groups, *size)` → kernel: `(*size, in / groups, out)`
    - bias: `(out)` → bias: `(out)`

    Nothing is flipped: both frameworks compute a cross-correlation.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/convolutional/base_conv.py).

    Args:
        state: `weight` and, unless `bias=False`, `bias`.

    Returns:
        Kernel and, if there was one, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong, or a name is left over.
    """
    weight, *bias = _named(state, "weight", "bias")
    out, *_ = _shape("weight", weight, "out", "in / groups", "*size")
    _vectors("bias", bias, out)
    return [_size_first(weight), *bias]


def conv_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.Conv1D`, `Conv2D`, `Conv3D` to `nn.Conv1d`, `Conv2d`, `Conv3d`, with the same `groups`.

    - kernel: `(*size, in / groups, out)` → weight: `(out, in / groups, *size)`
    - bias: `(out)` → bias: `(out)`

    Args:
        weights: Kernel and, unless `use_bias=False`, bias.

    Returns:
        `weight` and, if there was one, `bias`.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    kernel, *bias = _counted(weights, 1, 2)
    *_, out = _shape("kernel", kernel, "*size", "in / groups", "out")
    _vectors("bias", bias, out)
    return _state("weight bias", _size_last(kernel), *bias)


def depthwise_to_keras(state: State, multiplier: int = 1) -> list[np.ndarray]:
    """`nn.Conv1d`, `Conv2d` with as many groups as channels to `DepthwiseConv1D`, `DepthwiseConv2D`.

    - weight: `(channel · multiplier, 1, *size)` → kernel: `(*size, channel, multiplier)`
    - bias: `(channel · multiplier)` → bias: `(channel · multiplier)`

    Keras has no `DepthwiseConv3D`: there, `conv_to_keras` and `Conv3D` with the same `groups`.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/convolutional/base_depthwise_conv.py).

    Args:
        state: `weight` and, unless `bias=False`, `bias`.
        multiplier: How many channels come out for each that goes in: Keras' `depth_multiplier`.

    Returns:
        Kernel and, if there was one, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong, or a name is left over; or the channels are no multiple of the multiplier.
    """
    weight, *bias = _named(state, "weight", "bias")
    out, *_ = _shape("weight", weight, "channel · multiplier", 1, "*size")
    _vectors("bias", bias, out)
    if multiplier < 1 or out % multiplier:
        raise ValueError(f"weight: {out} channels come out, which is no multiple of {multiplier}")
    split = weight.reshape(-1, multiplier, *weight.shape[2:])
    return [np.moveaxis(split, (0, 1), (-2, -1)), *bias]


def depthwise_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`DepthwiseConv1D`, `DepthwiseConv2D` to `nn.Conv1d`, `Conv2d` with as many groups as channels.

    - kernel: `(*size, channel, multiplier)` → weight: `(channel · multiplier, 1, *size)`
    - bias: `(channel · multiplier)` → bias: `(channel · multiplier)`

    Args:
        weights: Kernel and, unless `use_bias=False`, bias.

    Returns:
        `weight` and, if there was one, `bias`.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    kernel, *bias = _counted(weights, 1, 2)
    *size, channel, multiplier = _shape("kernel", kernel, "*size", "channel", "multiplier")
    _vectors("bias", bias, channel * multiplier)
    weight = np.moveaxis(kernel, (-2, -1), (0, 1)).reshape(channel * multiplier, 1, *size)
    return _state("weight bias", weight, *bias)


def conv_transpose_to_keras(state: State) -> list[np.ndarray]:
    """`nn.ConvTranspose1d`, `2d`, `3d` to `keras.layers.Conv1DTranspose`, `Conv2DTranspose`, `Conv3DTranspose`.

    - weight: `(in, out, *size)` → kernel: `(*size, out, in)`
    - bias: `(out)` → bias: `(out)`

    Only with `groups=1`: Keras has no groups here. Nothing is flipped.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/convolutional/base_conv_transpose.py).

    Args:
        state: `weight` and, unless `bias=False`, `bias`.

    Returns:
        Kernel and, if there was one, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong (which is how groups show, if there is a bias), or a name is left over.
    """
    weight, *bias = _named(state, "weight", "bias")
    _, out, *_ = _shape("weight", weight, "in", "out", "*size")
    _vectors("bias", bias, out)
    return [_size_first(weight), *bias]


def conv_transpose_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.Conv1DTranspose`, `Conv2DTranspose`, `Conv3DTranspose` to `nn.ConvTranspose1d`, `2d`, `3d`.

    - kernel: `(*size, out, in)` → weight: `(in, out, *size)`
    - bias: `(out)` → bias: `(out)`

    Args:
        weights: Kernel and, unless `use_bias=False`, bias.

    Returns:
        `weight` and, if there was one, `bias`.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    kernel, *bias = _counted(weights, 1, 2)
    *_, out, _ = _shape("kernel", kernel, "*size", "out", "in")
    _vectors("bias", bias, out)
    return _state("weight bias", _size_last(kernel), *bias)


# Normalisation -------------------------------------------------------------------------------------


def batch_norm_to_keras(state: State) -> list[np.ndarray]:
    """`nn.BatchNorm1d`, `2d`, `3d` to `keras.layers.BatchNormalization`.

    - weight: `(channel)` → gamma: `(channel)`
    - bias: `(channel)` → beta: `(channel)`
    - running_mean: `(channel)` → moving_mean: `(channel)`
    - running_var: `(channel)` → moving_variance: `(channel)`

    Lost: `num_batches_tracked`, which PyTorch uses with `momentum=None` alone. Not in the weights: PyTorch's
    `momentum` m is `1 - m` in Keras, and the defaults of `eps` and `epsilon` differ.

    Names: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html),
    [Keras](https://keras.io/api/layers/normalization_layers/batch_normalization/).

    Args:
        state: `running_mean`, `running_var` and, unless `affine=False`, `weight` and `bias`.

    Returns:
        Gamma and beta (nothing for `affine=False`: then `scale=False, center=False`), moving mean, moving variance.

    Raises:
        KeyError: A name is missing, as with `track_running_stats=False`, which Keras does not have.
        ValueError: A shape is wrong, or a name is left over.
    """
    kept = {name: each for name, each in state.items() if name != "num_batches_tracked"}
    scale = "weight bias " if {"weight", "bias"} & set(kept) else ""
    arrays = _named(kept, f"{scale}running_mean running_var")
    _vectors("weight, bias, running_mean or running_var", arrays)
    return arrays


def batch_norm_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.BatchNormalization` to `nn.BatchNorm1d`, `2d`, `3d`.

    - gamma: `(channel)` → weight: `(channel)`
    - beta: `(channel)` → bias: `(channel)`
    - moving_mean: `(channel)` → running_mean: `(channel)`
    - moving_variance: `(channel)` → running_var: `(channel)`

    Added: `num_batches_tracked`, 0, int64.

    Args:
        weights: The four, or the two statistics alone of a layer with `scale=False, center=False`.

    Returns:
        `weight` and `bias` if they were there, `running_mean`, `running_var`, `num_batches_tracked`.

    Raises:
        ValueError: A shape is wrong, or there are not 2 or 4 arrays: PyTorch has no scale without a shift.
    """
    arrays = _counted(weights, 2, 4)
    _vectors("gamma, beta, moving mean or moving variance", arrays)
    scale = "weight bias " if len(arrays) == 4 else ""
    return _state(f"{scale}running_mean running_var num_batches_tracked", *arrays, np.array(0, np.int64))


def layer_norm_to_keras(state: State) -> list[np.ndarray]:
    """`nn.LayerNorm` to `keras.layers.LayerNormalization`, and `nn.RMSNorm` to `keras.layers.RMSNormalization`.

    - weight: `(*normalised)` → gamma (of an RMSNorm: scale): `(*normalised)`
    - bias: `(*normalised)` → beta: `(*normalised)`

    Not in the weights: the defaults of `eps` and `epsilon` differ.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/normalization/layer_normalization.py).

    Args:
        state: `weight` and `bias`; without `bias` for `bias=False` and of an RMSNorm, and empty for
            `elementwise_affine=False`. Over `(channel, *size)`, move the first axis of both to the end before.

    Returns:
        Gamma and beta; gamma alone for `center=False`; nothing for `scale=False, center=False`.

    Raises:
        KeyError: `weight` is missing, but `bias` is there.
        ValueError: The shapes differ, or a name is left over.
    """
    arrays = _named(state, "weight" if state else "", "bias")
    _alike("weight", "bias", arrays)
    return arrays


def layer_norm_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.LayerNormalization` to `nn.LayerNorm`, and `keras.layers.RMSNormalization` to `nn.RMSNorm`.

    - gamma (of an RMSNorm: scale): `(*normalised)` → weight: `(*normalised)`
    - beta: `(*normalised)` → bias: `(*normalised)`

    Args:
        weights: Gamma and beta; or one array, which is taken for gamma; or none. PyTorch has no shift without a scale.

    Returns:
        `weight` and `bias`, as far as they were there.

    Raises:
        ValueError: The shapes differ, or the number of arrays is wrong.
    """
    arrays = _counted(weights, 0, 1, 2)
    _alike("gamma", "beta", arrays)
    return _state("weight bias", *arrays)


def group_norm_to_keras(state: State) -> list[np.ndarray]:
    """`nn.GroupNorm` to `keras.layers.GroupNormalization`, with the same number of groups.

    - weight: `(channel)` → gamma: `(channel)`
    - bias: `(channel)` → beta: `(channel)`

    `nn.InstanceNorm1d`, `2d`, `3d` are the same with a group a channel: `groups=-1` in Keras. By default they hold no
    weights, where GroupNorm does.

    Not in the weights: the defaults of `eps` and `epsilon` differ.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/normalization/group_normalization.py).

    Args:
        state: `weight` and `bias`, or nothing for `affine=False`.

    Returns:
        Gamma and beta, or nothing for `scale=False, center=False`.

    Raises:
        KeyError: One of the two names is missing.
        ValueError: A shape is wrong, or a name is left over: the running statistics of an InstanceNorm with
            `track_running_stats=True`, which Keras does not have.
    """
    arrays = _named(state, "weight bias" if state else "")
    _vectors("weight or bias", arrays)
    return arrays


def group_norm_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.GroupNormalization` to `nn.GroupNorm`, with the same number of groups, or to `nn.InstanceNorm`.

    - gamma: `(channel)` → weight: `(channel)`
    - beta: `(channel)` → bias: `(channel)`

    Args:
        weights: Gamma and beta, or nothing.

    Returns:
        `weight` and `bias`, if they were there.

    Raises:
        ValueError: A shape is wrong, or there are not 0 or 2 arrays: PyTorch has no scale without a shift.
    """
    arrays = _counted(weights, 0, 2)
    _vectors("gamma or beta", arrays)
    return _state("weight bias", *arrays)


# Recurrent -----------------------------------------------------------------------------------------


def rnn_to_keras(state: State, layer: int = 0, reverse: bool = False) -> list[np.ndarray]:
    """One layer of `nn.RNN`, in one direction, to `keras.layers.SimpleRNN`.

    - weight_ih_l0: `(units, in)` → kernel: `(in, units)`
    - weight_hh_l0: `(units, units)` → recurrent_kernel: `(units, units)`, transposed
    - bias_ih_l0 + bias_hh_l0: `(units)` → bias: `(units)`

    Lost: how much of the bias was in which of the two. Both compute with tanh by default.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/rnn/simple_rnn.py).

    Args:
        state: The state of the whole `nn.RNN`, of which this layer and direction is taken.
        layer: Which layer: 1 takes `weight_ih_l1` and so on.
        reverse: Whether to take the backward direction: `weight_ih_l0_reverse` and so on.

    Returns:
        Kernel, recurrent kernel and, unless `bias=False`, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong.
    """
    return _summed(state, 1, layer, reverse)


def rnn_to_torch(weights: Weights, layer: int = 0, reverse: bool = False) -> dict[str, np.ndarray]:
    """`keras.layers.SimpleRNN` to one layer of `nn.RNN`, in one direction; more layers are merged: `{**one, **two}`.

    - kernel: `(in, units)` → weight_ih_l0: `(units, in)`
    - recurrent_kernel: `(units, units)` → weight_hh_l0: `(units, units)`, transposed
    - bias: `(units)` → bias_ih_l0: `(units)`

    Added: bias_hh_l0: `(units)`, zeros of the dtype of the bias.

    Args:
        weights: Kernel, recurrent kernel and, unless `use_bias=False`, bias.
        layer: Which layer to name: 1 gives `weight_ih_l1` and so on.
        reverse: Whether to name the backward direction: `weight_ih_l0_reverse` and so on.

    Returns:
        The two weights and, if there was a bias, the two biases, under the names of this layer and direction.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    return _split(weights, 1, layer, reverse)


def lstm_to_keras(state: State, layer: int = 0, reverse: bool = False) -> list[np.ndarray]:
    """One layer of `nn.LSTM`, in one direction, to `keras.layers.LSTM`.

    - weight_ih_l0: `(4 · units, in)` → kernel: `(in, 4 · units)`
    - weight_hh_l0: `(4 · units, units)` → recurrent_kernel: `(units, 4 · units)`
    - bias_ih_l0 + bias_hh_l0: `(4 · units)` → bias: `(4 · units)`

    The gates are in the same order: input, forget, cell, output. Lost: how much of the bias was in which of the two.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/rnn/lstm.py).

    Args:
        state: The state of the whole `nn.LSTM`, of which this layer and direction is taken.
        layer: Which layer: 1 takes `weight_ih_l1` and so on.
        reverse: Whether to take the backward direction: `weight_ih_l0_reverse` and so on.

    Returns:
        Kernel, recurrent kernel and, unless `bias=False`, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong, or there is a projection (`proj_size`), which Keras does not have.
    """
    return _summed(state, 4, layer, reverse)


def lstm_to_torch(weights: Weights, layer: int = 0, reverse: bool = False) -> dict[str, np.ndarray]:
    """`keras.layers.LSTM` to one layer of `nn.LSTM`, in one direction; more layers are merged: `{**one, **two}`.

    - kernel: `(in, 4 · units)` → weight_ih_l0: `(4 · units, in)`
    - recurrent_kernel: `(units, 4 · units)` → weight_hh_l0: `(4 · units, units)`
    - bias: `(4 · units)` → bias_ih_l0: `(4 · units)`

    Added: bias_hh_l0: `(4 · units)`, zeros of the dtype of the bias.

    Args:
        weights: Kernel, recurrent kernel and, unless `use_bias=False`, bias.
        layer: Which layer to name: 1 gives `weight_ih_l1` and so on.
        reverse: Whether to name the backward direction: `weight_ih_l0_reverse` and so on.

    Returns:
        The two weights and, if there was a bias, the two biases, under the names of this layer and direction.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    return _split(weights, 4, layer, reverse)


def gru_to_keras(state: State, layer: int = 0, reverse: bool = False) -> list[np.ndarray]:
    """One layer of `nn.GRU`, in one direction, to `keras.layers.GRU` with `reset_after=True`, its default.

    - weight_ih_l0: `(3 · units, in)` → kernel: `(in, 3 · units)`
    - weight_hh_l0: `(3 · units, units)` → recurrent_kernel: `(units, 3 · units)`
    - bias_ih_l0 and bias_hh_l0: `(3 · units)` each → bias: `(2, 3 · units)`

    The gates change places: reset, update, new in PyTorch; update, reset, new in Keras.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/rnn/gru.py).

    Args:
        state: The state of the whole `nn.GRU`, of which this layer and direction is taken.
        layer: Which layer: 1 takes `weight_ih_l1` and so on.
        reverse: Whether to take the backward direction: `weight_ih_l0_reverse` and so on.

    Returns:
        Kernel, recurrent kernel and, unless `bias=False`, bias.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong.
    """
    input_, hidden, *biases = map(_swap, _direction(state, 3, layer, reverse))
    return [input_.T, hidden.T, *([np.stack(biases)] if biases else [])]


def gru_to_torch(weights: Weights, layer: int = 0, reverse: bool = False) -> dict[str, np.ndarray]:
    """`keras.layers.GRU` to one layer of `nn.GRU`, in one direction; more layers are merged: `{**one, **two}`.

    - kernel: `(in, 3 · units)` → weight_ih_l0: `(3 · units, in)`
    - recurrent_kernel: `(units, 3 · units)` → weight_hh_l0: `(3 · units, units)`
    - bias: `(2, 3 · units)` → bias_ih_l0 and bias_hh_l0: `(3 · units)` each

    The gates change places: update, reset, new in Keras; reset, update, new in PyTorch.

    Args:
        weights: Kernel, recurrent kernel and, unless `use_bias=False`, bias.
        layer: Which layer to name: 1 gives `weight_ih_l1` and so on.
        reverse: Whether to name the backward direction: `weight_ih_l0_reverse` and so on.

    Returns:
        The two weights and, if there was a bias, the two biases, under the names of this layer and direction.

    Raises:
        ValueError: A shape or the number of arrays is wrong, as is the bias (3 · units) of a layer with
            `reset_after=False`, which PyTorch does not have.
    """
    kernel, recurrent, *bias = _counted(weights, 2, 3)
    units = _kernels(kernel, recurrent, 3)
    for each in bias:
        _shape("bias", each, 2, 3 * units)
    biases = bias[0] if bias else []
    return _layer([_swap(each) for each in (kernel.T, recurrent.T, *biases)], layer, reverse)


def bidirectional_lstm_to_keras(state: State, layer: int = 0) -> list[np.ndarray]:
    """One layer of `nn.LSTM(bidirectional=True)` to `keras.layers.Bidirectional(keras.layers.LSTM(...))`.

    The arrays of the forward direction, then those of the backward one, each as `lstm_to_keras` gives them. Keras'
    default `merge_mode="concat"` is what PyTorch does.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/rnn/bidirectional.py).

    Args:
        state: The state of the whole `nn.LSTM`.
        layer: Which layer.

    Returns:
        Six arrays; four with `bias=False`.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong, or there is a projection.
    """
    return lstm_to_keras(state, layer) + lstm_to_keras(state, layer, reverse=True)


def bidirectional_lstm_to_torch(weights: Weights, layer: int = 0) -> dict[str, np.ndarray]:
    """`keras.layers.Bidirectional(keras.layers.LSTM(...))` to one layer of `nn.LSTM(bidirectional=True)`.

    Both directions as `lstm_to_torch` gives them: bias_hh_l0 and bias_hh_l0_reverse are added, zeros.

    Args:
        weights: Six arrays, or four with `use_bias=False`: forward, then backward.
        layer: Which layer to name.

    Returns:
        The arrays of both directions, under the names of this layer.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    half = len(_counted(weights, 4, 6)) // 2
    return lstm_to_torch(weights[:half], layer) | lstm_to_torch(weights[half:], layer, reverse=True)


def bidirectional_gru_to_keras(state: State, layer: int = 0) -> list[np.ndarray]:
    """One layer of `nn.GRU(bidirectional=True)` to `keras.layers.Bidirectional(keras.layers.GRU(...))`.

    The arrays of the forward direction, then those of the backward one, each as `gru_to_keras` gives them.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/rnn/bidirectional.py).

    Args:
        state: The state of the whole `nn.GRU`.
        layer: Which layer.

    Returns:
        Six arrays; four with `bias=False`.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong.
    """
    return gru_to_keras(state, layer) + gru_to_keras(state, layer, reverse=True)


def bidirectional_gru_to_torch(weights: Weights, layer: int = 0) -> dict[str, np.ndarray]:
    """`keras.layers.Bidirectional(keras.layers.GRU(...))` to one layer of `nn.GRU(bidirectional=True)`.

    Both directions as `gru_to_torch` gives them.

    Args:
        weights: Six arrays, or four with `use_bias=False`: forward, then backward.
        layer: Which layer to name.

    Returns:
        The arrays of both directions, under the names of this layer.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    half = len(_counted(weights, 4, 6)) // 2
    return gru_to_torch(weights[:half], layer) | gru_to_torch(weights[half:], layer, reverse=True)


# Attention -----------------------------------------------------------------------------------------


def multihead_attention_to_keras(state: State, heads: int) -> list[np.ndarray]:
    """`nn.MultiheadAttention` to `keras.layers.MultiHeadAttention(heads, key_dim=size // heads)`.

    - in_proj_weight: `(3 · size, size)` → for query, key and value each a kernel: `(size, heads, size / heads)`
    - in_proj_bias: `(3 · size)` → for query, key and value each a bias: `(heads, size / heads)`
    - out_proj.weight: `(size, size)` → kernel: `(heads, size / heads, size)`
    - out_proj.bias: `(size)` → bias: `(size)`

    With `kdim` or `vdim` of another size, PyTorch holds q_proj_weight: (size, size), k_proj_weight: (size, kdim) and
    v_proj_weight: (size, vdim) instead of in_proj_weight.

    Layouts: [PyTorch](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html),
    [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/attention/multi_head_attention.py).

    Args:
        state: The weights and, unless `bias=False`, the biases.
        heads: PyTorch's `num_heads`, which the state does not tell.

    Returns:
        Eight arrays: kernel and bias of query, key, value and output. Without biases, four.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong; the size is no multiple of the heads; or a name is left over, such as `bias_k`
            (`add_bias_kv=True`), which Keras does not have.
    """
    packed = "q_proj_weight" not in state
    inputs = "in_proj_weight" if packed else "q_proj_weight k_proj_weight v_proj_weight"
    found = _named(state, f"{inputs} out_proj.weight", "in_proj_bias out_proj.bias")
    number = len(inputs.split())
    kernels, output, biases = found[:number], found[number], found[number + 1 :]
    size, _ = _shape("out_proj.weight", output, "size", "size")
    _shape("out_proj.weight", output, size, size)
    if heads < 1 or size % heads:
        raise ValueError(f"out_proj.weight: the size {size} is no multiple of {heads} heads")
    if packed:
        _shape("in_proj_weight", kernels[0], 3 * size, size)
        kernels = np.split(kernels[0], 3)
    for name, each in zip("qkv", kernels):
        _shape(f"{name}_proj_weight", each, size, f"inputs of {name}")
    turned = [each.T.reshape(-1, heads, size // heads) for each in kernels]
    turned.append(output.T.reshape(heads, size // heads, size))
    if not biases:
        return turned
    _shape("in_proj_bias", biases[0], 3 * size)
    _shape("out_proj.bias", biases[1], size)
    shifts = [*biases[0].reshape(3, heads, size // heads), biases[1]]
    return [each for pair in zip(turned, shifts) for each in pair]


def multihead_attention_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.MultiHeadAttention` to `nn.MultiheadAttention`.

    - for query, key and value each a kernel: `(size, heads, size / heads)` → in_proj_weight: `(3 · size, size)`
    - for query, key and value each a bias: `(heads, size / heads)` → in_proj_bias: `(3 · size)`
    - kernel: `(heads, size / heads, size)` → out_proj.weight: `(size, size)`
    - bias: `(size)` → out_proj.bias: `(size)`

    Where keys or values come with another size than queries: q_proj_weight, k_proj_weight and v_proj_weight.

    Args:
        weights: Eight arrays: kernel and bias of query, key, value and output. With `use_bias=False`, four.

    Returns:
        The weights and, if there were biases, the biases.

    Raises:
        ValueError: A shape or the number of arrays is wrong; such as `key_dim` other than the size of queries divided
            by the heads, or another `value_dim` or `output_shape`, which PyTorch does not have.
    """
    step = len(_counted(weights, 4, 8)) // 4
    *kernels, output = weights[::step]
    heads, head, size = _shape("kernel of the output", output, "heads", "size / heads", "size")
    if heads * head != size:
        raise ValueError(f"kernel of the output: the size {size} is not {heads} heads · {head}, as PyTorch needs it")
    _shape("kernel of the query", kernels[0], size, heads, head)
    for name, each in zip(("key", "value"), kernels[1:]):
        _shape(f"kernel of the {name}", each, f"inputs of the {name}", heads, head)
    turned = [each.reshape(-1, size).T for each in kernels]
    if all(each.shape == (size, size) for each in turned):
        state = {"in_proj_weight": np.concatenate(turned)}
    else:
        state = dict(zip(("q_proj_weight", "k_proj_weight", "v_proj_weight"), turned))
    state["out_proj.weight"] = output.reshape(size, size).T
    if step == 2:
        *inputs, last = weights[1::2]
        for each in inputs:
            _shape("bias of query, key or value", each, heads, head)
        _shape("bias of the output", last, size)
        state |= {"in_proj_bias": np.concatenate(inputs).reshape(-1), "out_proj.bias": last}
    return state


def split_attention_to_keras(state: State, heads: int) -> list[np.ndarray]:
    """Attention written with four `nn.Linear` to `keras.layers.MultiHeadAttention(heads, key_dim=inner // heads)`.

    - q_proj.weight, k_proj.weight, v_proj.weight: `(inner, in)` → kernel of each: `(in, heads, inner / heads)`
    - q_proj.bias, k_proj.bias, v_proj.bias: `(inner)` → bias of each: `(heads, inner / heads)`
    - out_proj.weight: `(out, inner)` → kernel: `(heads, inner / heads, out)`
    - out_proj.bias: `(out)` → bias: `(out)`

    Programs give the four other names, `to_q` or `wq`: rename them before. Inside it may be narrower than outside,
    which `nn.MultiheadAttention` cannot be. It has to divide by the root of the size of a head, as Keras does.

    Layout: [Keras](https://github.com/keras-team/keras/blob/master/keras/src/layers/attention/multi_head_attention.py).

    Args:
        state: The weights and, unless all have `bias=False`, the biases of the four.
        heads: Into how many the program splits what the first three give.

    Returns:
        Eight arrays: kernel and bias of query, key, value and output. Without biases, four.

    Raises:
        KeyError: A name is missing.
        ValueError: A shape is wrong, the inner size is no multiple of the heads, or a name is left over.
    """
    names = ("q_proj", "k_proj", "v_proj", "out_proj")
    found = _named(state, *(" ".join(f"{name}.{kind}" for name in names) for kind in ("weight", "bias")))
    *kernels, output = found[:4]
    out, inner = _shape("out_proj.weight", output, "out", "inner")
    if heads < 1 or inner % heads:
        raise ValueError(f"out_proj.weight: the inner size {inner} is no multiple of {heads} heads")
    for name, each in zip(names, kernels):
        _shape(f"{name}.weight", each, inner, "in")
    turned = [each.T.reshape(-1, heads, inner // heads) for each in kernels]
    turned.append(output.T.reshape(heads, inner // heads, out))
    if not found[4:]:
        return turned
    _vectors("bias of q_proj, k_proj or v_proj", found[4:7], inner)
    _vectors("out_proj.bias", found[7:], out)
    shifts = [*(each.reshape(heads, inner // heads) for each in found[4:7]), found[7]]
    return [each for pair in zip(turned, shifts) for each in pair]


def split_attention_to_torch(weights: Weights) -> dict[str, np.ndarray]:
    """`keras.layers.MultiHeadAttention` to attention written with four `nn.Linear`.

    - kernel of query, key, value: `(in, heads, inner / heads)` → q_proj.weight and so on: `(inner, in)`
    - bias of query, key, value: `(heads, inner / heads)` → q_proj.bias and so on: `(inner)`
    - kernel of the output: `(heads, inner / heads, out)` → out_proj.weight: `(out, inner)`
    - bias of the output: `(out)` → out_proj.bias: `(out)`

    Args:
        weights: Eight arrays: kernel and bias of query, key, value and output. With `use_bias=False`, four.

    Returns:
        The weights and, if there were biases, the biases, under these names.

    Raises:
        ValueError: A shape or the number of arrays is wrong.
    """
    step = len(_counted(weights, 4, 8)) // 4
    *kernels, output = weights[::step]
    heads, head, out = _shape("kernel of the output", output, "heads", "inner / heads", "out")
    for name, each in zip(("query", "key", "value"), kernels):
        _shape(f"kernel of the {name}", each, "in", heads, head)
    names = ("q_proj", "k_proj", "v_proj")
    state = {f"{name}.weight": each.reshape(-1, heads * head).T for name, each in zip(names, kernels)}
    state["out_proj.weight"] = output.reshape(heads * head, out).T
    if step == 2:
        *inputs, last = weights[1::2]
        for each in inputs:
            _shape("bias of query, key or value", each, heads, head)
        _shape("bias of the output", last, out)
        state |= {f"{name}.bias": each.reshape(-1) for name, each in zip(names, inputs)} | {"out_proj.bias": last}
    return state


# Names, numbers and shapes -------------------------------------------------------------------------


def _named(state: State, needed: str, optional: str = "") -> list[np.ndarray]:
    """The arrays of the needed names, then of the optional ones: all of these or none."""
    names = needed.split()
    if set(optional.split()) & set(state):
        names += optional.split()
    missing, left = [name for name in names if name not in state], [name for name in state if name not in names]
    if missing:
        raise KeyError(f"no {missing[0]!r} among {', '.join(map(repr, state)) or 'nothing'}")
    if left:
        raise ValueError(f"{left[0]!r} has no place in this layer of Keras")
    return [np.asarray(state[name]) for name in names]


def _counted(weights: Weights, *numbers: int) -> list[np.ndarray]:
    if len(weights) not in numbers:
        raise ValueError(f"{len(weights)} arrays of Keras, not {' or '.join(map(str, numbers))}")
    return [np.asarray(each) for each in weights]


def _state(names: str, *arrays: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(names.split(), arrays))


def _shape(name: str, array: np.ndarray, *wanted: int | str) -> tuple[int, ...]:
    """The shape of the array, if it is the one that is wanted, where a word stands for any number."""
    at = wanted.index("*size") if "*size" in wanted else None
    sides: tuple[int | str, ...] = wanted
    if at is not None and len(wanted) <= array.ndim <= len(wanted) + 2:
        sides = (*wanted[:at], *["size"] * (array.ndim - len(wanted) + 1), *wanted[at + 1 :])
    fits = len(sides) == array.ndim and all(
        isinstance(side, str) or side == size for side, size in zip(sides, array.shape)
    )
    if not fits:
        raise ValueError(f"{name}: shape {array.shape}, not ({', '.join(map(str, wanted))})")
    return array.shape


def _vectors(name: str, arrays: Weights, size: int | None = None) -> None:
    for each in arrays:
        _shape(name, each, arrays[0].size if size is None else size)


def _alike(first: str, second: str, arrays: Weights) -> None:
    if len({each.shape for each in arrays}) > 1:
        raise ValueError(f"{second}: shape {arrays[1].shape}, not {arrays[0].shape} as {first}")


def _features(kernel: np.ndarray, shape: Sequence[int]) -> None:
    _shape("kernel", kernel, "in", "out")
    if kernel.shape[0] != np.prod(shape):
        raise ValueError(f"{kernel.shape[0]} features go in, not {' · '.join(map(str, shape))} = {np.prod(shape)}")


# Layouts -------------------------------------------------------------------------------------------


def _size_first(weight: np.ndarray) -> np.ndarray:
    return weight.transpose(*range(2, weight.ndim), 1, 0)


def _size_last(kernel: np.ndarray) -> np.ndarray:
    return kernel.transpose(-1, -2, *range(kernel.ndim - 2))


def _end(layer: int, reverse: bool) -> str:
    return f"_l{layer}_reverse" if reverse else f"_l{layer}"


def _names(kind: str, layer: int, reverse: bool) -> str:
    return " ".join(f"{kind}_{side}{_end(layer, reverse)}" for side in ("ih", "hh"))


def _direction(state: State, gates: int, layer: int, reverse: bool) -> list[np.ndarray]:
    """The weights and biases of one layer in one direction."""
    end = _end(layer, reverse)
    own = {name: each for name, each in state.items() if name.endswith(end)}
    found = _named(own, _names("weight", layer, reverse), _names("bias", layer, reverse))
    _, units = _shape(f"weight_hh{end}", found[1], f"{gates} · units", "units")
    _shape(f"weight_hh{end}", found[1], gates * units, units)
    _shape(f"weight_ih{end}", found[0], gates * units, "in")
    _vectors(f"a bias of {end[1:]}", found[2:], gates * units)
    return found


def _layer(arrays: Sequence[np.ndarray], layer: int, reverse: bool) -> dict[str, np.ndarray]:
    """The reverse of `_direction`."""
    return _state(f"{_names('weight', layer, reverse)} {_names('bias', layer, reverse)}", *arrays)


def _summed(state: State, gates: int, layer: int, reverse: bool) -> list[np.ndarray]:
    """One layer in one direction for Keras, whose one bias is the sum of the two."""
    input_, hidden, *biases = _direction(state, gates, layer, reverse)
    return [input_.T, hidden.T, *([biases[0] + biases[1]] if biases else [])]


def _split(weights: Weights, gates: int, layer: int, reverse: bool) -> dict[str, np.ndarray]:
    """The reverse of `_summed`: the bias is the first of two, and the second is zero."""
    kernel, recurrent, *bias = _counted(weights, 2, 3)
    _vectors("bias", bias, gates * _kernels(kernel, recurrent, gates))
    return _layer([kernel.T, recurrent.T, *bias, *map(np.zeros_like, bias)], layer, reverse)


def _kernels(kernel: np.ndarray, recurrent: np.ndarray, gates: int) -> int:
    """The number of units, if the kernels have the shapes of Keras."""
    units, _ = _shape("recurrent kernel", recurrent, "units", f"{gates} · units")
    _shape("recurrent kernel", recurrent, units, gates * units)
    _shape("kernel", kernel, "in", gates * units)
    return units


def _swap(array: np.ndarray) -> np.ndarray:
    """Exchanges the first and the second of three gates."""
    first, second, third = np.split(array, 3)
    return np.concatenate([second, first, third])
