"""Reads a program of either framework and lists, by line, what it uses, the counterpart, and what will bite.

    python -m headtohead.migrate FILE...

needs neither framework: it reads the program's names and looks them up in the API map.
"""

from __future__ import annotations

import ast
import difflib
import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from headtohead.api.rows import Row, areas, categorise, stamps
from headtohead.errors import Problem

FRAMEWORKS = {"torch": "torch", "tensorflow": "tf", "keras": "keras"}  # the package, and how rows call it
METHODS = "torch.Tensor."


@dataclass(frozen=True)
class Use:
    """A name of a framework in a program; `sure` unless it is a method of something whose type is not known."""

    line: int
    name: str
    sure: bool = True


def uses(text: str, file: str = "program") -> list[Use]:
    """The names of PyTorch, Keras and TensorFlow that a program uses, by line, each once a line.

    Raises:
        Problem: The text is no Python.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise Problem(file, f"no Python: {error.msg}", line=error.lineno, remedy="mend it, then ask again") from None
    known = dict(_imported(tree))
    found: dict[tuple[int, str], Use] = {}
    inner: set[int] = set()
    for node in ast.walk(tree):  # the outermost attribute first
        if not isinstance(node, (ast.Attribute, ast.Name)) or id(node) in inner:
            continue
        parts: list[str] = []
        place: ast.expr = node
        while isinstance(place, ast.Attribute):
            parts.insert(0, place.attr)
            inner.add(id(place.value))
            place = place.value
        if isinstance(place, ast.Name) and place.id in known:
            use = Use(node.lineno, ".".join([known[place.id], *parts]))
        elif parts and isinstance(node, ast.Attribute):
            use = Use(getattr(node, "end_lineno", node.lineno), METHODS + parts[-1], sure=False)
        else:
            continue
        found.setdefault((use.line, use.name), use)
    return sorted(found.values(), key=lambda use: (use.line, use.name))


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each name that an import of a framework binds, and what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                if first in FRAMEWORKS:
                    yield (alias.asname, _full(alias.name)) if alias.asname else (first, FRAMEWORKS[first])
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module.partition(".")[0] in FRAMEWORKS:
            for alias in node.names:
                yield alias.asname or alias.name, _full(f"{node.module}.{alias.name}")


def _full(name: str) -> str:
    """A dotted name as rows call it."""
    first, _, rest = name.partition(".")
    found = f"{FRAMEWORKS[first]}.{rest}" if rest else FRAMEWORKS[first]
    return found.replace("tf.keras", "keras", 1) if found.startswith("tf.keras") else found


class Lookup:
    """The rows of the API map by each name in them, and why a name has none."""

    def __init__(self, root: Path):
        self.rows: dict[str, list[Row]] = {}
        self.only: dict[str, str] = {}
        self.alias: dict[str, str] = {}
        for area in areas(root):
            self.only |= area.only
            self.alias |= area.alias
            for row in area.rows:
                for name in dict.fromkeys(row.names.values()):
                    self.rows.setdefault(name, []).append(row)
        for name, rows in self.rows.items():
            rows.sort(key=lambda row: _distance(name, row))

    def name(self, use: Use) -> str | None:
        """The name under which the map knows what is used, or None."""
        name = _full(use.name) if use.name.partition(".")[0] == "tensorflow" else use.name
        name = name.replace("tf.keras.", "keras.", 1) if name.startswith("tf.keras.") else name
        while name.partition(".")[2]:
            candidates = (name, self.alias.get(name, ""), *self._elsewhere(name))
            if not use.sure:  # a function has more to say than the method of its name
                candidates = (*self._elsewhere(name), name)
            for each in candidates:
                if each in self.rows or (each in self.only and use.sure):
                    return each
            if not use.sure:
                return None
            name = name.rpartition(".")[0]  # a method of what a call gave, or a member of a class
        return None

    def _elsewhere(self, name: str) -> Iterator[str]:
        """Where the same function stands under another name."""
        last = name.rpartition(".")[2]
        for one, other in ((METHODS, "torch."), ("tf.math.", "tf."), ("tf.", "tf.math."), ("tf.nn.", "tf.")):
            if name == one + last:
                yield other + last

    def counterparts(self, name: str) -> list[tuple[str, Row]]:
        """What stands on the other side in each row of a name, as an expression, with the row."""
        found = []
        for row in self.rows.get(name, []):
            mine = name.startswith("torch")
            others = [text for side, text in row.sides.items() if (side == "torch") != mine]
            found.append((" or ".join(others), row))
        return found


@functools.cache  # a build asks for it on every page
def _lookup(root: Path, changed: tuple[tuple[str, int], ...]) -> Lookup:
    return Lookup(root)


def lookup(root: Path) -> Lookup:
    """The map as it stands now."""
    return _lookup(root, stamps(root, "api"))


def _distance(name: str, row: Row) -> tuple[bool, bool, bool, int, float]:
    """Orders the rows of a name: one call on both sides, a class for a class, a like name, the fewest arguments."""
    last = name.rpartition(".")[2]
    mine = [side for side, each in row.names.items() if each == name]
    others = [each.rpartition(".")[2] for side, each in row.names.items() if side not in mine]
    alike = max((_alike(last, each) for each in others), default=0.0)
    unlike = all(each[:1].isupper() != last[:1].isupper() for each in others)
    length = min((len(row.sides[side]) for side in mine), default=0)
    return categorise(row, needed=True) == "composed", unlike, alike < 0.5, length, -alike


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()


def report(path: Path, known: Lookup) -> tuple[list[str], int]:
    """The lines to print about a program, and how many names have no row."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Problem(path, "no such file", remedy="name a Python file") from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise Problem(path, "no text in UTF-8", remedy="name a Python file") from None
    lines, missing = [], 0
    for use in uses(text, str(path)):
        name = known.name(use)
        if name is None:
            if use.sure and use.name.count(".") and not use.name.rpartition(".")[2].startswith("_"):
                missing += 1
                lines.append(f"{path}:{use.line}: {use.name}: not in the map")
            continue
        guess = "" if use.sure else " (if this is a tensor)"
        if name in known.only and name not in known.rows:
            lines.append(f"{path}:{use.line}: {name}: no counterpart. {known.only[name]}")
            continue
        (other, row), *more = known.counterparts(name)
        note = f" | {row.note}" if row.note else ""
        rest = f" | {len(more)} more in the map" if more else ""
        lines.append(f"{path}:{use.line}: {name}{guess}: {other}{note}{rest}")
    return lines, missing


def main(names: list[str]) -> int:
    if not names or names[0].startswith("-"):
        print(__doc__)
        return 0 if names[:1] in (["-h"], ["--help"]) else 2
    try:
        known = lookup(Path(__file__).parents[1])
        for name in names:
            lines, missing = report(Path(name), known)
            print("\n".join(lines) or f"{name}: uses nothing of PyTorch, Keras or TensorFlow")
            if missing:
                print(f"{name}: {missing} names are not in the map", file=sys.stderr)
        return 0
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
