"""Comparisons: a cell of both programs with what it printed and drew, and the line that says where it ran."""

from __future__ import annotations

from dataclasses import dataclass

from headtohead.content.frameworks import FRAMEWORKS, Framework
from headtohead.content.programs import Cell, Program
from headtohead.content.topics import Topic
from headtohead.records.model import Agreement, CellRun, Record
from headtohead.site.html import day, pairs
from headtohead.site.pages import Page
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


def compare(page: Page, name: str | None, cell: str | None = None) -> str:
    """The directive: one cell of both programs of a topic with what it printed; without `cell`, all cells in order.

    Under them stands the quiet line of their provenance, with a link to the record on the topic's own page.
    """
    topic = page.topic(name)
    titles = [cell] if cell else [each.title for each in next(iter(topic.programs.values())).cells]
    cells = [[(program, program.cell(title)) for program in topic.programs.values()] for title in titles]
    records, agreement = page.library.ran(topic)
    for record in records.values():
        page.library.figures(record)  # each can be published
    shown = []
    for title, row in zip(titles, cells):
        page.comparisons += 1
        sides = [_side(page, program, each, records[program.framework.name]) for program, each in row]
        shown.append(Comparison(page.comparisons, page.anchor(topic, title), title, sides))
    ran = provenance(topic, records, agreement)
    return render("compare", topic=topic, cells=shown, ran=ran, record=page.to_record(topic))


def _side(page: Page, program: Program, cell: Cell, record: Record) -> Side:
    return Side(program.framework, cell, record.cell(cell.title), page.link(f"records/{record.label}/{record.topic}"))


def provenance(topic: Topic, records: dict[str, Record], agreement: Agreement | None) -> list[str]:
    """The parts of the line under a comparison: where it ran and when, with which versions, how closely both agree."""
    first, last = next(iter(records.values())), max(record.date for record in records.values())
    parts = [f"Ran on {device(first)}, {day(last)}", *map(versions, records.values()), agreed(agreement, topic)]
    return [each for each in parts if each]


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


def taken_away(record: Record, stem: str, anchor: str) -> str:
    """The line at the top of a notebook's page: where it ran, and how to take it along."""
    ran = f"Ran on {device(record)}, {day(record.date)} · {versions(record)}"
    return render("notebook", ran=ran, record=record, stem=stem, anchor=anchor)
