"""Rows of the API map, read from `api/<area>.toml` without running them.

```toml
[[row]]
torch = "F.gelu(x)"
keras = "keras.activations.gelu(x)"
tf = "tf.nn.gelu(x)"
```

is a row: one expression a side over the inputs of `headtohead.content.inputs`. What is called in it is what the row is
about. `[only]` says of a name why the other framework has no counterpart, `[alias]` that it is another name.
"""

from __future__ import annotations

import ast
import functools
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from headtohead.content import kinds
from headtohead.content.build import build
from headtohead.content.expressions import Expression
from headtohead.content.kinds import Dotted, Line, Prose, SetName, Tolerance
from headtohead.content.source import Unparsable
from headtohead.content.toml_file import Stamps, data_files, head, line_of, load, named, stamps, told, unread
from headtohead.errors import Problem, Tell, quoted

FOLDER = "api"
COUNT = "count"  # the record of what the packages export, beside those of the areas
LABELS = {"torch": "PyTorch", "keras": "Keras", "tf": "TensorFlow"}  # of the sides of a row


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        area: The file that it stands in, without suffix.
        line: Where it begins.
        torch: PyTorch's expression.
        keras: Keras' expression, if there is one.
        tf: TensorFlow's expression, if there is one.
        name: What the row is about on PyTorch's side, where the expression does not tell.
        note: One sentence on what to know.
        random: Whether numbers are drawn, so that distributions are compared.
        rtol: Relative tolerance; by dtype where None.
        atol: Absolute tolerance, likewise.
        why: Why it has tolerances of its own.
        holds: When both sides agree, as what follows "Holds": "for an odd number of values".
        parts: The sets of inputs on which they do not, by the name of `headtohead.content.inputs`.
        no_gradient: Why no gradients are compared where both have one.
        first: Whether it is the one to look at first, of those that have one of its names.
        number: 2 for the second row of the same names in an area, and so on.
    """

    area: str
    line: int
    torch: kinds.Expression
    keras: kinds.Expression = ""
    tf: kinds.Expression = ""
    name: Dotted = ""
    note: Prose = ""
    random: bool = False
    rtol: Tolerance | None = None
    atol: Tolerance | None = None
    why: Line = ""
    holds: Line = ""
    parts: list[SetName] = field(default_factory=list)
    no_gradient: Line = ""
    first: bool = False
    number: int = 1

    @property
    def where(self) -> str:
        return f"{FOLDER}/{self.area}.toml"

    @property
    def sides(self) -> dict[str, str]:
        """The expressions by side, those that there are."""
        return {side: text for side in LABELS if (text := getattr(self, side))}

    @cached_property
    def expressions(self) -> dict[str, Expression]:
        return {side: Expression(text, side) for side, text in self.sides.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """What each side is about, as a full dotted name."""
        found = {side: each.name for side, each in self.expressions.items()}
        return found | ({"torch": self.name} if self.name else {})

    @property
    def id(self) -> str:
        """The anchor of the row: its names on both sides, and a number if it is not the first with them."""
        others = [name for side, name in self.names.items() if side != "torch"]
        name = f"{self.names['torch']}--{others[0]}".replace("_", "-").replace(".", "-").lower()
        return name if self.number == 1 else f"{name}-{self.number}"


@dataclass(frozen=True)
class Area:
    """One file of rows.

    Attributes:
        name: The file, without suffix.
        title: What it is called.
        about: What stands in it, in a sentence.
        rows: Its rows, in the order of the file.
        only: Names without a row, and why.
        alias: Other names of what has a row or stands in `only`, and which one that is.
    """

    name: str
    title: Line
    about: Prose
    rows: list[Row] = field(default_factory=list)
    only: dict[Dotted, Prose] = field(default_factory=dict)
    alias: dict[Dotted, Dotted] = field(default_factory=dict)


def areas(root: Path, tell: Tell | None = None) -> list[Area]:
    """Every area, in the order of their file names.

    Args:
        root: The repository.
        tell: Called with each `Problem`; an area with one is left out. Without it the first one is raised.
    """
    found, problems = _areas(root, stamps(root, FOLDER))
    told(problems + unread(root, FOLDER), tell)
    return list(found)


@functools.lru_cache(maxsize=8)  # a build asks for them on every page
def _areas(root: Path, changed: Stamps) -> tuple[list[Area], list[Problem]]:
    problems: list[Problem] = []
    read_each = [_read(root, path.stem, problems.append) for path in data_files(root / FOLDER)]
    found = [area for area in read_each if area]
    if not problems:  # what an area that is left out has would be taken for unknown
        known = {name for area in found for row in area.rows for name in row.names.values()}
        known |= {name for area in found for name in area.only}
        for area in found:
            problems += _unknown(root, area, known)
        problems += _twice(root, found)
    return found, problems


def _unknown(root: Path, area: Area, known: set[str]) -> list[Problem]:
    """The aliases of an area that are of nothing, or of what another framework has."""
    where, remedy = f"{FOLDER}/{area.name}.toml", "name what has a row or stands in [only]"
    return [
        Problem(
            where,
            f"{name!r} is an alias of {other!r}, which the map does not have",
            line=line_of(root / where, "alias", name),
            remedy=remedy,
        )
        for name, other in area.alias.items()
        if other not in known
    ] + [
        Problem(
            where,
            f"{name!r} is an alias of {other!r}, which is of another framework",
            line=line_of(root / where, "alias", name),
            remedy="write a row for them",
        )
        for name, other in area.alias.items()
        if (name.partition(".")[0] == "torch") != (other.partition(".")[0] == "torch")
    ]


def _twice(root: Path, found: list[Area]) -> list[Problem]:
    """The names of [only] and [alias] that have a row, or stand in another of these tables."""
    seen = {name: f"row in {row.where}" for area in reversed(found) for row in area.rows for name in row.names.values()}
    problems = []
    for table in ("only", "alias"):
        for area in found:
            where = f"{FOLDER}/{area.name}.toml"
            for name in getattr(area, table):
                if name in seen:
                    line, remedy = line_of(root / where, table, name), "let it stand in one place"
                    what = f"{name!r} stands in [{table}], and has a {seen[name]}"
                    problems.append(Problem(where, what, line=line, remedy=remedy))
                seen.setdefault(name, f"line in [{table}] of {where}")
    return problems


def read(root: Path, area: str) -> Area:
    """The rows of one area; raises the first `Problem` in their form, with its line."""
    problems: list[Problem] = []
    found = _read(root, area, problems.append)
    told(problems, None)
    assert found
    return found


def _read(root: Path, area: str, tell: Tell) -> Area | None:
    """The rows of one area; tells each `Problem` in their form, and then gives None."""
    try:
        name = named(root / FOLDER, area, "area", COUNT)
        rest, entries = load(root / name, name, "row", what="area")
        remedy = "an area has a title, an about, rows, [only] and [alias]"
        found = head(Area, root / name, name, rest, remedy, name=area, rows=[])
        if not entries:
            raise Problem(name, "no row", line=1, remedy="write each as [[row]]")
    except Problem as problem:
        tell(problem)
        return None
    seen: dict[tuple[str, ...], int] = {}
    ids: set[str] = set()
    numbers: Counter[str] = Counter()
    for _, entry, line in entries:
        try:
            row = _row(name, area, entry, line)
            said = tuple(ast.unparse(ast.parse(text, mode="eval")) for text in row.sides.values())
            if said in seen:
                raise Problem(name, f"the row of line {seen[said]} again", line=line, remedy="keep one of them")
        except Problem as problem:
            tell(problem)
            continue
        seen[said] = line
        numbers[own := row.id] += 1
        row = replace(row, number=numbers[own])
        while row.id in ids:  # the names of another row may end in a number
            numbers[own] += 1
            row = replace(row, number=numbers[own])
        ids.add(row.id)
        found.rows.append(row)
    return found if len(found.rows) == len(entries) else None


def _row(name: str, area: str, entry: dict[str, Any], line: int) -> Row:
    remedy = "correct the row that begins here"
    try:
        row = build(Row, entry, area=area, line=line, number=1)
        if not (row.keras or row.tf):
            raise ValueError("a row needs keras or tf; a name without a counterpart goes into [only]")
        if row.name and not row.name.startswith("torch."):
            raise ValueError(f"'name' is that of PyTorch's side, and {quoted(row.name)} is another's")
        if bool(row.holds) != bool(row.parts):
            raise ValueError("'holds' says when a row holds, 'parts' on which sets of inputs it does not: write both")
        if (row.rtol is None and row.atol is None) == bool(row.why):
            raise ValueError("a tolerance of its own needs its reason in 'why', and 'why' needs one")
        for expression in row.expressions.values():
            try:
                expression.check()
            except Unparsable as error:
                raise ValueError(f"no expression: {quoted(expression.text)}: {error.why}") from None
        _ = row.names
    except ValueError as error:
        raise Problem(name, str(error), line=line, remedy=remedy) from None
    return row
