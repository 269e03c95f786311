"""Guards the one error that people meet: it is one line that can be read, whatever it quotes."""

from __future__ import annotations

import pytest

from headtohead.errors import LONGEST, QUOTED, Problem, quoted


@pytest.mark.parametrize(
    "odd",
    ["two\nlines", "a\rb", "\x1b[31mred", "\u202e", "\u2028", "\0", "\udcff", "\x85", "\ufeff", "a" * 100_000],
    ids=lambda odd: ascii(odd)[:12],
)
def test_a_problem_is_one_short_line_that_can_be_read(odd):
    said = str(Problem(f"a/{odd}.py", f"no {odd} here", line=3, remedy=f"take {odd[:9]} out"))
    assert said.isprintable()
    assert len(said) < 2 * LONGEST + 200
    assert said.encode("utf-8").decode("utf-8").startswith("a/")


def test_what_can_be_read_stays_as_it_is():
    said = "a/größe.py:3: 3 × 4 – no; take it out"
    assert str(Problem("a/größe.py", "3 × 4 – no", line=3, remedy="take it out")) == said


@pytest.mark.parametrize(
    "value", ["x" * 10_000, 10**5000, [1] * 10_000, "short"], ids=lambda value: type(value).__name__
)
def test_a_value_is_quoted_in_short(value):
    assert len(quoted(value)) <= QUOTED
