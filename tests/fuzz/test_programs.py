"""Programs and their cells: any file of a topic."""

from __future__ import annotations

from hypothesis import example, given

from headtohead.content.topics import Topic
from headtohead.errors import Problem
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import files, real
from tests.fuzz.words import PYTHON

PROGRAMS = real("snippets/*/*/in_pytorch.py")
NAME = "snippets/a/b/in_pytorch.py"


def read(found: Topic) -> list[object]:
    """All that is asked of a topic without running it."""
    found.check()
    programs = list(found.programs.values())
    asked = [(each.cells, each.imports, each.needs, each.distributions, each.cell_at(5)) for each in programs]
    return [*asked, [cell.runs for each in programs for cell in each.cells]]


@given(data=files(PROGRAMS, PYTHON))
@example(data=b"\0")
@example(data=b'"""A."""\n\n# %% A\nx = (' + b"-\n" * 8000 + b"1)\n")
@example(data=b'"""A."""\n\n# %% A\nx = ' + b"1 + " * 20_000 + b"1\n")
def test_a_program(place, data):
    place.topic("a/b", pytorch=data)
    found = outcome(lambda: read(Topic(place.root, "a/b")))
    if isinstance(found, Problem):
        assert found.where.startswith("snippets/a/b/")
