"""Which names of the API map a difference touches, and which differences touch a name."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from headtohead.content import rows
from headtohead.content.differences import FOLDER, LABELS, Difference, groups
from headtohead.content.rows import Row
from headtohead.content.toml_file import Stamps, stamps
from headtohead.reading.lookup import lookup
from headtohead.reading.names import uses

BITES = 3  # how many differences are named for a name
# What a program uses to have something to show, whatever it shows.
COMMON = {"torch.tensor", "torch.ones", "torch.zeros", "torch.arange", "tf.constant", "tf.ones", "tf.zeros", "tf.range"}
COMMON |= {f"keras.ops.{name}" for name in ("ones", "zeros", "arange", "convert_to_tensor")} | {"tf.convert_to_tensor"}
DIMENSIONS = re.compile(r"(?i)(?<=[a-z])[123]d(?=[a-z]*$)")  # Conv2d, Conv2DTranspose, max_pool1d
FEW = 4  # names of both sides together
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def rows_of(entry: Difference, root: Path) -> dict[str, Row]:
    """The row of the API map for each name that both programs of a difference are about."""
    known, found = lookup(root), {}
    for side in LABELS:
        for use in uses(entry.programs[side]):
            name = known.name(use) if use.sure else None
            if name in known.rows and name not in COMMON:
                found[name] = known.rows[name][0]
    return found


def touching(root: Path) -> dict[str, list[tuple[Difference, str]]]:
    """The differences that touch each name of the map, with their address below the folder of its pages.

    First come those that speak of the name, then those with the fewest names; what has many names and speaks of
    another is left out. What touches `Conv1d` touches `Conv2d`.
    """
    return _touching(root, stamps(root, rows.FOLDER, FOLDER))


@functools.lru_cache(maxsize=8)  # a build asks for it in each area
def _touching(root: Path, changed: Stamps) -> dict[str, list[tuple[Difference, str]]]:
    families: dict[str, set[str]] = {}
    for name in lookup(root).rows:
        families.setdefault(DIMENSIONS.sub("", name), set()).add(name)
    found: dict[str, list[tuple[tuple[bool, bool, int], Difference, str]]] = {}
    for group in groups(root):
        for entry in group.entries:
            touched = rows_of(entry, root)
            place = f"differences/{group.name}/#{entry.id}"
            for name in {like for each in touched for like in families[DIMENSIONS.sub("", each)]}:
                speaks = speaks_of(entry, name)
                if speaks or len(touched) <= FEW:
                    order = not speaks, name not in touched, len(touched)
                    found.setdefault(name, []).append((order, entry, place))
    return {
        name: [(entry, place) for _, entry, place in sorted(each, key=lambda item: item[0])]
        for name, each in found.items()
    }


def bites(root: Path) -> dict[str, list[tuple[str, str]]]:
    """The first differences that touch a name: title, and where it stands below the pages of the map."""
    return {
        name: [(entry.title, place) for entry, place in found if not entry.agrees][:BITES]
        for name, found in touching(root).items()
    }


def speaks_of(entry: Difference, name: str) -> bool:
    """Whether a difference has the words of a name in its title or its id: `batch` and `norm` for BatchNorm2d."""
    last = DIMENSIONS.sub("", name.rpartition(".")[2])
    words = {word.lower() for word in WORD.findall(last) if len(word) > 2} or {last.lower()}  # ReLU has no long one
    said = f"{entry.id} {entry.title}".lower()
    return all(word in said for word in words)
