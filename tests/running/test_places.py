"""Guards that no page tells where things are on the machine that ran its programs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from headtohead.running.places import told
from tests.support.texts import good_beside, program

OWN = {"its folder": Path("/a/b.c/0")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at /a/b.c/0/x.py", "its folder"),
        ("file:///a/b.c/0.", "its folder"),
        ("['/a/b.c/0']", "its folder"),
        ("/a/b.c/01 /x/a/b.c/0 /a/bxc/0", None),
        ("/home/me/project/x", "this project"),
        ("/usr /usr/local/lib / 1/2", None),
    ],
)
def test_a_path_of_this_machine_is_told(text, expected):
    assert told(text, OWN, Path("/home/me/project")) == expected


def test_an_environment_is_a_place_of_this_machine(monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/srv/venv")
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    assert told("/srv/venv/bin/python", {}, Path("/p")) == "the environment of Python"
    assert told("/usr/bin/python", {}, Path("/p")) is None


def test_a_program_that_prints_one_is_told(project):
    text = program("x = 1", "import sys\n\nprint(sys.executable)")
    project.topic("a/prints", text, good_beside(text))
    told = project.verify("--framework", "pytorch", code=1)
    assert told.startswith("snippets/a/prints/in_pytorch.py:7: cell 'Two' printed the path of ")
    assert told.endswith("which is of this machine alone; print the name of the file\n")
