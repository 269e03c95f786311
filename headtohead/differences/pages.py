"""The differences as HTML: both programs with what they printed, what goes wrong, and the fix that ran."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from headtohead import render
from headtohead.differences.entries import FOLDER as DATA
from headtohead.differences.entries import SIDES, Difference, Group, groups
from headtohead.differences.run import depends
from headtohead.differences.touches import rows_of
from headtohead.records import Store

FOLDER = "migrate/differences"  # of the pages, one a group
MAP = "migrate"


class Differences:
    """Every group; showing one raises `Problem` for a record that is not of now."""

    def __init__(self, root: Path, store: Store):
        self.root, self.store = root, store
        self.groups: dict[str, Group] = {group.name: group for group in groups(root)}

    def printed(self, name: str) -> dict[str, dict[str, str]]:
        return self.store.data(DATA, name, depends(self.root, name))

    def shown(self, name: str, link: Callable[[str], str]) -> list[str]:
        """The Markdown headings and the HTML of a group, one after the other."""
        printed = self.printed(name)
        parts = []
        for entry in self.groups[name].entries:
            rows = {name: link(f"{MAP}/{row.area}/") + f"#{row.id}" for name, row in rows_of(entry, self.root).items()}
            parts += [f"## {entry.title} {{: #{entry.id} }}", _entry(entry, printed[entry.id], link, rows)]
        return parts

    def summary(self, link: Callable[[str], str]) -> str:
        """The groups with all their titles."""
        rows = []
        for group in self.groups.values():
            self.printed(group.name)
            page = link(f"{FOLDER}/{group.name}/")
            titles = "".join(
                f'<li><a href="{page}#{each.id}">{render.prose(each.title)}</a>{" (agrees)" * each.agrees}</li>'
                for each in group.entries
            )
            rows.append(
                f'<tr><th scope=row><a href="{page}">{escape(group.title)}</a>, {len(group.entries)}</th>'
                f"<td><p>{render.prose(group.about)}</p><ul>{titles}</ul></td></tr>"
            )
        total = sum(len(group.entries) for group in self.groups.values())
        return render.table("Differences", "h2h-claims", ("Group", f"{total} in all"), rows)


def _entry(entry: Difference, printed: dict[str, str], link: Callable[[str], str], rows: dict[str, str]) -> str:
    sides = "".join(_program(side, entry.programs[side], printed[side], SIDES[side]) for side in SIDES)
    parts = [_pair(sides), f"<p>{render.prose(entry.bites)}</p>"]
    if entry.fix:
        fixes = "".join(
            _program(
                side, entry.programs[f"{side}_fixed"], printed[f"{side}_fixed"], f"{label}, to print what {other} does"
            )
            for (side, label), other in zip(SIDES.items(), reversed(SIDES.values()))
            if f"{side}_fixed" in printed
        )
        parts += [f"<p><strong>The other behaviour.</strong> {render.prose(entry.fix)}</p>", _pair(fixes)]
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


def _program(side: str, text: str, printed: str, label: str) -> str:
    output = escape(printed.rstrip("\n"))
    return (
        f'<div class="h2h-side" data-framework="{side}" role="group" aria-label="{label}">'
        f'<p class="h2h-label" aria-hidden="true">{label}</p>{render.code(text)}'
        f'<div class="h2h-outputs"><pre class="h2h-output" tabindex="0" role="group" aria-label="Output of {label}">'
        f"<samp>{output}</samp></pre></div></div>"
    )
