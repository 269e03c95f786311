"""Runs rows of the API map: both sides on the same inputs, values, dtypes and gradients compared. Needs the frameworks.

    python -m headtohead.api.measure ROOT SECONDS ASLEEP

reads the names of areas of a repository, a line each, and answers with a line of JSON a row. An area may use that many
seconds of CPU time, and be asleep for that many.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import math
import os
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from headtohead import watch
from headtohead.agreement import TOLERANCES
from headtohead.api import inputs
from headtohead.api.count import COUNT, count, gone
from headtohead.api.defaults import default, defaults, without
from headtohead.api.edges import edges
from headtohead.api.rows import Row, categorise, read
from headtohead.api.sides import STEPS, Disagree, Run, Side, allowed, distance, flat, rates, short, steps

DRAWS = 100_000  # of a random row


def measure(row: Row, sides: dict[str, Side]) -> dict[str, Any]:
    """What a row gives: category, shape, dtype, the largest differences; or `broken`, what is wrong with it."""
    result: dict[str, Any] = {"names": row.names}
    try:
        for side, name in row.names.items():
            sides[side].check_name(name)
        compared = {other: compare(row, sides, other) for other in row.sides if other != "torch"}
        other = next(iter(compared))
        result |= compared[other]
        result["category"] = categorise(row, not row.random and _needed(row, sides, compared))
        result["edges"] = {} if row.random else edges(row, sides, other)
        found = {side: defaults(row, sides[side]) for side in row.sides}
        result["defaults"] = {side: each for side, (each, _) in found.items() if each}
        result["unless"] = {side: each for side, (_, each) in found.items() if each}
    except Disagree as problem:
        result["broken"] = str(problem)
    except Exception as error:
        line = next((line for line in str(error).splitlines() if line.strip()), "")
        result["broken"] = f"{type(error).__name__}: {line[:200]}"
    return result


def compare(row: Row, sides: dict[str, Side], other: str) -> dict[str, Any]:
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
        carry(left, right)
        return _agree(row, left, right, other)


def carry(left: Run, right: Run) -> None:
    """Gives the layer of the right side the weights of the left one's."""
    if left.layer is None or right.layer is None or not getattr(left.layer, "state_dict", dict)():
        return
    from headtohead.api.carry import weights

    right.call()  # builds it
    right.layer.set_weights(weights(left.layer, right.layer))


def _agree(row: Row, left: Run, right: Run, other: str) -> dict[str, Any]:
    layout = left.expression.inputs & inputs.LAYOUTS
    ours, theirs = left.values(), right.values()
    if len(ours) != len(theirs):
        raise Disagree(f"gives {len(ours)} arrays in PyTorch, {len(theirs)} in {other}")
    result: dict[str, Any] = {"shape": [], "dtype": [], "absolute": 0.0}
    if layout:
        ours = [np.moveaxis(a, 1, -1) if a.ndim == b.ndim and a.ndim > 2 else a for a, b in zip(ours, theirs)]
    for a, b in zip(ours, theirs):
        if a.shape != b.shape:
            raise Disagree(f"shape {list(a.shape)} in PyTorch, {list(b.shape)} in {other}")
        off = distance(a, b)
        rtol, atol = TOLERANCES.get(a.dtype.name, (0.0, 0.0))
        rtol, atol = row.rtol if row.rtol is not None else rtol, row.atol if row.atol is not None else atol
        if not off <= allowed(b, rtol, atol):
            raise Disagree(f"off by {off:.3g} in {other}: {short(a)} in PyTorch, {short(b)} there")
        result["shape"].append(list(a.shape))
        result["dtype"].append([str(a.dtype), str(b.dtype)])
        result["absolute"] = max(result["absolute"], off if math.isfinite(off) else 0.0)
    result["gradient"] = _gradients(row, left, right, other)
    return result


def _gradients(row: Row, left: Run, right: Run, other: str) -> dict[str, Any]:
    """The largest difference of gradients by input; why there is none, where there is none."""
    if row.no_gradient:
        return {"why": row.no_gradient}
    outs = [(a, b) for a, b in zip(flat(left.value()), flat(right.value())) if getattr(a, "requires_grad", False)]
    names = sorted(left.expression.inputs & right.expression.inputs)
    if not outs or right.tape is None:
        return {}
    import tensorflow as tf
    import torch

    layout = left.expression.inputs & inputs.LAYOUTS
    total, target = 0, 0
    for a, b in outs:
        if a.dtype.is_complex:
            return {"why": "complex"}
        weight = np.cos(np.arange(math.prod(b.shape), dtype="float32") + 1).reshape(b.shape)
        turned = np.moveaxis(weight, -1, 1) if layout and a.ndim == len(b.shape) and a.ndim > 2 else weight
        total = total + (a * torch.tensor(np.ascontiguousarray(turned)).to(a.dtype)).sum()
        target = target + tf.reduce_sum(tf.cast(b, tf.float32) * weight)
    leaves = {name: each for name in names if (each := left.given[name]).requires_grad}
    if not leaves:
        return {}
    mine = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
    result = {}
    for (name, leaf), gradient in zip(leaves.items(), mine):
        given = right.tape.gradient(target, right.given[name])
        a = np.zeros(tuple(leaf.shape), "float32") if gradient is None else gradient.numpy()
        b = tf.convert_to_tensor(given).numpy() if given is not None else np.zeros(right.given[name].shape, "float32")
        if name in inputs.LAYOUTS:
            a = np.moveaxis(a, 1, -1)
        off = distance(a, b)
        rtol, atol = row.rtol or 1e-4, row.atol or 1e-5
        if not off <= allowed(b, rtol, atol):
            raise Disagree(f"gradient for {name} off by {off:.3g} in {other}: {short(a)} in PyTorch, {short(b)} there")
        result[name] = off
    return result


def _same_steps(optimizer: Any, other: Any, row: Row) -> dict[str, Any]:
    """Takes steps from the same numbers with the same gradients; raises `Disagree` where they part."""
    off = 0.0
    for step, (a, b) in enumerate(steps(optimizer, other, 1.0), 1):
        off = max(off, distance(a, b))
        if not off <= allowed(b, row.rtol or 1e-5, row.atol or 1e-6):
            raise Disagree(f"after step {step} off by {off:.3g}: {short(a)} in PyTorch, {short(b)} in Keras")
    return {"shape": [list(a.shape)], "dtype": [["float32", "float32"]], "absolute": off, "steps": STEPS}


def _same_rates(schedule: Any, other: Any, row: Row) -> dict[str, Any]:
    """Follows the learning rate for some steps; raises `Disagree` where they part."""
    off = 0.0
    for step, (a, b) in enumerate(zip(rates(schedule), rates(other))):
        off = max(off, distance(a, b))
        if not off <= allowed(b, row.rtol or 1e-5, row.atol or 1e-7):
            raise Disagree(f"at step {step} the rate is {a:.6g} in PyTorch, {b:.6g} in Keras")
    return {"shape": [[]], "dtype": [], "absolute": off, "steps": 2 * STEPS}


def _same_distribution(ours: list[np.ndarray], theirs: list[np.ndarray]) -> dict[str, Any]:
    """Holds quantiles of two large draws against each other; raises `Disagree` where they are apart."""
    drawn = [np.concatenate([each.ravel() for each in side]).astype("float64") for side in (ours, theirs)]
    a, b = (np.sort(each.round(5)) for each in drawn)  # the same number twice may be a rounding apart
    if min(a.size, b.size) < DRAWS // 10:
        raise Disagree(f"draws only {min(a.size, b.size)} numbers: let it draw {DRAWS}")
    both = np.concatenate([a, b])
    apart = np.abs(np.searchsorted(a, both, "right") / a.size - np.searchsorted(b, both, "right") / b.size).max()
    # Kolmogorov and Smirnov's two-sample statistic; 1.95 is its limit at one in a thousand.
    limit = 1.95 * math.sqrt(1 / a.size + 1 / b.size)
    if apart > limit:
        raise Disagree(f"the distributions are apart by {apart:.3f}, {limit:.3f} is chance: {short(a)} and {short(b)}")
    return {"shape": [list(each.shape) for each in ours], "dtype": [], "absolute": float(apart)}


# Arguments for what one CPU, or the value that is compared, does not show: several devices, the order of equal
# elements, the vectors of a decomposition of which the row takes the values, an epsilon beside numbers of size 1.
UNSEEN = {"synchronized", "stable", "full_matrices", "epsilon", "eps"}


def _needed(row: Row, sides: dict[str, Side], compared: dict[str, dict[str, Any]]) -> bool:
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


def _agrees(row: Row, sides: dict[str, Side], other: str) -> dict[str, Any] | None:
    """What comparing gives; None where the two do not agree, or one of them raises."""
    try:
        return compare(row, sides, other)
    except Exception:
        return None


def _value(text: str) -> Any:
    with contextlib.suppress(ValueError, SyntaxError):
        return repr(ast.literal_eval(text))
    return text


# In a process of its own -------------------------------------------------------------------------


def main(root: Path, allowed: watch.Allowance) -> None:
    """Imports the frameworks once, then forks for each area that it reads, and says how that ended."""
    watch.adopt_orphans()
    warnings.simplefilter("ignore")
    with contextlib.suppress(ImportError):  # a CUDA build of torch brings it; loaded after TensorFlow it crashes
        importlib.import_module("triton")
    arrays = inputs.arrays()
    sides = {name: Side(name, arrays) for name in ("torch", "keras", "tf")}
    for line in sys.stdin:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            _said(root, line.strip(), sides)
            sys.stdout.flush()
            os._exit(0)
        code, over = watch.wait(child, allowed)
        watch.end_children(grace=0)
        print(json.dumps({"ended": code, "over": over, "seconds": time.monotonic() - started}), flush=True)


def _said(root: Path, name: str, sides: dict[str, Side]) -> None:
    import torch

    torch.set_num_threads(1)
    if name == COUNT:
        print(json.dumps({"counted": count(root), "gone": gone(root)}))
        return
    for row in read(root, name).rows:
        print(json.dumps({"line": row.line, "id": row.id} | measure(row, sides)), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main(Path(sys.argv[1]), watch.Allowance(*map(float, sys.argv[2:])))
