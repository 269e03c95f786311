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
    total, target = _sums(outs, channels_last=not left.expression.inputs & LAYOUTS)
    mine = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
    apart = {}
    for (name, leaf), gradient in zip(leaves.items(), mine):
        given = right.tape.gradient(target, right.given[name])
        a = np.zeros(tuple(leaf.shape), "float32") if gradient is None else gradient.numpy()
        b = tf.convert_to_tensor(given).numpy() if given is not None else np.zeros(right.given[name].shape, "float32")
        if name in LAYOUTS:
            a = np.moveaxis(a, 1, -1)
        found = compare(a, b, **closeness(row, left.side.given, a, b, tolerances.GRADIENT))
        if not found.holds:
            what = f"gradient for {name} off by {found.absolute:.3g} in {other}"
            raise Disagree(f"{what}: {short(a)} in PyTorch, {short(b)} there")
        apart[name] = found.absolute
    return Gradient(off=apart)


def _sums(outs: list[tuple[Any, Any]], channels_last: bool) -> tuple[Any, Any]:
    """A number of each side: what it gives, weighted so that no element stands for another."""
    import tensorflow as tf
    import torch

    total, target = 0, 0
    for a, b in outs:
        weight = np.cos(np.arange(math.prod(b.shape), dtype="float32") + 1).reshape(b.shape)
        turn = not channels_last and a.ndim == len(b.shape) and a.ndim > 2
        turned = np.moveaxis(weight, -1, 1) if turn else weight
        total = total + (a * torch.tensor(np.ascontiguousarray(turned)).to(a.dtype)).sum()
        target = target + tf.reduce_sum(tf.cast(b, tf.float32) * weight)
    return total, target
