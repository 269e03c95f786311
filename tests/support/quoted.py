"""Code that prose quotes: which spans are whole code, and whether a program has them, as parts of its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def quotes(prose: str) -> list[str]:
    """The spans of a page that are whole code: a call with arguments, a subscript, an assignment of either."""
    spans = [" ".join(each.split()) for each in SPAN.findall(FENCE.sub("", prose))]
    return [each for each in dict.fromkeys(spans) if whole(parsed(each))]


def parsed(quote: str) -> ast.AST | None:
    """What a span is as Python; None where it is none. A method may be quoted with a dot before it."""
    try:
        tree = ast.parse(quote.removeprefix("."))
    except SyntaxError:
        return None
    if len(tree.body) != 1:
        return None
    return tree.body[0].value if isinstance(tree.body[0], ast.Expr) else tree.body[0]


def whole(node: ast.AST | None) -> bool:
    if isinstance(node, ast.Assign):
        plain = (ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp, ast.Tuple, ast.List)
        return not isinstance(node.value, plain)
    if isinstance(node, ast.Call):
        return bool(node.args or node.keywords) or whole(node.func)
    if isinstance(node, ast.Attribute):
        return whole(node.value)
    return isinstance(node, ast.Subscript | ast.AugAssign)


def stands(quote: str, program: str) -> bool:
    """Whether a quote is a part of a program.

    A sentence names what it is about, so that of a call it may leave out the object of a method or the module of a
    function, as in `step()` for `optimizer.step()`, and what `...` stands for; one with keywords alone leaves out the
    rest. All else has to be there as it is quoted, names of variables included.
    """
    return any(part(parsed(quote), node) for node in ast.walk(ast.parse(program)))


def part(quoted: ast.AST, node: ast.AST) -> bool:
    """Whether a piece of a program is what is quoted."""
    if anything(quoted):
        return isinstance(node, ast.expr)
    if isinstance(quoted, ast.Assign) and isinstance(node, ast.keyword):  # x=f(y), of a call
        return ast.unparse(quoted.targets[0]) == node.arg and same(quoted.value, node.value)
    if isinstance(quoted, ast.Call) and isinstance(node, ast.Call):
        return called(quoted.func, node.func) and given(quoted, node)
    return same(quoted, node)


def called(quoted: ast.AST, node: ast.AST) -> bool:
    """Whether a function is the one that is quoted, perhaps without what it belongs to."""
    if isinstance(quoted, ast.Name) and isinstance(node, ast.Attribute):
        return quoted.id == node.attr
    return part(quoted, node)


def given(quoted: ast.Call, node: ast.Call) -> bool:
    """Whether a call has the arguments that are quoted."""
    wanted = [each for each in quoted.args if not anything(each)]
    loose = len(wanted) < len(quoted.args) or not wanted
    if not loose and (len(wanted), len(quoted.keywords)) != (len(node.args), len(node.keywords)):
        return False
    last = bool(quoted.args) and anything(quoted.args[0])  # what stands after `...` are the last ones
    places = node.args[len(node.args) - len(wanted) :] if last else node.args[: len(wanted)]
    if len(places) < len(wanted) or not all(map(part, wanted, places)):
        return False
    named = {each.arg: each.value for each in node.keywords}
    return all(each.arg in named and part(each.value, named[each.arg]) for each in quoted.keywords)


def anything(node: ast.AST) -> bool:
    """Whether it is the `...` that stands for whatever there is."""
    return isinstance(node, ast.Constant) and node.value is ...


def same(quoted: ast.AST, node: ast.AST) -> bool:
    """Whether two pieces are the same, apart from where they stand and whether they are read or written."""
    if type(quoted) is not type(node):
        return False
    for name in quoted._fields:
        if name in ("ctx", "kind", "type_comment"):
            continue
        pairs = list(children(getattr(quoted, name), getattr(node, name)))
        if not pairs or not all(alike(one, other) for one, other in pairs):
            return False
    return True


def children(one: object, other: object) -> Iterator[tuple[object, object]]:
    """What stands in the same place of two pieces, in pairs; nothing where there are more on one side."""
    if not isinstance(one, list) or not isinstance(other, list):
        yield one, other
    elif len(one) == len(other):
        yield from zip(one, other)
        yield None, None


def alike(one: object, other: object) -> bool:
    if isinstance(one, ast.AST) and isinstance(other, ast.AST):
        return part(one, other)
    return one == other and type(one) is type(other)
