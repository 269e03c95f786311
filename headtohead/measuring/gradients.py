"""Gradients of both sides of a row, for the same weighted sum of what they give."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from headtohead.comparing.arrays import compare
from headtohead.content import tolerances
from headtohead.content.inputs import LAYOUTS
from headtohead.content.rows import Row
from headtohead.measuring.closeness import closeness
from headtohead.measuring.side import Run
from headtohead.measuring.values import Disagree, flatten, short
from headtohead.records.model import Gradient


def gradients(row: Row, left: Run, right: Run, other: str) -> Gradient:
    """The largest difference of gradients by input; why there is none, where there is none."""
    import tensorflow as tf
    import torch

    if row.no_gradient:
        return Gradient(row.no_gradient)
    outs = [(a, b) for a, b in zip(flatten(left.value()), flatten(right.value())) if getattr(a, "requires_grad", False)]
    names = sorted(left.expression.inputs & right.expression.inputs)
    if not outs or right.tape is None:
        return Gradient()
    if any(a.dtype.is_complex for a, _ in outs):
        return Gradient("complex")
    leaves = {name: each for name in names if (each := left.given[name]).requires_grad}
    if not leaves:
        return Gradient()
    weights = [_weights(a, b, channels_last=not left.expression.inputs & LAYOUTS) for a, b in outs]
    mine = torch.autograd.grad(
        [a for a, _ in outs],
        list(leaves.values()),
        [torch.tensor(ours).to(a.dtype) for (ours, _), (a, _) in zip(weights, outs)],
        allow_unused=True,
    )
    theirs = right.tape.gradient(
        [tf.convert_to_tensor(b) for _, b in outs],
        [right.given[name] for name in leaves],
        [tf.cast(its, b.dtype) for (_, its), (_, b) in zip(weights, outs)],
    )
    apart = {}
    for (name, leaf), gradient, given in zip(leaves.items(), mine, theirs):
        a = np.zeros(tuple(leaf.shape), "float32") if gradient is None else gradient.numpy()
        b = tf.convert_to_tensor(given).numpy() if given is not None else np.zeros(right.given[name].shape, "float32")
        if name in LAYOUTS:
            a = np.moveaxis(a, 1, -1)
        found = compare(a, b, **closeness(row, a, b, tolerances.GRADIENT, left.side.given.scaled))
        if not found.holds:
            what = f"gradient for {name} off by {found.absolute:.3g} in {other}"
            raise Disagree(f"{what}: {short(a)} in PyTorch, {short(b)} there")
        apart[name] = found.absolute
    return Gradient(off=apart)


def _weights(left: Any, right: Any, channels_last: bool) -> tuple[np.ndarray, np.ndarray]:
    """The weights of what both sides give, in the layout of each, so that no element stands for another."""
    weight = np.cos(np.arange(math.prod(right.shape), dtype="float32") + 1).reshape(right.shape)
    turn = not channels_last and left.ndim == len(right.shape) and left.ndim > 2
    return np.ascontiguousarray(np.moveaxis(weight, -1, 1)) if turn else weight, weight
