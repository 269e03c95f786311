"""Guards how parity checks are read, and not run: constants, rules for seeds, and what is wrong with them."""

from __future__ import annotations

import pytest

from headtohead.content.parity import STATED as NAMES
from headtohead.content.parity import Parity, SeedRule, parity
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from tests.support.texts import PROOF, STEPS

# Each: how a proof states a constant, and what is read.
STATED = {
    "RTOL, ATOL = 1e-5, 2e-5": {"rtol": 1e-5, "atol": 2e-5},
    "RTOL = ATOL = 1e-5": {"rtol": 1e-5, "atol": 1e-5},
    'DIFFERENT = {"a": "for " "this"}': {"different": {"a": "for this"}},
    "RTOL: float = 1e-3": {"rtol": 1e-3},
    "RTOL = 0": {"rtol": 0.0},
    "RTOL, ATOL = [1e-3, 0.01]": {"rtol": 1e-3, "atol": 0.01},
    'OVER_SEEDS = {"a": {"within": 0.1, "below": "b"}}': {"over_seeds": {"a": SeedRule(0.1, "below", "b")}},
    "def pytorch(program, given):\n    rate = RTOLERANCE = program": {},
    "SIZE = 3 * 4\nATOL = 1e-3": {"atol": 1e-3},
    "a, b = f()\nx.y = 1\nx[0] = 1": {},
}


@pytest.mark.parametrize(("text", "expected"), STATED.items())
def test_constants_of_a_proof_are_read_without_running_it(project, text, expected):
    found = project.topic("a/b", STEPS, STEPS, f'"""Same weights.\n\nMore.\n"""\n{text}\n')
    assert found.parity == Parity("Same weights.", **expected)
    assert found.compares


@pytest.mark.parametrize(
    "text",
    [
        "ATOL = 10 * 1e-6",
        "ATOL, RTOL = TINY, 0",
        "ATOL = " + "-" * 90 + "1j",
        "DIFFERENT = dict(a='b')",
        "WHY_NOT = f'{1}'",
    ],
)
def test_a_constant_that_cannot_be_read_is_a_problem(project, text):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:2: (ATOL|DIFFERENT|WHY_NOT) is no literal"):
        project.topic("a/b", STEPS, STEPS, f'"""Same."""\n{text}\n').check()


@pytest.mark.parametrize(
    "text",
    [
        "DIFFERENT = {\n    'a': 'b',\n    'a': 'c',\n}",
        "OVER_SEEDS = {'b': {'within': 0.1,\n    'above': 'c',\n    'within': 0.5}}",
    ],
)
def test_what_is_stated_twice_is_told(project, text):
    """Python would take the last one without a word."""
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:4: '(a|within)' stands twice in [A-Z_]+; state it"):
        project.topic("a/b", STEPS, STEPS, f'"""Same."""\n{text}\n').check()


def test_a_proof_beside_why_not_is_told(project):
    """It would be shown below the comparison, and nothing would run it."""
    text = '"""Same."""\nWHY_NOT = "later"\n\ndef pytorch(program, given):\n    return {}\n'
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:4: pytorch beside WHY_NOT, which says that nothing"):
        project.topic("a/b", STEPS, STEPS, text).check()


def test_a_proof_with_a_syntax_error_is_a_problem(project):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:2: syntax error"):
        project.topic("a/b", STEPS, STEPS, '"""Same."""\ndef :\n').check()


@pytest.mark.parametrize(
    "rule",
    [
        "0.1",
        "{'within': 0.1}",
        "{'within': 0, 'above': 'b'}",
        "{'within': 0.1, 'above': 'b', 'below': 'b'}",
        "{'above': 'b'}",
        "{'within': 0.1, 'above': ''}",
        "{'within': 0.1, 'above': 5}",
        "{'within': 0.1, 'above': 'score'}",
        "{'within': 0.1, 'above': 'not a name'}",
        "{'within': 0.1, 'above': 'b', 'also': 1}",
        "{'within': 1e999, 'above': 'b'}",
        "{'within': -0.1, 'above': 'b'}",
        "{'within': 0.6, 'above': 'b'}",
        "{'within': True, 'above': 'b'}",
        "{'within': '0.1', 'above': 'b'}",
        "[]",
        "None",
    ],
)
def test_a_rule_out_of_form_is_told(project, rule):
    project.small()
    project.change("a/b", parity=f"{PROOF}\nOVER_SEEDS = {{'score': {rule}}}\n")
    with pytest.raises(
        Problem,
        match=r"^snippets/a/b/parity.py:5: no rule for seeds in 'score'(: 'within' is .*)?; write OVER_SEEDS = ",
    ):
        Topic(project.root, "a/b").check()


# Values as Python writes them: what no tolerance, no text and no table of reasons may be.
ODD = [
    "None",
    "True",
    "''",
    "' '",
    "'a\\nb'",
    "'a\\u202eb'",
    "[1e-3]",
    "{'a': 1e-3}",
    "{1: 'a'}",
    "{'a': ''}",
    "{'a': 5}",
]
ODD += ["{}", "['a']", "('a', 'b')", "b'a'", "1j", "-1e-3", "1e999", "0.5", "5", "...", f"'{'a' * 2_000}'", "{'': 'a'}"]
ODD += ["{'a\\nb': 'c'}", "{('a',): 'b'}", "{'a': None}", "{'a', 'b'}", "'1e-3'", "1" + "0" * 400]
GOOD = {name: {"'1e-3'"} if name == "WHY_NOT" else set() for name in NAMES}


@pytest.mark.parametrize("name", GOOD)
def test_a_constant_may_be_what_it_says_and_nothing_else(name):
    wrong = []
    for value in ODD:
        try:
            parity("a/parity.py", f'"""Same."""\n\n{name} = {value}\n')
            wrong += [] if value in GOOD[name] else [value]
        except Problem as problem:
            if value in GOOD[name] or problem.line != 3 or not problem.remedy or not str(problem).isprintable():
                wrong.append(str(problem))
    assert not wrong


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("RTOL = 1e-3\nRTOL = 1e-4", 3, "a second RTOL; state it once"),
        ("if 1:\n    RTOL = 1e-3", 3, "RTOL is set where it is not read; write RTOL = … once, at the top"),
        ("RTOL = 1e-3\nRTOL *= 2", 3, "RTOL is set where it is not read"),
        ("for ATOL in (1, 2): ...", 2, "ATOL is set where it is not read"),
        ("from x import y as WHY_NOT", 2, "WHY_NOT is set where it is not read"),
        ("def VARIES(): ...", 2, "VARIES is set where it is not read"),
        ("rtol = 1e-3", 2, "'rtol' is read by nobody; write RTOL"),
        ("DIFFERENCE = {'a': 'b'}", 2, "'DIFFERENCE' is read by nobody; write DIFFERENT"),
        ("RTOL = 1e-3\nWHY_NOT = 'so'", 2, "RTOL beside WHY_NOT; take one of them out"),
        ("x = " + "(" * 300 + ")" * 300, 2, "too many nested parentheses"),
    ],
)
def test_what_would_not_be_read_is_told(text, line, told):
    with pytest.raises(Problem) as caught:
        parity("a/parity.py", f'"""Same."""\n{text}\n')
    assert caught.value.line == line
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'"""Same."""\n# \xe9\n', "parity.py:2: not valid UTF-8; save it as UTF-8"),
        (b'"""Same."""\r\n', "parity.py:1: a carriage return; save it with Unix line endings"),
        (b"x = 1\n", "parity.py:1: no docstring; say in its first line what it compares"),
        ('"""Same."""\nx = "\u202e"\n'.encode(), "parity.py:2: U+202E, right-to-left override, which cannot be seen"),
        (b'\xef\xbb\xbf"""Same."""\n', "parity.py:1: a byte order mark; save it as UTF-8 without one"),
        (b"# coding: latin-1\n", "parity.py:1: says that it is encoded as 'latin-1'"),
    ],
)
def test_the_bytes_of_a_proof_have_a_form_too(project, content, told):
    with pytest.raises(Problem) as caught:
        project.topic("a/b", STEPS, STEPS, content).check()
    assert told in str(caught.value)


@pytest.mark.parametrize("side", ["pytorch", "tensorflow"])
def test_a_side_that_never_reads_the_program_proves_nothing(side):
    other = {"pytorch": "tensorflow", "tensorflow": "pytorch"}[side]
    text = f'"""Same."""\n\ndef {other}(it, given):\n    return it.x\n\ndef {side}(it, given):\n'
    text += "    it = 1\n    return given\n"
    with pytest.raises(Problem) as told:
        parity("parity.py", text)
    assert str(told.value) == (
        f"parity.py:6: a proof of nothing: {side}() never reads 'it'; compare what the program gives"
    )
    assert parity("parity.py", text.replace("return given", "return it"))


SIDE = '''"""Same."""

import math

import numpy as np
import torch

KEPT, SIZE = {{}}, 3
ONE = 1.0


def one(): return np.float32(ONE)


def of(program): return program.x


def inputs(): return {{"x": np.ones(3)}}


def pytorch(program, given):
    {body}


def tensorflow(program, given): return {{"a": program.x}}
'''


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('program.x; return {"a": 1.0}', "'a'"),
        ('program.x\n    return {"b": program.x, "a": np.float32([1, 2])}', "'a'"),
        ('y = program.x\n    z = one() + math.pi\n    return {"a": z}', "'a'"),
        ('y = program.x\n    return {"a": given["x"] * 2, "b": y}', "'a'"),
        ("y = program.x\n    return dict(a=ONE, b=y)", "'a'"),
        ('y = program.x\n    out = {"a": 1.0}\n    out["b"] = 2.0\n    return out', "all that pytorch() returns"),
        (
            'y = program.x\n    if given:\n        return {n: np.ones(2) for n in "ab"}\n    return {"a": y}',
            "all that ",
        ),
    ],
)
def test_a_quantity_that_nothing_can_change_is_a_proof_of_nothing(body, told):
    line = SIDE[: SIDE.index("    {body}")].count("\n")
    with pytest.raises(Problem) as found:
        parity("parity.py", SIDE.format(body=body))
    assert f"a proof of nothing: {told}" in str(found.value)
    assert "is the same whatever the program does; compare what the program gives" in str(found.value)
    assert found.value.line > line


@pytest.mark.parametrize(
    "body",
    [
        'return {"a": program.x + 1}',
        'x = given["x"]; program.step(x); return {"a": x}',
        'net = torch.nn.Linear(1, 2)\n    net.load(program.x)\n    return {"a": net(given["x"])}',
        'def inner(): return of(program)\n    return {"a": inner()}',
        "out = {}\n    for name in program.names: out[name] = 1.0\n    return out",
        'out = {}\n    with torch.no_grad():\n        out["a"] = of(program)\n    return out',
        'program.x\n    return {"a": torch.ones(3).element_size()}',
        'import torch as own\n    like = own.ones\n    program.x\n    return {"a": like(3)}',
        'program.fill(KEPT)\n    return {"a": KEPT["x"]}',
        'KEPT["x"] = program.x\n    return {"a": KEPT["x"]}',
        "program.x; return {}",
        'x = [0.0]\n    try: x += program.x\n    finally: pass\n    return {"a": x}',
    ],
)
def test_a_quantity_in_which_something_of_the_program_may_be_is_none(body):
    parity("parity.py", SIDE.format(body=body))
