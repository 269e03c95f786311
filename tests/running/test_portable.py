"""Guards what is said of other machines: a program that depends on one is named, with the cell, and no other."""

from __future__ import annotations

import io

import pytest

from headtohead.content.topics import topic, topics
from headtohead.errors import Problem
from headtohead.running import portable
from tests.support.texts import GOOD, program

ASKS = {
    "oneDNN off": 'print(os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0")',
    "no vector kernels": 'print("ATEN_CPU_CAPABILITY" in os.environ)',
    "SSE 4.1": 'print("ONEDNN_MAX_CPU_ISA" in os.environ)',
    "four threads": 'print(os.environ.get("OMP_NUM_THREADS") == "4")',
    "another place": 'print(os.environ.get("TZ"))',
    "no home": 'print("HOME" in os.environ)',
}


def moved(project, *names: str) -> list[portable.Moved]:
    return portable.run(project.store, topics(project.root), names, project.root / "elsewhere", io.StringIO())


@pytest.mark.parametrize("name", ASKS)
def test_a_program_that_depends_on_its_surrounding_is_named_with_its_cell(project, monkeypatch, name):
    for variable in portable.SURROUNDINGS[name]:
        monkeypatch.delenv(variable, raising=False)
    project.topic("a/asks", program("import os", ASKS[name]), program("import os", "print('the same')"))
    project.topic("a/good")
    project.verify()
    before = project.records()
    (found,) = moved(project, name)
    assert found.lines == ["snippets/a/asks/in_pytorch.py: moved: Two"]
    assert found.ran == 4
    assert project.records() == before
    project.unharmed()


def test_what_prints_the_same_everywhere_moves_nowhere(project):
    project.topic("a/good")
    project.verify()
    found = moved(project, *portable.SURROUNDINGS)
    assert [(each.ran, each.lines) for each in found] == [(2, [])] * len(portable.SURROUNDINGS)


def test_by_hand_a_program_is_alone(project):
    """What the warm start had imported is not there, and the program says how it fares without."""
    cold = 'if "numpy" not in sys.modules:\n    {}'
    prints = program("import sys", cold.format('print("cold")'), "import numpy")
    dies = program("import os, sys", cold.format("os.abort()"), "import numpy")
    project.topic("a/cold", prints, dies)
    project.topic("b/good")
    project.verify()
    (found,) = moved(project, "by hand")
    assert found.ran == 4
    assert sorted(found.lines) == [
        "snippets/a/cold/in_pytorch.py: prints something else than was recorded",
        "snippets/a/cold/in_tensorflow.py: was killed by SIGABRT: ",
    ]


def test_a_program_without_a_fresh_record_is_told_and_hides_no_other(project):
    project.topic("a/good")
    project.verify()
    project.topic("b/new")
    lacking, found = moved(project, "oneDNN off")
    (line,) = lacking.lines
    assert line.endswith("b/new/pytorch.json: no such record; run 'nox -s verify -- b/new'")
    assert (found.ran, found.lines) == (2, [])


def test_what_a_surrounding_cannot_be_tried_on_is_told_with_its_reason(project, monkeypatch):
    project.topic("a/good")
    project.topic("b/good")
    project.verify()
    monkeypatch.setitem(portable.LEFT_OUT, ("oneDNN off", "a/good"), "it is made up")
    found = portable.run(
        project.store, topics(project.root), ["oneDNN off"], project.root / "elsewhere", out := io.StringIO()
    )
    assert (found[0].ran, found[0].lines) == (2, [])
    assert "oneDNN off: a/good is left out: it is made up" in out.getvalue()


def test_an_unknown_surrounding_is_told_with_those_there_are(project):
    project.topic("a/good")
    project.verify()
    with pytest.raises(Problem, match="no such surrounding; there are 'oneDNN off', "):
        moved(project, "underwater")


def test_the_short_form_has_one_topic_of_each_kind_the_quickest(project):
    slow = program("import time", "time.sleep(0.3)", "x = 3")
    project.topic("a/slow", slow, slow)
    project.topic("a/quick")
    project.topic("b/only", GOOD)
    project.verify()
    assert portable.quickest(project.store) == [topic(project.root, name) for name in ("a/quick", "b/only")]
