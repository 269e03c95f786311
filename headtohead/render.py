"""The HTML of a comparison: what a cell is, what it printed, where it ran, how closely both sides agree."""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass
from html import escape
from statistics import mean

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from headtohead.programs import FRAMEWORKS, SEEDS, Cell, Framework, Topic
from headtohead.records import PRIMARY, Agreement, CellRun, Record

LISTED = 8  # differences that a page lists without being asked


@dataclass
class Side:
    """One framework's half of a comparison; `figures` is the folder of its figures, seen from the page."""

    framework: Framework
    cell: Cell
    run: CellRun
    figures: str


@functools.lru_cache(maxsize=4096)
def code(text: str) -> str:
    """Python as the theme highlights a fence: its copy button gives back exactly this text.

    The line break at the end is the theme's habit; its copy button leaves it out.
    """
    lines = highlight(text, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return f'<div class="language-python highlight"><pre><span></span><code>{lines}</code></pre></div>'


def prose(text: str) -> str:
    """Text with `code` in it, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def error(message: str) -> str:
    """A problem where the comparison would stand, for whoever writes the page."""
    return (
        '<div class="admonition failure h2h-error"><p class="admonition-title">This cannot be published</p>'
        f"<p>{escape(message)}</p></div>"
    )


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


def day(iso: str) -> str:
    date = datetime.date.fromisoformat(iso)
    return f"{date.day} {date:%B %Y}"


def device(record: Record) -> str:
    return record.device["name"] if record.device["kind"] == "cuda" else "a CPU"


def versions(record: Record) -> str:
    """The framework's packages with their versions; NumPy and the rest stand in the record."""
    names = [name for name in FRAMEWORKS[record.framework].packages if name != "numpy"]
    return ", ".join(f"{name} {record.versions[name]}" for name in names)


def agreed(agreement: Agreement | None, topic: Topic) -> str:
    """How closely both sides agree, in a clause."""
    if agreement is None:
        return topic.why_no_parity or ""
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


def figure(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


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


def card(topic: Topic, records: list[Record], agreements: dict[str, Agreement | None], folder: str) -> str:
    """Where the programs of a topic ran, how to take them away, and how closely they agree, by label."""
    rows = []
    for record in records:
        framework = FRAMEWORKS[record.framework]
        take = downloads(record, f"{folder}/{topic.name}/in_{framework.name}") if record.label == PRIMARY else ""
        installed = ", ".join(f"{name} {version}" for name, version in record.versions.items())
        rows.append(
            f"<tr><th scope=row>{framework.label}</th><td>{take}</td>"
            f"<td>{escape(record.device['name'])}<br><small>{escape(record.device['system'])}</small></td>"
            f"<td>{day(record.date)}</td><td>{record.duration:.2f} s</td><td>{escape(installed)}</td></tr>"
        )
    heads = ("Program", "Take it", "Ran on", "Date", "Duration", "Versions")
    ran = table("Runs", "h2h-runs", heads, rows)
    again = f"<p>Run it again: <code>nox -s verify -- --all {topic.name}</code></p>"
    tried = over_seeds(topic, [record for record in records if record.label == PRIMARY])
    return f'<section class="h2h-card" data-search-exclude>{ran}{again}{tried}{proof(topic, agreements)}</section>'


def over_seeds(topic: Topic, records: list[Record]) -> str:
    """What each score was over several seeds, and what it had to beat; nothing where no score depends on them."""
    rows = []
    for name, rule in topic.over_seeds.items():
        way = "above" if "above" in rule else "below"
        for record in records:
            scores, bars = record.seeds[name], record.seeds[str(rule[way])]
            listed = ", ".join(f"{score:.3g}" for score in scores)
            rows.append(
                f"<tr><th scope=row>{escape(name)}, {FRAMEWORKS[record.framework].label}</th><td>{listed}</td>"
                f"<td>{mean(scores):.3g}</td><td>{way} {escape(str(rule[way]))}, {spread(bars)}</td></tr>"
            )
    if not rows:
        return ""
    heads = ("Score", f"With {SEEDS} seeds", "Mean", "Each had to be")
    said = "<p><strong>Seeds.</strong> The program once as it is, then with its seeds raised by 1, 2 and so on.</p>"
    return said + table("Seeds", "h2h-agreement", heads, rows)


def spread(values: list[float]) -> str:
    low, high = f"{min(values):.3g}", f"{max(values):.3g}"
    return low if low == high else f"{low} to {high}"


def related(rows: dict[str, str], differences: dict[str, str]) -> str:
    """Where the names of the programs stand in the API map, and which differences touch them; by address."""
    parts = []
    if rows:
        names = " · ".join(f'<a href="{href}"><code>{escape(name)}</code></a>' for name, href in sorted(rows.items()))
        parts.append(f"<p class=h2h-related><strong>In the API map.</strong> {names}</p>")
    if differences:
        items = "".join(f'<li><a href="{href}">{prose(title)}</a></li>' for title, href in differences.items())
        several = f"{len(differences)} differences touch this" if len(differences) > 1 else "A difference touches this"
        shown = " open" * (len(differences) <= LISTED)
        parts.append(f"<details class=h2h-fold{shown}><summary>{several}</summary><ul>{items}</ul></details>")
    return f"<section class=h2h-related-all data-search-exclude>{''.join(parts)}</section>" if parts else ""


def proof(topic: Topic, agreements: dict[str, Agreement | None]) -> str:
    """The primary device's agreement row by row, the others' in a line, and the program that measured it."""
    if "both" in topic.programs:
        return ""
    agreement = agreements[PRIMARY]
    if agreement is None:
        return f"<p>No numbers are compared: {escape(topic.why_no_parity or '')}</p>"
    rows = []
    for quantity in agreement.quantities:
        shape = " × ".join(map(str, quantity.shape)) or "scalar"
        if quantity.differs:
            verdict = f'<span class="h2h-differs">differs, as documented</span>: {escape(quantity.differs)}'
        else:
            verdict = '<span class="h2h-agrees">agrees</span>'
        rows.append(
            f"<tr><th scope=row>{escape(quantity.name)}</th><td>{escape(quantity.dtype)}, {shape}</td>"
            f"<td>{figure(quantity.absolute)}</td><td>{figure(quantity.relative)}</td>"
            f"<td>{figure(quantity.atol)} + {figure(quantity.rtol)} · |TF|</td><td>{verdict}</td></tr>"
        )
    heads = ("Compared", "Dtype, shape", "Largest difference", "Relative", "Allowed", "Verdict")
    elsewhere = {label: each for label, each in agreements.items() if label != PRIMARY}
    others = "".join(f"<p>On {escape(label)}: {agreed(each, topic)}.</p>" for label, each in elsewhere.items())
    return (
        f"<p><strong>Agreement.</strong> {escape(topic.parity_title)}</p>"
        f"{table('Agreement', 'h2h-agreement', heads, rows)}{others}"
        f"<details class=h2h-proof><summary>The proof: parity.py</summary>{code(topic.parity_text.rstrip())}</details>"
    )


def row(topic: Topic, records: list[Record], agreement: Agreement | None, page: str) -> str:
    """One topic's lines in the table of all programs."""
    lines = []
    for index, record in enumerate(records):
        name = f'<th scope=row rowspan={len(records)}><a href="{page}">{topic.name}</a></th>' if index == 0 else ""
        said = f"<td rowspan={len(records)}>{escape(agreed(agreement, topic))}</td>" if index == 0 else ""
        lines.append(
            f"<tr>{name}<td>{FRAMEWORKS[record.framework].label}</td><td>{day(record.date)}</td>"
            f"<td>{escape(device(record))}</td><td>{record.duration:.2f} s</td>{said}</tr>"
        )
    return "".join(lines)


def programs(rows: list[str]) -> str:
    """The table of all programs, out of the lines of each topic."""
    return table(
        "All programs", "h2h-programs", ("Topic", "Program", "Last run", "Device", "Duration", "Agreement"), rows
    )


def table(label: str, kind: str, heads: tuple[str, ...], rows: list[str]) -> str:
    """A table that scrolls by itself where it is too wide, by keyboard too."""
    head = "".join(f"<th scope=col>{name}</th>" for name in heads)
    return (
        f'<div class="md-typeset__scrollwrap" tabindex="0" role="group" aria-label="{label}">'
        f'<div class="md-typeset__table"><table class={kind}>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></div>"
    )
