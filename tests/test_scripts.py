"""Guards the scripts: what is wrong with how they are called is one line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.repository import ROOT


def run(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / name), *map(str, arguments)]
    return subprocess.run(command, text=True, capture_output=True, check=False)


@pytest.mark.parametrize("revision", ["no-such-revision", "--all", "HEAD:README.md", "a b"])
def test_resealing_from_no_revision(revision):
    done = run("reseal.py", revision)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{revision}: no such revision; name one whose records were fresh\n"


def test_two_builds_are_held_against_each_other(tmp_path):
    for number, name in enumerate(("before", "after")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.json").write_text('{"a": 1, "b": 2}' if number else '{"b": 2, "a": 1}')
        (tmp_path / name / "other.html").write_text(f"<p>{number}")
        (tmp_path / name / "torn.json").write_bytes(b'{"a": \xff')
    done = run("digest.py", tmp_path / "before", tmp_path / "after")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "other.html: '0' became '1'\n1 files differ\n"


def test_a_build_that_is_not_there(tmp_path):
    done = run("digest.py", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{tmp_path}: no file is in it; name the folder of a built site\n"
