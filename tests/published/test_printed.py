"""Guards what programs print: a fixed text tells something only where it would not be printed otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from headtohead.content.topics import topics
from tests.support.repository import ROOT

PROGRAMS = {program.name: program.text for topic in topics(ROOT) for program in topic.programs.values()}
FIXED = {
    "at the end": "model.load(file)\nprint('loaded')",
    "before what is computed without being printed": "print('loaded')\nx = f()",
    "after what is computed": "print(f())\nprint('loaded')",
    "of an else": "if f():\n    print(f())\nelse:\n    print('no error')\n",
    "in a branch that always runs": "with f():\n    g()\n    print('done')",
}
TOLD = {
    "a heading": "print('loaded')\nfor x in y:\n    print(x)",
    "what an error leads to": "try:\n    f()\nexcept ValueError:\n    print('refused')",
    "what a function says that runs": "def f(x):\n    print('Python runs')\n    return x\n",
    "what is computed": "print('same:', f())\nprint(f'{x:.3f}')\nprint(x)",
    "an empty line": "print()",
}


def fixed(text: str) -> Iterator[int]:
    """The lines that print a fixed text as if it had been found out.

    In an `except` it is printed only when that was raised, in a function only when that runs; and a heading stands
    right above what is printed of what was computed.
    """
    yield from _fixed(ast.parse(text).body)


def _fixed(body: list[ast.stmt]) -> Iterator[int]:
    for number, each in enumerate(body):
        if isinstance(each, (ast.FunctionDef, ast.ClassDef)):
            continue
        if _says(each) and not any(map(_tells, body[number + 1 : number + 2])):
            yield each.lineno
        for name in ("body", "orelse", "finalbody"):
            yield from _fixed(getattr(each, name, []))


def _prints(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _says(statement: ast.stmt) -> bool:
    """Whether a statement prints a fixed text."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return _prints(call) and bool(call.args) and all(isinstance(each, ast.Constant) for each in call.args)


def _tells(statement: ast.stmt) -> bool:
    """Whether a statement prints what was computed."""
    calls = [each for each in ast.walk(statement) if _prints(each)]
    return any(not isinstance(argument, ast.Constant) for call in calls for argument in call.args)


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_program_prints_a_fixed_text_for_what_it_found(name):
    assert list(fixed(PROGRAMS[name])) == []


@pytest.mark.parametrize("text", FIXED.values(), ids=FIXED)
def test_a_fixed_text_is_found(text):
    assert len(list(fixed(text))) == 1


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD)
def test_what_tells_something_is_let_alone(text):
    assert list(fixed(text)) == []
