"""Constants: what a side of a parity check returns that is the same whatever the program gives."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
Block = ast.If | ast.For | ast.While | ast.With | ast.Try


def constants(tree: ast.Module, side: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """What a side returns in which nothing of the program, nor of a framework, can be: its line, and its name.

    It errs on one side. A name that ever stands in a statement beside the program, or beside one that does, may hold
    something of it from there on: `net.load(program.net)` makes that of `net`, and of all that is said of `net`.

    Args:
        tree: The parity check.
        side: `pytorch` or `tensorflow` of it, whose first parameter is the program.
    """
    known = _known(tree)
    touched = _touched(side, {*_strange(tree), *(each.arg for each in (*side.args.posonlyargs, *side.args.args)[:1])})
    local = {each.arg for each in ast.walk(side.args) if isinstance(each, ast.arg)} | set(_stored(side.body))

    def same(value: ast.AST) -> bool:
        names = set(_names(value))
        return not names & touched and names <= local | known

    for returned in _returns(side):
        for line, name, value in _quantities(returned):
            if same(value):
                yield line, name


def _touched(side: ast.FunctionDef, touched: set[str]) -> set[str]:
    """The names of a function that may hold something of some names."""
    before = 0
    while before < len(touched):
        before = len(touched)
        for part in _parts(side.body):
            names = set(_names(part))
            if names & touched:
                touched |= set(_stored([part])) | _roots(part)
    return touched


def _parts(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Each statement; of a block what it holds, and all of it together where what heads it decides over that."""
    for each in body:
        if isinstance(each, (ast.With, ast.Try)):
            yield from getattr(each, "items", ())
            for name in ("body", "orelse", "finalbody"):
                yield from _parts(getattr(each, name, []))
            for handler in getattr(each, "handlers", ()):
                yield from _parts(handler.body)
        elif not isinstance(each, ast.Return):
            yield each


def _roots(part: ast.AST) -> set[str]:
    """The names of a statement that something may be put into: all but those that are called by themselves."""
    called = {each.func.id for each in ast.walk(part) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    return set(_names(part)) - called


def _plain(node: ast.Import | ast.ImportFrom) -> set[str]:
    """What an import binds that is no framework's: what a framework does by itself may be compared too."""
    found = set()
    for alias in node.names:
        package = (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0]
        if package == "numpy" or package in sys.stdlib_module_names:
            found.add((alias.asname or alias.name).partition(".")[0])
    return found


def _strange(tree: ast.AST) -> set[str]:
    """What the other imports bind."""
    found = [each for each in ast.walk(tree) if isinstance(each, (ast.Import, ast.ImportFrom))]
    return {name for each in found for name in set(_stored([each])) - _plain(each)}


def _known(tree: ast.Module) -> set[str]:
    """The names at the top of a file of which it is certain that they hold nothing of a program."""
    known = set(dir(builtins)) - {"globals", "locals", "vars", "eval", "exec", "__import__"}
    for each in tree.body:
        if isinstance(each, (ast.Import, ast.ImportFrom)):
            known |= _plain(each)
        elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant):
            known |= set(_stored([each]))
    before = 0
    while before < len(known):  # a function knows of no program by itself, if all that it calls does not
        before = len(known)
        for each in tree.body:
            if isinstance(each, ast.FunctionDef):
                own = {inner.arg for inner in ast.walk(each) if isinstance(inner, ast.arg)} | set(_stored(each.body))
                if set(_names(each)) <= own | known | {each.name}:
                    known.add(each.name)
    return known


def _quantities(value: ast.expr | None) -> Iterator[tuple[int, str, ast.expr]]:
    """The quantities that are returned: line, name and value; without a name where they are not written one by one."""
    if isinstance(value, ast.Dict) and all(isinstance(key, ast.Constant) for key in value.keys):
        yield from ((each.lineno, str(key.value), each) for key, each in zip(value.keys, value.values))  # type: ignore[union-attr]
    elif (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict" and not value.args
    ):
        yield from ((each.value.lineno, each.arg or "", each.value) for each in value.keywords)
    elif isinstance(value, (ast.Dict, ast.Name, ast.DictComp)) and not _empty(value):
        yield value.lineno, "", value


def _empty(value: ast.expr) -> bool:
    return isinstance(value, ast.Dict) and not value.keys


def _returns(side: ast.FunctionDef) -> Iterator[ast.expr]:
    """What a function returns, and no function within it."""
    waiting: list[ast.AST] = list(side.body)
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, ast.Return) and each.value:
            yield each.value
        elif not isinstance(each, Function):
            waiting += ast.iter_child_nodes(each)


def _names(value: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(value) if isinstance(each, ast.Name))


def _stored(body: list[ast.AST]) -> Iterator[str]:
    """The names that statements set."""
    for statement in body:
        for each in ast.walk(statement):
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
                yield each.id
            elif isinstance(each, (ast.FunctionDef, ast.ClassDef)):
                yield each.name
            elif isinstance(each, (ast.Import, ast.ImportFrom)):
                yield from ((alias.asname or alias.name).partition(".")[0] for alias in each.names)
