"""Guards that data mean what they say: each key of a data file is fed with what it may not be, and a line says so."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from headtohead.content import claims, differences, evidence, mistakes, questions, rows
from headtohead.content.build import build
from headtohead.errors import Problem
from tests.support.projects import CLAIMS, RULES, Project

LONG = "'" + "ab " * 4_000 + "c'"
# Values as TOML, by what they are.
VALUES = {
    "a whole number": "5",
    "a number below 0": "-1",
    "0": "0",
    "a number": "0.5",
    "a small number": "0.001",
    "a huge number": "1" + "0" * 400,
    "NaN": "nan",
    "infinity": "inf",
    "true": "true",
    "a list": "['a', 'b']",
    "an empty list": "[]",
    "a list of numbers": "[1]",
    "a list of blanks": "[' ']",
    "the same twice": "['a/b', 'a/b']",
    "lists, deep": "[" * 50 + "]" * 50,
    "a table": "{ a = 'b' }",
    "an empty table": "{}",
    "a table of numbers": "{ pytorch = 1 }",
    "a table of nothing": "{ pytorch = '' }",
    "a date": "2025-08-07",
    "a moment": "2025-08-07T07:32:00Z",
    "a time": "07:32:00",
    "no text": "''",
    "a blank": "'   '",
    "a text of 12,000": LONG,
    "a word of 12,000": "'" + "a" * 12_000 + "'",
    "NUL": '"a\\u0000b"',
    "ESC": '"a\\u001b[31mb"',
    "a tab": '"a\\tb"',
    "a line break": '"a\\nb"',
    "a carriage return": '"a\\rb"',
    "U+0085": '"a\\u0085b"',
    "a mark of direction": '"a\\u202eb"',
    "a joiner": '"a\\u200db"',
    "a blank at the end": "'a '",
    "another word": "'no-such-thing'",
    "a phrase": "'No such thing <b>\"&'",
    "true as text": "'true'",
    "a number as text": "'1e-3'",
    "a path": "'../../x'",
    "an http address": "'http://a.org/'",
    "a script": "'javascript:alert(1)'",
    "a bare scheme": "'https://'",
    "an address of this machine": "'https://localhost/'",
    "an address with a password": "'https://a:b@c.org/'",
    "an address with a blank": "'https://a.org/ b'",
    "an address with a quote": "'https://a.org/\"onclick=\"'",
    "a future year": "'2999'",
    "a future day": "'2999-01-01'",
    "a month too many": "'2025-13'",
    "a day too many": "'2025-02-30'",
    "the year 0": "'0000'",
    "a year without computers": "'1492'",
    "an English date": "'7 August 2025'",
    "Arabic digits": "'٢٠٢٥'",
}
PHRASES = {
    *("another word", "a phrase", "true as text", "a number as text", "a path", "an http address", "a script"),
    *("a bare scheme", "an address of this machine", "an address with a password", "an address with a blank"),
    *("an address with a quote", "a future year", "a future day", "a month too many", "a day too many", "the year 0"),
    *("a year without computers", "an English date", "Arabic digits"),
}
ID = {"another word", "a future year", "a future day", "a month too many", "a day too many", "the year 0"}
ID |= {"a year without computers", "true as text"}
# What is a program, though none of this one: whether it runs, running it shows.
PROGRAMS = {"another word", "true as text", "a script", "a month too many", "a number as text", "a future year"}
PROGRAMS |= {"a line break", "a blank at the end", "the year 0", "a year without computers"}
SHOWN = PHRASES | {"a line break", "a blank at the end"}
# Which of the values may stand, by what kind a key is of.
MAY = {
    "a line": PHRASES,
    "prose": PHRASES | {"a line break"},
    "an id": ID | {"a number as text"},
    "part of an output": SHOWN,
    "part of a message": {"a phrase", "a script", "an address of this machine", "an address with a quote"},
    "true or false": {"true"},
    "a tolerance": {"0", "a small number"},
    "a place": {"a whole number"},
    "names with reasons": {"an empty table"},
    "programs with texts": {"an empty table"},
    "topics": {"an empty list"},
    "a program": PROGRAMS,
    "nothing of it": set(),
}
# A good entry of each file, all its keys with their values and what kind each is of.
ROW = {
    "torch": ("'torch.abs(x)'", "nothing of it"),
    "keras": ("'ops.abs(x)'", "nothing of it"),
    "tf": ("'tf.abs(x)'", "nothing of it"),
    "name": ("'torch.Tensor.abs'", "nothing of it"),
    "note": ("'N.'", "prose"),
    "random": ("false", "true or false"),
    "rtol": ("1e-5", "a tolerance"),
    "atol": ("1e-5", "a tolerance"),
    "no_gradient": ("'So.'", "a line"),
    "first": ("false", "true or false"),
    "why": ("'So.'", "a line"),
    "holds": ("'for some'", "a line"),
    "parts": ("['ties']", "nothing of it"),
}
AREA = {
    "title": ("'A'", "a line"),
    "about": ("'B.'", "prose"),
    "only": ("{ 'torch.Tag' = 'So.' }", "names with reasons"),
    "alias": ("{ 'torch.absolute' = 'torch.Tensor.abs' }", "names with reasons"),
}
DIFFERENCE = {
    "id": ("'one'", "an id"),
    "title": ("'One'", "a line"),
    "pytorch": ("'print(1)'", "a program"),
    "tensorflow": ("'print(2)'", "a program"),
    "bites": ("'It bites.'", "prose"),
    "fix": ("'Mend it.'", "prose"),
    "pytorch_fixed": ("'print(2)'", "a program"),
    "tensorflow_fixed": ("'print(1)'", "a program"),
    "agrees": ("false", "nothing of it"),
    "warns": ("{ pytorch = 'beware of it' }", "programs with texts"),
    "topics": ("['a/b']", "topics"),
    "source": ("'https://a.org/b?c=d#e'", "nothing of it"),
}
MISTAKE = {
    "id": ("'one'", "an id"),
    "title": ("'a message to be known by'", "part of a message"),
    "framework": ("'pytorch'", "nothing of it"),
    "raises": ("'raise ValueError'", "a program"),
    "means": ("'So.'", "prose"),
    "cause": ("'So.'", "prose"),
    "fix": ("'So.'", "prose"),
    "mend": ("'print(1)'", "a program"),
    "counterpart": ("'print(2)'", "a program"),
    "there": ("'So.'", "prose"),
    "refused": ("'a message to be known by'", "part of a message"),
    "warns": ("{ raises = 'beware of it' }", "programs with texts"),
    "wordings": ("{ 'before that' = 'https://a.org/' }", "programs with texts"),
    "topics": ("['a/b']", "topics"),
    "differences": ("['one']", "topics"),
    "source": ("'https://a.org/b?c=d#e'", "nothing of it"),
}
GROUP = {"title": ("'A'", "a line"), "about": ("'B.'", "prose"), "order": ("1", "a place")}
CELL = {
    "cell": ("'a/b'", "nothing of it"),
    "title": ("'Show'", "a line"),
    "shows_pytorch": ("'1'", "part of an output"),
    "shows_tensorflow": ("' 1'", "part of an output"),
    "agrees": ("'sum'", "a line"),
    "differs": ("'seed'", "a line"),
}
SOURCE = {
    "source": ("'https://a.org/'", "nothing of it"),
    "name": ("'A'", "a line"),
    "date": ("'read 2025-08'", "nothing of it"),
}
CLAIM = {
    "id": ("'one'", "an id"),
    "part": ("'code'", "nothing of it"),
    "claim": ("'C'", "a line"),
    "verdict": ("'holds'", "nothing of it"),
    "why": ("'So.'", "prose"),
}
QUESTION = {"id": ("'one'", "an id"), "asks": ("'One?'", "a line")}
ANSWER = {
    "question": ("'one'", "nothing of it"),
    "id": ("'other'", "an id"),
    "says": ("'S'", "a line"),
    "points": ("'pytorch'", "nothing of it"),
    "why": ("'So.'", "prose"),
    "decides": ("false", "true or false"),
}
# What else of the values is good for one key.
# Which topics and differences there are, pages know.
ALSO = {("cell", "cell"): {*ID, "a number as text", "Arabic digits"}, ("mistake", "differences"): {"a list"}}
KEYS = [
    (kind, key)
    for kind, entry in {
        "row": ROW,
        "area": AREA,
        "difference": DIFFERENCE,
        "mistake": MISTAKE,
        "group": GROUP,
        "claim": CLAIM,
        "cell": CELL,
        "source": SOURCE,
        "question": QUESTION,
        "answer": ANSWER,
    }.items()
    for key in entry
]


def lines(entry: dict[str, tuple[str, str]], change: tuple[str, str] | None = None) -> str:
    given = {key: value for key, (value, _) in entry.items()} | dict([change] if change else [])
    return "".join(f"{key} = {value}\n" for key, value in given.items())


def other(entry: dict[str, tuple[str, str]], name: str) -> dict[str, tuple[str, str]]:
    """An entry of another id, and of other words where each has its own."""
    return {
        key: (f"'{name}'" if key in ("id", "title", "claim", "says") else value, kind)
        for key, (value, kind) in entry.items()
    }


def inline(entry: dict[str, tuple[str, str]], change: tuple[str, str] | None = None) -> str:
    return "{ " + lines(entry, change).strip().replace("\n", ", ") + " }"


def judged(project: Project, kind: str, key: str, value: str) -> tuple[list[Problem], str, range]:
    """The problems of a file in which one key has a value, its name, and the lines where that stands."""
    change, problems = (key, value), []

    def at(which: str) -> tuple[str, str] | None:
        return change if which == kind else None

    if kind in ("row", "area"):
        head = lines(AREA, at("area")) + "[[row]]\ntorch = 'torch.add(x, y)'\ntf = 'tf.add(x, y)'\n"
        text, name = head + "[[row]]\n" + lines(ROW, at("row")), "api/a.toml"
        project.write(
            {name: text, "api/b.toml": "title = 'B'\nabout = 'B.'\n[[row]]\ntorch = 'torch.abs(y)'\ntf = 'tf.abs(y)'\n"}
        )
        found = rows.areas(project.root, problems.append)
        assert "b" in [area.name for area in found]
    elif kind in ("difference", "group"):
        project.topic("a/b")
        head = lines(GROUP, at("group")) + "[[difference]]\n" + lines(other(DIFFERENCE, "zero"))
        text, name = head + "[[difference]]\n" + lines(DIFFERENCE, at("difference")), "differences/a.toml"
        beside = lines(GROUP) + "[[difference]]\n" + lines(other(DIFFERENCE, "b"))
        project.write({name: text, "differences/b.toml": beside})
        found = differences.groups(project.root, problems.append)
        assert "b" in [group.name for group in found]
    elif kind == "mistake":
        project.topic("a/b")
        head = lines(GROUP) + "[[error]]\n"
        text, name = head + lines(MISTAKE, at("mistake")), "errors/a.toml"
        beside = lines(MISTAKE | {"id": ("'b'", ""), "title": ("'another message to know'", "")})
        project.write({name: text, "errors/b.toml": head + beside})
        found = mistakes.groups(project.root, problems.append)
        assert "b" in [group.name for group in found]
    else:
        given = f"evidence = [{inline(CELL, at('cell'))}, {inline(SOURCE, at('source'))}]\n"
        if kind in ("question", "answer"):
            neutral = lines(other(ANSWER, "any")).replace("'pytorch'", "'either'")
            head = "[[question]]\n" + lines(QUESTION, at("question"))
            one = value if (kind, key) == ("question", "id") else "'one'"
            for each in (neutral, lines(ANSWER, at("answer"))):
                head += "[[answer]]\n" + each.replace("question = 'one'", f"question = {one}") + given
            text, name = head, RULES
            project.write({name: text})
            questions.read(project.root / name, name, problems.append)
        else:
            head = "[[claim]]\n" + lines(other(CLAIM, "zero")) + "evidence = [" + inline(SOURCE) + "]\n"
            text, name = head + "[[claim]]\n" + lines(CLAIM, at("claim")) + given, CLAIMS
            project.write({name: text})
            found = claims.read(project.root / name, name, problems.append)
            assert "zero" in [claim.id for claim in found]
    return problems, name, range(1, text.count("\n") + 1)


@pytest.mark.parametrize(("kind", "key"), KEYS, ids=str)
def test_a_value_may_stand_or_is_told_in_one_line(project, kind, key):
    entries = {"row": ROW, "area": AREA, "difference": DIFFERENCE, "mistake": MISTAKE, "group": GROUP}
    entries |= {"claim": CLAIM}
    entries |= {"cell": CELL, "source": SOURCE, "question": QUESTION, "answer": ANSWER}
    may = MAY[entries[kind][key][1]] | set(ALSO.get((kind, key), ()))
    assert judged(project, kind, key, entries[kind][key][0])[0] == []
    wrong = []
    for what, value in VALUES.items():
        problems, name, span = judged(project, kind, key, value)
        if (what in may) != (not problems):
            wrong.append(f"{what}: {problems}")
        told = [str(each) for each in problems]
        for each, problem in zip(told, problems):
            if not (problem.where == name and problem.line in span and problem.remedy and each.isprintable()):
                wrong.append(f"{what}: {each}")
            if len(each) > 1_000:
                wrong.append(f"{what}: too long: {each[:200]}")
        if len(told) > 1 and kind not in ("question", "answer", "cell", "source"):
            wrong.append(f"{what}: told {len(told)} times: {told}")
    assert not wrong, "\n".join(wrong)


@dataclass
class Printed:
    """As in a record: a shape says the same number twice, and a program may print nothing."""

    shape: list[list[int]]
    texts: dict[str, list[str]]


def test_what_has_no_kind_is_held_to_its_type_alone():
    entry = {"shape": [[2, 2], [2, 2]], "texts": {"": ["", ""]}}
    assert build(Printed, entry) == Printed(**entry)


def test_every_key_is_tried():
    tried = {
        rows.Row: ROW,
        rows.Area: AREA,
        differences.Difference: DIFFERENCE,
        differences.Group: GROUP,
        mistakes.Mistake: MISTAKE,
        mistakes.Group: GROUP,
        claims.Claim: CLAIM,
        evidence.CellEvidence: CELL,
        evidence.Source: SOURCE,
        questions.Question: QUESTION,
        questions.Answer: ANSWER,
    }
    read = {"area", "line", "number", "group", "rows", "entries", "evidence"}
    for kind, entry in tried.items():
        name = {"name"} if kind in (rows.Area, differences.Group, mistakes.Group) else set()  # that of the file
        assert {each.name for each in fields(kind)} - read - name == set(entry)
