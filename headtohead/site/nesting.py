"""How the tags of a page are nested: what would swallow what comes behind it, or tear the page that is around it."""

from __future__ import annotations

from typing import NamedTuple

# What may stand in a page. A tag that is not here may lead away, run something, or turn all behind it into text.
TEXT = """
a abbr b bdi bdo br cite code data del dfn em i img input ins kbd label mark output q rp rt ruby s samp small
span strong sub sup time u var wbr button select option optgroup textarea noscript autoref
"""  # <autoref> becomes a link
BLOCKS = """
blockquote caption col colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre
search section summary table tbody td tfoot th thead tr ul audio picture source track video aside
"""
SVG = """
svg circle clippath defs desc ellipse g image line lineargradient marker mask path pattern polygon polyline
radialgradient rect stop symbol text title tspan use
"""
ELSEWHERE = """
script style base meta link iframe frame frameset object embed portal feimage
"""  # each told by itself
TAGS = frozenset(f"{TEXT} {BLOCKS} {SVG} {ELSEWHERE}".split())
DRAWN = frozenset(SVG.split()) - {"svg"}
VOIDS = """
area base br col embed frame hr img input link meta source track wbr portal
"""
# What a browser closes by itself, within what is around it.
CLOSED = """
p li dt dd td th tr thead tbody tfoot colgroup caption option optgroup rp rt span
"""
VOID, LOOSE = frozenset(VOIDS.split()), frozenset(CLOSED.split())
PLAIN = frozenset(["textarea", "noscript"])  # all in them is text, whatever it looks like


class Odd(NamedTuple):
    """A tag that is out of place.

    Attributes:
        what: What is wrong with it, and what to do.
        tag: Its beginning, as it is written.
    """

    what: str
    tag: str


class Nesting:
    """Follows the tags of a page: those that are open, from the outermost."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def opens(self, tag: str, closed: bool) -> Odd | None:
        """What is wrong with a tag that opens; `closed` says whether it ends with a slash."""
        inside = self._open[-1] if self._open else ""
        drawn = "svg" in self._open
        if tag not in VOID | LOOSE and not (closed and (drawn or tag == "svg")):
            self._open.append(tag)
        if inside in PLAIN:
            return Odd(f"<{tag}> within <{inside}>, which holds text alone; write &lt;", f"<{tag}")
        if tag not in TAGS or (tag in DRAWN and not drawn):
            return Odd(f"<{tag}>, which has no place in a page; take it out, or write &lt;", f"<{tag}")
        return None

    def closes(self, tag: str) -> Odd | None:
        """What is wrong with a tag that closes another."""
        if tag in LOOSE and tag not in self._open:
            return None
        if tag in VOID or tag not in self._open:
            return Odd(f"</{tag}> closes nothing that is open on this page; take it out", f"</{tag}")
        inside = self._open[-1]
        while self._open.pop() != tag:
            pass
        return None if inside == tag else Odd(f"</{tag}> while <{inside}> is open; close that first", f"<{inside}")

    def ends(self) -> Odd | None:
        """What is wrong where the page ends."""
        if not self._open:
            return None
        tag = self._open[0]
        return Odd(f"<{tag}> is never closed; end it with </{tag}>", f"<{tag}")
