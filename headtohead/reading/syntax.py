"""The syntax tree of a program that anybody may have written: whatever it is, a tree or one `Problem`."""

from __future__ import annotations

import ast
import re
import warnings

from headtohead.errors import Problem
from headtohead.reading.source import Source, without_ipython

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


def _parsed(source: Source, text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an escape in a string, say: it is not ours to mend
            return ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError as error:
        what, line = f"no Python: {error.msg}", error.lineno
    except (RecursionError, MemoryError):  # what Python's parser raises depends on the version
        what, line = DEEP, None
    except ValueError:  # half a character, which no file in UTF-8 has, or a NUL
        what, line = "no Python: a character that no text has", None
    if not line and (odd := ODD.search(text)):
        line = text.count("\n", 0, odd.start()) + 1
    where, line = source.place(line) if line else (source.name, None)
    raise Problem(where, what, line=line, remedy="mend it, then ask again")
