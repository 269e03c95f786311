"""Guards the command that reads a program: bad input is told in one line, and no framework is needed."""

from __future__ import annotations

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
