"""The defaults of what a row calls, as signatures state them, and whether they are so."""

from __future__ import annotations

import ast
import inspect
from typing import Any

from headtohead.content.expressions import Expression
from headtohead.content.rows import Row
from headtohead.measuring.side import Side, outcome


def defaults(row: Row, side: Side) -> tuple[dict[str, str], dict[str, str]]:
    """The defaults of what one side of a row calls: of arguments that it leaves out, and of those that it gives.

    They are read from the signature and tried: an argument is named only if giving its default does what leaving it
    out does, to the last bit. `name` is left out.
    """
    expression = row.expressions[side.name]
    parameters = side.signature(row.names[side.name])
    if expression.head is None or expression.name != row.names[side.name]:
        return {}, {}
    positional = {each.name for each, _ in zip(parameters, expression.head.args)}
    stated = {each.name: each.default for each in parameters if _shown(each) and each.name not in positional}
    given = {each.arg for each in expression.head.keywords} & set(stated)
    left = {name: each for name, each in stated.items() if name not in given}

    def tried(text: str) -> Any:
        try:
            return outcome(text, side, row.random)
        except Exception:
            return None

    def same(one: Any, other: str) -> bool:
        return one is not None and one == tried(other)

    plain = tried(expression.text) if left else None
    if not same(plain, _with(expression, left)):
        left = {name: each for name, each in left.items() if same(plain, _with(expression, {name: each}))}
    unless = {
        name: stated[name]
        for name in sorted(given)
        if same(tried(without(expression, name)), _with(expression, {name: stated[name]}))
    }
    return {name: repr(each) for name, each in left.items()}, {name: repr(each) for name, each in unless.items()}


def _shown(parameter: inspect.Parameter) -> bool:
    plain = isinstance(parameter.default, (bool, int, float, str))
    return plain and parameter.name != "name" and not parameter.name.startswith("_")


def default(side: Side, name: str, argument: str) -> str:
    """The default of an argument, as the signature states it; empty where it states none."""
    found = [each.default for each in side.signature(name) if each.name == argument]
    return repr(found[0]) if found else ""


def _with(expression: Expression, given: dict[str, Any]) -> str:
    """The expression with arguments of its head given, in the place of those of their name."""
    shorter = Expression(without(expression, *given), expression.side)
    tree, head = ast.parse(shorter.text, mode="eval"), ast.unparse(shorter.head)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node) == head:
            node.keywords += [ast.keyword(name, ast.Constant(value)) for name, value in given.items()]
    return ast.unparse(tree)


def without(expression: Expression, *names: str) -> str:
    """The expression without arguments of these names, of its head or of the call of the layer that it makes."""
    tree, head = ast.parse(expression.text, mode="eval"), ast.unparse(expression.head)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and head in (ast.unparse(node), ast.unparse(node.func)):
            node.keywords = [each for each in node.keywords if each.arg not in names]
    return ast.unparse(tree)
