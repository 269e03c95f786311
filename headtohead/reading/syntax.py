"""The syntax tree of a program that anybody may have written: whatever it is, a tree or one `Problem`."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import replace

from headtohead.errors import Problem, Tell
from headtohead.reading.source import Source, statements, without_ipython

DEEP = "nested too deep to be read"
ODD = re.compile("[\0\ud800-\udfff]")  # what no text has


def tree(source: Source) -> ast.Module:
    """The tree of a program; lines that only IPython runs count as nothing. Raises `Problem` where it is no Python."""
    try:
        return _parsed(source, source.text)
    except Problem as problem:
        plain = without_ipython(source.text)
        if plain == source.text:
            raise
        try:
            return _parsed(source, plain)
        except Problem as other:
            raise other from problem


def readable(source: Source, tell: Tell) -> ast.Module:
    """The tree of what of a program can be read: one cell of a notebook that is no Python does not hide the others.

    Args:
        source: The program.
        tell: Called with the `Problem` of each part that cannot be read.

    Raises:
        Problem: It is no notebook, and no Python.
    """
    for problem in source.problems():
        tell(problem)
    try:
        return tree(source)
    except Problem:
        if not any(source.cells):
            raise
    lines = source.text.split("\n")
    begins = [first for first in source.cells if first]
    for first, behind in zip(begins, [*begins[1:], len(lines)]):
        above = [""] * (first - 1)  # so that its lines have their numbers
        try:
            tree(replace(source, text="\n".join([*above, *lines[first - 1 : behind - 1]])))
        except Problem as problem:
            tell(problem)
            lines[first - 1 : behind - 1] = [""] * (behind - first)
    return tree(replace(source, text="\n".join(lines)))


def _parsed(source: Source, text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an escape in a string, say: it is not ours to mend
            return ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError as error:
        what, line = f"no Python: {error.msg}", error.lineno
    except (RecursionError, MemoryError):  # what Python's parser raises depends on the version
        what, line = DEEP, _deepest(text)
    except ValueError:  # half a character, which no file in UTF-8 has, or a NUL
        what, line = "no Python: a character that no text has", None
    if not line and (odd := ODD.search(text)):
        line = text.count("\n", 0, odd.start()) + 1
    where, line = source.place(line) if line else (source.name, None)
    raise Problem(where, what, line=line, remedy="mend it, then ask again")


def _deepest(text: str) -> int | None:
    """The line of a program at which the first statement begins that is nested too deep, if one alone is."""
    line = 1
    for statement in statements(text):
        try:
            ast.parse(statement.strip())
        except (RecursionError, MemoryError):
            return line
        except (SyntaxError, ValueError):  # what heads a block is none by itself
            pass
        line += statement.count("\n")
    return None
