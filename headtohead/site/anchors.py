"""Anchors: links to a part of a page which that page does not have, once it is known what every page has."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from headtohead.errors import quoted
from headtohead.site import addresses
from headtohead.site.faults import Fault


class Lead(NamedTuple):
    """A link to a part of a page of this site.

    Attributes:
        path: Where the page is, relative to that of the link; empty for the same one.
        anchor: The id that it leads to.
        sought: The pattern by which the line of the link is found.
    """

    path: str
    anchor: str
    sought: str


class Parts(NamedTuple):
    """What of a page others may lead to, and where it leads itself."""

    ids: frozenset[str]
    leads: tuple[Lead, ...]


def lead(address: str, sought: str) -> Lead | None:
    """Where an address leads within this site; None where that is elsewhere, or no part of a page.

    A page has a top without an id, and a text is found without one.
    """
    path, _, anchor = addresses.bare(address).partition("#")
    anchor = unquote(anchor)
    if addresses.far(address) or anchor.lower() in ("", "top") or anchor.startswith(":~:"):
        return None
    return Lead(addresses.path(path) if path else "", anchor, sought)


def faults(pages: Mapping[str, Parts], here: str) -> Iterator[tuple[str, Lead, Fault]]:
    """The links of a page to what is not there, each with the file that it leads to.

    Args:
        pages: Every page by its file in the site, as `a/b/index.html`.
        here: One of them.
    """
    for each in dict.fromkeys(pages[here].leads):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(here), each.path)) if each.path else here
        target = next((name for name in (target, posixpath.normpath(f"{target}/index.html")) if name in pages), target)
        if target in pages and each.anchor not in pages[target].ids:
            what = f"a link to {quoted('#' + each.anchor)}, which {'this page' if target == here else target} has not"
            yield target, each, Fault(f"{what}; correct it", each.sought)
