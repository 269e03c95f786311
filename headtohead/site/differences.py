"""The differences on a page: both programs with what they printed, what goes wrong, and the fix that ran."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from headtohead.content.differences import LABELS, Difference
from headtohead.errors import Problem
from headtohead.reading.related import rows_of
from headtohead.site.html import code, prose, table
from headtohead.site.pages import Page

FOLDER = "migrate/differences"  # of the pages, one a group
MAP = "migrate"


def shown(page: Page, name: str | None) -> str | list[str]:
    """The differences of a group, each under a heading; all of them as a list where none is named."""
    known = page.library.groups
    if not name:
        return summary(page)
    if name not in known:
        raise Problem("differences", f"no group {name!r}", remedy=f"there are {', '.join(known)}")
    printed, parts = page.library.printed(name), []
    for entry in known[name].entries:
        found = rows_of(entry, page.library.root)
        rows = {name: page.link(f"{MAP}/{row.area}/") + f"#{row.id}" for name, row in found.items()}
        parts += [f"## {entry.title} {{: #{entry.id} }}", _entry(entry, printed[entry.id], page.link, rows)]
    return parts


def summary(page: Page) -> str:
    """The groups with all their titles."""
    rows, groups = [], page.library.groups.values()
    for group in groups:
        page.library.printed(group.name)  # each has to be of now
        address = page.link(f"{FOLDER}/{group.name}/")
        titles = "".join(
            f'<li><a href="{address}#{each.id}">{prose(each.title)}</a>{" (agrees)" * each.agrees}</li>'
            for each in group.entries
        )
        rows.append(
            f'<tr><th scope=row><a href="{address}">{escape(group.title)}</a>, {len(group.entries)}</th>'
            f"<td><p>{prose(group.about)}</p><ul>{titles}</ul></td></tr>"
        )
    total = sum(len(group.entries) for group in groups)
    return table("Differences", "h2h-claims", ("Group", f"{total} in all"), rows)


def _entry(entry: Difference, printed: dict[str, str], link: Callable[[str], str], rows: dict[str, str]) -> str:
    sides = "".join(_program(entry, side, printed, LABELS[side]) for side in LABELS)
    parts = [_pair(sides), f"<p>{prose(entry.bites)}</p>"]
    if entry.fix:
        fixes = "".join(
            _program(entry, f"{side}_fixed", printed, f"{label}, to print what {other} does")
            for (side, label), other in zip(LABELS.items(), reversed(LABELS.values()))
            if f"{side}_fixed" in printed
        )
        parts += [f"<p><strong>The other behaviour.</strong> {prose(entry.fix)}</p>", _pair(fixes)]
    else:
        parts.append("<p><strong>Both agree.</strong></p>")
    more = [f'<a href="{href}"><code>{escape(name)}</code></a>' for name, href in rows.items()]
    more += [f'<a href="{link(f"{topic}/")}">{escape(topic)}</a>' for topic in entry.topics]
    more += [f'<a href="{escape(entry.source)}">documentation</a>'] if entry.source else []
    if more:
        parts.append(f"<p class=h2h-evidence>See also: {' · '.join(more)}</p>")
    return "".join(parts)


def _pair(programs: str) -> str:
    # No other section inside: the index takes the end of one for the end of what it leaves out.
    return f"<section class=h2h-pair data-search-exclude>{programs}</section>"


def _program(entry: Difference, name: str, printed: dict[str, str], label: str) -> str:
    """One program of a difference with what it printed, and what it warned of."""
    output, warns = escape(printed[name].rstrip("\n")), entry.warns.get(name, "")
    warned = f"<p class=h2h-varies>It warns: <q>{escape(warns)}</q></p>" if warns else ""
    return (
        f'<div class="h2h-side" data-framework="{name.removesuffix("_fixed")}" role="group" aria-label="{label}">'
        f'<p class="h2h-label" aria-hidden="true">{label}</p>{code(entry.programs[name])}'
        f'<div class="h2h-outputs"><pre class="h2h-output" tabindex="0" role="group" aria-label="Output of {label}">'
        f"<samp>{output}</samp></pre>{warned}</div></div>"
    )
