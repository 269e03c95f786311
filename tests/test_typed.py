"""What people type by hand, in an environment of its own: `mkdocs` and `pytest`, with nothing of ours installed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.support.repository import ROOT
from tests.support.waiting import PATIENCE, until

LOCK = ROOT / "requirements/docs.txt"
PYTEST = re.search(r"^pytest==\S+", (ROOT / "requirements/tests.txt").read_text(encoding="utf-8"), re.MULTILINE)[0]


@pytest.fixture(scope="module")
def typed():
    """Runs a command with the packages of docs.txt and pytest on the path, and nothing else; makes them once."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:8]
    home = ROOT / ".cache" / f"typed-{digest}"
    if not (home / "whole").exists():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        install = [home / "bin/pip", "install", "--quiet", "--no-warn-script-location"]
        for what in (["--require-hashes", "-r", LOCK], [PYTEST]):
            subprocess.run([*install, *what], check=True, stderr=subprocess.PIPE)
        (home / "whole").touch()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HEADTOHEAD", "PYTEST"))
    }
    env = kept | {"PATH": f"{home / 'bin'}:{os.environ['PATH']}", "NO_MKDOCS_2_WARNING": "1"}

    def start(*command: object, cwd: Path = ROOT) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(home / "bin" / command[0]), *map(str, command[1:])],
            cwd=cwd,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return start


def ended(process: subprocess.Popen[str], code: int = 0) -> str:
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, said
    return said


def test_nothing_of_ours_and_no_framework_is_installed(typed):
    for name in ("headtohead", "torch", "tensorflow", "keras"):
        said = ended(typed("python", "-c", f"import {name}", cwd=Path("/")), code=1)
        assert f"No module named '{name}'" in said


def test_mkdocs_build_at_the_root(typed, tmp_path):
    ended(typed("mkdocs", "build", "--strict", "-d", tmp_path / "site"))
    page = (tmp_path / "site/training/training_loop/index.html").read_text(encoding="utf-8")
    assert page.count('class="h2h"') > 3


def test_mkdocs_serve_from_elsewhere(typed, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = typed("mkdocs", "serve", "-a", address, "-f", ROOT / "mkdocs.yml", cwd=tmp_path)
    found = []

    def answers() -> bool:
        assert process.poll() is None, process.stdout.read()
        try:
            with urllib.request.urlopen(f"http://{address}/training/training_loop/") as page:
                found.append(page.read().decode())
        except OSError:
            return False
        return True

    try:
        until(answers)
    finally:
        process.terminate()
        process.communicate()
    assert 'class="h2h"' in found[0]


def test_pytest_says_in_one_line_what_it_needs(typed):
    said = ended(typed("pytest"), code=4)
    assert said.strip() == (
        "ERROR: the tests need hypothesis, keras, numpy, playwright, tensorflow, torch, which this Python lacks: "
        "use 'nox -s tests', or 'pip install -r requirements/tests.txt'"
    )
