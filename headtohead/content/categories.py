"""Categories of rows: what a reader has to change to come from one framework to the other."""

from __future__ import annotations

from headtohead.content.expressions import Expression
from headtohead.content.inputs import LAYOUTS
from headtohead.content.rows import Row

CATEGORIES = {
    "same": "the same numbers with the same arguments",
    "renamed": "the same after renaming arguments",
    "defaults": "other defaults: an argument has to be given",
    "layout": "other layout or order",
    "composed": "composed of several calls",
    "distribution": "random: the same distribution, never the same numbers",
    "only": "only here",
}


def categorise(row: Row, needed: bool) -> str:
    """The category of a row that ran and agreed.

    Args:
        row: The row.
        needed: Whether leaving out the arguments that only one side gives changed the numbers.
    """
    if row.random:
        return "distribution"
    left, right = row.expressions["torch"], _other(row)
    several = len(left.calls) > 1 + left.turns or len(right.calls) > 1 + right.turns
    if several or left.operators or right.operators:
        return "composed"
    if left.turns or right.turns or left.inputs & LAYOUTS:
        return "layout"
    one, other = left.arguments, right.arguments
    if one == other:
        return "same"
    values, wanted = [value for _, value in one], [value for _, value in other]
    if values == wanted:
        return "renamed"
    if sorted(values) == sorted(wanted):
        return "layout"
    return "defaults" if needed else "renamed"


def _other(row: Row) -> Expression:
    return next(each for side, each in row.expressions.items() if side != "torch")
