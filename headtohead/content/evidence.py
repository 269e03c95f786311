"""Evidence for what a page states, read from a TOML file beside it: a cell that ran, or a public source with its date.

A cell says what it has to show; if its record shows something else one day, the page does not build.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headtohead.content.build import build
from headtohead.content.toml_file import Entry, load
from headtohead.errors import Problem

DATE = re.compile(r"(?P<read>read )?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?")


@dataclass(frozen=True)
class CellEvidence:
    """Evidence that ran.

    Attributes:
        cell: The topic.
        title: The cell of its programs.
        shows_pytorch: What PyTorch's output of the cell has to contain.
        shows_tensorflow: What TensorFlow's has to contain.
        agrees: A quantity in which both sides have to agree.
        differs: A quantity that has to be documented as different.
    """

    cell: str
    title: str
    shows_pytorch: str = ""
    shows_tensorflow: str = ""
    agrees: str = ""
    differs: str = ""


@dataclass(frozen=True)
class Source:
    """Evidence that somebody else published; `date` is its own, or, as in "read 2026-11", when it was read."""

    source: str
    name: str
    date: str


Evidence = tuple[CellEvidence | Source, ...]


# Reading ---------------------------------------------------------------------------------------


def entries(path: Path, name: str, *tables: str) -> list[Entry]:
    """The entries of the tables of which a data file consists; the first one must be there.

    Raises:
        Problem: No such file, not TOML, another table, or none of the first.
    """
    rest, found = load(path, name, *tables)
    if tables[0] not in {table for table, *_ in found}:
        raise Problem(name, f"no {tables[0]}", remedy=f"write each as [[{tables[0]}]]")
    if rest:
        raise Problem(name, f"no table {min(rest)!r}", remedy=f"there are {', '.join(tables)}")
    return found


def evidence(entry: dict[str, Any]) -> Evidence:
    """Takes the evidence out of an entry; raises `ValueError` where there is none or it is out of form."""
    given = entry.pop("evidence", [])
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise ValueError("'evidence' has to be a list of tables")
    if not given:
        raise ValueError("no evidence")
    return tuple(map(_evidence, given))


def _evidence(entry: dict[str, Any]) -> CellEvidence | Source:
    if "cell" in entry:
        cell = build(CellEvidence, entry)
        if not (cell.shows_pytorch or cell.shows_tensorflow or cell.agrees or cell.differs):
            raise ValueError(f"{cell.title!r} is evidence that cannot fail: say what it shows, agrees or differs")
        return cell
    source = build(Source, entry)
    if not source.source.startswith("https://"):
        raise ValueError(f"{source.source!r} is no https address")
    when(source.date)
    return source


def when(date: str) -> str:
    """A date in words; raises `ValueError` for anything that is none."""
    match = DATE.fullmatch(date)
    if not match:
        raise ValueError(f"{date!r} is no date: write 2025-08-07, 2025-08, 2025 or 'read 2026-11'")
    day = datetime.date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    words = [str(day.day)] * bool(match["day"]) + [f"{day:%B}"] * bool(match["month"]) + [str(day.year)]
    return (match["read"] or "") + " ".join(words)
