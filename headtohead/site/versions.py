"""Versions: on which other releases each row and each difference was run, and where one does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from headtohead.content.differences import Difference
from headtohead.content.frameworks import PACKAGES
from headtohead.content.pins import LOCK, pinned, public
from headtohead.content.rows import Row
from headtohead.errors import Problem
from headtohead.records.pairs import FALLS, Fall, Pair
from headtohead.site.pages import Page
from headtohead.site.templates import render

LABELS = {"torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}
OF_SIDE = {
    "pytorch": ("torch",),
    "tensorflow": ("tensorflow", "keras"),
    "keras": ("keras",),
    "": ("torch", "tensorflow", "keras"),
}
OF_KERAS = re.compile(r"keras\.|.*module 'keras[.']")  # how one begins that tells of a name which Keras lacks
PAGE = "versions"


@dataclass(frozen=True)
class Word:
    """Where one entry does not hold: the releases, as a reader calls them, and what it did there."""

    releases: str
    fall: Fall


def shown(page: Page, name: str | None) -> str:
    """The directive: what does not hold on some release, or what was run."""
    if name not in LISTS:
        raise Problem("versions", f"no list {name!r}", remedy=f"there are {', '.join(LISTS)}")
    return LISTS[name](page)


def words(page: Page, entry: Row | Difference) -> list[Word]:
    """Where an entry does not hold, the newest release first; as a rule nothing."""
    pins, said = _pins(page), list[Word]()
    for pair in page.library.pairs:
        if fall := pair.fall(entry):
            said.append(Word(_releases(pair, pins, _side(fall)), fall))
    return said


def _side(fall: Fall) -> str:
    """What a fall is due to: Keras alone, where a name of its own is missing."""
    return "keras" if fall.how == "missing" and OF_KERAS.match(fall.what) else fall.side


def _releases(pair: Pair, pins: dict[str, str], side: str = "") -> str:
    """The releases of a pair that are not the pinned ones, of the side that an entry fell on where that is known."""
    names = [name for name in OF_SIDE[side] if public(pair.versions[name]) != pins[name]]
    return ", ".join(f"{LABELS[name]} {public(pair.versions[name])}" for name in names or OF_SIDE[""])


def _pins(page: Page) -> dict[str, str]:
    return pinned(page.library.root, PACKAGES, LOCK)


def _entries(page: Page) -> Iterator[tuple[Row | Difference, str, str]]:
    """Every row and every difference, with its address and what it is called."""
    for area in page.library.areas.values():
        for row in area.rows:
            yield row, page.to_row(row), " · ".join(f"`{name}`" for name in row.names.values())
    for group in page.library.groups.values():
        for entry in group.entries:
            yield entry, page.to_difference(entry), entry.title


def fell(page: Page) -> str:
    """What does not hold on some release that was run, and what it gave there."""
    pairs, pins, found = page.library.pairs, _pins(page), []
    for entry, address, title in _entries(page):
        falls = [pair.fall(entry) for pair in pairs]
        if any(falls):
            held = [fall or ("" if pair.has(entry) else None) for pair, fall in zip(pairs, falls)]
            found.append((isinstance(entry, Row), address, title, held))
    heads = [_releases(pair, pins) for pair in pairs]
    return render("versions_fell", found=found, heads=heads, pins=_named(pins), falls=FALLS)


def ran(page: Page) -> str:
    """Which releases were run, when, and how much of what there is now."""
    entries = [entry for entry, _, _ in _entries(page)]
    table = []
    for pair in page.library.pairs:
        mine = [entry for entry in entries if pair.has(entry)]
        rows, fallen = sum(isinstance(each, Row) for each in mine), sum(bool(pair.fall(each)) for each in mine)
        table.append((pair, rows, len(mine) - rows, fallen, len(entries) - len(mine)))
    rows = sum(isinstance(each, Row) for each in entries)
    return render("versions_ran", table_=table, pins=_pins(page), labels=LABELS, rows=rows, others=len(entries) - rows)


def _named(versions: dict[str, str]) -> str:
    return ", ".join(f"{LABELS[name]} {versions[name]}" for name in OF_SIDE[""])


LISTS = {"fell": fell, "ran": ran}
