"""Guards how pinned versions are read from the locked requirements."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from headtohead.content.pins import LOCK, normal, pinned, public
from headtohead.errors import Problem

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


def lock(root: Path, text: str = LOCKED) -> Path:
    path = root / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


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
def test_a_pin_is_found_in_every_notation(tmp_path, name, version):
    lock(tmp_path)
    assert pinned(tmp_path, (name,), "a.py") == {name: version}


def test_what_is_not_pinned_is_the_programs_problem(tmp_path):
    lock(tmp_path)
    with pytest.raises(Problem, match=r"^a\.py: imports 'ruff', which is not pinned"):
        pinned(tmp_path, ("torch", "ruff"), "a.py")


def test_no_lock_is_a_problem_with_a_remedy(tmp_path):
    with pytest.raises(Problem, match=f"^{LOCK}: no such file; make it with 'nox -s lock'"):
        pinned(tmp_path, ("torch",), "a.py")


def test_a_changed_lock_is_read_again(tmp_path):
    path = lock(tmp_path)
    assert pinned(tmp_path, ("keras",), "a.py") == {"keras": "3.15.1"}
    path.write_text("keras==4.0\n")
    os.utime(path, ns=(1, 1))  # as a checkout of an older commit would leave it
    assert pinned(tmp_path, ("keras",), "a.py") == {"keras": "4.0"}


def test_names_and_versions_are_normal():
    assert {normal(name) for name in ("scikit-learn", "Scikit_Learn", "scikit.learn", "SCIKIT--learn")} == {
        "scikit-learn"
    }
    assert (public("2.13.0+cpu"), public("2.13.0")) == ("2.13.0", "2.13.0")


def test_the_real_lock_pins_what_every_program_runs_on():
    root = Path(__file__).parents[2]
    assert set(pinned(root, ("torch", "tensorflow", "keras", "numpy"), "tests")) == {
        "torch",
        "tensorflow",
        "keras",
        "numpy",
    }
