"""The fault of a page: what may not stand on it, and where that is to be found."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Something that may not stand there.

    Attributes:
        what: What it is, and what to do about it.
        sought: The pattern by which its line is found, if somebody wrote it on the page.
    """

    what: str
    sought: str
