"""Related: the rows of the API map that the names in a topic's programs lead to, and the differences that touch it."""

from __future__ import annotations

from html import escape

from headtohead.content.topics import Topic
from headtohead.reading.lookup import lookup
from headtohead.reading.names import uses
from headtohead.site.html import prose
from headtohead.site.pages import Page

LISTED = 8  # differences that a page lists without being asked
MAP, DIFFERENCES = "migrate", "migrate/differences"  # the folders of the pages, one an area and one a group


def related(page: Page, found: Topic) -> str:
    known, rows, pairs = lookup(page.library.root), {}, {}
    for program in found.programs.values():
        for use in uses(program.text, program.name):
            name = known.name(use) if use.sure else None
            for _, row in known.counterparts(name or "", use.given)[:1]:
                rows.setdefault(name, page.link(f"{MAP}/{row.area}/") + f"#{row.id}")
    for group in page.library.groups.values():
        for entry in group.entries:
            if found.name in entry.topics:
                pairs[entry.title] = page.link(f"{DIFFERENCES}/{group.name}/") + f"#{entry.id}"
    return _html(rows, pairs)


def _html(rows: dict[str, str], differences: dict[str, str]) -> str:
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
