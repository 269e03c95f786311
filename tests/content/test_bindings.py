"""Guards which names the top of a program sets, and in which cell each is set last."""

from __future__ import annotations

import ast

import pytest

from headtohead.content.bindings import bindings

SETS = {
    "a = b = 1": {"a", "b"},
    "a, (b, *c) = x": {"a", "b", "c"},
    "a: int = 1\na += 1": {"a"},
    "import a.b\nfrom c import d as e": {"a", "e"},
    "def f(x):\n    y = 1\n    def g(): pass": {"f"},
    "class A:\n    b = 1": {"A"},
    "for i in x:\n    j = i": {"i", "j"},
    "with x as y:\n    z = 1": {"y", "z"},
    "try:\n    a = 1\nexcept E as e:\n    b = 1": {"a", "e", "b"},
    "a = [b for b in c]\nd = lambda e: e": {"a", "d"},
    "if (n := 1):\n    pass": {"n"},
    "match x:\n    case [a, *b]:\n        pass": {"a", "b"},
    "a.b = 1\nc[0] = 1\nf(d=1)": set(),
}


@pytest.mark.parametrize(("text", "names"), SETS.items(), ids=range(len(SETS)))
def test_names_at_the_top(text, names):
    assert {name for name, _ in bindings(ast.parse(text))} == names


def test_in_the_order_of_lines():
    assert bindings(ast.parse("b = 1\na = 1\nb = 2")) == (("b", 1), ("a", 2), ("b", 3))
