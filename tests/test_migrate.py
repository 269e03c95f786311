"""Guards the command that reads a program: bad input is told in one line, and no framework is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.repository import ROOT


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "no such file; name a Python file"), (b"\xff", "no text in UTF-8"), (b"x = (", "no Python")],
)
def test_the_command_tells_bad_input_in_one_line(tmp_path, content, told):
    path = tmp_path / "model.py"
    if content is not None:
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "headtohead.migrate", str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith(str(path))
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_command_needs_no_framework(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("import torch\ntorch.abs(1)\n")
    code = (
        "import sys; from headtohead.migrate import main; code = main(sys.argv[1:]); others = set(sys.modules); "
        "assert not {'torch', 'tensorflow', 'keras', 'numpy', 'markdown', 'pygments'} & others; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ops.abs" in done.stdout


def migrate(*names: str, **more) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headtohead.migrate", *names]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **more)


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_read(tmp_path):
    for name, text in (("a.py", "x = ("), ("b.py", "import torch\ntorch.abs(1)\n")):
        (tmp_path / name).write_text(text)
    done = migrate(str(tmp_path / "a.py"), str(tmp_path / "none.py"), str(tmp_path / "b.py"))
    assert done.returncode == 2
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()] == [
        f"{tmp_path}/a.py:1",
        f"{tmp_path}/none.py",
    ]
    assert f"{tmp_path}/b.py:2: torch.abs: " in done.stdout


def test_the_name_of_a_file_breaks_no_line_and_no_terminal(tmp_path):
    path = tmp_path / "a\nb\x1b[31m\udcff\u00e9.py"
    path.write_text("import torch\ntorch.no_such(1)\n")
    done = migrate(str(path), env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path}/a\\nb\\x1b[31m\\udcff\\xe9.py:2: torch.no_such: not in the map\n"


def test_whoever_stops_listening_gets_no_traceback(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("import torch\n" + "torch.abs(1)\n" * 20_000)
    command = f"{sys.executable} -m headtohead.migrate {path} | head -n 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_file_of_more_than_there_is_room_for_is_not_read(tmp_path):
    path = tmp_path / "model.py"
    with path.open("wb") as file:
        file.truncate(20 * 10**9)
    done = migrate(str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{path}: 20,000,000,000 bytes; name files of at most 100,000,000\n"


@pytest.mark.parametrize("arguments", [["{}"], []], ids=["a program", "help"])
def test_what_it_says_cannot_be_written(tmp_path, arguments):
    path = tmp_path / "model.py"
    path.write_text("import torch\ntorch.abs(1)\n")
    command = [sys.executable, "-m", "headtohead.migrate", *(each.format(path) for each in arguments)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == (74 if arguments else 2)
    assert done.stderr == "stdout: No space left on device: what was to be printed is lost\n"
    line = " ".join(command)
    closed, heard = (
        subprocess.run(["bash", "-c", f"{line} {end}"], cwd=ROOT, capture_output=True, text=True, check=False)
        for end in (">&-", "| true; exit ${PIPESTATUS[0]}")
    )
    assert closed.returncode == (74 if arguments else 2)
    assert closed.stderr == "stdout: Bad file descriptor: what was to be printed is lost\n"
    assert heard.stderr == ""


def test_a_name_may_begin_with_a_dash(tmp_path):
    (tmp_path / "-model.py").write_text("import torch\ntorch.abs(1)\n")
    command = [sys.executable, "-m", "headtohead.migrate", "--", "-model.py"]
    more = {"env": os.environ | {"PYTHONPATH": str(ROOT)}, "capture_output": True, "text": True}
    done = subprocess.run(command, cwd=tmp_path, check=False, **more)
    assert done.returncode == 0
    assert done.stdout.startswith("-model.py:2: torch.abs: ")
