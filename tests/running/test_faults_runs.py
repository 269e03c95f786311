"""Deliberate faults around a run: a second run, kills, Ctrl-C, a full disk."""

import os
import shlex
import shutil
import signal
import subprocess

import pytest

from tests.support.disk import disk
from tests.support.projects import Project
from tests.support.repository import ROOT
from tests.support.texts import GOOD, NUMPY, OTHER, SLEEPS, program, proof
from tests.support.waiting import ended, until

SLEEPS_WITH_A_DAEMON = program(
    "import os, time", "if os.fork() == 0:\n    os.setsid()\n    time.sleep(10**6)", "time.sleep(10**6)"
)


def whole(project: Project, *names: str) -> bool:
    """Whether these records are there, and nothing else is being written."""
    return set(project.records("cpu")) == {f"cpu/{name}.json" for name in names}


# Two at once -----------------------------------------------------------------------------------


def test_two_at_once(project):
    """The second says who is first, and harms nothing; it may look, and it may run elsewhere."""
    project.topic("a/good")
    project.topic("b/sleeps", SLEEPS, GOOD)
    first = project.start("--jobs", "2")
    until(lambda: whole(project, "a/good/pytorch", "a/good/tensorflow", "b/sleeps/tensorflow"))
    before = project.records("cpu")
    expected = f"records: another run (process {first.pid}) is writing these records; wait until it has ended\n"
    assert project.verify(code=2) == expected
    assert first.poll() is None
    assert (project.root / "records/.work").exists(), "the second one swept the first one's folder"
    assert project.verify("a/good", "--records", str(project.root / "elsewhere")) == ""
    assert project.records("cpu") == before
    first.kill()
    first.communicate()
    project.change("b/sleeps", GOOD)
    project.unharmed_after_sweep()


def test_a_program_that_is_edited_while_it_runs(project):
    """What it printed is of a file that is there no more."""
    waits = program("import time", "time.sleep(3)", "print('three')")
    project.topic("a/waits", waits, GOOD)
    process = project.start()
    until(lambda: project.processes("records/.work/a.waits"))
    with project.file("a/waits", "in_pytorch.py").open("a") as file:
        file.write("# more\n")
    where = "snippets/a/waits/in_pytorch.py"
    why = "the program, its proof or a file beside it changed while it ran; verify again"
    assert ended(process, 1) == f"{where}: {why}\n"


def test_the_folder_of_what_runs_is_removed(project):
    """As `git clean` does; that is no lack of room."""
    project.topic("a/waits", program("import time", "time.sleep(2)", "print(3)"), GOOD)
    process = project.start("--framework", "pytorch")
    until(lambda: project.processes("records/.work/a.waits"))
    shutil.rmtree(project.root / "records/.work")
    assert ended(process, 1).endswith(
        "gave what could not be kept: No such file or directory; "
        "remove nothing of the records while it runs, then verify again\n"
    )


def test_a_topic_that_is_broken_while_it_waits(project):
    """It is told, and what waits with it runs."""
    project.topic("a/waits", program("import time", "time.sleep(2)", "print(3)"), GOOD)
    project.topic("b/edited", parity=proof())
    project.topic("c/good")
    process = project.start("--jobs", "1", "--framework", "pytorch")
    until(lambda: project.processes("records/.work/a.waits"))
    project.change("b/edited", parity="x = (")
    assert ended(process, 1) == "snippets/b/edited/parity.py:1: syntax error: '(' was never closed\n"
    assert project.record("c/good", "pytorch.json").exists()


# Kills -----------------------------------------------------------------------------------------

# Python that does something to a verify at its Nth os.replace, just before a file is put in its place. With
# --jobs 1 and two sides that compare arrays, the files are: arrays, record, arrays, record, agreement.
DIE = "os.kill(os.getpid(), signal.SIGKILL)"
FULL = "raise OSError(28, 'No space left on device')"
KILL = """
import os, signal
count, replace = 0, os.replace
def kill(*paths):
    global count
    count += 1
    if count == {number}:
        {what}
    replace(*paths)
os.replace = kill
"""


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_killed_in_the_middle_of_a_write(project, number):
    other = NUMPY.replace("good", "gut")
    project.topic("a/good", NUMPY, NUMPY, proof())
    project.verify()
    project.topic("a/good", other, other, proof('return {"a": np.ones(4)}', 'return {"a": np.ones(4)}'))
    project.verify("--jobs", "1", code=-signal.SIGKILL, before=KILL.format(number=number, what=DIE))
    assert any(".writing-" in name for name in project.records()), "it was killed too early or too late"
    for side in ("pytorch", "tensorflow"):
        project.store.read("a/good", side)  # is whole, the old one or the new one, and so are its files
    assert project.verify() == ""
    assert project.verify("--check") == ""
    assert len(project.records()) == 5, "two records, two arrays, an agreement"
    project.unharmed()


def test_killed_in_the_middle_and_then_taken_back(project):
    """The change is undone, so that nothing is stale: what the killed run wrote goes all the same."""
    project.topic("a/good", NUMPY, NUMPY, proof())
    project.verify()
    before = project.records()
    numbers = 'return {"a": np.zeros(4)}'
    project.topic("a/good", NUMPY, NUMPY, proof(numbers, numbers))
    project.verify("--jobs", "1", code=-signal.SIGKILL, before=KILL.format(number=2, what=DIE))
    assert len(project.records()) > len(before)
    project.topic("a/good", NUMPY, NUMPY, proof())
    assert project.verify() == ""
    assert project.records() == before
    project.unharmed()


@pytest.mark.parametrize(
    ("text", "number"), [(SLEEPS, 1), (SLEEPS_WITH_A_DAEMON, 2)], ids=["a program", "and its daemon"]
)
def test_killed_while_programs_run(project, text, number):
    """They die with it, and so does what they started."""
    project.topic("a/good")
    project.topic("b/sleeps", text, OTHER)
    process = project.start("--jobs", "2")
    until(lambda: whole(project, "a/good/pytorch", "a/good/tensorflow", "b/sleeps/tensorflow"))
    until(lambda: len(project.processes("records/.work/b.sleeps")) == number)
    process.kill()
    ended(process, -signal.SIGKILL)
    before = project.records("cpu")
    project.change("b/sleeps", GOOD)
    project.unharmed_after_sweep()
    assert project.records().items() >= before.items()


def test_interrupted(tmp_path):
    """Ctrl-C reaches every process of the terminal; what had finished is recorded, what had failed is told."""
    project = Project(tmp_path / "project")
    project.topic("a/good")
    project.topic("b/faulty", program("1 / 0"), program("print('good')"))
    project.topic("c/sleeps", SLEEPS, GOOD)
    command = ["setsid", "--wait", *project.command("--jobs", "2")]
    process = subprocess.Popen(
        command,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        # What a shell starts in the background, without a terminal, has Ctrl-C ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread is there yet
    )
    until(project.record("c/sleeps", "tensorflow.json").exists)
    until(project.record("b/faulty", "pytorch.failed").exists)
    until(lambda: project.processes("records/.work/c.sleeps"))
    verify = int((project.root / "records/.lock").read_text())
    os.killpg(verify, signal.SIGINT)
    lines = ended(process, 130).splitlines()
    assert lines[0].startswith("snippets/b/faulty/in_pytorch.py:4: cell 'One': ZeroDivisionError")
    assert lines[1] == "interrupted: what had finished is recorded"
    assert len(lines) == 2
    assert {name for name in project.records() if name.endswith(".json")} == {
        f"cpu/{name}.json" for name in ("a/good/pytorch", "a/good/tensorflow", "b/faulty/tensorflow")
    } | {"cpu/c/sleeps/tensorflow.json"}
    project.unharmed()


# A full disk -----------------------------------------------------------------------------------


def test_the_disk_is_full_between_two_files_of_a_record(project):
    """The arrays are written and the record is not: they go, and the earlier record is what it was."""
    project.topic("a/good", NUMPY, NUMPY, proof())
    project.verify()
    before = project.records("cpu/a/good")
    numbers = 'return {"a": np.zeros(4)}'
    project.topic("a/good", NUMPY, NUMPY, proof(numbers, numbers))
    said = project.verify("--framework", "pytorch", code=1, before=KILL.format(number=2, what=FULL))
    assert said == (
        "snippets/a/good/in_pytorch.py: its record could not be written: No space left on device; "
        "free some room, then verify again\n"
    )
    assert project.records("cpu/a/good") == before
    project.unharmed()


@pytest.mark.skipif(disk("64k") is None, reason="this system lets nobody mount a disk of its own")
@pytest.mark.parametrize("room", [0, 4, 8, 16, 24, 32, 48])
def test_a_full_disk(project, room):
    """Whatever room is left, in KB: one line a program, the earlier records as they were."""
    large = NUMPY.replace("'good'", "'x' * 7000")  # a record of two blocks
    project.topic("a/good", NUMPY, NUMPY, proof())
    project.topic("b/good")
    project.verify()
    before = project.records()
    project.change("a/good", large, large)
    project.change("b/good", OTHER, program("1 / 0", "print(2)", "print(3)"))
    records, kept = project.root / "records", project.root / "kept"
    shutil.copytree(records, kept)
    verify = shlex.join(project.command("--jobs", "1"))
    script = f"""
        cp -r {kept}/. {records}
        head -c {room}k /dev/zero > {records}/room
        cat /dev/zero > {records}/full 2> /dev/null
        rm {records}/room
        {verify}; code=$?
        rm {records}/full
        rm -r {kept}; cp -r {records} {kept}
        exit $code"""
    start = disk("256k")
    process = subprocess.Popen(
        [*start, str(records), script], text=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    lines = ended(process, 1).splitlines()
    assert lines
    for line in lines:
        assert line.startswith("snippets/"), line
        assert "free some room, then verify again" in line or "No space left on device" in line or "Zero" in line, line
    after = {path.relative_to(kept).as_posix(): path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    for topic in ("a/good", "b/good"):
        for side in ("pytorch", "tensorflow"):
            if any(f"{topic}/in_{side}" in line for line in lines):
                of = f"cpu/{topic}/{side}"
                earlier = {name: data for name, data in before.items() if name.startswith(of)}
                later = {name: data for name, data in after.items() if name.startswith(of)}
                later.pop(f"{of}.failed", None)
                assert earlier == later, f"{topic} {side} failed and its earlier record is harmed"
    assert not [name for name in after if ".writing-" in name or ".work" in name]
