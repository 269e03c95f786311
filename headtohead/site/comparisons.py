"""Comparisons: a cell of both programs with what it printed and drew, and the line that says where it ran."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from headtohead.content.frameworks import FRAMEWORKS, Framework
from headtohead.content.programs import Cell
from headtohead.content.topics import Topic
from headtohead.records.model import Agreement, CellRun, Record
from headtohead.site.html import code, day


@dataclass
class Side:
    """One framework's half of a comparison; `figures` is the folder of its figures, seen from the page."""

    framework: Framework
    cell: Cell
    run: CellRun
    figures: str


def output(side: Side) -> str:
    """What a cell printed and drew; nothing where it did neither."""
    parts = []
    if side.run.output:
        text = escape(side.run.output.rstrip("\n"))
        label = f"Output of {side.framework.label}"
        parts.append(
            f'<pre class="h2h-output" tabindex="0" role="group" aria-label="{label}"><samp>{text}</samp></pre>'
        )
    for name in side.run.figures:
        alt = f"Figure drawn by the {side.framework.label} program in “{side.cell.title}”"
        parts.append(f'<img class="h2h-figure" src="{side.figures}/{name}" alt="{escape(alt)}" loading="lazy">')
    return f'<div class="h2h-outputs">{"".join(parts)}</div>' if parts else ""


def compared(number: int, anchor: str, topic: Topic, sides: list[Side]) -> str:
    """One cell of both programs: linked tabs, which the style sheet puts side by side on a wide screen."""
    title = sides[0].cell.title
    group = f"__tabbed_h2h_{number}"  # the theme follows a link to a tab only by a name that begins like this
    inputs, labels, blocks = [], [], []
    for index, side in enumerate(sides, 1):
        name = f"{group}_{index}"
        checked = " checked" if index == 1 else ""
        inputs.append(f'<input{checked} id="{name}" name="{group}" type="radio">')
        labels.append(f'<label for="{name}">{side.framework.label}</label>')
        kind = "code" if side.cell.runs else "note"
        blocks.append(
            f'<div class="tabbed-block h2h-side h2h-{kind}" data-framework="{side.framework.name}" '
            f'role="group" aria-label="{side.framework.label}">'
            f'<p class="h2h-name" aria-hidden="true">{side.framework.label}</p>'
            f"{code(side.cell.body)}{output(side)}</div>"
        )
    why = topic.varies.get(title)
    varies = f'<p class="h2h-varies">Another CPU gives another output here: {escape(why)}.</p>' if why else ""
    # A section, because the search leaves out what stands in it up to the first closing tag of the same name.
    return (
        f'<section class="h2h" id="{anchor}" data-topic="{topic.name}" data-cell="{escape(title)}" data-search-exclude>'
        f'<p class="h2h-title"><a href="#{anchor}">{escape(title)}</a></p>'
        f'<div class="tabbed-set tabbed-alternate h2h-set" data-tabs="h2h-{number}:{len(sides)}">{"".join(inputs)}'
        f'<div class="tabbed-labels">{"".join(labels)}</div>'
        f'<div class="tabbed-content">{"".join(blocks)}</div></div>{varies}</section>'
    )


def device(record: Record) -> str:
    return record.device["name"] if record.device["kind"] == "cuda" else "a CPU"


def versions(record: Record) -> str:
    """The framework's packages with their versions; NumPy and the rest stand in the record."""
    names = [name for name in FRAMEWORKS[record.framework].packages if name != "numpy"]
    return ", ".join(f"{name} {record.versions[name]}" for name in names)


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


def provenance(topic: Topic, records: dict[str, Record], agreement: Agreement | None, page: str) -> str:
    """The quiet line under a comparison; `page` is the topic's own, seen from here, or empty on that page."""
    first = next(iter(records.values()))
    parts = [f"Ran on {device(first)}, {day(max(record.date for record in records.values()))}"]
    parts += [versions(record) for record in records.values()]
    said = agreed(agreement, topic)
    if said:
        parts.append(said)
    line = " · ".join(escape(part) for part in parts)
    proof = f'<a href="{page}#the-record">record and proof</a>'
    return f'<p class="h2h-provenance" data-search-exclude>{line} · {proof}</p>'


def downloads(record: Record, stem: str) -> str:
    """The ways to take a program along; `stem` is its file as seen from the page, without the suffix."""
    name = f"{record.topic.rpartition('/')[2]}_{record.framework}"
    return (
        f'<button type="button" class="h2h-copy" data-program="{stem}.py" hidden>copy whole</button> '
        f'<a href="{stem}.py" download="{name}.py">.py</a> '
        f'<a href="{stem}.ipynb" download="{name}.ipynb">notebook</a>'
    )


def taken_away(record: Record, stem: str) -> str:
    """The line at the top of a notebook's page: where it ran, and how to take it along."""
    ran = f"Ran on {device(record)}, {day(record.date)} · {versions(record)}"
    return f'<p class="h2h-provenance">{escape(ran)} · {downloads(record, stem)}</p>'
