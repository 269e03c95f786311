"""Related: the rows of the API map that the names in a topic's programs lead to, and the differences that touch it."""

from __future__ import annotations

from headtohead.content.topics import Topic
from headtohead.reading.names import uses
from headtohead.site.pages import Page
from headtohead.site.templates import render

LISTED = 8  # differences that a page lists without being asked


def related(page: Page, found: Topic) -> str:
    """Where the names of the programs stand in the API map, and which differences touch them; empty if none does."""
    known, rows, pairs = page.library.known, {}, {}
    for program in found.programs.values():
        for use in uses(program.text, program.name):
            name = known.name(use) if use.sure else None
            for _, row in known.counterparts(name or "", use.given)[:1]:
                rows.setdefault(name, page.to_row(row))
    for group in page.library.groups.values():
        for entry in group.entries:
            if found.name in entry.topics:
                pairs[entry.title] = page.to_difference(entry)
    return render("related", rows=sorted(rows.items()), differences=pairs, listed=LISTED) if rows or pairs else ""
