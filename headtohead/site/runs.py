"""Runs: where the programs of a topic ran, how closely they agree, the proof; and the table of all programs."""

from __future__ import annotations

from html import escape
from statistics import mean

from headtohead.content.frameworks import FRAMEWORKS, PRIMARY
from headtohead.content.parity import SEEDS
from headtohead.content.topics import Topic
from headtohead.records.model import Agreement, Record
from headtohead.site.comparisons import agreed, device, downloads
from headtohead.site.html import code, day, figure, table


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
        for record in records:
            scores, bars = record.seeds[name], record.seeds[rule.bar]
            listed = ", ".join(f"{score:.3g}" for score in scores)
            rows.append(
                f"<tr><th scope=row>{escape(name)}, {FRAMEWORKS[record.framework].label}</th><td>{listed}</td>"
                f"<td>{mean(scores):.3g}</td><td>{rule.way} {escape(rule.bar)}, {spread(bars)}</td></tr>"
            )
    if not rows:
        return ""
    heads = ("Score", f"With {SEEDS} seeds", "Mean", "Each had to be")
    said = "<p><strong>Seeds.</strong> The program once as it is, then with its seeds raised by 1, 2 and so on.</p>"
    return said + table("Seeds", "h2h-agreement", heads, rows)


def spread(values: list[float]) -> str:
    low, high = f"{min(values):.3g}", f"{max(values):.3g}"
    return low if low == high else f"{low} to {high}"


def proof(topic: Topic, agreements: dict[str, Agreement | None]) -> str:
    """The primary device's agreement row by row, the others' in a line, and the program that measured it."""
    if "both" in topic.programs:
        return ""
    agreement = agreements[PRIMARY]
    if agreement is None:
        return f"<p>No numbers are compared: {escape(topic.parity.why_not or '')}</p>"
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
        f"<p><strong>Agreement.</strong> {escape(topic.parity.title)}</p>"
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
