"""Deliberate faults of the machine on which programs are run: each is told, or does not matter."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.guards import guards
from tests.support.projects import Project
from tests.support.repository import ROOT
from tests.support.texts import program
from tests.support.waiting import ended

spaces = pytest.mark.skipif("namespaces" not in guards(), reason="this system allows no namespaces to everybody")


def within(project: Project, shell: str, *arguments: str) -> subprocess.Popen[str]:
    """Starts a verify of one side from a shell, in which something was done before: `exec "$@"` is it."""
    command = project.command("--framework", "pytorch", *arguments)
    pipe = subprocess.PIPE
    return subprocess.Popen(["bash", "-c", shell, "-", *command], cwd=ROOT, text=True, stdout=pipe, stderr=pipe)


@spaces
def test_without_proc_nothing_runs(project):
    """A program that never ends would never be stopped."""
    project.topic("a/spins", program("while True:\n    pass"), program("print('good')"))
    process = within(project, """unshare -rm bash -c 'mount -t tmpfs none /proc; exec "$@"' - "$@" """)
    told = "/proc: it does not show this process, so nothing can be held to limits; mount the /proc of this system\n"
    assert ended(process, 2) == told
    project.unharmed()


def test_who_fills_its_folder_and_ends_is_told_too(project):
    """Between two looks."""
    fills = "import os\n\nfor number in range(20_001):\n    os.mkdir(str(number))"
    project.topic("a/fills", program(fills), program("print('good')"))
    told = "made more than 20,000 files and folders and was stopped; make fewer\n"
    assert project.verify("--framework", "pytorch", code=1).endswith(told)
