"""The locked requirements: any file of pins."""

from __future__ import annotations

from hypothesis import example, given

from headtohead.content.pins import LOCK, pinned
from headtohead.errors import Problem
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import files, real
from tests.support.projects import Project

WORDS = [
    "torch",
    "==",
    "2.13.0",
    "+cpu",
    "[a]",
    "--hash=sha256:",
    "\\\n",
    " ; python_version < '3.12'",
    "-r other.txt\n",
]


@given(data=files(real("requirements/*.txt", most=3000), WORDS))
@example(data=b"torch==\xe9\n")
@example(data=b"-" * 10_000)
def test_pins(tmp_path_factory, data):
    place = Project(tmp_path_factory.getbasetemp() / "pins")
    place.write({LOCK: data})
    found = outcome(lambda: pinned(place.root, ("torch", "numpy"), "a.py"))
    assert not isinstance(found, Problem) or found.where in (LOCK, "a.py")
