"""Python that people write: its syntax tree, or one line on why there is none, whatever stands in the text."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings

from headtohead.content.text import REMEDIES, most_nested, unseen
from headtohead.errors import Problem, quoted

# How deep a syntax tree may be. What walks a tree takes up to five frames a level, of a thousand that Python has;
# the deepest here has 18.
DEEPEST = 100
FLAT = "write it in several statements"
COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*(?P<name>[-\w.]+)", re.ASCII)  # PEP 263: in the first two lines
UTF8 = {"utf-8", "utf8", "utf_8"}


class Unparsable(ValueError):
    """A text without a syntax tree: why, the 1-based line where that shows, if one tells, and what to do."""

    def __init__(self, why: str, line: int | None, remedy: str = ""):
        self.why, self.line, self.remedy = why, line, remedy
        super().__init__(why)


def parse(text: str, mode: str = "exec") -> ast.AST:
    """The syntax tree of a text; raises `Unparsable`, and nothing else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that are none: the program says so when it runs
            tree = ast.parse(text, mode=mode)
    except SyntaxError as error:
        raise Unparsable(f"syntax error: {error.msg}", error.lineno) from None
    except (ValueError, OverflowError) as error:
        raise Unparsable(f"syntax error: {error}", None) from None
    except (RecursionError, MemoryError):
        raise Unparsable("nested too deep to be read", most_nested(text), FLAT) from None
    if deep := _too_deep(tree):
        raise Unparsable(f"nested deeper than {DEEPEST} levels", deep, FLAT)
    return tree


def _too_deep(tree: ast.AST) -> int | None:
    """The line at which a tree gets too deep, without a walk that does so itself."""
    level, depth, line = [(tree, 1)], 0, 1
    while level and depth <= DEEPEST:
        depth += 1
        line = level[0][1]
        level = [(child, getattr(child, "lineno", at)) for node, at in level for child in ast.iter_child_nodes(node)]
    return line if level else None


def odd_name(text: str) -> tuple[int, str] | None:
    """The first name in a text that is not ASCII, with its line: other letters look the same, and are another name."""
    if text.isascii():
        return None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and not token.string.isascii():
                return token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        pass  # whoever parses it says so
    return None


def check(name: str, text: str) -> None:
    """Raises `Problem` for a text that reads otherwise than it runs: what cannot be seen, another encoding."""
    if found := unseen(text, "\n\t"):
        line, what = found
        remedy = REMEDIES.get(what, "in a string write it as an escape; elsewhere take it out")
        raise Problem(name, what, line=line, remedy=remedy)
    for number, line in enumerate(text.split("\n", 2)[:2], 1):
        match = COOKIE.match(line)
        if match and match["name"].lower() not in UTF8:
            what = f"says that it is encoded as {match['name']!r}"
            raise Problem(name, what, line=number, remedy="take that out: every file here is UTF-8")
    if odd := odd_name(text):
        raise Problem(name, f"the name {quoted(odd[1])} is not ASCII", line=odd[0], remedy="write names in ASCII")
