"""Lookup: the rows of the API map by each name in them, and under which name the map knows what a program uses."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator
from pathlib import Path

from headtohead.content.categories import categorise
from headtohead.content.rows import FOLDER, Row, areas
from headtohead.content.toml_file import Stamps, stamps
from headtohead.reading.names import READ, Use
from headtohead.reading.program import full_name, outer_name

# The classes that a method may be of, where nothing tells; what a reader calls an object of each.
OWNERS = {
    "torch": "tensor",
    "torch.Tensor": "tensor",
    "torch.nn.Module": "module",
    "torch.optim.Optimizer": "optimizer",
    "torch.optim.lr_scheduler.LRScheduler": "schedule",
    "tf.Tensor": "tensor",
    "tf.Variable": "variable",
    "tf.data.Dataset": "data set",
    "keras.Model": "model",
    "keras.Layer": "layer",
    "keras.optimizers.Optimizer": "optimizer",
    "keras.metrics.Metric": "metric",
}
# Where the methods of a class stand in the map, by what its name begins with; the longest comes first.
BASES = {
    "torch.optim.lr_scheduler.": ("torch.optim.lr_scheduler.LRScheduler",),
    "torch.optim.": ("torch.optim.Optimizer",),
    "torch.nn.": ("torch.nn.Module",),
    "keras.optimizers.": ("keras.optimizers.Optimizer",),
    "keras.metrics.": ("keras.metrics.Metric",),
    "keras.layers.": ("keras.Layer",),
    "keras.Sequential": ("keras.Model", "keras.Layer"),
    "keras.Model": ("keras.Model", "keras.Layer"),
    "tf.Variable": ("tf.Tensor",),
}
# Where the same function stands under another name, by what both begin with.
ELSEWHERE = {"torch.Tensor.": "torch.", "tf.math.": "tf.", "tf.": "tf.math.", "tf.nn.": "tf."}


class Lookup:
    """The rows of the API map by each name in them, and why a name has none; without areas that are out of form."""

    def __init__(self, root: Path):
        self.root = root
        self.rows: dict[str, list[Row]] = {}
        self.only: dict[str, str] = {}
        self.alias: dict[str, str] = {}
        for area in areas(root, lambda _: None):  # who reads the areas themselves is told
            self.only |= area.only
            self.alias |= area.alias
            for row in area.rows:
                for name in dict.fromkeys(row.names.values()):
                    self.rows.setdefault(name, []).append(row)
        self.longest = max(map(len, (*self.rows, *self.only, *self.alias)), default=0)
        for name, rows in self.rows.items():
            rows.sort(key=lambda row: _distance(name, row))

    def name(self, use: Use) -> str | None:
        """The name under which the map knows what is used, or None."""
        name = outer_name(full_name(use.name))
        if not use.sure:
            side, method = name.partition(".")[0], name.rpartition(".")[2]
            owners = [owner for owner in OWNERS if (owner.partition(".")[0] == "torch") == (side == "torch")]
            candidates = [f"{owner}.{method}" for owner in owners if not (owner == "torch" and method in READ)]
            return next((each for each in candidates if each in self.rows or each in self.only), None)
        end = len(name)
        while (dot := name.rfind(".", 0, end)) > 0:
            for each in self._candidates(name, dot, end):
                if each in self.rows or each in self.only:
                    return each
            if use.member:
                return None
            end = dot  # a method of what a call gave, or a member of a class
        return None

    def _candidates(self, name: str, dot: int, end: int) -> Iterator[str]:
        """The names under which the same thing may stand that a name gives up to its end, with its last dot."""
        last = name[dot + 1 : end]
        if end <= self.longest:
            yield name[:end]
            yield self.alias.get(name[:end], "")
            if other := ELSEWHERE.get(name[: dot + 1]):
                yield other + last
        for begins, bases in BASES.items():
            if name.startswith(begins, 0, dot):
                yield from (f"{base}.{last}" for base in bases)
                return

    def counterparts(self, name: str, given: frozenset[str] = frozenset()) -> list[tuple[str, Row]]:
        """What stands on the other side in each row of a name, as an expression, with the row.

        First comes a row that gives the arguments that are given, and no others, if there is one.
        """
        mine = name.startswith("torch")

        def unlike(row: Row) -> tuple[int, int]:
            said = {each for side, found in row.names.items() if found == name for each in row.expressions[side].given}
            return -len(said & given), len(said - given) if said & given else 0

        found = []
        for row in sorted(self.rows.get(name, []), key=unlike) if given else self.rows.get(name, []):
            others = [text for side, text in row.sides.items() if (side == "torch") != mine]
            found.append((" or ".join(others), row))
        return found


@functools.lru_cache(maxsize=8)  # a build asks for it on every page
def _lookup(root: Path, changed: Stamps) -> Lookup:
    return Lookup(root)


def lookup(root: Path) -> Lookup:
    """The map as it stands now."""
    return _lookup(root, stamps(root, FOLDER))


def _distance(name: str, row: Row) -> tuple[bool, bool, bool, bool, float, int]:
    """Orders the rows of a name: one named the first, one call on both sides, a class for a class, a like name."""
    last = name.rpartition(".")[2]
    mine = [side for side, each in row.names.items() if each == name]
    others = [each.rpartition(".")[2] for side, each in row.names.items() if side not in mine]
    alike = max((_alike(last, each) for each in others), default=0.0)
    unlike = all(each[:1].isupper() != last[:1].isupper() for each in others)
    length = min((len(row.sides[side]) for side in mine), default=0)
    composed = categorise(row, needed=True) == "composed"
    return not row.first, composed, unlike, alike < 0.5, -round(alike, 1), length


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()
