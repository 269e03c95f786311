"""Comparisons: a cell of both programs with what it printed and drew, and the line that says where it ran."""

from __future__ import annotations

from dataclasses import dataclass

from headtohead.content.frameworks import FRAMEWORKS, Framework
from headtohead.content.programs import Cell
from headtohead.content.topics import Topic
from headtohead.records.model import Agreement, CellRun, Record
from headtohead.site.html import day, pairs
from headtohead.site.templates import render


@dataclass
class Side:
    """One framework's half of a comparison; `figures` is the folder of its figures, seen from the page."""

    framework: Framework
    cell: Cell
    run: CellRun
    figures: str


@dataclass
class Comparison:
    """One cell of all sides; `number` is its own on the page, and `anchor` its id."""

    number: int
    anchor: str
    title: str
    sides: list[Side]


def compare(
    topic: Topic, cells: list[Comparison], records: dict[str, Record], agreement: Agreement | None, page: str
) -> str:
    """Cells with the quiet line under them; `page` is the topic's own, seen from here, or empty on that page."""
    first, last = next(iter(records.values())), max(record.date for record in records.values())
    ran = [f"Ran on {device(first)}, {day(last)}", *map(versions, records.values()), agreed(agreement, topic)]
    return render("compare", topic=topic, cells=cells, ran=[each for each in ran if each], page=page)


def device(record: Record) -> str:
    return record.device["name"] if record.device["kind"] == "cuda" else "a CPU"


def versions(record: Record) -> str:
    """The framework's packages with their versions; NumPy and the rest stand in the record."""
    names = [name for name in FRAMEWORKS[record.framework].packages if name != "numpy"]
    return pairs({name: record.versions[name] for name in names}, " ")


def agreed(agreement: Agreement | None, topic: Topic) -> str:
    """How closely both sides agree, in a clause."""
    if agreement is None:
        return topic.parity.why_not or ""
    apart = max((quantity.absolute for quantity in agreement.agreeing), default=0.0)
    words = []
    if agreement.agreeing:
        words.append("equal" if apart == 0 else f"agree within {apart:.1e}")
    if agreement.differing:
        words.append(f"{len(agreement.differing)} documented difference{'s'[: len(agreement.differing) > 1]}")
    return ", ".join(words)


def taken_away(record: Record, stem: str) -> str:
    """The line at the top of a notebook's page: where it ran, and how to take it along."""
    ran = f"Ran on {device(record)}, {day(record.date)} · {versions(record)}"
    return render("notebook", ran=ran, record=record, stem=stem)
