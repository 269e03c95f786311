"""Releases: which version of each framework runs on this site, and which is the newest."""

from __future__ import annotations

from headtohead.content.frameworks import PACKAGES
from headtohead.content.pins import LOCK, pinned
from headtohead.site.pages import Page
from headtohead.site.templates import render


def releases(page: Page) -> str:
    """The directive: a line a package, with its pin, the newest release and why that does not run here."""
    newest = page.library.released
    pins = pinned(page.library.root, tuple(name for name in PACKAGES if name in newest), LOCK)
    return render("releases", releases=[(pins[name], newest[name]) for name in pins])
