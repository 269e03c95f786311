"""Guards how differences run: each program apart and to its end, and faults name their entry."""

from __future__ import annotations

import pytest

from headtohead.content.differences import FOLDER, FORM
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.running.limits import Limits
from headtohead.running.listings import run
from tests.support.texts import DIFFERENCE, GROUP


def test_programs_run_apart_and_faults_name_their_entry(project):
    broken = DIFFERENCE.replace("one", "gone").replace('tensorflow = "print(2)"', 'tensorflow = "print(1)"')
    fails = DIFFERENCE.replace("one", "fails").replace('pytorch = "print(1)"', 'pytorch = "x = 1\\n1 / 0"')
    dies = DIFFERENCE.replace("one", "dies").replace('pytorch = "print(1)"', 'pytorch = "os._exit(3)"')
    project.group("a", GROUP + DIFFERENCE + broken + fails + dies)
    store = project.store
    problems = run(FORM, store, ["a"])
    assert [line.partition(": ")[0] for line in problems] == [f"differences/a.toml:{n}" for n in (14, 23, 32)]
    assert "gone: the difference is gone: both print '1\\n'" in problems[0]
    assert "fails: pytorch: line 2: ZeroDivisionError: division by zero" in problems[1]
    assert "dies: pytorch: ended with 3" in problems[2]
    with pytest.raises(Problem, match="no such record"):
        freshness.data(store, FOLDER, "a")
    project.group("a", GROUP + DIFFERENCE)
    assert run(FORM, store, ["a"]) == []
    found = freshness.data(store, FOLDER, "a")
    assert found == {"one": {"pytorch": "1\n", "tensorflow": "2\n", "pytorch_fixed": "2\n"}}
    project.group("a", GROUP + DIFFERENCE.replace("Mend", "Heal"))
    with pytest.raises(Problem, match="stale"):
        freshness.data(store, FOLDER, "a")


def does(name: str, text: str, more: str = "") -> str:
    """A difference whose PyTorch program is another one."""
    return DIFFERENCE.replace("one", name).replace('pytorch = "print(1)"', f"pytorch = '''{text}'''\n{more}")


def test_every_program_has_its_end(project, monkeypatch):
    monkeypatch.setattr("headtohead.running.listings.LIMITS", Limits(seconds=3, asleep=2))
    leaves = does("leaves", "import os, time\nif os.fork() == 0: time.sleep(10**6)\nprint(1)")
    sleeps, loops = does("sleeps", "import time\ntime.sleep(10**6)"), does("loops", "while True: pass")
    project.group("a", GROUP + leaves + sleeps + loops)
    problems = run(FORM, project.store, ["a"])
    assert [line.partition(": ")[2] for line in problems] == [
        "leaves: pytorch: left 1 process behind: let it end what it starts",
        "sleeps: pytorch: slept for 2 s and was stopped",
        "loops: pytorch: used more than 3 s of CPU time and was stopped",
    ]


def test_a_program_has_the_sandbox_of_all_others_and_warns_of_nothing_unsaid(project):
    asks = does("asks", "import socket\nsocket.create_connection(('192.0.2.1', 80))\nprint(1)")
    takes = does("takes", "bytearray(9 * 1024**3)\nprint(1)")
    warns = "import warnings\nwarnings.warn('be careful')\nprint(1)"
    said, unsaid = does("said", warns, 'warns.pytorch = "be careful"'), does("unsaid", warns)
    quiet = does("quiet", "print(1)", 'warns.pytorch = "be careful"')
    project.group("a", GROUP + asks + takes + said + unsaid + quiet)
    problems = [line.partition(": ")[2] for line in run(FORM, project.store, ["a"])]
    assert problems[0] == (
        "asks: pytorch: line 2: PermissionError: programs run without the network, this one asked for '192.0.2.1'"
    )
    assert problems[1] == "takes: pytorch: line 1: MemoryError"
    assert problems[2].startswith("unsaid: pytorch: warns, which is not stated: ")
    assert problems[3:] == ["quiet: pytorch: no longer warns of 'be careful'"]


def test_a_program_prints_text_that_a_page_has_room_for(project):
    bytes_, long = does("bytes", "import os\nos.write(1, bytes([255]))"), does("long", "print('x' * 9000)")
    draws = does("draws", "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()")
    project.group("a", GROUP + bytes_ + long + draws)
    assert [line.partition(": ")[2] for line in run(FORM, project.store, ["a"])] == [
        "bytes: pytorch: printed bytes that are not UTF-8",
        "long: pytorch: printed 9,001 bytes, 8,000 are room for",
        "draws: pytorch: line 2: draws a figure, which is not shown: let it print",
    ]
