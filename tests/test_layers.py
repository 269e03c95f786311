"""Guards what import-linter cannot say: rooms that need nothing but Python, and a package that lacks none of them."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest
from setuptools import find_packages

from tests.support.repository import ROOT

PLAIN = [path for room in ("content", "reading") for path in (ROOT / "headtohead" / room).glob("*.py")]


def imports(path: Path) -> set[str]:
    """The top packages that a module imports, in functions too."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_people_write_is_read_with_python_alone(path):
    assert imports(path) <= sys.stdlib_module_names | {"headtohead"}


def test_every_room_is_in_the_package():
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    found = find_packages(str(ROOT), **stated["find"])
    rooms = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "headtohead").rglob("*.py")}
    assert {name.replace(".", "/") for name in found} == rooms


@pytest.mark.parametrize("path", sorted((ROOT / "headtohead").rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_stays_small_and_says_what_it_is_for(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    if path.name == "porting.py":  # recipes to take along: one a layer
        return
    assert len(text.splitlines()) <= 300
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            most = 50 if isinstance(node, ast.FunctionDef) else 150
            assert node.end_lineno - node.lineno < most, f"{path}:{node.lineno}: {node.name}"
