"""Pairs: runs rows and differences on the releases that are installed, and notes how each fared, whatever is pinned."""

from __future__ import annotations

import datetime
import functools
import platform
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO

from headtohead.content import differences as groups
from headtohead.content import rows as areas
from headtohead.content.frameworks import PACKAGES
from headtohead.content.pins import pinned, public
from headtohead.errors import Problem
from headtohead.records import pairs
from headtohead.records.pairs import Fall, Pair
from headtohead.records.store import Store, lock
from headtohead.running import listings, rows

Entries = dict[str, list[Any]]  # the rows or differences of each data file, as `api/layers`


def installed() -> dict[str, str]:
    """The version of Python and of each package that rows and differences run on; raises `Problem`."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            raise Problem(name, "not installed", remedy="use 'nox -s versions', which installs it") from None
    return found


def _others(root: Path) -> dict[str, str]:
    """What is installed; raises `Problem` where that is what is pinned."""
    versions, pins = installed(), pinned(root, PACKAGES, pairs.FOLDER)
    if all(public(versions[name]) == pins[name] for name in PACKAGES):
        what = "the pinned releases are installed, whose records are those of 'nox -s rows' and 'nox -s differences'"
        raise Problem(pairs.FOLDER, what, remedy="use 'nox -s versions', which installs others")
    return versions


def known(root: Path) -> Entries:
    """Every row and every difference, by data file."""
    found: Entries = {area.rows[0].where.removesuffix(".toml"): list(area.rows) for area in areas.areas(root)}
    return found | {group.where.removesuffix(".toml"): list(group.entries) for group in groups.groups(root)}


def chosen(entries: Entries, names: list[str]) -> Entries:
    """The data files of these names, or all; raises `Problem` for one that there is not."""
    if odd := [name for name in names if name not in entries]:
        raise Problem(f"{odd[0]}.toml", "no such area and no such group", remedy=f"there are {', '.join(entries)}")
    return {name: each for name, each in entries.items() if name in names or not names}


def run(store: Store, names: list[str], again: bool = False, out: TextIO | None = None) -> Pair:
    """Runs what has not run on these releases as it stands, and keeps what became of it, a data file at a time.

    Args:
        store: Where the record of the pair goes.
        names: Of data files, as `api/layers`; all where there is none.
        again: Whether to run what has run too.
        out: Where to show how far it is.

    Raises:
        Problem: The pinned releases are installed, or something is out of form.
    """
    with lock(store):
        versions, entries = _others(store.root), known(store.root)
        pair = pairs.read(store, pairs.name_of(versions)) or Pair("", versions)
        todo = {
            name: each
            for name, each in chosen(entries, names).items()
            if again or pair.versions != versions or not all(map(pair.has, each))
        }
        if pair.versions != versions:  # another Python or NumPy: what ran with it is no part of this
            pair = Pair("", versions)
        for name, fell in fared(store, todo, out):
            pair.take(entries[name], fell)
            pair.date = datetime.date.today().isoformat()
            pairs.drop_gone(pair, [entry for each in entries.values() for entry in each])
            pairs.write(store, pair)
    return pair


def fared(
    store: Store, todo: Mapping[str, list[Any]], out: TextIO | None = None
) -> Iterator[tuple[str, dict[str, Fall]]]:
    """Runs data files: for each, as it ends, those of its entries that fell, by id."""
    tried = functools.partial(listings.tried, groups.FORM)
    for folder, ran in ((areas.FOLDER, rows.measured), (groups.FOLDER, tried)):
        if names := [name.partition("/")[2] for name in todo if name.startswith(f"{folder}/")]:
            for name, each in ran(store, names, out):
                yield f"{folder}/{name}", each.fell
