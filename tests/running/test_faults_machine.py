"""Deliberate faults of the machine on which programs are run: each is told, or does not matter."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.guards import guards
from tests.support.projects import Project
from tests.support.records import reseal
from tests.support.repository import ROOT
from tests.support.texts import program
from tests.support.waiting import ended

spaces = pytest.mark.skipif("namespaces" not in guards(), reason="this system allows no namespaces to everybody")


def within(project: Project, shell: str, *arguments: str, before: str = "") -> subprocess.Popen[str]:
    """Starts a verify of one side from a shell, in which something was done before: `exec "$@"` is it."""
    command = project.command("--framework", "pytorch", *arguments, before=before)
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


def test_a_mask_that_would_hide_from_its_owner_does_not_matter(project):
    project.topic("a/good")
    assert ended(within(project, 'umask 777; exec "$@"'), 0) == ""
    assert project.verify("--check", "--framework", "pytorch") == ""


def test_what_whoever_started_it_ignores_or_blocks_does_not_matter(project):
    """Signals that are ignored and blocked stay so in what is started; without SIGCHLD nobody can wait for a child."""
    project.topic("a/good")
    blocked = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGCHLD])"
    process = within(project, """trap '' CHLD; exec "$@" """, before=blocked)
    assert ended(process, 0) == ""
    assert project.verify("--check", "--framework", "pytorch") == ""


def test_too_few_open_files_are_told(project):
    project.topic("a/good")
    told = "too few files may be open for the command itself; let it have more: 'ulimit -n 1024'\n"
    assert ended(within(project, 'ulimit -n 12; exec "$@"'), 2) == told


def test_a_closed_stdout_is_told_as_any_other_that_takes_nothing(project):
    project.topic("a/good")
    told = "stdout: Bad file descriptor: what is to be printed is lost\n"
    assert ended(within(project, 'exec "$@" >&-'), 74) == told.replace("is to", "was to")
    assert project.verify("--check", "--framework", "pytorch") == ""


def test_a_checkout_that_no_variable_can_name_is_told(project):
    project.topic("a/good")
    before = "from headtohead.running import pool; pool.PROJECT = '/a:b'"
    told = "/a:b: a path with ':', which PYTHONPATH takes for two; move this checkout to another folder\n"
    assert project.verify(code=2, before=before) == told


def test_a_clock_that_jumped_back_is_told(project):
    project.topic("a/good")
    project.verify("--framework", "pytorch")
    reseal(project.record("a/good", "pytorch.json"), lambda content: content.update(date="2999-01-01"))
    process = project.start("--framework", "pytorch")
    out, _ = process.communicate()
    assert "the record that it replaces is of 2999-01-01" in out
