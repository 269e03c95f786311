"""Guards how pinned versions are read from the locked requirements."""

from __future__ import annotations

import os
import re

import pytest

from headtohead.content.pins import LOCK, normal, pinned, public
from headtohead.errors import Problem
from tests.support.repository import ROOT
from tests.support.texts import program

LOCKED = """\
# made by nox -s lock; torch==0.0.0 is no pin
--index-url https://example.org
torch==2.13.0+cpu \\
    --hash=sha256:00 \\
    --hash=sha256:11
Scikit_Learn==1.9.1 ; python_version >= "3.11"
tensorflow[and-cuda]==2.21.0
keras==3.15.1;python_version>="3.11"
    # via keras==9
ruff>=0.17
"""


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("torch", "2.13.0"),
        ("scikit-learn", "1.9.1"),
        ("tensorflow", "2.21.0"),
        ("keras", "3.15.1"),
        ("KERAS", "3.15.1"),
    ],
)
def test_a_pin_is_found_in_every_notation(project, name, version):
    project.pin(LOCKED)
    assert pinned(project.root, (name,), "a.py") == {name: version}


def test_what_is_not_pinned_is_the_programs_problem(project):
    project.pin(LOCKED)
    with pytest.raises(Problem, match=r"^a\.py: imports 'ruff', which is not pinned"):
        pinned(project.root, ("torch", "ruff"), "a.py")


def test_what_is_not_pinned_is_told_with_its_line(project):
    found = project.topic("a/b", program("import torch\nimport ruff.api"), None).programs["pytorch"]
    project.pin(LOCKED)
    with pytest.raises(Problem, match=r"^snippets/a/b/in_pytorch\.py:5: imports 'ruff', which is not pinned"):
        pinned(project.root, ("torch", "ruff"), found.name, found.needed_at)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "scipy==1.17 ; python_version < '3.12'\nscipy==1.18 ; python_version >= '3.12'\n",
            "to 1.17 and to 1.18; import",
        ),
        ("<<<<<<< a\nscipy==1.17\n=======\nscipy==1.18\n>>>>>>> b\n", "to 1.17 and to 1.18; import what has one v"),
        ("scipy===1.17\n", f"{LOCK}: 'scipy' is pinned to no version: '=1.17'; make it with 'nox -s lock'"),
        ("scipy==1.*\n", f"{LOCK}: 'scipy' is pinned to no version: '1.*'; make it"),
        ("scipy==1.17,<2\n", f"{LOCK}: 'scipy' is pinned to no version: '1.17,<2'; make it"),
    ],
)
def test_a_pin_is_one_version(project, text, told):
    """Which one runs would depend on the Python, and what is asked for is not what was meant."""
    project.pin(f"keras==4.0\n{text}")
    assert pinned(project.root, ("keras",), "a.py") == {"keras": "4.0"}
    with pytest.raises(Problem) as caught:
        pinned(project.root, ("scipy",), "a.py")
    assert told in str(caught.value)


def test_no_lock_is_a_problem_with_a_remedy(tmp_path):
    with pytest.raises(Problem, match=f"^{LOCK}: no such file; make it with 'nox -s lock'"):
        pinned(tmp_path, ("torch",), "a.py")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"torch==1\n# \xe9\n", ":2: not valid UTF-8; save it as UTF-8"),
        (b"", "^a.py: imports 'torch', which is not pinned"),
        ("torch==1".encode("utf-16"), ":1: not valid UTF-8"),
    ],
)
def test_a_lock_that_is_none_is_told(project, content, told):
    project.write({LOCK: content})
    with pytest.raises(Problem, match=told if told.startswith("^") else f"^{LOCK}{re.escape(told)}"):
        pinned(project.root, ("torch",), "a.py")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("programs.in", path)])
def test_what_is_no_lock_is_told(project, make):
    project.pins.unlink()
    make(project.pins)
    with pytest.raises(Problem, match=f"^{LOCK}: a (pipe|folder|symbolic link)"):
        pinned(project.root, ("torch",), "a.py")


def test_a_changed_lock_is_read_again(project):
    project.pin(LOCKED)
    assert pinned(project.root, ("keras",), "a.py") == {"keras": "3.15.1"}
    project.pin("keras==4.0\n")
    os.utime(project.pins, ns=(1, 1))  # as a checkout of an older commit would leave it
    assert pinned(project.root, ("keras",), "a.py") == {"keras": "4.0"}


def test_names_and_versions_are_normal():
    assert {normal(name) for name in ("scikit-learn", "Scikit_Learn", "scikit.learn", "SCIKIT--learn")} == {
        "scikit-learn"
    }
    assert (public("2.13.0+cpu"), public("2.13.0")) == ("2.13.0", "2.13.0")


def test_the_real_lock_pins_what_every_program_runs_on():
    assert set(pinned(ROOT, ("torch", "tensorflow", "keras", "numpy"), "tests")) == {
        "torch",
        "tensorflow",
        "keras",
        "numpy",
    }
