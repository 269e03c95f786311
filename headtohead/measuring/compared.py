"""Holds one side of a row against PyTorch's: values, dtypes and gradients, steps, rates or distributions."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np

from headtohead.comparing.arrays import compare
from headtohead.content import tolerances
from headtohead.content.inputs import LAYOUTS
from headtohead.content.rows import Row
from headtohead.measuring.closeness import closeness
from headtohead.measuring.gradients import gradients
from headtohead.measuring.inputs import Set
from headtohead.measuring.side import Run, Side
from headtohead.measuring.training import rates, steps
from headtohead.measuring.values import Disagree, short
from headtohead.measuring.weights import weights_for
from headtohead.records.model import Measurement

DRAWS = 100_000  # of a random row


def compared_with(row: Row, sides: dict[str, Side], other: str) -> Measurement:
    """Compares one side with PyTorch's; raises `Disagree` where they do not agree."""
    import keras
    import torch

    torch.manual_seed(sides["torch"].given.seed)
    keras.utils.set_random_seed(sides[other].given.seed)
    with contextlib.ExitStack() as stack:
        left = Run(sides["torch"], row.expressions["torch"], training=row.random)
        right = Run(sides[other], row.expressions[other], stack)
        if row.random:
            return _same_distribution(left.values(), right.values())
        if hasattr(left.value(), "zero_grad") and hasattr(right.value(), "apply"):
            return _same_steps(left.value(), right.value(), row, left.side.given)
        if hasattr(left.value(), "get_last_lr"):
            return _same_rates(left.value(), right.value(), row, left.side.given)
        carry_weights(left, right)
        return _same_values(row, left, right, other)


def carry_weights(left: Run, right: Run) -> None:
    """Gives the layer of the right side the weights of the left one's."""
    if left.layer is None or right.layer is None or not getattr(left.layer, "state_dict", dict)():
        return
    right.call()  # builds it
    right.layer.set_weights(weights_for(left.layer, right.layer))


def _same_values(row: Row, left: Run, right: Run, other: str) -> Measurement:
    """Compares what both give, and its gradients; raises `Disagree` where they part."""
    ours, theirs = left.values(), right.values()
    if len(ours) != len(theirs):
        raise Disagree(f"gives {len(ours)} arrays in PyTorch, {len(theirs)} in {other}")
    if left.expression.inputs & LAYOUTS:
        ours = [np.moveaxis(a, 1, -1) if a.ndim == b.ndim and a.ndim > 2 else a for a, b in zip(ours, theirs)]
    absolute = 0.0
    for a, b in zip(ours, theirs):
        if a.shape != b.shape:
            raise Disagree(f"shape {list(a.shape)} in PyTorch, {list(b.shape)} in {other}")
        found = compare(a, b, **closeness(row, a, b, scaled=left.side.given.scaled))
        if not found.holds:
            raise Disagree(f"off by {found.absolute:.3g} in {other}: {short(a)} in PyTorch, {short(b)} there")
        absolute = max(absolute, found.absolute)
    return Measurement(
        shape=[list(a.shape) for a in ours],
        dtype=[[str(a.dtype), str(b.dtype)] for a, b in zip(ours, theirs)],
        absolute=absolute,
        gradient=gradients(row, left, right, other),
    )


def _same_steps(optimizer: Any, other: Any, row: Row, given: Set) -> Measurement:
    """Takes steps from the same numbers with the same gradients; raises `Disagree` where they part."""
    absolute = 0.0
    for step, (a, b) in enumerate(steps(optimizer, other, given.walk), 1):
        found = compare(a, b, **closeness(row, a, b, tolerances.STEP))
        if not found.holds:
            what = f"after step {step} off by {found.absolute:.3g}"
            raise Disagree(f"{what}: {short(a)} in PyTorch, {short(b)} in Keras")
        absolute = max(absolute, found.absolute)
    return Measurement(shape=[list(a.shape)], dtype=[[str(a.dtype), str(b.dtype)]], absolute=absolute, steps=step)


def _same_rates(schedule: Any, other: Any, row: Row, given: Set) -> Measurement:
    """Follows the learning rate for some steps; raises `Disagree` where they part."""
    absolute, count = 0.0, 2 * given.walk.steps
    for step, (a, b) in enumerate(zip(rates(schedule, count), rates(other, count))):
        found = compare(a, b, **closeness(row, a, b, tolerances.RATE))
        if not found.holds:
            raise Disagree(f"at step {step} the rate is {a:.6g} in PyTorch, {b:.6g} in Keras")
        absolute = max(absolute, found.absolute)
    return Measurement(shape=[[]], dtype=[], absolute=absolute, steps=count)


def _same_distribution(ours: list[np.ndarray], theirs: list[np.ndarray]) -> Measurement:
    """Holds quantiles of two large draws against each other; raises `Disagree` where they are apart."""
    drawn = [np.concatenate([each.ravel() for each in side]).astype("float64") for side in (ours, theirs)]
    a, b = (np.sort(each.round(5)) for each in drawn)  # the same number twice may be a rounding apart
    if min(a.size, b.size) < DRAWS // 10:
        raise Disagree(f"draws only {min(a.size, b.size)} numbers: let it draw {DRAWS}")
    both = np.concatenate([a, b])
    apart = np.abs(np.searchsorted(a, both, "right") / a.size - np.searchsorted(b, both, "right") / b.size).max()
    limit = tolerances.DISTRIBUTION * math.sqrt(1 / a.size + 1 / b.size)
    if apart > limit:
        raise Disagree(f"the distributions are apart by {apart:.3f}, {limit:.3f} is chance: {short(a)} and {short(b)}")
    return Measurement(shape=[list(each.shape) for each in ours], dtype=[], absolute=float(apart))
