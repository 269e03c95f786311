"""A row of the API map as HTML: both expressions, what running them showed, what to look out for."""

from __future__ import annotations

from html import escape

from headtohead.content.categories import CATEGORIES
from headtohead.content.inputs import ABOUT
from headtohead.content.rows import LABELS, Area, Row
from headtohead.records.model import Measurement
from headtohead.site.documentation import documentation
from headtohead.site.html import figure, prose

SEE = 3  # how many differences a row names


def inputs(area: Area) -> str:
    """What the letters in the rows stand for."""
    used = {name for row in area.rows for each in row.expressions.values() for name in each.inputs}
    items = [f"<li><code>{name}</code>: {escape(about)}</li>" for name, about in ABOUT.items() if name in used]
    return (
        "<details class=h2h-fold data-search-exclude><summary>The inputs</summary>"
        f"<p>The same numbers on both sides.</p><ul>{''.join(items)}</ul></details>"
    )


def row(row: Row, ran: Measurement, differences: list[tuple[str, str]]) -> str:
    # A heading, so that the site's own search leads to the row.
    others = " · ".join(name for side, name in row.names.items() if side != "torch")
    heading = f'<h2 id="{row.id}">{escape(row.names["torch"])}<span> · {escape(others)}</span></h2>'
    cells = []
    for sides in (("torch",), ("keras", "tf")):
        parts = [] if cells else [heading]
        for side in sides:
            if side in row.sides:
                parts.append(f"<p><code data-side={side}>{escape(row.sides[side])}</code>{_docs(row.names[side])}</p>")
        cells.append(f"<td{' data-search-exclude' * bool(cells)}>{''.join(parts)}</td>")
    category = ran.category
    told = [f'<p><a href="#{row.id}" class=h2h-category data-category={category}>{CATEGORIES[category]}</a></p>']
    if row.note:
        told.append(f"<p>{prose(row.note)}</p>")
    unless = [f"<code>{_arguments(each)}</code> in {LABELS[side]}" for side, each in ran.unless.items()]
    if unless:
        told.append(f"<p>Unless given: {', '.join(unless)}.</p>")
    told += [f'<p>See: <a href="../{place}">{prose(title)}</a></p>' for title, place in differences[:SEE]]
    told.append(f"<p class=h2h-measured>{_measured(row, ran)}</p>")
    if ran.defaults:
        lines = "".join(
            f"<li>{LABELS[side]}: <code>{_arguments(each)}</code></li>" for side, each in ran.defaults.items()
        )
        told.append(f"<details><summary>Defaults</summary><ul>{lines}</ul></details>")
    return f'<tr data-row="{row.id}">{"".join(cells)}<td data-search-exclude>{"".join(told)}</td></tr>'


def _docs(name: str) -> str:
    href = documentation(name)
    return f' <a href="{escape(href)}" title="{escape(name)} in the documentation">docs</a>' if href else ""


def _arguments(given: dict[str, str]) -> str:
    return escape(", ".join(f"{name}={value}" for name, value in given.items()), quote=False)


def _measured(row: Row, ran: Measurement) -> str:
    """What running both gave, in a line: how far apart, gradients, dtypes; then the edges where the two part."""
    off = figure(ran.absolute)
    if row.random:
        return f"{_shape(ran)} drawn; distributions apart by {off}"
    parts = [f"{_shape(ran)}, off by {off}" if ran.absolute else f"{_shape(ran)}, equal"]
    if ran.steps:
        parts[0] = f"{ran.steps} steps, off by {off}" if ran.absolute else f"{ran.steps} steps, equal"
    if ran.gradient and ran.gradient.why:
        parts.append(f"gradient not compared: {escape(ran.gradient.why)}")
    elif ran.gradient and ran.gradient.off:
        parts.append("gradient too")
    kinds = sorted({(a, b) for a, b in ran.dtype if a != b})
    parts += [f"{a} here, {b} there" for a, b in kinds]
    line = "; ".join(parts)
    for name, told in ran.edges.items():
        line += f"<br>{name}: {' · '.join(map(escape, told))}" if told else ""
    return line


def _shape(ran: Measurement) -> str:
    shape = ran.shape[0] if ran.shape else []
    return " × ".join(map(str, shape)) or "a number"
