"""The differences on a page: both programs with what they printed, what goes wrong, and the fix that ran."""

from __future__ import annotations

from headtohead.content.differences import FOLDER, LABELS, Difference
from headtohead.site.groups import entries, others
from headtohead.site.html import Heading
from headtohead.site.pages import Page
from headtohead.site.templates import render
from headtohead.site.versions import PAGE, words


def shown(page: Page, name: str | None) -> str | list[str | Heading]:
    """The differences of a group, each under a heading; all of them as a list where none is named."""
    known = page.library.groups
    if not name:
        return summary(page)

    def html(entry: Difference) -> str:
        return render(
            "difference",
            entry=entry,
            printed=page.library.printed(name)[entry.id],
            labels=LABELS,
            rows={of: page.to_row(row) for of, row in page.library.related.rows[entry.id].items()},
            others=others(page, f"{FOLDER}/{entry.group}.toml", entry),
            words=words(page, entry),
            versions=page.link(f"{PAGE}/"),
        )

    return entries(page, FOLDER, known, name, html)


def summary(page: Page) -> str:
    """The groups with all their titles."""
    groups = {page.to_group(name): group for name, group in page.library.groups.items()}
    for group in groups.values():
        page.library.printed(group.name)  # each has to be of now
    return render("differences", groups=groups, total=sum(len(group.entries) for group in groups.values()))
