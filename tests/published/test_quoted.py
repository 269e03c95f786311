"""Guards the code that pages quote: it stands in a program of the page, or in one that runs here and does as said."""

from __future__ import annotations

import ast
import tomllib
from functools import cache

import pytest

from tests.published.test_snippets import COMPARED, each_compared, said
from tests.support.facts import false, true
from tests.support.quoted import quotes, stands
from tests.support.repository import ROOT

PROGRAMS = tomllib.loads((ROOT / "tests/published/quoted.toml").read_text(encoding="utf-8"))["program"]
RUN = {quote: each["runs"] for each in PROGRAMS for quote in each["quotes"]}

each_program = pytest.mark.parametrize("entry", PROGRAMS, ids=lambda entry: entry["quotes"][0])


@cache
def quoted() -> set[str]:
    return {quote for found in COMPARED for quote in quotes(said(found))}


@each_compared
def test_each_quote_of_a_page_is_code_that_ran(found):
    ran = [found.parity_text, *(program.text for program in found.programs.values())]
    here = quotes(said(found))
    assert [each for each in here if each not in RUN and not any(stands(each, text) for text in ran)] == []


@each_program
def test_a_program_has_what_is_quoted_and_does_as_is_said(entry):
    assert [each for each in entry["quotes"] if not stands(each, entry["runs"])] == []
    assert set(entry["quotes"]) <= quoted(), "no page quotes it any more"
    assert true(ast.parse(entry["runs"]))


def test_pages_quote_whole_code():
    assert len(quoted()) > 50


# The reading of quotes, on made-up ones ----------------------------------------------------------

PROGRAM = """
x = layer(images[:, 2:6], training=False)
optimizer.step()
model.fit(x, y, epochs=3, verbose=0)
total += F.relu(x).sum(dim=1)
"""


@pytest.mark.parametrize(
    "quote",
    [
        "layer(images[:, 2:6], training=False)",
        "images[:, 2:6]",
        "fit(x, y, epochs=3, verbose=0)",
        "model.fit(..., epochs=3)",
        "fit(epochs=3)",
        "model.fit(x, ..., verbose=0)",
        "relu(x).sum(dim=1)",
        ".sum(dim=1)",
        "total += F.relu(x).sum(dim=1)",
    ],
)
def test_a_part_of_a_program_stands_in_it(quote):
    assert quotes(f"Write `{quote}`.") == [quote]
    assert stands(quote, PROGRAM)


@pytest.mark.parametrize(
    "quote",
    [
        "layer(images[:, 2:6], training=True)",
        "layer(images[:, 2:6])",
        "images[:, 2:7]",
        "pictures[:, 2:6]",
        "fit(y, x, epochs=3, verbose=0)",
        "net.fit(..., epochs=3)",
        "fit(epochs=4)",
        "model.fit(y, ..., verbose=0)",
        "F.relu(x).sum(dim=0)",
        "total = F.relu(x).sum(dim=1)",
    ],
)
def test_anything_else_does_not(quote):
    assert quotes(f"Write `{quote}`.") == [quote]
    assert not stands(quote, PROGRAM)


def test_names_values_and_commands_are_no_whole_code():
    assert quotes("`x`, `x.y`, `f()`, `n=1`, `nvidia-smi`, `a: b`, `True`, `pip install x`, `[1]`") == []
    assert quotes("```\nf(x)\n```\n\n`f(\n  x)`") == ["f( x)"]


def test_a_program_that_does_something_else_is_noticed():
    assert false(ast.parse("np.zeros(3).size == 4"))
    assert false(ast.parse("no_such_name"))
