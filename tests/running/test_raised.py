"""Guards how errors run: what is raised no more, elsewhere or otherwise is told, and no record of this machine."""

from __future__ import annotations

import pytest

from headtohead.content.mistakes import FOLDER, FORM
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.running.listings import run
from tests.support.texts import GROUP, MISTAKE

RAISES = "raise ValueError('a message that is long enough to be known by')"
LONG = "a message that is long enough to be known by"


def does(name: str, text: str, of: str = RAISES, more: str = "") -> str:
    """An error of which one program, that which raises where none is named, is another one."""
    return MISTAKE.replace('"one"', f'"{name}"').replace(f'"{of}"', f"'''\n{text}'''") + more


def told(project, *entries: str) -> list[str]:
    project.errors("a", GROUP + "".join(entries))
    return [line.partition(": ")[2] for line in run(FORM, project.store, ["a"])]


def test_what_is_raised_is_recorded_as_python_prints_it(project):
    assert told(project, MISTAKE) == []
    assert freshness.raised(project.store, "a") == {
        "one": {"raises": f"ValueError: {LONG}", "mend": "1\n", "counterpart": "2\n"}
    }
    project.errors("a", GROUP + MISTAKE.replace("Mend", "Heal"))
    with pytest.raises(Problem, match="stale: the errors, what runs them or a pinned version has changed"):
        freshness.data(project.store, FOLDER, "a")


def test_an_error_that_is_not_as_stated_is_told(project):
    gone, fails = does("gone", "x = 1"), does("fails", "1 / 0", "print(1)")
    early = does("early", f"def f():\n    {RAISES}\n\nf()\nprint(1)")
    other = does("other", "raise ValueError('something else')")
    said = does("said", f"print('first')\n{RAISES}")
    silent = does("silent", "x = 1", "print(2)", 'refused = "is not to be had here"\n')
    dies = does("dies", "os._exit(3)")
    every = gone, fails, early, other, said, silent, dies
    assert [line for each in every for line in told(project, each)] == [
        "gone: raises: raises nothing any more",
        "fails: mend: line 1: ZeroDivisionError: division by zero",
        f"early: raises: line 2: raises before its last statement, which begins in line 5: ValueError: {LONG}",
        "other: raises raises another error than 'a message ... to be known by': 'ValueError: something else'",
        "said: raises: prints before it raises: let it do nothing else",
        "silent: counterpart: raises nothing any more",
        "dies: raises: ended with 3",
    ]
    with pytest.raises(Problem, match="no such record"):
        freshness.data(project.store, FOLDER, "a")


def test_the_line_that_calls_what_raises_is_the_culprit(project):
    within = f"def f():\n    {RAISES}\n\nwith open('x', 'w'):\n    f()"
    assert told(project, does("within", within)) == []


MARKED = """x = object()
parts = ["a message that is long enough to be known by"]
parts += [__file__, x, id(x), np.__file__]
parts += ["{{function_node A}} \\x1b[1mbold\\x1b[0m"]
raise ValueError(" ".join(map(str, parts)))"""


def test_a_message_tells_nothing_of_this_machine(project):
    assert told(project, does("marked", MARKED)) == []
    (said,) = [each["raises"] for each in freshness.raised(project.store, "a").values()]
    assert said == f"ValueError: {LONG} program.py <object object at 0x...> ... numpy/__init__.py bold"
    (line,) = told(project, does("home", f"import sys\nm = '{LONG}'\nraise ValueError(m, sys.prefix)"))
    assert "its message tells the path of" in line


def test_a_mend_may_warn_of_what_is_stated_alone(project):
    warns = "import warnings\nwarnings.warn('careful with it')\nprint(1)"
    assert told(project, does("said", warns, "print(1)", 'warns.mend = "careful with it"\n')) == []
    (line,) = told(project, does("unsaid", warns, "print(1)"))
    assert line.startswith("unsaid: mend: warns, which is not stated: ")
