"""Groups on a page, differences and errors alike: each entry under a heading, and what it has to do with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from headtohead.errors import Problem
from headtohead.site.html import Heading
from headtohead.site.pages import Page


def entries(
    page: Page, folder: str, known: Mapping[str, Any], name: str, show: Callable[[Any], str]
) -> list[str | Heading]:
    """The entries of a group, each under its title as a heading.

    Args:
        page: The page.
        folder: Of the data files.
        known: Every group of it that is in form, by name.
        name: The group.
        show: The HTML of an entry.

    Raises:
        Problem: There is no such group, or its file is out of form.
    """
    page.library.check_data(folder, name)
    if name not in known:
        raise Problem(folder, f"no group {name!r}", remedy=f"there are {', '.join(known) or 'none'}")
    return [part for entry in known[name].entries for part in (Heading(entry.title, entry.id), show(entry))]


def others(page: Page, where: str, entry: Any, differences: Callable[[], dict[str, str]] = dict) -> dict[str, str]:
    """What else an entry has to do with: addresses by what they are called.

    Args:
        page: The page.
        where: The file of the entry.
        entry: The entry.
        differences: Gives those that it names, likewise; its `Problem` is one of the entry.
    """
    try:
        named = differences()
        topics = {name: page.to_topic(page.topic(name)) for name in entry.topics}
    except Problem as problem:
        raise Problem(where, f"{entry.id!r}: {problem}", line=entry.line) from None
    return topics | named | ({"documentation": entry.source} if entry.source else {})
