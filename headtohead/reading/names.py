"""Names: what a program of either framework uses, by line, read from its syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from headtohead.content.toml_file import told
from headtohead.errors import Problem, Tell
from headtohead.reading.program import Program
from headtohead.reading.source import WORDS, Source
from headtohead.reading.syntax import readable

# What an object is taken for where nothing tells its class.
TENSORS = {"torch": "torch.Tensor", "tf": "tf.Tensor"}
# What is read of a tensor without a call; any other attribute of an unknown object says nothing.
READ = {"shape", "dtype", "device", "grad", "data", "T", "mT", "H", "mH", "ndim", "real", "imag", "requires_grad"}
# Methods of Python's own objects: without a number or a named argument they are taken for these.
PYTHONS = {name for kind in (str, list, dict, set) for name in dir(kind)}


@dataclass(frozen=True)
class Use:
    """A name of a framework in a program.

    Attributes:
        line: Where it stands.
        name: The full dotted name.
        sure: Whether it is one; otherwise it is the method of an object whose class is not known.
        member: Whether it belongs to an object whose class is known. It may be the program's own.
        given: The names of the arguments of the call, if it is one.
    """

    line: int
    name: str
    sure: bool = True
    member: bool = False
    given: frozenset[str] = field(default=frozenset(), compare=False)


def uses(text: str, file: str = "program") -> list[Use]:
    """The names of PyTorch, Keras and TensorFlow that a program uses, by line, each once a line: the first one there.

    Annotations are left out.

    Raises:
        Problem: The text is no Python.
    """
    return uses_of(Source(file, text))


def uses_of(source: Source, tell: Tell | None = None) -> list[Use]:
    """The same of a program that was read from a file.

    Args:
        source: The program.
        tell: Called with the `Problem` of each part that is not read. Without it the first one is raised.
    """
    problems: list[Problem] = []
    found: dict[tuple[int, str], Use] = {}
    program = Program(readable(source, problems.append))
    for at, module in program.stars:
        where, line = source.place(at)
        problems.append(Problem(where, f"'from {module} import *' {WORDS['star']}", line=line))
    told(problems, tell)
    for _, use in sorted(_uses(program), key=lambda each: each[0]):
        found.setdefault((use.line, use.name), use)
    return sorted(found.values(), key=lambda use: (use.line, use.name))


def _uses(program: Program) -> Iterator[tuple[tuple[int, int], Use]]:
    """Each use, with where it ends in the text."""
    theirs = {each.partition(".")[0] for each in program.known.values()}
    if not theirs:
        return
    guess = TENSORS["torch" if "torch" in theirs else "tf"]
    left_out = {id(each) for node in program.nodes for note in _annotations(node) for each in ast.walk(note)}
    kinds: dict[int, str | None] = {}
    foreign: dict[int, bool] = {}
    for node in program.nodes:  # the outermost attribute first
        if not isinstance(node, (ast.Attribute, ast.Name, ast.Subscript)):
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Attribute, ast.Name)):
            left_out.add(id(node.value))
        if id(node) in left_out:
            continue
        end = node.end_lineno or node.lineno, node.end_col_offset or 0
        if isinstance(node, ast.Subscript):
            if _gathers(node) and not program.foreign(node.value, foreign):
                yield end, Use(node.lineno, f"{guess}.__getitem__", sure=False)
            continue
        call = program.calls.get(id(node))
        given = frozenset(each.arg for each in call.keywords if each.arg) if call else frozenset()
        if full := program.dotted(node):
            yield end, Use(node.lineno, full, given=given)
        elif isinstance(node, ast.Attribute):
            if kind := program.kind(node.value, kinds):
                yield end, Use(end[0], f"{kind}.{node.attr}", member=True, given=given)
            elif (call or node.attr in READ) and not program.foreign(node.value, foreign) and not _python(node, call):
                yield end, Use(end[0], f"{guess}.{node.attr}", sure=False, given=given)


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        if each := getattr(node, name, None):
            yield each


def _gathers(node: ast.Subscript) -> bool:
    """Whether a subscript looks like one of several tensors: `x[rows, columns]`."""
    if not isinstance(node.slice, ast.Tuple) or not isinstance(node.ctx, ast.Load):
        return False
    return sum(isinstance(each, (ast.Name, ast.Call)) for each in node.slice.elts) > 1


def _python(node: ast.Attribute, call: ast.Call | None) -> bool:
    """Whether it looks like a method of a string, a list, a set or a dictionary, or like one of Python's own names."""
    if node.attr.startswith("__"):
        return True
    if node.attr not in PYTHONS or call is None:
        return False
    numbers = [each for each in call.args if isinstance(each, ast.Constant) and type(each.value) is int]
    return not numbers and not call.keywords
