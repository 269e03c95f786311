"""Comparisons: a cell of both programs with what it printed and drew, and the line that says where it ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from headtohead.content.frameworks import FRAMEWORKS, Framework
from headtohead.content.pins import public
from headtohead.content.programs import Cell, Program
from headtohead.content.released import Release
from headtohead.content.topics import Topic
from headtohead.records.model import Agreement, CellRun, Record
from headtohead.site.html import day, pairs
from headtohead.site.pages import Page
from headtohead.site.templates import render

RAN = "It ran, and what it printed is recorded. The check of the agreement used nothing of it."
COMPARED = "The check of the agreement used a value or a function of it, and compared the result with the other side’s."


@dataclass
class Side:
    """One framework's half of a comparison; `figures` is the folder of its figures, seen from the page."""

    framework: Framework
    cell: Cell
    run: CellRun
    figures: str


@dataclass
class Comparison:
    """One cell of all sides; `number` is its own on the page, and `anchor` its id, `proved` whether it is compared."""

    number: int
    anchor: str
    title: str
    sides: list[Side]
    proved: Proved | None


class Proved(NamedTuple):
    """Whether the proof used a cell, in a word or two, and what they mean."""

    word: str
    means: str


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
        anchor = page.anchor(topic, title)
        shown.append(Comparison(page.comparisons, anchor, title, sides, proved(agreement, topic, title)))
    ran = provenance(topic, records, agreement, page.library.released)
    return render("compare", topic=topic, cells=shown, ran=ran, record=page.to_record(topic))


def _side(page: Page, program: Program, cell: Cell, record: Record) -> Side:
    return Side(program.framework, cell, record.cell(cell.title), page.link(f"records/{record.label}/{record.topic}"))


def proved(agreement: Agreement | None, topic: Topic, title: str) -> Proved | None:
    """Whether the proof used what a cell of a topic made; None where the cell does nothing, or that was not noted."""
    runs = {side: program for side, program in topic.programs.items() if program.cell(title).runs}
    if not runs or (agreement and not agreement.compared):
        return None
    used = [side for side in runs if agreement and title in agreement.compared[side]]
    if not used:
        return Proved("ran", RAN)
    where = f" in {FRAMEWORKS[used[0]].label}" if len(used) < len(runs) else ""
    return Proved(f"compared{where}", COMPARED)


def provenance(
    topic: Topic, records: dict[str, Record], agreement: Agreement | None, newest: Mapping[str, Release]
) -> list[str]:
    """The parts of the line under a comparison: where it ran and when, with which versions, how closely both agree."""
    first, last = next(iter(records.values())), max(record.date for record in records.values())
    ran = [versions(each, newest) for each in records.values()]
    parts = [f"Ran on {device(first)}, {day(last)}", *ran, agreed(agreement, topic)]
    return [each for each in parts if each]


def device(record: Record) -> str:
    return record.device["name"] if record.device["kind"] == "cuda" else "a CPU"


def versions(record: Record, newest: Mapping[str, Release]) -> str:
    """The framework's packages with their versions, and which has a newer one; NumPy and the rest are in the record."""
    names = [name for name in FRAMEWORKS[record.framework].packages if name != "numpy"]
    return pairs({name: record.versions[name] + _newer(record.versions[name], newest.get(name)) for name in names}, " ")


def _newer(version: str, release: Release | None) -> str:
    """What a version is followed by where it is not the newest one."""
    return f" ({release.newest} is the newest)" if release and public(version) != release.newest else ""


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


def taken_away(record: Record, stem: str, anchor: str, newest: Mapping[str, Release]) -> str:
    """The line at the top of a notebook's page: where it ran, and how to take it along."""
    ran = f"Ran on {device(record)}, {day(record.date)} · {versions(record, newest)}"
    return render("notebook", ran=ran, record=record, stem=stem, anchor=anchor)
