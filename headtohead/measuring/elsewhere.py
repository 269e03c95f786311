"""A row on the other sets of inputs: where it holds, where the two part, and where the lines cannot run."""

from __future__ import annotations

import ast

import numpy as np

from headtohead.content.expressions import SCHEDULED, Expression
from headtohead.content.inputs import FIRST
from headtohead.content.rows import LABELS, Row
from headtohead.measuring.compared import compared_with
from headtohead.measuring.inputs import SETS
from headtohead.measuring.side import Run, Side
from headtohead.measuring.values import Disagree
from headtohead.records.model import Measurement, OtherSets

Every = dict[str, dict[str, Side]]  # of each set of inputs every side


class CannotRun(Exception):
    """Why a line does not run on a set of inputs, which says nothing of the other side."""


def every() -> Every:
    """Every side, over every set of inputs."""
    found: Every = {}
    for name, given in SETS.items():
        drawn = given.arrays()
        found[name] = {side: Side(side, drawn, given) for side in LABELS}
    return found


def elsewhere(row: Row, every: Every) -> OtherSets:
    """What becomes of a row on each other set that has something else for it.

    Raises:
        Disagree: The two part on a set that the row does not name in `parts`, or do not part on one that it names.
    """
    found = tried(row, every)
    if odd := {name: why for name, why in found.parted.items() if name not in row.parts}:
        told = "; ".join(f"on {name}: {why}" for name, why in odd.items())
        remedy = "write it so that it holds, or say in 'holds' when, and name the sets in 'parts'"
        raise Disagree(told, remedy=remedy)
    if held := [name for name in row.parts if name not in found.parted]:
        raise Disagree(f"the two do not part on {', '.join(held)}", remedy="take that out of 'parts'")
    return found


def tried(row: Row, every: Every) -> OtherSets:
    """What becomes of a row on each other set that has something else for it."""
    found = OtherSets()
    for name, sides in every.items():
        if name == FIRST or not _touches(row, every[FIRST], sides):
            continue
        parted, unrun = [], []
        for other in (each for each in row.sides if each != "torch"):
            try:
                parted += [why] if (why := _parts(row, every[FIRST], sides, other)) else []
            except CannotRun as why:
                unrun.append(str(why))
        if parted:
            found.parted[name] = parted[0]
        elif unrun:
            found.unrun[name] = unrun[0]
        else:
            found.held.append(name)
    return found


def _touches(row: Row, first: dict[str, Side], sides: dict[str, Side]) -> bool:
    """Whether a set has something else for a row: other inputs, other draws, other gradients."""
    before, after = first["torch"], sides["torch"]
    if row.random and before.given.seed != after.given.seed:
        return True
    if row.names["torch"].startswith("torch.optim.") and before.given.walk != after.given.walk:
        return True
    names = set().union(*(each.inputs for each in row.expressions.values())) - {SCHEDULED}
    pairs = [(before.arrays[name], after.arrays[name]) for name in names]
    return any(a.dtype != b.dtype or not np.array_equal(a, b) for a, b in pairs)


def _parts(row: Row, first: dict[str, Side], sides: dict[str, Side], other: str) -> str:
    """In what the two part on a set of inputs; empty where they agree. Raises `CannotRun`."""
    try:
        found = compared_with(row, sides, other)
    except Disagree as why:
        return str(why).partition(": [")[0]
    except Exception as error:
        raised = {side: why for side in ("torch", other) if (why := raises(row, sides, side))}
        if len(raised) == 2:
            raise CannotRun(f"raises {raised['torch']} in PyTorch, {raised[other]} in {LABELS[other]}") from error
        if not raised:
            return f"raises {type(error).__name__} where they are compared"
        side, why = next(iter(raised.items()))
        if _is_wide(sides) or _fixed(row.expressions[side], first["torch"], sides["torch"]):
            raise CannotRun(f"raises {why} in {LABELS[side]}") from error
        return f"raises {why} in {LABELS[side]} alone"
    if _is_wide(sides) and (narrow := _narrower(found)):
        raise CannotRun(f"{narrow[0]} in PyTorch, {narrow[1]} in {LABELS[other]}")
    return ""


def raises(row: Row, sides: dict[str, Side], side: str) -> str:
    """The name of what one side raises by itself; empty where it runs."""
    try:
        Run(sides[side], row.expressions[side], training=row.random).values()
    except Exception as error:
        return type(error).__name__
    return ""


def _is_wide(sides: dict[str, Side]) -> bool:
    return sides["torch"].arrays["x"].dtype == np.float64


def _narrower(found: Measurement) -> tuple[str, str] | None:
    """The dtypes of both sides where one computes with fewer bits than the other."""
    floats = [pair for pair in found.dtype if all(np.dtype(each).kind in "fc" for each in pair)]
    return next(((a, b) for a, b in floats if np.dtype(a).itemsize != np.dtype(b).itemsize), None)


def _fixed(expression: Expression, first: Side, side: Side) -> bool:
    """Whether a line states a size that its inputs have in the first set, and not in this one."""
    stated = {node.value for node in ast.walk(expression.tree) if isinstance(node, ast.Constant)}
    names = expression.inputs & set(first.arrays)
    had, has = ({size for name in names for size in each.arrays[name].shape} for each in (first, side))
    return any(type(each) is int and each in had - has for each in stated)
