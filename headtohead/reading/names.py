"""Names: what a program of either framework uses, by line, read from its syntax alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from headtohead.errors import Problem

FRAMEWORKS = {"torch": "torch", "tensorflow": "tf", "keras": "keras"}  # the package, and how rows call it
# What an object is taken for where nothing tells its class.
TENSORS = {"torch": "torch.Tensor", "tf": "tf.Tensor"}
# Methods that give the object back, and those of a data set, which give another one.
FLUENT = {"to", "cuda", "cpu", "train", "eval", "float", "double", "half", "requires_grad_"}
DATASET = "tf.data.Dataset"
# What is read of a tensor without a call; any other attribute of an unknown object says nothing.
READ = {"shape", "dtype", "device", "grad", "data", "T", "mT", "H", "mH", "ndim", "real", "imag", "requires_grad"}
# Methods of Python's own objects: without a number or a named argument they are taken for these.
PYTHONS = {name for kind in (str, list, dict, set) for name in dir(kind)}
# Where a class lives, and where it is called from.
INNER = re.compile(r"^(torch\.nn)\.(?:modules|parameter)\.(?:\w+\.)*(?=\w+$)|^(torch\.optim)\.[a-z]\w*\.(?=[A-Z]\w*$)")


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
    """The names of PyTorch, Keras and TensorFlow that a program uses, by line, each once a line.

    Annotations are left out.

    Raises:
        Problem: The text is no Python.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise Problem(file, f"no Python: {error.msg}", line=error.lineno, remedy="mend it, then ask again") from None
    found: dict[tuple[int, str], Use] = {}
    for use in _Reader(tree).uses():
        found.setdefault((use.line, use.name), use)
    return sorted(found.values(), key=lambda use: (use.line, use.name))


class _Reader:
    """What the names of a program stand for."""

    def __init__(self, tree: ast.Module):
        self.tree = tree
        self.known: dict[str, str] = {}  # names that an import of a framework binds
        self.strange: set[str] = set()  # those of other imports
        self._imports()
        self.calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        self.classes = {node.name: node for node in classes}
        self.inside = {id(each): node for node in classes for each in ast.walk(node)}
        self.kinds: dict[str, str | None] = {}  # the class of a variable; None where it is not always the same
        for _ in range(2):  # what a variable holds may stand below where it is handed on
            self._assignments()

    def _imports(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    bound = alias.asname or first
                    if first in FRAMEWORKS:
                        self.known[bound] = full_name(alias.name) if alias.asname else FRAMEWORKS[first]
                    else:
                        self.strange.add(bound)
            elif isinstance(node, ast.ImportFrom):
                ours = not node.level and (node.module or "").partition(".")[0] in FRAMEWORKS
                for alias in node.names:
                    bound = alias.asname or alias.name
                    if ours:
                        self.known[bound] = full_name(f"{node.module}.{alias.name}")
                    else:
                        self.strange.add(bound)

    def _assignments(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                pairs = [(target, node.value) for target in targets]
            elif isinstance(node, ast.With):
                pairs = [(item.optional_vars, item.context_expr) for item in node.items if item.optional_vars]
            else:
                continue
            for target, value in pairs:
                name, kind = self._variable(target), self._kind(value)
                if name and (kind or name in self.kinds):
                    self.kinds[name] = kind if self.kinds.get(name, kind) == kind else None

    def _variable(self, node: ast.AST) -> str | None:
        """`x`, or `Net.x` for `self.x` inside a class."""
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            inside = self.inside.get(id(node))
            return f"{inside.name}.{node.attr}" if inside else None
        return None

    def _base(self, name: str) -> str | None:
        """The class of a framework that a class of the program is made of."""
        seen: set[str] = set()
        while name in self.classes and name not in seen:
            seen.add(name)
            bases = self.classes[name].bases
            full = next((found for base in bases if (found := self._dotted(base))), None)
            if full:
                return full
            name = next((base.id for base in bases if isinstance(base, ast.Name)), "")
        return None

    def _dotted(self, node: ast.AST) -> str | None:
        """The full name of an expression that names something of a framework."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.known:
            return outer_name(".".join([self.known[node.id], *parts]))
        return None

    def _kind(self, node: ast.AST) -> str | None:
        """The class of what an expression gives, if it can be told."""
        if isinstance(node, ast.Name) and node.id == "self" and id(node) in self.inside:
            return self._base(self.inside[id(node)].name)
        if name := self._variable(node):
            return self.kinds.get(name)
        if not isinstance(node, ast.Call):
            return None
        full = self._dotted(node.func)
        if full:
            last = full.rpartition(".")[2]
            if full.startswith(f"{DATASET}."):
                return DATASET
            return full if last[:1].isupper() and last != "Input" else None
        if isinstance(node.func, ast.Name):
            return self._base(node.func.id)
        if isinstance(node.func, ast.Attribute):
            inner = self._kind(node.func.value)
            return inner if node.func.attr in FLUENT or inner == DATASET else None
        return None

    def _foreign(self, node: ast.AST) -> bool:
        """Whether an expression begins with a name of another package, a literal, or a class of the program."""
        while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Name):
            return node.id in self.strange or node.id in self.classes
        return isinstance(node, (ast.Constant, ast.JoinedStr, ast.List, ast.Dict, ast.ListComp))

    def uses(self) -> Iterator[Use]:
        theirs = {each.partition(".")[0] for each in self.known.values()}
        guess = TENSORS["torch" if "torch" in theirs else "tf"]
        left_out = {id(each) for node in ast.walk(self.tree) for note in _annotations(node) for each in ast.walk(note)}
        inner: set[int] = set()
        for node in ast.walk(self.tree):  # the outermost attribute first
            if id(node) in left_out:
                continue
            if isinstance(node, ast.Subscript) and theirs and _gathers(node) and not self._foreign(node.value):
                yield Use(node.lineno, f"{guess}.__getitem__", sure=False)
            if not isinstance(node, (ast.Attribute, ast.Name)) or id(node) in inner:
                continue
            place: ast.expr = node
            while isinstance(place, ast.Attribute):
                inner.add(id(place.value))
                place = place.value
            call = self.calls.get(id(node))
            given = frozenset(each.arg for each in call.keywords if each.arg) if call else frozenset()
            if full := self._dotted(node):
                yield Use(node.lineno, full, given=given)
            elif isinstance(node, ast.Attribute) and theirs:
                at = node.end_lineno or node.lineno
                if kind := self._kind(node.value):
                    yield Use(at, f"{kind}.{node.attr}", member=True, given=given)
                elif (call or node.attr in READ) and not self._foreign(node.value) and not _python(node, call):
                    yield Use(at, f"{guess}.{node.attr}", sure=False, given=given)


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


def full_name(name: str) -> str:
    """A dotted name as rows call it."""
    first, _, rest = name.partition(".")
    found = f"{FRAMEWORKS[first]}.{rest}" if rest else FRAMEWORKS[first]
    return found.replace("tf.keras", "keras", 1) if found.startswith("tf.keras") else found


def outer_name(name: str) -> str:
    """A class under the name by which it is called, wherever it lives."""
    return INNER.sub(lambda match: f"{match[1] or match[2]}.", name)
