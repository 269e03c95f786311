"""Measures rows of the API map: what one gives, its category, its edges, its defaults, and on which inputs it holds."""

from __future__ import annotations

import ast
import contextlib
from dataclasses import replace
from typing import Any

from headtohead.content.categories import categorise
from headtohead.content.inputs import FIRST
from headtohead.content.rows import Row
from headtohead.measuring.compared import compared_with
from headtohead.measuring.defaults import default, defaults, without
from headtohead.measuring.edges import edges
from headtohead.measuring.elsewhere import Every, elsewhere, raises
from headtohead.measuring.side import Side
from headtohead.measuring.state import unchanged
from headtohead.measuring.values import Disagree
from headtohead.records.model import Measurement


def measure(row: Row, every: Every) -> Measurement:
    """What a row gives on every set of inputs; raises `Disagree` with what is wrong with it."""
    with unchanged():
        return _measured(row, every)


def _measured(row: Row, every: Every) -> Measurement:
    sides = every[FIRST]
    try:
        for side, name in row.names.items():
            sides[side].check_name(name)
            sides[side].check_modules(row.expressions[side].tree)
        compared = {other: compared_with(row, sides, other) for other in row.sides if other != "torch"}
        other = next(iter(compared))
        if compared[other].shape and all(0 in shape for shape in compared[other].shape) and not _of_nothing(row):
            raise Disagree("gives no element: of nothing, everything holds")
        found = {side: defaults(row, sides[side]) for side in row.sides}
        return replace(
            compared[other],
            names=row.names,
            category=categorise(row, not row.random and _needed(row, sides, compared)),
            edges={} if row.random else edges(row, sides, other),
            defaults={side: each for side, (each, _) in found.items() if each},
            unless={side: each for side, (_, each) in found.items() if each},
            sets=elsewhere(row, every),
        )
    except Disagree:
        raise
    except Exception as error:
        line = next((line for line in str(error).splitlines() if line.strip()), "")
        how = "missing" if isinstance(error, (AttributeError, ImportError)) else "refused"
        alone = [side.framework for side in sides.values() if side.name in row.sides and raises(row, sides, side.name)]
        raise Disagree(f"{type(error).__name__}: {line[:200]}", how, alone[0] if alone else "") from error


def _of_nothing(row: Row) -> bool:
    """Whether a row is about tensors without an element or without a value."""
    return "empty" in row.names["torch"].rpartition(".")[2]


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
                    raise Disagree(f"{name}={value} changes nothing in {side}", remedy="leave it out")
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
