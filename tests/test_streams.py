"""Guards what a command says and hears: odd streams, signals, and the environment that it is started in."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys

import pytest

from tests.support.projects import Project
from tests.support.repository import ROOT
from tests.support.texts import GOOD, NUMPY, SLEEPS, program, proof
from tests.support.waiting import PATIENCE, ended, until

COMMAND = [sys.executable, "-m", "headtohead", "verify", "--device", "cpu"]


def run(project: Project, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
    """Runs `verify` as a person does; what it says is text."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT} | options
    command = [*COMMAND, "--root", str(project.root), *arguments]
    done = subprocess.run(command, text=True, errors="replace", timeout=PATIENCE, check=False, **options)
    assert "Traceback" not in f"{done.stdout}{done.stderr}", done.stderr
    return done


# What it says ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_line_has_characters_that_stdout_lacks(project, encoding):
    """The programs after it run all the same, and a problem is told with the name as far as there are letters."""
    project.topic("a/größe")
    project.topic("b/good")
    project.topic("c/größe", GOOD.replace('"two"', "1 / 0, '→'"))
    done = run(project, env=os.environ | {"PYTHONIOENCODING": encoding})
    assert done.returncode == 1
    assert "[6/6]" in done.stdout
    assert done.stderr.count("ZeroDivisionError") == 1
    assert len([name for name in project.records() if name.endswith(".json")]) == 5
    project.unharmed()


def test_a_file_name_that_is_no_text(project):
    project.topic("a/good")
    with open(os.fsencode(project.file("a/good", "data")) + b"\xff.csv", "wb"):
        pass
    project.topic("b/good")
    done = run(project)
    assert done.returncode == 1
    assert "a/good" in done.stderr
    assert "b/good" not in done.stderr
    assert set(project.records()) == {f"cpu/b/good/{side}.json" for side in ("pytorch", "tensorflow")}


def _broken_pipe():
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


FULL = {"full": lambda: open("/dev/full", "wb"), "closed at the other end": _broken_pipe}  # noqa: SIM115


@pytest.mark.parametrize("made", FULL.values(), ids=FULL)
def test_what_it_says_cannot_be_written(project, made):
    """The work goes on; the status and stderr say that nobody heard of it."""
    project.topic("a/good")
    with made() as out:
        done = run(project, stdout=out)
    assert done.returncode == 74
    assert done.stderr.splitlines()[0].startswith("stdout: ")
    assert done.stderr.endswith(": what was to be printed is lost\n")
    assert run(project, "--check").returncode == 0
    with made() as out:
        assert run(project, stdout=out, stderr=subprocess.STDOUT).returncode == 74
    project.change("a/good", program("1 / 0"), program("1 / 0"))
    with made() as out:
        assert run(project, stdout=out).returncode == 1
    with made() as out:
        assert run(project, stderr=out).returncode == 1
    project.unharmed()


NOT_SAID = b"stdout: Bad file descriptor: what was to be printed is lost\n"
CLOSED = {"<&-": (0, b""), ">&-": (74, NOT_SAID), "2>&-": (0, b""), "<&- >&- 2>&-": (74, b"")}


@pytest.mark.parametrize(("closed", "expected"), CLOSED.items())
def test_a_stream_is_closed(project, closed, expected):
    """The work goes on; what cannot be said on stdout is told as where it cannot be written."""
    project.topic("a/good")
    command = [*COMMAND, "--root", str(project.root)]
    done = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *command], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == expected
    assert run(project, "--check").returncode == 0


# What it hears -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(project, number):
    """As a program may send it that has read the process of the lock: what had finished is recorded."""
    project.topic("a/good")
    project.topic("b/sleeps", SLEEPS, SLEEPS)
    heard = f"import signal; signal.signal({number.value}, signal.SIG_DFL)"  # though this is run by nohup
    process = project.start("--jobs", "2", before=heard)
    until(lambda: len(project.records("cpu")) == 2)
    until(lambda: all(project.processes(f"records/.work/b.sleeps.{side}") for side in ("pytorch", "tensorflow")))
    process.send_signal(number)
    expected = f"ended by {number.name}: what had finished is recorded\n"
    assert ended(process, 128 + number) == expected
    assert len(project.records("cpu")) == 2
    project.unharmed()


# Where it is started -----------------------------------------------------------------------------

FAKES = ("json", "argparse", "dataclasses", "numpy", "random", "headtohead")


@pytest.mark.parametrize("how", ["PYTHONPATH", "the current folder"])
def test_modules_of_whoever_starts_it_are_not_taken(project, tmp_path, how):
    project.topic("a/good")
    for name in FAKES:
        (tmp_path / f"{name}.py").write_text("raise SystemExit(f'taken: {__name__}')\n")
    path = {"PYTHONPATH": f"{tmp_path}{os.pathsep}", "the current folder": str(ROOT)}[how]
    if how == "the current folder":
        (tmp_path / "headtohead.py").unlink()  # that one would be the command
    done = run(project, env=os.environ | {"PYTHONPATH": path}, cwd=ROOT if how == "PYTHONPATH" else tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert run(project, "--check").returncode == 0


def test_packages_that_are_installed_are_found_though_pythonpath_names_them(project):
    project.topic("a/good")
    place = os.path.dirname(os.path.dirname(pytest.__file__))
    assert run(project, env=os.environ | {"PYTHONPATH": place}).returncode == 0


VARIABLES = {
    "PYTHONWARNINGS": "error",
    "PYTHONOPTIMIZE": "2",
    "PYTHONSAFEPATH": "1",
    "PYTHONDEVMODE": "1",
    "PYTHONUTF8": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
    "LC_ALL": "C",
    "COLUMNS": "1",
    "TMPDIR": "/nowhere",
}


@pytest.mark.parametrize("name", VARIABLES)
def test_variables_of_whoever_starts_it(project, name):
    project.topic("a/good")
    more = {"PYTHONPATH": str(ROOT)} if name == "PYTHONSAFEPATH" else {}
    done = run(project, env=os.environ | {name: VARIABLES[name]} | more)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_variables_at_all(project):
    project.topic("a/good")
    assert run(project, env={}).returncode == 0
    project.unharmed()


@pytest.mark.parametrize("name", ["with blanks", "größe → ", "-rf", "a'b\"c$d;e", "\udcff"])
def test_a_repository_of_any_name(tmp_path, name):
    project = Project(tmp_path / name)
    project.topic("a/good")
    done = run(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert run(project, "--check").returncode == 0
    project.unharmed()


def test_the_current_folder_is_gone(project, tmp_path):
    project.topic("a/good")
    gone = tmp_path / "gone"
    gone.mkdir()
    command = [*COMMAND, "--root", str(project.root)]
    script = 'cd "$0" && rmdir "$0" && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", script, str(gone), *command],
        text=True,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("kind", "flag"), [(resource.RLIMIT_FSIZE, "-f"), (resource.RLIMIT_DATA, "-d")], ids=["file", "data"]
)
def test_a_shell_that_allows_less_than_a_program_may_take(project, kind, flag):
    """One line says which limit; where it may be raised, it is."""
    project.topic("a/good")
    limit = 128 * 1024**2
    done = run(project, preexec_fn=lambda: resource.setrlimit(kind, (limit, limit)))
    if done.returncode:
        expected = f"ulimit {flag}: {limit} bytes are the most here, a program may take "
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert done.stderr.startswith(expected)
        assert project.records() == {}
    else:
        assert done.stderr == ""


@pytest.mark.parametrize("kind", [resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_STACK], ids=str)
def test_hardly_any_of_something_else(project, kind):
    project.topic("a/good", NUMPY, NUMPY, proof())
    limit = {resource.RLIMIT_NOFILE: 10, resource.RLIMIT_CPU: 1, resource.RLIMIT_STACK: 256 * 1024}[kind]
    done = run(project, preexec_fn=lambda: resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1])))
    assert bool(done.returncode) == bool(done.stderr), done
    assert done.returncode in (0, 1, 2, 128 + signal.SIGXCPU)
    assert run(project).returncode == 0
    project.unharmed()


@pytest.mark.parametrize("megabytes", [20, 30, 45, 80, 150])
def test_hardly_any_memory(project, megabytes):
    """Whatever becomes of it, it is no traceback of ours, and no record is half."""
    project.topic("a/good", NUMPY, NUMPY, proof())
    limit = megabytes * 1024**2
    done = run(project, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    assert bool(done.returncode) == bool(done.stderr)
    assert run(project).returncode == 0
    project.unharmed()
