"""Guards how errors are read and judged, on made-up ones: what is out of form, and what is raised otherwise."""

from __future__ import annotations

import re

import pytest

from headtohead.content.mistakes import culprit, groups, holds
from headtohead.errors import Problem
from tests.support.texts import GROUP, MISTAKE

ONE = GROUP + MISTAKE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MISTAKE, "a.toml:1: the group lacks 'title'"),
        (GROUP, "a.toml:1: no error; write each as [[error]]"),
        (ONE.replace("cause", "causes"), "a.toml:5: no key 'causes' in the mistake: did you mean 'cause'?"),
        (ONE.replace('mend = "print(1)"\n', ""), "a.toml:5: the mistake lacks 'mend'; correct the error that begins"),
        (ONE.replace("pytorch", "jax"), "a.toml:5: no framework 'jax'"),
        (ONE.replace("a message ... to be known by", "a ... by"), "a.toml:5: title fits too much: it has to have 12"),
        (ONE + 'refused = "... no"\n', "a.toml:5: refused fits too much: it has to have 12 letters"),
        (ONE.replace('there = "Nothing is raised."\n', ""), "a.toml:5: a counterpart has to say there what the other"),
        (ONE.replace('counterpart = "print(2)"\n', ""), "a.toml:5: a counterpart has to say there what the other"),
        (
            ONE.replace('counterpart = "print(2)"\nthere = "Nothing is raised."', 'refused = "is not to be had here"'),
            "a.toml:5: refused is of no counterpart",
        ),
        (ONE.replace("print(1)", "print("), "a.toml:5: a program that does not parse: mend"),
        (ONE.replace("print(1)", "# nothing"), "a.toml:5: mend does nothing"),
        (ONE.replace("print(2)", "print(" + "2" * 70 + ")"), "a.toml:5: counterpart, line 1: 77 columns, 68 fit"),
        (ONE.replace('raises = "', 'raises = "' + "x = 1\\n" * 8), "a.toml:5: raises has 9 lines, and 8 fit"),
        (
            ONE.replace("print(1)", "raise ValueError('a message that is long enough to be known by')"),
            "a.toml:5: the mend is the program that raises",
        ),
        (ONE + "warns = { fixed = 'w' }\n", "a.toml:5: warns names no program of it: 'fixed'"),
        (ONE + "wordings = { 'before that' = 'http://x' }\n", "a.toml:5: 'http://x' is no https address"),
        (ONE + "topics = ['a/b']\n", "a.toml:5: one: no topic 'a/b'; name a folder below snippets/"),
        (ONE + MISTAKE, "a.toml:17: a second error 'one'"),
    ],
)
def test_an_entry_out_of_form_is_told_with_its_line(project, text, told):
    with pytest.raises(Problem, match=re.escape(told)):
        project.errors("a", text)


def test_every_fault_is_told_and_other_groups_are_read(project):
    project.errors("b", ONE.replace('"one"', '"b"'))
    project.write({"errors/a.toml": ONE + MISTAKE, "errors/c.toml": b"\xff", "errors/d/e.toml": ONE})
    problems: list[Problem] = []
    assert [group.name for group in groups(project.root, problems.append)] == ["b"]
    told = [str(problem).partition(": ")[0] for problem in problems]
    assert sorted(told) == ["errors/a.toml:17", "errors/c.toml:1", "errors/d/e.toml"]


@pytest.mark.parametrize(
    ("title", "message", "found"),
    [
        ("cannot be multiplied", "E: (4x5 and 8x3) cannot be\n multiplied", True),
        (
            "shape '...' is invalid for input of size",
            "E: shape '[8, 400]' is invalid for input of size 600",
            True,
        ),
        ("one ... two", "two, then one", False),
        ("a.b", "axb", False),
        ("Cannot", "cannot", False),
    ],
)
def test_the_parts_of_a_title_stand_in_a_message_in_their_order(title, message, found):
    assert holds(title, message) is found


def test_what_was_raised_is_judged(project):
    (entry,) = project.errors("a", ONE).entries
    good = {"raises": "ValueError: a message\nthat is long enough to be known by", "mend": "1\n", "counterpart": "2\n"}
    assert entry.verdict(good) == ""
    assert entry.verdict(good | {"raises": "ValueError: another"}).startswith("raises raises another error than 'a me")
    assert entry.verdict(good | {"mend": " \n"}) == "mend prints nothing"
    assert entry.verdict(good | {"counterpart": ""}) == "counterpart prints nothing"
    (entry,) = project.errors("a", ONE + 'refused = "is not to be had here"\n').entries
    assert not entry.silent
    assert entry.verdict(good).startswith("counterpart raises another error than 'is not to be had here'")
    assert entry.verdict(good | {"counterpart": "E: it is not to be had here"}) == ""


def test_a_program_of_an_error_has_a_side(project):
    for framework, sides in (("pytorch", "ppt"), ("tensorflow", "ttp"), ("keras", "ttp")):
        (entry,) = project.errors("a", ONE.replace('"pytorch"', f'"{framework}"')).entries
        assert "".join(entry.side(name).name[0] for name in ("raises", "mend", "counterpart")) == sides


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1\nb(\n    a,\n)", [2, 3, 4]),
        ("with a:\n    b()\n    c()", [3]),
        ("for a in b:\n    c()", [1, 2]),
    ],
)
def test_the_last_statement_is_the_culprit(text, lines):
    assert list(culprit(text)) == lines
