"""Facts behind prose: each a line of Python that is true, and no longer is where one of its numbers is another one."""

from __future__ import annotations

import ast
import inspect
import math
import tomllib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from tests.support.numbers import amounts, written

ARITHMETIC = {"math", "round", "sqrt", "log", "abs", "max", "min", "sum", "len"}  # what asks nothing of any package
UNITS = {1, 2, 100, 1000}  # what arithmetic may take from nowhere


@dataclass(frozen=True)
class Fact:
    """Something that prose says with a number.

    Attributes:
        says: A part of a sentence, as it stands in the prose.
        holds: Python that works it out: statements, and at the end an expression that is true.
        source: In the place of that, the address that the difference has as its source.
    """

    says: str
    holds: str = ""
    source: str = ""

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.holds)

    @cached_property
    def literals(self) -> set[float]:
        return {abs(node.value) for node in numbers(self.tree)}

    @property
    def given(self) -> set[float]:
        """The numbers that have to be known from elsewhere: of arithmetic all but those that it bears out."""
        names = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        if names - ARITHMETIC or any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(self.tree)):
            return set()
        return self.literals - {each for match in written(self.says) for each in amounts(match)} - UNITS

    def changed(self, number: float) -> Iterator[ast.Module]:
        """The same where other numbers stand in the place of one: the next, one much larger, one much smaller."""
        for other in after, lambda number: number * 10, lambda number: number / 10:
            tree = ast.parse(self.holds)
            for node in numbers(tree):
                if abs(node.value) == number:
                    node.value = type(node.value)(other(node.value))
            yield tree


def numbers(tree: ast.AST) -> list[ast.Constant]:
    """The numbers that stand in a piece of code."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [node for node in found if type(node.value) in (int, float)]


def after(number: float) -> float:
    """The next number with as many digits: 33 after 32, 0.225 after 0.224, 2e-7 after 1e-7."""
    text = repr(number)
    digits, _, power = text.partition("e")
    places = len(digits.partition(".")[2]) if "." in digits and not digits.endswith(".0") else 0
    return round(float(digits) + 10**-places, places) * 10 ** int(power or 0) if power else number + 10**-places


def facts(path: Path) -> list[Fact]:
    """Those of a file, in its order; what several sentences say is a fact for each."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["fact"]
    return [Fact(**(entry | {"says": says})) for entry in entries for says in several(entry["says"])]


def several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def default(of: Callable[..., Any], argument: str) -> Any:
    """What an argument is where it is not given."""
    return inspect.signature(of).parameters[argument].default


@cache
def context() -> dict[str, Any]:
    """What a fact may use without importing it."""
    import numpy
    import torch
    import torch._dynamo  # before TensorFlow, which it does not bear to come after
    import keras  # isort: skip
    import tensorflow

    keras_and_torch = {"layers": keras.layers, "ops": keras.ops, "nn": torch.nn, "F": torch.nn.functional}
    packages = {"np": numpy, "torch": torch, "keras": keras, "tf": tensorflow, "inspect": inspect}
    plain = {"math": math, "sqrt": math.sqrt, "log": math.log, "default": default}
    return packages | keras_and_torch | plain


def true(tree: ast.Module) -> bool:
    """Whether a piece of code comes to something true."""
    *before, last = tree.body
    assert isinstance(last, ast.Expr), "a fact ends with an expression"
    names = dict(context())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(ast.Module(before, []), "<fact>", "exec"), names)
        return bool(eval(compile(ast.Expression(last.value), "<fact>", "eval"), names))


def false(tree: ast.Module) -> bool:
    """Whether it does not, or cannot be worked out at all."""
    try:
        return not true(tree)
    except Exception:
        return True


def borne_out(fact: Fact) -> set[float]:
    """The numbers of what a fact says that stand in its code, and in whose place another would make it false."""
    wanted = {each for match in written(fact.says) for each in amounts(match)} & fact.literals
    return {each for each in wanted if any(false(tree) for tree in fact.changed(each))}
