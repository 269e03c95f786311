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

import functools
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from headtohead.content.build import build
from headtohead.content.expressions import Expression
from headtohead.content.toml_file import Stamps, load, stamps
from headtohead.errors import Problem

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
        no_gradient: Why no gradients are compared where both have one.
        first: Whether it is the one to look at first, of those that have one of its names.
        number: 2 for the second row of the same names in an area, and so on.
    """

    area: str
    line: int
    torch: str
    keras: str = ""
    tf: str = ""
    name: str = ""
    note: str = ""
    random: bool = False
    rtol: float | None = None
    atol: float | None = None
    no_gradient: str = ""
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
    """One file of rows."""

    name: str
    title: str
    about: str
    rows: list[Row] = field(default_factory=list)
    only: dict[str, str] = field(default_factory=dict)
    alias: dict[str, str] = field(default_factory=dict)


def areas(root: Path) -> list[Area]:
    """Every area, in the order of their file names; raises the first `Problem`."""
    return _areas(root, stamps(root, FOLDER))


@functools.lru_cache(maxsize=8)  # a build asks for them on every page
def _areas(root: Path, changed: Stamps) -> list[Area]:
    return [read(root, path.stem) for path in sorted((root / FOLDER).glob("*.toml"))]


def read(root: Path, area: str) -> Area:
    """The rows of one area; raises the first `Problem` in their form, with its line."""
    name = f"{FOLDER}/{area}.toml"
    rest, entries = load(root / name, name, "row", what="area")
    try:
        found = build(Area, rest, name=area, rows=[])
    except ValueError as error:
        remedy = "an area has a title, an about, rows, [only] and [alias]"
        raise Problem(name, str(error), line=1, remedy=remedy) from None
    seen: dict[tuple[str, ...], int] = {}
    numbers: Counter[str] = Counter()
    for _, entry, line in entries:
        row = _row(name, area, entry, line)
        said = tuple(row.sides.values())
        if said in seen:
            raise Problem(name, f"the row of line {seen[said]} again", line=line, remedy="keep one of them")
        seen[said] = line
        numbers[row.id] += 1
        found.rows.append(replace(row, number=numbers[row.id]))
    return found


def _row(name: str, area: str, entry: dict[str, Any], line: int) -> Row:
    try:
        row = build(Row, entry, area=area, line=line, number=1)
        if not (row.keras or row.tf):
            raise ValueError("a row needs keras or tf; a name without a counterpart goes into [only]")
        _ = row.names
    except SyntaxError as error:
        raise Problem(name, f"no expression: {error.text or ''}: {error.msg}", line=line) from None
    except ValueError as error:
        raise Problem(name, str(error), line=line, remedy="correct the row that begins here") from None
    return row
