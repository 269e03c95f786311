"""Evidence for what a page states, read from a TOML file beside it: a cell that ran, or a public source with its date.

A cell says what it has to show; if its record shows something else one day, the page does not build.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headtohead.content.build import build
from headtohead.content.kinds import Address, Date, Line, Shown, TopicName, dated
from headtohead.content.toml_file import Entry, line_of, load
from headtohead.errors import Problem, quoted


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

    cell: TopicName
    title: Line
    shows_pytorch: Shown = ""
    shows_tensorflow: Shown = ""
    agrees: Line = ""
    differs: Line = ""


@dataclass(frozen=True)
class Source:
    """Evidence that somebody else published; `date` is its own, or, as in "read 2026-11", when it was read."""

    source: Address
    name: Line
    date: Date


Evidence = tuple[CellEvidence | Source, ...]


# Reading ---------------------------------------------------------------------------------------


def entries(path: Path, name: str, *tables: str) -> list[Entry]:
    """The entries of the tables of which a data file consists; the first one must be there.

    Raises:
        Problem: No such file, not TOML, another table, or none of the first.
    """
    rest, found = load(path, name, *tables)
    if tables[0] not in {table for table, *_ in found}:
        raise Problem(name, f"no {tables[0]}", line=1, remedy=f"write each as [[{tables[0]}]]")
    if rest:
        odd, line = next(iter(rest)), line_of(path, next(iter(rest)))
        raise Problem(name, f"no table {quoted(odd)}", line=line, remedy=f"there are {', '.join(tables)}")
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
    return build(Source, entry)


def when(date: str) -> str:
    """A date in words; raises `ValueError` for anything that is none."""
    match, day = dated(date)
    words = [str(day.day)] * bool(match["day"]) + [f"{day:%B}"] * bool(match["month"]) + [str(day.year)]
    return (match["read"] or "") + " ".join(words)
