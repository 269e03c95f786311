"""Which names of the API map a difference touches, and which differences touch a name."""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path

from headtohead.content import rows
from headtohead.content.differences import FOLDER, LABELS, Difference, Group, groups
from headtohead.content.rows import Row
from headtohead.content.toml_file import Stamps, stamps
from headtohead.reading.lookup import Lookup, lookup
from headtohead.reading.names import uses

BITES = 3  # how many differences are named for a name
# What a program uses to have something to show, whatever it shows.
COMMON = {"torch.tensor", "torch.ones", "torch.zeros", "torch.arange", "tf.constant", "tf.ones", "tf.zeros", "tf.range"}
COMMON |= {f"keras.ops.{name}" for name in ("ones", "zeros", "arange", "convert_to_tensor")} | {"tf.convert_to_tensor"}
DIMENSIONS = re.compile(r"(?i)(?<=[a-z])[123]d(?=[a-z]*$)")  # Conv2d, Conv2DTranspose, max_pool1d
FEW = 4  # names of both sides together
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


class Related:
    """What the differences have to do with the rows of the API map, and the other way round.

    Attributes:
        rows: The row for each name that both programs of a difference are about, by id of the difference.
        touching: The differences that touch a name, with their address below the folder of the map's pages. First
            come those that speak of the name, then those with the fewest names; what has many names and speaks of
            another is left out. What touches `Conv1d` touches `Conv2d`.
    """

    def __init__(self, known: Lookup, found: list[Group]):
        self.known = known
        self.rows = {entry.id: self._rows(entry) for group in found for entry in group.entries}
        self.touching = self._touching(found)

    def _rows(self, entry: Difference) -> dict[str, Row]:
        found = {}
        for side in LABELS:
            for use in uses(entry.programs[side]):
                name = self.known.name(use) if use.sure else None
                if name in self.known.rows and name not in COMMON:
                    found[name] = self.known.rows[name][0]
        return found

    def _touching(self, groups: list[Group]) -> dict[str, list[tuple[Difference, str]]]:
        families: dict[str, set[str]] = {}
        for name in self.known.rows:
            families.setdefault(DIMENSIONS.sub("", name), set()).add(name)
        found: dict[str, list[tuple[tuple[bool, bool, int], Difference, str]]] = {}
        for entry, place in (
            (each, f"differences/{group.name}/#{each.id}") for group in groups for each in group.entries
        ):
            touched = self.rows[entry.id]
            for name in sorted({like for each in touched for like in families[DIMENSIONS.sub("", each)]}):
                speaks = speaks_of(entry, name)
                if speaks or len(touched) <= FEW:
                    order = not speaks, name not in touched, len(touched)
                    found.setdefault(name, []).append((order, entry, place))
        return {
            name: [(entry, place) for _, entry, place in sorted(each, key=lambda item: item[0])]
            for name, each in found.items()
        }

    def bites(self) -> dict[str, list[tuple[str, str]]]:
        """The first differences that touch a name: title, and where it stands below the pages of the map."""
        return {
            name: [(entry.title, place) for entry, place in found if not entry.agrees][:BITES]
            for name, found in self.touching.items()
        }

    def of_row(self, row: Row) -> list[tuple[str, str]]:
        """The differences that touch a row: title and address below the folder of the pages.

        They stand with the row that is the first one for a name; what touches more of its names comes first.
        """
        mine = [name for name in dict.fromkeys(row.names.values()) if self.known.rows[name][0] == row]
        found = Counter((entry.title, place) for name in mine for entry, place in self.touching.get(name, []))
        return [each for each, _ in found.most_common()]


def related(root: Path) -> Related:
    """That of a repository as it stands now."""
    return _related(root, stamps(root, rows.FOLDER, FOLDER))


@functools.lru_cache(maxsize=8)
def _related(root: Path, changed: Stamps) -> Related:
    return Related(lookup(root), groups(root, lambda _: None))  # who reads the groups themselves is told


def speaks_of(entry: Difference, name: str) -> bool:
    """Whether a difference has the words of a name in its title or its id: `batch` and `norm` for BatchNorm2d."""
    last = DIMENSIONS.sub("", name.rpartition(".")[2])
    words = {word.lower() for word in WORD.findall(last) if len(word) > 2} or {last.lower()}  # ReLU has no long one
    said = f"{entry.id} {entry.title}".lower()
    return all(word in said for word in words)
