"""Pairs of other releases than the pinned ones: how each row and each difference fared on them, a sealed file a pair.

Not every pair has to have run, and none is ever stale as a whole: each entry carries a digest of what ran, so that what
has changed since counts as not run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from headtohead.content import differences, rows
from headtohead.content.build import among, build
from headtohead.content.differences import Difference
from headtohead.content.frameworks import PACKAGES, PRIMARY
from headtohead.content.pins import VERSION, public
from headtohead.content.rows import Row
from headtohead.records import sealed
from headtohead.records.form import day
from headtohead.records.place import VERSIONS as FOLDER
from headtohead.records.sealed import sha256
from headtohead.records.store import Store

MENDS = "run 'nox -s versions'"
# How an entry can fall, as what follows the name of the entry.
FALLS = {
    "parts": "gives something else",
    "missing": "lacks a name",
    "refused": "is refused",
    "deprecated": "is said to be deprecated",
    "warns": "warns otherwise",
    "unrun": "does not come to its end",
}
SIDES = ("", "pytorch", "tensorflow")  # on which an entry fell, where that can be told


@dataclass(frozen=True)
class Fall:
    """Why an entry does not hold.

    Attributes:
        how: One of `FALLS`.
        what: What was said, in a clause.
        side: The framework that it is due to; empty where that cannot be told.
    """

    how: str
    what: str
    side: str = ""


@dataclass
class Pair:
    """How rows and differences fared on a release of each framework.

    Attributes:
        date: The day of the last run, ISO 8601.
        versions: Of Python and of each package.
        ran: The digests of the entries that ran, by data file, as `api/layers`, and by id.
        fell: Those of them that do not hold, likewise.
    """

    date: str
    versions: dict[str, str]
    ran: dict[str, dict[str, str]] = field(default_factory=dict)
    fell: dict[str, dict[str, Fall]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file, without suffix."""
        return name_of(self.versions)

    def has(self, entry: Row | Difference) -> bool:
        """Whether an entry ran as it stands now."""
        return self.ran.get(key_of(entry), {}).get(entry.id) == digest(entry)

    def fall(self, entry: Row | Difference) -> Fall | None:
        """Why an entry does not hold; None where it does, and where it has not run as it stands now."""
        return self.fell.get(key_of(entry), {}).get(entry.id) if self.has(entry) else None

    def take(self, entries: Iterable[Row | Difference], fell: Mapping[str, Fall]) -> None:
        """Notes that the entries of one data file ran, and which of them fell, by id."""
        for each in entries:
            key = key_of(each)
            self.ran.setdefault(key, {})[each.id] = digest(each)
            if each.id in fell:
                self.fell.setdefault(key, {})[each.id] = fell[each.id]
            else:
                self.fell.get(key, {}).pop(each.id, None)


def name_of(versions: Mapping[str, str]) -> str:
    """What a pair is called, by the versions of its frameworks; builds of one version are one."""
    return "-".join(f"{name}-{public(versions[name])}" for name in ("torch", "tensorflow"))


def key_of(entry: Row | Difference) -> str:
    """The data file of an entry, without suffix."""
    return entry.where.removesuffix(".toml")


def digest(entry: Row | Difference) -> str:
    """Of all of an entry that what it gives depends on: notes and places are not."""
    if isinstance(entry, Difference):
        said: Any = (entry.programs, entry.agrees, entry.warns)
    else:
        said = (entry.sides, entry.names, entry.random, entry.rtol, entry.atol, entry.parts, entry.no_gradient)
    return sha256(json.dumps(said, sort_keys=True).encode())[:8]


# In their files ----------------------------------------------------------------------------------


def pairs(store: Store) -> list[Pair]:
    """Every pair that has run, the newest first; raises `Problem` for a file that was edited or is out of form."""
    found = [_read(store, path.stem) for path in sorted((store.folder / PRIMARY / FOLDER).glob("*.json"))]
    return sorted(found, key=lambda pair: _order(pair.versions), reverse=True)


def read(store: Store, name: str) -> Pair | None:
    """The pair of a name; None where it has not run."""
    return _read(store, name) if store.data_path(FOLDER, name).exists() else None


def write(store: Store, pair: Pair) -> None:
    path = store.data_path(FOLDER, pair.name)
    store.check_room(path)
    content = asdict(pair)
    for part in ("ran", "fell"):
        content[part] = {key: dict(sorted(each.items())) for key, each in sorted(content[part].items()) if each}
    sealed.write(path, content)


def drop_gone(pair: Pair, known: Iterable[Row | Difference]) -> None:
    """Forgets entries that are no more."""
    ids: dict[str, set[str]] = {}
    for each in known:
        ids.setdefault(key_of(each), set()).add(each.id)
    for part in (pair.ran, pair.fell):
        for key in list(part):
            part[key] = {name: said for name, said in part[key].items() if name in ids.get(key, ())}


def _read(store: Store, name: str) -> Pair:
    path = store.data_path(FOLDER, name)
    content = sealed.read(path, store.name(path), MENDS)
    return store.formed(path, MENDS, lambda given: formed(given, name), content)


def formed(content: dict[str, Any], name: str) -> Pair:
    """The pair that stands in a file of a name; raises `ValueError` for what can be none."""
    if unknown := set(content) - {"date", "versions", "ran", "fell"}:
        raise ValueError(f"no key {sorted(unknown)[0]!r:.60} in a pair")
    stated = {key: content[key] for key in ("date", "versions") if key in content}
    made = build(Pair, stated, ran={}, fell={})
    day(made.date)
    for package in ("python", *PACKAGES):
        if not VERSION.fullmatch(made.versions.get(package, "")):
            raise ValueError(f"'versions' lacks {package!r}")
    if made.name != name:
        raise ValueError(f"it is of {made.name}")
    for key, each in _tables("ran", content.get("ran", {})).items():
        made.ran[key] = {id_: _text(said) for id_, said in each.items()}
    for key, each in _tables("fell", content.get("fell", {})).items():
        made.fell[key] = {id_: _fall(said) for id_, said in each.items()}
        if odd := [id_ for id_ in each if id_ not in made.ran.get(key, {})]:
            raise ValueError(f"{odd[0]!r:.60} fell, and did not run")
    return made


def _tables(what: str, given: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(given, dict) or not all(isinstance(each, dict) for each in given.values()):
        raise ValueError(f"{what!r} has to be a table of tables")
    for key in given:
        among("folder", key.partition("/")[0], (rows.FOLDER, differences.FOLDER))
    return given


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise ValueError("a digest is no text")
    return said


def _fall(said: Any) -> Fall:
    if not isinstance(said, dict):
        raise ValueError("a fall has to be a table")
    given = {key: value for key, value in said.items() if (key, value) != ("side", "")}
    made = build(Fall, given)
    among("way to fall", made.how, FALLS)
    among("side", made.side, SIDES)
    return made


def _order(versions: Mapping[str, str]) -> list[list[int]]:
    """Sorts by the numbers of the versions."""
    return [[int(part) for part in public(versions[name]).split(".") if part.isdigit()] for name in PACKAGES]
