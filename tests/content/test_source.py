"""Guards the reading of Python: a text has a syntax tree or one line says why, and reads as it runs."""

from __future__ import annotations

import pytest

from headtohead.content import source
from headtohead.errors import Problem

DEEP = 3_000
# Each: a text that is nested too deep, and the line that is told.
NESTED = {
    "signs, a line each": ("x = (\n" + "-\n" * DEEP + "1)", None),
    "signs": ("a = 1\nx = " + "-" * DEEP + "1", None),
    "brackets": ("a = 1\nx = " + "(" * DEEP + ")" * DEEP, 2),
    "lists": ("x = " + "[" * 150 + "]" * 150, 1),
    "a sum": ("a = 1\nx = " + "1 + " * DEEP + "1", 2),
    "attributes": ("x" + ".x" * DEEP, 1),
    "calls": ("f" + "()" * DEEP, 1),
    "blocks": ("\n".join(f"{' ' * at}if 1:" for at in range(99)) + f"\n{' ' * 99}x", None),
    "else if": ("if 0: x\n" + "elif 1: x\n" * DEEP, None),
}


@pytest.mark.parametrize(("text", "line"), NESTED.values(), ids=NESTED)
def test_what_is_nested_too_deep_is_told(text, line):
    with pytest.raises(source.Unparsable, match=r"nested|too many|too deep") as caught:
        source.parse(text)
    assert line is None or caught.value.line == line


@pytest.mark.parametrize("text", ["x = (", "x = \0", "def", "'\\N{nothing}'", "1" * 5_000, "\ud800", "f'{'", " x"])
def test_what_is_no_python_is_told(text):
    with pytest.raises(source.Unparsable):
        source.parse(text)


def test_what_a_tree_walks_over_may_be_as_deep_as_programs_are():
    text = "\n".join(f"{' ' * at}if a{at}:" for at in range(20)) + f"\n{' ' * 20}f(g(h([(1, {{2: -x.y.z[0]}})])))"
    assert source.parse(text).body


def test_a_doubtful_escape_says_nothing_here(recwarn):
    source.parse("x = '\\d'")
    assert not recwarn.list


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("x = 'a\u202e b'", 1, "U+202E, right-to-left override, which cannot be seen; in a string write it as an"),
        ("x = 1\n# \u2066", 2, "U+2066"),
        ("\ufeffx = 1", 1, "a byte order mark; save it as UTF-8 without one"),
        ("x = 1\r\n", 1, "a carriage return; save it with Unix line endings"),
        ("x = 1\r", 1, "a carriage return"),
        ("\f\f\nx = 1", 1, "a form feed"),
        ("x = 1\npr\u0456nt(x)", 2, "the name 'pr\u0456nt' is not ASCII; write names in ASCII"),
        ("\uff50rint(1)", 1, "the name '\uff50rint' is not ASCII"),
        ("import numpy as n\u0440", 1, "the name 'n\u0440' is not ASCII"),
        ("# -*- coding: latin-1 -*-", 1, "says that it is encoded as 'latin-1'; take that out"),
        ('"""A."""\n# vim: set fileencoding=cp1252 :', 2, "says that it is encoded as 'cp1252'"),
    ],
)
def test_what_reads_otherwise_than_it_runs_is_told(text, line, told):
    with pytest.raises(Problem) as caught:
        source.check("a.py", text)
    assert caught.value.line == line
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "# coding: utf-8\n",
        "if 1:\n\tx = '\t'",
        "x = '\\u202e'",
        "a\n\n# coding: latin-1",
        "s = 'größe'",
        "x = 1  # größe",
    ],
)
def test_what_reads_as_it_runs_may_stand(text):
    source.check("a.py", text)
