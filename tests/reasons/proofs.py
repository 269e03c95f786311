"""What proves the reasons of the API map: code that runs what a reason names, told apart from what cannot run here."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Callable
from typing import Any

from headtohead.comparing.arrays import compare
from headtohead.content.rows import areas
from headtohead.measuring.exports import resolve
from headtohead.measuring.inputs import FIRST, SETS
from headtohead.measuring.values import flatten, to_array
from tests.support.repository import ROOT

REASONS = {name: why for area in areas(ROOT) for name, why in area.only.items()}
ELSEWHERE = ("keras_hub", "kornia", "torchaudio", "torchmetrics", "torchvision")  # packages that are not pinned
BY_HAND = "By hand, not run here"  # how a reason says that nothing here runs what it names
PROVED: dict[str, Callable[[], None]] = {}
GIVEN = SETS[FIRST].arrays()  # the inputs of rows, channels last

# What looks like code in a reason: a dotted name, a call, an argument, snake_case, CamelCase.
CODE = re.compile(
    r"(?<![\w./'])(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Za-z]\w*(?=[(=])|[A-Za-z]\w*_\w*|[A-Z]+[a-z0-9]+[A-Z]\w*)"
)
NO_CODE = {
    "PyTorch",
    "TensorFlow",
    "TensorBoard",
    "SciPy",
    "OpenCV",
    "NumPy",
    "oneDNN",
    "MIOpen",
    "SavedModel",
    "NaN",
    "ReLU",
}


def code(why: str) -> list[str]:
    """What looks like code in a reason, each once: dotted names, calls, arguments."""
    return [each for each in dict.fromkeys(CODE.findall(why)) if each not in NO_CODE]


def proves(*names: str, says: str = "", made: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks a test as what proves the reasons of these names, which all have to say so, and run what they name.

    Args:
        names: Of `[only]`, in full. A test of several kinds of call runs once, whatever it is called with.
        says: A part of each of the reasons that is no code.
        made: What the test calls by names that it puts together.
    """

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        for name in names:
            assert name not in PROVED, f"{name} is proved by {PROVED[name].__name__} too"
            PROVED[name] = test
        source = f"{_source(test)} {made}"

        @functools.wraps(test)
        def checked(*args: Any, **kwargs: Any) -> None:
            for name in names:
                assert says in REASONS[name], f"{name} does not say {says!r}"
                assert not (lacking := unrun(name, source)), f"{name}: {', '.join(lacking)} is not run"
            test(*args, **kwargs)

        return checked

    return mark


def unrun(name: str, source: str) -> list[str]:
    """What looks like code in the reason of a name and does not stand in what its proof runs."""
    named = [each for each in code(REASONS[name]) if each.partition(".")[0] not in ELSEWHERE]
    return [each for each in named if not re.search(rf"\b{each.rpartition('.')[2]}\b", source)]


def _source(test: Callable[..., None]) -> str:
    """What a test runs as text: its body, and the functions and classes of its file that this uses."""
    found, waiting = {test: _text(test)}, [test]
    while waiting:
        for name in re.findall(r"\w+", found[waiting.pop()]):
            each = test.__globals__.get(name)
            if callable(each) and getattr(each, "__module__", "") == test.__module__ and each not in found:
                found[each] = _text(each)
                waiting.append(each)
    return "\n".join(found.values())


def _text(each: Callable[..., Any]) -> str:
    """The code of a function or a class, without decorators, documentation and comments."""
    (tree,) = ast.parse(inspect.getsource(each)).body
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            node.decorator_list = [] if node is tree else node.decorator_list
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def same(left: Any, right: Any, **tolerances: float) -> None:
    """Holds what two sides give against each other, as rows are: shapes, and numbers by dtype."""
    ours, theirs = ([to_array(each) for each in flatten(value)] for value in (left, right))
    assert len(ours) == len(theirs) > 0
    for a, b in zip(ours, theirs):
        assert a.shape == b.shape
        found = compare(a, b, **tolerances)
        assert found.holds, f"off by {found.absolute}"


def lacks(namespace: str, *words: str) -> bool:
    """Whether no public name of a namespace, or of what lies one level below it, holds one of the words."""
    place = resolve(namespace)
    found = [each.lower() for each in dir(place) if not each.startswith("_")]
    assert len(found) > 10
    return not [each for each in found if any(word in each for word in words)]


@functools.cache
def text(name: str) -> str:
    """What the documentation of a name says, without line breaks."""
    return " ".join((inspect.getdoc(resolve(name)) or "").split())
