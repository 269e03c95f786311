"""What both sides of a row do with edge inputs, with axes counted from the end, and with gradients close to nothing."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from headtohead.comparing.arrays import compare
from headtohead.content import tolerances
from headtohead.content.expressions import Expression
from headtohead.content.inputs import LAYOUTS
from headtohead.content.rows import Row
from headtohead.measuring.inputs import Walk
from headtohead.measuring.side import Run, Side, outcome
from headtohead.measuring.training import steps
from headtohead.measuring.values import flatten, short, to_array

# Inputs that hurt people, by what is done to the first input of an expression.
EDGES = {
    "empty": lambda array: array[:0],
    "no dimension": lambda array: array.ravel()[0],
    "a NaN": lambda array: _second(array, np.nan),
    "an infinity": lambda array: _second(array, np.inf),
    "integers": lambda array: np.round(array * 3).astype("int32"),
}
AXES = {"dim", "dims", "axis", "axes"}


def edges(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    """What each side does with each edge that was tried: empty where both do the same.

    An edge input takes the place of the first one; axes are counted from the end.
    """
    return _edges(row, sides, other) | negative(row, sides, other)


def _edges(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    if tiny := _tiny(row, sides, other):
        return tiny
    left, right = row.expressions["torch"], row.expressions[other]
    first = next((value for name, value in left.arguments if not name), "")
    arrays = sides["torch"].arrays
    if first not in arrays or arrays[first].dtype != np.float32 or first in LAYOUTS or left.head is not left.tree:
        return {}
    found = {}
    for name, change in EDGES.items():
        told = []
        for side, expression in (("torch", left), (other, right)):
            changed = Side(side, arrays | {first: change(arrays[first])}, sides[side].given)
            try:
                value = changed.run(expression.text, changed.tensors(expression.inputs))
                told.append([to_array(each) for each in flatten(value)])
            except Exception as error:
                told.append(f"raises {type(error).__name__}")
        same = type(told[0]) is type(told[1]) and (isinstance(told[0], str) or _alike(*told))
        if same:
            found[name] = []
        elif again(told[0], sides["torch"], left, first, change):
            found[name] = [each if isinstance(each, str) else _told(each) for each in told]
    return found


def _second(array: np.ndarray, value: float) -> np.ndarray:
    return np.where(np.arange(array.size).reshape(array.shape) == 1, np.float32(value), array)


def again(before: Any, side: Side, expression: Expression, first: str, change: Any) -> bool:
    """Whether PyTorch gives the same once more: some functions leave numbers out that they never wrote."""
    if isinstance(before, str):
        return True
    changed = Side(side.name, side.arrays | {first: change(side.arrays[first])}, side.given)
    after = [to_array(each) for each in flatten(changed.run(expression.text, changed.tensors(expression.inputs)))]
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc") for a, b in zip(before, after))


def _alike(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    pairs = list(zip(ours, theirs))
    shapes = len(ours) == len(theirs) and all(a.shape == b.shape and a.dtype.kind == b.dtype.kind for a, b in pairs)
    rtol, atol = tolerances.EDGE
    return shapes and all(compare(a, b, rtol=rtol, atol=atol).holds for a, b in pairs)


def _told(arrays: list[np.ndarray]) -> str:
    one = arrays[0]
    return f"{one.dtype} {list(one.shape)}: {short(one)}" if one.size else f"{one.dtype} {list(one.shape)}"


def negative(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    """What each side does if its axes are counted from the end, as in `edges`.

    An axis is an argument of that name, or a whole number that the other side calls so.
    """
    pair = {"torch": row.expressions["torch"], other: row.expressions[other]}
    if any(each.inputs & LAYOUTS for each in pair.values()):
        return {}
    named = {number for each in pair.values() for node in _axes(each.tree, set()) for number in _numbers(node)}
    told = []
    for name, expression in pair.items():
        rank = max((sides[name].arrays[each].ndim for each in expression.inputs & set(sides[name].arrays)), default=0)
        found = [_negative(expression, sides[name], named, each) for each in (rank, rank + 1) if rank]
        if not found or None in found:
            return {}
        told.append("the same" if "the same" in found else found[0])
    if told[0] != "the same" and told[1] != "the same":  # the number was no axis, or the axis is not of an input
        return {}
    return {"a negative axis": [] if told[0] == told[1] else told}


def _negative(expression: Expression, side: Side, named: set[int], rank: int) -> str | None:
    """What becomes of an expression whose axes are lowered by a rank; None where it has none."""
    tree = ast.parse(expression.text, mode="eval")
    nodes = _axes(tree, named)
    if not nodes:
        return None
    for node in nodes:
        for each in node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]:
            each.value -= rank
    try:
        return (
            "the same"
            if outcome(ast.unparse(tree), side, False) == outcome(expression.text, side, False)
            else "other numbers"
        )
    except Exception as error:
        return f"raises {type(error).__name__}"


def _axes(tree: ast.AST, named: set[int]) -> list[Any]:
    """The arguments that are axes: by their name, or else the one, not the first, that is such a number."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [each.value for call in calls for each in call.keywords if each.arg in AXES and _numbers(each.value)]
    if not found:
        found = [each for call in calls for each in call.args[1:] if set(_numbers(each)) & named]
        return found if len(found) == 1 else []
    return found


def _numbers(node: ast.AST) -> list[int]:
    """The whole numbers from 0 on that a node stands for, one or a tuple; empty for anything else."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
    values = [each.value if isinstance(each, ast.Constant) else None for each in parts]
    return values if all(type(each) is int for each in values) else []


def _tiny(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    """How far an optimizer goes where its epsilon weighs: the moves of both sides, if they differ by 1 %."""
    if not row.names["torch"].startswith("torch.optim."):
        return {}
    left, right = Run(sides["torch"], row.expressions["torch"]), Run(sides[other], row.expressions[other])
    optimizer, twin = left.value(), right.value()
    if not (hasattr(optimizer, "zero_grad") and hasattr(twin, "apply")):
        return {}
    start = optimizer.param_groups[0]["params"][0].detach().numpy().copy()
    *_, (a, b) = steps(optimizer, twin, Walk(scale=1e-7))
    moved = [float(np.abs(each - start).mean()) for each in (a, b)]
    if abs(moved[0] - moved[1]) <= tolerances.MOVE * max(moved):
        return {}
    return {"gradients of a ten-millionth": [f"moves by {each:.2g}" for each in moved]}
