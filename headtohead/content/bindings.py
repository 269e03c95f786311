"""Bindings: the names that the statements at the top of a program set, and where, read and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)  # what they set stays inside
OWN = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)  # and so does what these loop over


def bindings(tree: ast.Module) -> tuple[tuple[str, int], ...]:
    """Each name that is set at the top of a program, and the 1-based line, in the order of the lines."""
    return tuple(sorted(_bound(tree), key=lambda each: each[1]))


def _bound(node: ast.AST) -> Iterator[tuple[str, int]]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield each.name, each.lineno
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id, each.lineno
        elif isinstance(each, (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)) and each.name:
            yield each.name, each.lineno
        elif isinstance(each, ast.alias):
            yield each.asname or each.name.partition(".")[0], each.lineno
        if not isinstance(each, (*SCOPES, *OWN)):
            yield from _bound(each)
