"""The form of records: what stands in one has the types of its class, and values that can be.

Each function makes one kind of record of what stands in its file, or raises `ValueError` that says what is wrong.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from headtohead.content import differences, mistakes, rows
from headtohead.content.build import among, build
from headtohead.content.categories import CATEGORIES
from headtohead.content.frameworks import FRAMEWORKS, SIDES
from headtohead.content.inputs import ABOUT_SETS
from headtohead.content.kinds import LINE
from headtohead.content.parity import APART
from headtohead.content.tolerances import LOOSEST
from headtohead.errors import Problem, Tell
from headtohead.records.model import Agreement, CellRun, DataRecord, Gradient, Measurement, OtherSets, Quantity, Record

Kind = TypeVar("Kind")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{16}")
BESIDE = re.compile(r"[a-z]+-[\w.-]+\.(svg|npz)", re.ASCII)  # a file beside a record, without a way to another folder
EAST = datetime.timezone(datetime.timedelta(hours=14))  # where a day begins first
GUARDS = ("namespaces", "own /proc", "Landlock", "seccomp")  # what may have been in force
# The largest number of a dtype, relative to which two may be apart; of others two are the same or not.
LARGEST = {"float16": 65_504.0, "bfloat16": 3.4e38, "float32": 3.41e38, "float64": sys.float_info.max}
LARGEST |= {"complex64": 2 * 3.41e38, "complex128": sys.float_info.max}
PRINTED = 32_000  # characters of a cell: 8,000 bytes may be printed, each of which may become an escape
KINDS = ("row", "alias", "only", "left")  # how a name of a package is accounted for


def record(content: dict[str, Any]) -> Record:
    """The record of a program."""
    rest = dict(content)
    cells = [_made(CellRun, each) for each in _taken(rest, "cells")]
    made = _made(Record, rest, cells=cells)
    day(made.date)
    _number("duration", made.duration)
    among("framework", made.framework, FRAMEWORKS)
    _has("device", made.device, ("kind", "name", "system"))
    among("kind of device", made.device["kind"], ("cpu", "cuda"))
    _has("versions", made.versions, ("python", *FRAMEWORKS[made.framework].packages))
    _guards(made.guards)
    for name, text in (*made.device.items(), *made.versions.items()):
        _at_most(LINE, name, text)
    for cell in made.cells:
        _at_most(PRINTED, f"output of {cell.title!r:.60}", cell.output)
    for name, scores in made.seeds.items():
        if not scores or any(isinstance(each, int) and abs(each) > sys.float_info.max for each in scores):
            raise ValueError(f"the seeds of {name!r} are no numbers")
    if made.seeds_of is not None:
        day(made.seeds_of)
        if not made.seeds or made.seeds_of > made.date:
            raise ValueError(f"the seeds of {made.seeds_of} are no earlier ones")
    _titles(made.used or [], [cell.title for cell in made.cells])
    if made.given is not None and not DIGEST.fullmatch(made.given):
        raise ValueError(f"{made.given!r} is no digest of inputs")
    for name in made.files:
        if not BESIDE.fullmatch(name) or not name.startswith(f"{made.framework}-"):
            raise ValueError(f"{name!r} is no file of this record")
    drawn = [name for cell in made.cells for name in cell.figures]
    for name, ending in [*((name, ".svg") for name in drawn), *((name, ".npz") for name in [made.arrays] if name)]:
        if name not in made.files or not name.endswith(ending):
            raise ValueError(f"{name!r} is none of its files")
    return made


def agreement(content: dict[str, Any]) -> Agreement:
    """The agreement of a topic; what is broken may be apart by no number."""
    rest = dict(content)
    quantities = [_made(Quantity, each) for each in _taken(rest, "quantities")]
    made = _made(Agreement, rest, quantities=quantities)
    for each in quantities:
        for name in () if made.broken else ("absolute", "relative", "rtol", "atol"):
            _number(name, getattr(each, name))
        if not made.broken and each.differs is None:
            _close(each)
        _shape(each.shape)
    names = [each.name for each in quantities]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"the quantity {twice[0]!r:.60} stands twice")
    if made.compared:
        _only("side", made.compared, [side.name for side in SIDES])
    for titles in made.compared.values():
        _titles(titles, titles)
    return made


def data(content: dict[str, Any]) -> DataRecord:
    """The record of a data file, whatever its entries gave."""
    made = _made(DataRecord, content)
    day(made.date)
    _guards(made.guards)
    return made


# What the entries of a data file gave ------------------------------------------------------------


def measured(gave: dict[str, Any], area: rows.Area) -> dict[str, Measurement]:
    """What the rows of an area gave, by id; a row parts on the sets of inputs that it states, and on no other."""
    _only("row", gave, [row.id for row in area.rows])
    made = {name: _measurement(each) for name, each in gave.items()}
    for row in area.rows:
        if sorted(made[row.id].sets.parted) != sorted(row.parts):
            raise ValueError(f"{row.id} parts on other sets of inputs than its row says")
    return made


def _measurement(content: Any) -> Measurement:
    rest = dict(content) if isinstance(content, dict) else content
    given = rest.pop("gradient", None) if isinstance(rest, dict) else None
    if isinstance(given, dict) and "why" not in given:
        given = {"off": given}
    sets = _made(OtherSets, rest.pop("sets", {})) if isinstance(rest, dict) else OtherSets()
    made = _made(Measurement, rest, sets=sets, gradient=None if given is None else _made(Gradient, given))
    off = made.gradient.off if made.gradient else {}
    for what, number in {"absolute": made.absolute, "steps": made.steps or 0, **off}.items():
        _number(what, number)
    for shape in made.shape:
        _shape(shape)
    if any(len(each) != 2 for each in made.dtype):
        raise ValueError("'dtype' is of two sides")
    among("category", made.category, CATEGORIES)
    tried = [*sets.held, *sets.parted, *sets.unrun]
    for name in tried:
        among("set of inputs", name, ABOUT_SETS)
    if len(set(tried)) < len(tried):
        raise ValueError("a set of inputs stands twice in 'sets'")
    for side in {**made.names, **made.defaults, **made.unless}:
        among("side", side, rows.LABELS)
    return made


def counted(gave: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """For each namespace the names that are accounted for, by how, and those that are left."""
    for kinds in gave.values():
        if not isinstance(kinds, dict) or not all(isinstance(names, list) for names in kinds.values()):
            raise ValueError("a namespace has lists of names")
        _only("kind of name", kinds, KINDS)
        if any(not isinstance(name, str) for names in kinds.values() for name in names):
            raise ValueError("a name is no text")
    return gave


def printed(gave: dict[str, Any], group: differences.Group | mistakes.Group, what: str) -> dict[str, dict[str, str]]:
    """What the programs of a group printed, or raised, by id of the entry and by name; it has to be what is stated."""
    _only(what, gave, [entry.id for entry in group.entries])
    for entry in group.entries:
        texts = gave[entry.id]
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise ValueError(f"what {entry.id!r} printed is no text")
        _only(f"program of {entry.id!r}", texts, list(entry.programs))
        if wrong := entry.verdict(texts):
            raise ValueError(f"{entry.id}: {wrong}")
    return gave


def of_data(root: Path, folder: str, name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """That of these which knows what the entries of a data file gave; raises the first `Problem` of the file itself."""
    for form in (differences.FORM, mistakes.FORM):
        if folder == form.folder:
            return partial(printed, group=_read(form, form.groups, root, name), what=form.table)
    return counted if name == rows.COUNT else partial(measured, area=_read(rows, rows.areas, root, name))


def _read(kind: Any, every: Callable[[Path, Tell], list[Any]], root: Path, name: str) -> Any:
    """A data file, from all of them where they are in form: those are read once."""
    problems: list[Problem] = []
    found = next((each for each in every(root, problems.append) if each.name == name), None)
    return found or kind.read(root, name)


# What they have in common ------------------------------------------------------------------------


def _made(kind: type[Kind], content: Any, **known: Any) -> Kind:
    """An instance of a class, by `build`; a text that may be empty may be so in a record."""
    if not isinstance(content, dict):
        raise ValueError(f"a {kind.__name__} has to be a table")
    may_be_empty = {each.name for each in fields(kind) if each.default == ""}  # type: ignore[arg-type]
    given = {name: value for name, value in content.items() if value != "" or name not in may_be_empty}
    return build(kind, given, **known)


def _taken(content: dict[str, Any], name: str) -> list[Any]:
    """Takes out of a record the list of what is made apart."""
    found = content.pop(name, None)
    if not isinstance(found, list):
        raise ValueError(f"{name!r} has to be a list")
    return found


def _number(name: str, value: float) -> None:
    if not 0 <= value <= sys.float_info.max:  # nor NaN
        raise ValueError(f"{name!r} is {value!r:.40}, and has to be a number from 0 on")


def _close(found: Quantity) -> None:
    """Raises `ValueError` for a quantity that cannot agree by the numbers beside it, whatever was compared."""
    if found.rtol > LOOSEST or found.atol > max(LOOSEST, APART):
        raise ValueError(f"{found.name!r:.60} agrees within {max(found.rtol, found.atol):g}, which no proof may state")
    most = found.atol + found.rtol * LARGEST.get(found.dtype, 0.0)
    if found.absolute > most:
        raise ValueError(f"{found.name!r:.60} is off by {found.absolute:g}, and {most:g} would agree at most")


def _guards(found: list[str]) -> None:
    if odd := [each for each in found if each not in GUARDS or found.count(each) > 1]:
        raise ValueError(f"no guard {odd[0]!r:.60}, or twice: there are {', '.join(GUARDS)}")


def _at_most(most: int, what: str, text: str) -> None:
    if len(text) > most:
        raise ValueError(f"the {what} has {len(text):,} characters, and {most:,} can be")


def _titles(found: list[str], known: list[str]) -> None:
    """Raises `ValueError` for a title of a cell that there is not, that stands twice, or that nobody can read."""
    if odd := [title for title in found if title not in known or found.count(title) > 1 or not title.strip()]:
        raise ValueError(f"{odd[0]!r:.60} is no cell, or stands twice")


def _shape(shape: list[int]) -> None:
    for each in shape:
        _number("shape", each)


def day(text: str) -> None:
    """Raises `ValueError` for what is no day, or one that has begun nowhere yet."""
    found = datetime.date.fromisoformat(text) if DAY.fullmatch(text) else None
    if found is None:
        raise ValueError(f"the date {text!r} is no day, as in 2026-11-22")
    if found > datetime.datetime.now(EAST).date():
        raise ValueError(f"the date {text} is in the future")


def _has(what: str, found: Mapping[str, str], names: Iterable[str]) -> None:
    for name in names:
        if not found.get(name, "").strip():
            raise ValueError(f"{what!r} lacks {name!r}")


def _only(what: str, found: Iterable[str], known: Iterable[str]) -> None:
    """Raises `ValueError` unless a record has an entry for each that there is, and no other."""
    if lacking := [name for name in known if name not in found]:
        raise ValueError(f"nothing of the {what} {lacking[0]!r}")
    if odd := [name for name in found if name not in known]:
        raise ValueError(f"no {what} {odd[0]!r} is known")
