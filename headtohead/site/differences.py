"""The differences on a page: both programs with what they printed, what goes wrong, and the fix that ran."""

from __future__ import annotations

from headtohead.content.differences import FOLDER, LABELS, Difference
from headtohead.errors import Problem
from headtohead.site.html import Heading
from headtohead.site.pages import Page
from headtohead.site.templates import render
from headtohead.site.versions import PAGE, words


def shown(page: Page, name: str | None) -> str | list[str | Heading]:
    """The differences of a group, each under a heading; all of them as a list where none is named."""
    known = page.library.groups
    if not name:
        return summary(page)
    page.library.check_data(FOLDER, name)
    if name not in known:
        raise Problem("differences", f"no group {name!r}", remedy=f"there are {', '.join(known) or 'none'}")
    printed = page.library.printed(name)
    parts: list[str | Heading] = []
    for entry in known[name].entries:
        found = page.library.related.rows[entry.id]
        html = render(
            "difference",
            entry=entry,
            printed=printed[entry.id],
            labels=LABELS,
            rows={name: page.to_row(row) for name, row in found.items()},
            others=_others(page, entry),
            words=words(page, entry),
            versions=page.link(f"{PAGE}/"),
        )
        parts += [Heading(entry.title, entry.id), html]
    return parts


def summary(page: Page) -> str:
    """The groups with all their titles."""
    groups = {page.to_group(name): group for name, group in page.library.groups.items()}
    for group in groups.values():
        page.library.printed(group.name)  # each has to be of now
    return render("differences", groups=groups, total=sum(len(group.entries) for group in groups.values()))


def _others(page: Page, entry: Difference) -> dict[str, str]:
    """What else a difference has to do with: addresses by what they are called."""
    try:
        topics = {topic: page.to_topic(page.topic(topic)) for topic in entry.topics}
    except Problem as problem:
        raise Problem(f"{FOLDER}/{entry.group}.toml", f"{entry.id!r}: {problem}", line=entry.line) from None
    return topics | ({"documentation": entry.source} if entry.source else {})
