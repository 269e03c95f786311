"""The errors on a page: the program that raises, its message, what it means, the mend, and the other framework."""

from __future__ import annotations

from headtohead.content.mistakes import COUNTERPART, FOLDER, LABELS, Mistake
from headtohead.errors import Problem
from headtohead.site.groups import entries, others
from headtohead.site.html import Heading
from headtohead.site.pages import Page
from headtohead.site.templates import render


def shown(page: Page, name: str | None) -> str | list[str | Heading]:
    """The errors of a group, each under its message as a heading; all of them as a list where none is named."""
    known = page.library.mistakes
    if not name:
        return summary(page)

    def html(entry: Mistake) -> str:
        return render(
            "mistake",
            entry=entry,
            raised=page.library.raised(name)[entry.id],
            own=LABELS[entry.framework],
            other=entry.side(COUNTERPART).label,
            others=others(page, entry.where, entry, lambda: _differences(page, entry)),
        )

    return entries(page, FOLDER, known, name, html)


def summary(page: Page) -> str:
    """The groups with all their messages."""
    groups = {page.to_errors(name): group for name, group in page.library.mistakes.items()}
    for group in groups.values():
        page.library.raised(group.name)  # each has to be of now
    total = sum(len(group.entries) for group in groups.values())
    return render("mistakes", groups=groups, total=total, labels=LABELS)


def _differences(page: Page, entry: Mistake) -> dict[str, str]:
    """Those that an error names: addresses by their titles."""
    if not entry.differences:
        return {}
    known = {each.id: each for group in page.library.groups.values() for each in group.entries}
    if odd := [name for name in entry.differences if name not in known]:
        raise Problem("differences", f"no difference {odd[0]!r}", remedy="name one by its id")
    return {known[name].title: page.to_difference(known[name]) for name in entry.differences}
