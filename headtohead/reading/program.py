"""What the names of a program stand for: its imports, its classes, and the classes of its variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

FRAMEWORKS = {"torch": "torch", "tensorflow": "tf", "keras": "keras"}  # the package, and how rows call it
# Methods that give the object back, and those of a data set, which give another one.
FLUENT = {"to", "cuda", "cpu", "train", "eval", "float", "double", "half", "requires_grad_"}
DATASET = "tf.data.Dataset"
LITERALS = (ast.Constant, ast.JoinedStr, ast.List, ast.Dict, ast.ListComp)  # objects of Python's own
# Where a class lives, and where it is called from.
INNER = re.compile(
    r"^(torch\.nn)\.(?:modules|parameter)\.(?:\w+\.)*(?=\w+$)"
    r"|^(torch\.(?:optim|utils\.data))\.(?!lr_scheduler\.)[a-z]\w*\.(?=[A-Z]\w*$)",
    re.ASCII,
)


Nodes = list[tuple[ast.AST, ast.ClassDef | None]]


def _walk(tree: ast.Module) -> Nodes:
    """Every node, an outer one before those in it, with the innermost class in whose body it stands."""
    found: Nodes = [(tree, None)]
    for node, owner in found:
        body = set(map(id, node.body)) if isinstance(node, ast.ClassDef) else ()
        for child in ast.iter_child_nodes(node):
            found.append((child, node if id(child) in body else owner))
    return found


def _in_order(nodes: Iterable[ast.AST], *kinds: type) -> list[Any]:
    """The statements of some kinds as they stand in the text."""
    found: list[Any] = [node for node in nodes if isinstance(node, kinds)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


class Program:
    """What the names of a program stand for. Whatever it is asked takes no longer than the program is long."""

    def __init__(self, tree: ast.Module):
        nodes = _walk(tree)
        self.nodes = [node for node, _ in nodes]
        self.inside = {id(node): owner for node, owner in nodes if owner}
        self.known: dict[str, str] = {}  # names that an import of a framework binds
        self.strange: set[str] = set()  # those of other imports
        self.stars: list[tuple[int, str]] = []  # modules of which all is imported, by line: nothing here tells what
        self._imports()
        self.calls = {id(node.func): node for node in self.nodes if isinstance(node, ast.Call)}
        self.classes: dict[str, ast.ClassDef] = {node.name: node for node in _in_order(self.nodes, ast.ClassDef)}
        self.bases: dict[str, str | None] = {}  # of classes, as far as they were asked for
        self.kinds: dict[str, str | None] = {}  # the class of a variable; None where it is not always the same
        assignments = list(self._assignments())
        for _ in range(2):  # what a variable holds may stand below where it is handed on
            for targets, value in assignments:
                self._assign(targets, value)

    def _imports(self) -> None:
        for node in _in_order(self.nodes, ast.Import, ast.ImportFrom):
            for alias in node.names:
                if isinstance(node, ast.Import):
                    first = alias.name.partition(".")[0]
                    full = alias.name if alias.asname else first
                    bound, ours = alias.asname or first, first in FRAMEWORKS
                else:
                    full, bound = f"{node.module}.{alias.name}", alias.asname or alias.name
                    ours = not node.level and (node.module or "").partition(".")[0] in FRAMEWORKS
                if ours and alias.name == "*":
                    self.stars.append((node.lineno, str(node.module)))
                elif ours:
                    self.known[bound] = full_name(full)
                else:
                    self.strange.add(bound)

    def _assignments(self) -> Iterator[tuple[list[ast.expr], ast.expr]]:
        for node in _in_order(self.nodes, ast.Assign, ast.AnnAssign, ast.With):
            if isinstance(node, ast.With):
                yield from (([item.optional_vars], item.context_expr) for item in node.items if item.optional_vars)
            elif node.value is not None:
                yield node.targets if isinstance(node, ast.Assign) else [node.target], node.value

    def _assign(self, targets: list[ast.expr], value: ast.expr) -> None:
        kind = self.kind(value, {})
        for name in filter(None, map(self._variable, targets)):
            if kind or name in self.kinds:
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
        seen: dict[str, None] = {}
        full = None
        while name in self.classes and name not in seen and not full:
            if name in self.bases:
                full = self.bases[name]
                break
            seen[name] = None
            bases = self.classes[name].bases
            full = next((found for base in bases if (found := self.dotted(base))), None)
            name = next((base.id for base in bases if isinstance(base, ast.Name)), "")
        self.bases |= dict.fromkeys(seen, full)
        return full

    def dotted(self, node: ast.AST) -> str | None:
        """The full name of an expression that names something of a framework."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.known:
            return outer_name(".".join([self.known[node.id], *reversed(parts)]))
        return None

    def kind(self, node: ast.AST, told: dict[int, str | None]) -> str | None:
        """The class of what an expression gives, if it can be told; `told` is what was found of others."""
        chain: list[ast.Call] = []  # of methods, the last one first
        while id(node) not in told and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if self.dotted(node.func):
                break
            chain.append(node)
            node = node.func.value
        if id(node) not in told:
            told[id(node)] = self._first_kind(node)
        kind = told[id(node)]
        for call in reversed(chain):
            kind = kind if kind == DATASET or call.func.attr in FLUENT else None  # type: ignore[attr-defined]
            told[id(call)] = kind
        return kind

    def _first_kind(self, node: ast.AST) -> str | None:
        """That of an expression which is no method of another."""
        if isinstance(node, ast.Name) and node.id == "self" and (inside := self.inside.get(id(node))):
            return self._base(inside.name)
        if name := self._variable(node):
            return self.kinds.get(name)
        if not isinstance(node, ast.Call):
            return None
        full = self.dotted(node.func)
        if full:
            last = full.rpartition(".")[2]
            if full.startswith(f"{DATASET}."):
                return DATASET
            return full if last[:1].isupper() and last != "Input" else None
        return self._base(node.func.id) if isinstance(node.func, ast.Name) else None

    def foreign(self, node: ast.AST, told: dict[int, bool]) -> bool:
        """Whether an expression begins with a name of another package, a literal, or a class of the program."""
        chain: list[ast.AST] = []
        while id(node) not in told and isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
            chain.append(node)
            node = node.func if isinstance(node, ast.Call) else node.value
        if id(node) in told:
            found = told[id(node)]
        elif isinstance(node, ast.Name):
            found = node.id in self.strange or node.id in self.classes
        else:
            found = isinstance(node, LITERALS)
        told |= dict.fromkeys(map(id, chain), found)
        return found


def full_name(name: str) -> str:
    """A dotted name as rows call it."""
    first = name.partition(".")[0]
    found = FRAMEWORKS.get(first, first) + name[len(first) :]
    return found.removeprefix("tf.") if found == "tf.keras" or found.startswith("tf.keras.") else found


def outer_name(name: str) -> str:
    """A class under the name by which it is called, wherever it lives."""
    return INNER.sub(lambda match: f"{match[1] or match[2]}.", name)
