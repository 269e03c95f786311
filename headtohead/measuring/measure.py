"""Measures rows of the API map: both sides on the same inputs, values, dtypes and gradients compared."""

from __future__ import annotations

import ast
import contextlib
import math
from dataclasses import replace
from typing import Any

import numpy as np

from headtohead.comparing.arrays import compare
from headtohead.content import tolerances
from headtohead.content.categories import categorise
from headtohead.content.inputs import LAYOUTS
from headtohead.content.rows import LABELS, Row
from headtohead.measuring.defaults import default, defaults, without
from headtohead.measuring.edges import edges
from headtohead.measuring.gradients import gradients
from headtohead.measuring.inputs import arrays
from headtohead.measuring.side import Run, Side
from headtohead.measuring.training import STEPS, rates, steps
from headtohead.measuring.values import Disagree, short
from headtohead.measuring.weights import weights_for
from headtohead.records.model import Measurement

DRAWS = 100_000  # of a random row


def sides() -> dict[str, Side]:
    """Every side, over the same inputs."""
    drawn = arrays()
    return {name: Side(name, drawn) for name in LABELS}


def measure(row: Row, sides: dict[str, Side]) -> Measurement:
    """What a row gives; raises `Disagree` with what is wrong with it."""
    try:
        for side, name in row.names.items():
            sides[side].check_name(name)
        compared = {other: compared_with(row, sides, other) for other in row.sides if other != "torch"}
        other = next(iter(compared))
        found = {side: defaults(row, sides[side]) for side in row.sides}
        return replace(
            compared[other],
            names=row.names,
            category=categorise(row, not row.random and _needed(row, sides, compared)),
            edges={} if row.random else edges(row, sides, other),
            defaults={side: each for side, (each, _) in found.items() if each},
            unless={side: each for side, (_, each) in found.items() if each},
        )
    except Disagree:
        raise
    except Exception as error:
        line = next((line for line in str(error).splitlines() if line.strip()), "")
        raise Disagree(f"{type(error).__name__}: {line[:200]}") from error


def compared_with(row: Row, sides: dict[str, Side], other: str) -> Measurement:
    """Compares one side with PyTorch's; raises `Disagree` where they do not agree."""
    import keras
    import torch

    torch.manual_seed(0)
    keras.utils.set_random_seed(0)
    with contextlib.ExitStack() as stack:
        left = Run(sides["torch"], row.expressions["torch"], training=row.random)
        right = Run(sides[other], row.expressions[other], stack)
        if row.random:
            return _same_distribution(left.values(), right.values())
        if hasattr(left.value(), "zero_grad") and hasattr(right.value(), "apply"):
            return _same_steps(left.value(), right.value(), row)
        if hasattr(left.value(), "get_last_lr"):
            return _same_rates(left.value(), right.value(), row)
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
        found = compare(a, b, rtol=row.rtol, atol=row.atol)
        if not found.holds:
            raise Disagree(f"off by {found.absolute:.3g} in {other}: {short(a)} in PyTorch, {short(b)} there")
        absolute = max(absolute, found.absolute)
    return Measurement(
        shape=[list(a.shape) for a in ours],
        dtype=[[str(a.dtype), str(b.dtype)] for a, b in zip(ours, theirs)],
        absolute=absolute,
        gradient=gradients(row, left, right, other),
    )


def _same_steps(optimizer: Any, other: Any, row: Row) -> Measurement:
    """Takes steps from the same numbers with the same gradients; raises `Disagree` where they part."""
    rtol, atol = (stated or usual for stated, usual in zip((row.rtol, row.atol), tolerances.STEP))
    absolute = 0.0
    for step, (a, b) in enumerate(steps(optimizer, other, 1.0), 1):
        found = compare(a, b, rtol=rtol, atol=atol)
        if not found.holds:
            what = f"after step {step} off by {found.absolute:.3g}"
            raise Disagree(f"{what}: {short(a)} in PyTorch, {short(b)} in Keras")
        absolute = max(absolute, found.absolute)
    return Measurement(shape=[list(a.shape)], dtype=[["float32", "float32"]], absolute=absolute, steps=STEPS)


def _same_rates(schedule: Any, other: Any, row: Row) -> Measurement:
    """Follows the learning rate for some steps; raises `Disagree` where they part."""
    rtol, atol = (stated or usual for stated, usual in zip((row.rtol, row.atol), tolerances.RATE))
    absolute = 0.0
    for step, (a, b) in enumerate(zip(rates(schedule), rates(other))):
        found = compare(a, b, rtol=rtol, atol=atol)
        if not found.holds:
            raise Disagree(f"at step {step} the rate is {a:.6g} in PyTorch, {b:.6g} in Keras")
        absolute = max(absolute, found.absolute)
    return Measurement(shape=[[]], dtype=[], absolute=absolute, steps=2 * STEPS)


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


# Arguments for what one CPU, or the value that is compared, does not show: several devices, the order of equal
# elements, the vectors of a decomposition of which the row takes the values, an epsilon beside numbers of size 1.
UNSEEN = {"synchronized", "stable", "full_matrices", "epsilon", "eps"}


def _needed(row: Row, sides: dict[str, Side], compared: dict[str, Measurement]) -> bool:
    """Whether an argument that one side alone gives is needed: without it the two do not agree any more.

    Each side is held against PyTorch's; `compared` is what that gave. Raises `Disagree` for an argument that is not
    needed: a row shows what a reader has to write, and no more.
    """
    needed = False
    for other, whole in compared.items():
        for side, against in ((other, "torch"), ("torch", other)):
            expression = row.expressions[side]
            values = {_value(value) for _, value in row.expressions[against].arguments}
            for name, value in expression.arguments:
                about = row.names[side].rpartition(".")[2] in value  # the argument is what the row is about
                if not name or _value(value) in values or not expression.head or about:
                    continue
                shorter = replace(row, **{side: without(expression, name)})
                alike = _agrees(shorter, sides, other) == whole
                if alike and name not in UNSEEN:
                    raise Disagree(f"{name}={value} changes nothing in {side}: leave it out")
                needed = needed or not alike or _value(value) != default(sides[side], row.names[side], name)
    return needed


def _agrees(row: Row, sides: dict[str, Side], other: str) -> Measurement | None:
    """What comparing gives; None where the two do not agree, or one of them raises."""
    try:
        return compared_with(row, sides, other)
    except Exception:
        return None


def _value(text: str) -> Any:
    with contextlib.suppress(ValueError, SyntaxError):
        return repr(ast.literal_eval(text))
    return text
