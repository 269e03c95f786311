"""The errors on a page: the program that raises, its message, what it means, the mend, and the other framework."""

from __future__ import annotations

from headtohead.content.mistakes import COUNTERPART, FOLDER, LABELS, Mistake
from headtohead.errors import Problem
from headtohead.site.html import Heading
from headtohead.site.pages import Page
from headtohead.site.templates import render


def shown(page: Page, name: str | None) -> str | list[str | Heading]:
    """The errors of a group, each under its message as a heading; all of them as a list where none is named."""
    known = page.library.mistakes
    if not name:
        return summary(page)
    page.library.check_data(FOLDER, name)
    if name not in known:
        raise Problem("errors", f"no group {name!r}", remedy=f"there are {', '.join(known) or 'none'}")
    raised = page.library.raised(name)
    parts: list[str | Heading] = []
    for entry in known[name].entries:
        html = render(
            "mistake",
            entry=entry,
            raised=raised[entry.id],
            own=LABELS[entry.framework],
            other=entry.side(COUNTERPART).label,
            others=_others(page, entry),
        )
        parts += [Heading(entry.title, entry.id), html]
    return parts


def summary(page: Page) -> str:
    """The groups with all their messages."""
    groups = {page.to_errors(name): group for name, group in page.library.mistakes.items()}
    for group in groups.values():
        page.library.raised(group.name)  # each has to be of now
    total = sum(len(group.entries) for group in groups.values())
    return render("mistakes", groups=groups, total=total, labels=LABELS)


def _others(page: Page, entry: Mistake) -> dict[str, str]:
    """What else an error has to do with: addresses by what they are called."""
    known = {each.id: each for group in page.library.groups.values() for each in group.entries}
    try:
        if odd := [name for name in entry.differences if name not in known]:
            raise Problem("differences", f"no difference {odd[0]!r}", remedy="name one by its id")
        found = {name: page.to_topic(page.topic(name)) for name in entry.topics}
        found |= {known[name].title: page.to_difference(known[name]) for name in entry.differences}
    except Problem as problem:
        raise Problem(entry.where, f"{entry.id!r}: {problem}", line=entry.line) from None
    return found | ({"documentation": entry.source} if entry.source else {})
