"""Categories of rows: what a reader has to change to come from one framework to the other."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from headtohead.content.expressions import Expression
from headtohead.content.inputs import ABOUT, LAYOUTS
from headtohead.content.rows import Row
from headtohead.content.source import parse

CATEGORIES = {
    "same": "the same numbers with the same arguments",
    "renamed": "the same after renaming arguments",
    "defaults": "other defaults: an argument has to be given",
    "converted": "other arguments: in another form, or worked out",
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
    return "defaults" if needed else _otherwise(values, wanted)


def _otherwise(values: list[str], wanted: list[str]) -> str:
    """Of arguments that are not the same text: whether the same values are in them, in which order, or others."""
    one, other = (
        [*_values(parse(f"[{', '.join(each)}]", "eval").body)]  # type: ignore[attr-defined]
        for each in (values, wanted)
    )
    if one == other:
        return "renamed"
    if sorted(one) == sorted(other):
        return "layout"
    surplus = (Counter(one) - Counter(other)) + (Counter(other) - Counter(one))
    return "renamed" if set(surplus) <= set(ABOUT) else "converted"  # a method has its tensor before the dot


def _values(node: ast.expr) -> Iterator[str]:
    """The values of an argument, one by one: a tuple is its elements, 2.0 is 2, and a dtype its name."""
    if isinstance(node, (ast.Tuple, ast.List)):
        for each in node.elts:
            yield from _values(each)
    elif isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value.is_integer():
        yield str(int(node.value))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        yield ast.unparse(node).removeprefix("torch.").removeprefix("ops.").removeprefix("tf.")


def _other(row: Row) -> Expression:
    return next(each for side, each in row.expressions.items() if side != "torch")
