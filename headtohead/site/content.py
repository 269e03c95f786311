"""The last look at the content of a page, as it will be published: what may stand in it, however it got there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from html.parser import HTMLParser
from typing import NamedTuple

from headtohead.site.unseen import UNSEEN, named

ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href"}
# What fetches by itself, and tags that bring something into a page or lead away from it. A browser shows nothing of
# them under the policy, but is not held back from all: it leaves the page at once, or looks up a name.
FETCHES = {"src", "srcset", "poster", "background", "ping"}
DRAWS = {"image", "use", "feimage"}  # of SVG: what they show is behind their href
BRINGS = {"meta", "link", "iframe", "frame", "frameset", "object", "embed", "portal"}
FAR = re.compile(r"(?:^|,)[\s\x00-\x1f]*(?!data:image/)(?:[a-z][\w+.-]*:|[/\\]{2})", re.IGNORECASE)
RUNS = re.compile(r"[\s\x00-\x1f]*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:", re.IGNORECASE)
FILES = "put it into a file below docs/assets"
DRAWN = re.compile(rb"<script|<foreignobject|<[^<>!][^<>]*(\s|/)on\w+\s*=|javascript:", re.IGNORECASE)
EMPTY, END = re.compile(r"<!---?>"), re.compile(r"--!?>")  # of comments, as browsers end them
PLAIN = re.compile(r"</?span(?: class=\"[\w -]*\")?>")  # nine of ten tags, of highlighted code


class Fault(NamedTuple):
    """Something that may not stand there.

    Attributes:
        what: What it is, and what to do about it.
        sought: The pattern by which its line is found, if somebody wrote it on the page.
    """

    what: str
    sought: str


class Looked(NamedTuple):
    """The content without its comments, which are for those who edit it, and what is wrong with it."""

    html: str
    faults: list[Fault]


def look(html: str) -> Looked:
    """Looks the content of a page through, as it is without its comments."""
    html, looking = _uncommented(html), _Looking()
    looked, opened, _ = html.partition("<!--")
    looking.feed(PLAIN.sub("", looked))
    looking.close()
    if opened:
        looking.faults.append(Fault("a comment that never ends; end it with '-->'", "<!--"))
    return Looked(html, list(dict.fromkeys(looking.faults)))


def _uncommented(html: str) -> str:
    """HTML without its comments, but for one that never ends: behind that no other is looked for, again and again."""
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        end = EMPTY.match(html, start) or END.search(html, start + 4)
        if not end:
            break
        kept.append(html[at:start])
        at = end.end()
    return "".join([*kept, html[at:]])


def runs(figure: bytes) -> bool:
    """Whether an SVG file would run something where somebody opens it by itself: no policy stands in it."""
    return bool(DRAWN.search(figure))


def _written(character: str) -> str:
    """A pattern of the ways in which HTML writes a character: as it is, by its number, by a name of it."""
    names = [re.escape(f"&{name}") for name, each in html5.items() if each == character]
    return "|".join([re.escape(character), f"&#0*{ord(character)};?", f"&#x0*{ord(character):x};?", *names])


class _Looking(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[Fault] = []
        self._ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += [*self._of_tag(tag, dict(attrs)), *self._of_attributes(attrs)]

    handle_startendtag = handle_starttag

    def handle_pi(self, data: str) -> None:
        self.faults.append(Fault("markup that no browser shows; take it out", re.escape(data[:20])))

    handle_comment = handle_decl = unknown_decl = handle_pi  # true comments are gone

    def handle_data(self, data: str) -> None:
        if hidden := UNSEEN.search(data):
            what = f"{named(hidden[0])}, a character that nobody sees, reaches the page; take it out"
            self.faults.append(Fault(what, _written(hidden[0])))

    def _of_tag(self, tag: str, given: dict[str, str | None]) -> Iterator[Fault]:
        if tag == "script" and "//" in (given.get("src") or "//"):
            yield Fault(f"a script that is no file of this site, which no browser may run here; {FILES}", "<script")
        if tag == "style":
            yield Fault(f"a style sheet in a page, which no browser may use here; {FILES}", "<style")
        if tag in BRINGS:
            yield Fault(f"<{tag}>, which leads elsewhere or shows nothing here; take it out", f"<{tag}")
        for key, value in given.items() if tag not in BRINGS else ():
            if (
                (key in FETCHES or (tag in DRAWS and key in ADDRESSES))
                and value
                and tag != "script"
                and FAR.search(value)
            ):
                what = f"{key!r} asks another host, which no browser may do here; {FILES}"
                yield Fault(what, re.escape(value.strip()[:60]))
        if tag == "base":
            yield Fault("<base> moves every link of the page; take it out", "<base")
        name = given.get("id")
        if name in self._ids:
            yield Fault(
                f"two elements with the id {name!r}; rename one, as in '## Title {{: #other }}'",
                rf"(id=[\"']?|#){re.escape(name)}\b",
            )
        if name:
            self._ids.add(name)

    def _of_attributes(self, attrs: list[tuple[str, str | None]]) -> Iterator[Fault]:
        for name, value in attrs:
            if name.startswith("on"):
                yield Fault(f"{name!r} holds a script, which no browser may run here; {FILES}", f"{name}=")
            if name == "style":
                yield Fault(f"a style in a tag, which no browser may use here; {FILES}", "style=")
            if name in ADDRESSES and RUNS.match(value or ""):
                yield Fault(f"{name!r} holds a script, which no browser may run here; {FILES}", "script:")
            if hidden := UNSEEN.search(value or ""):
                yield Fault(
                    f"{named(hidden[0])}, a character that nobody sees, in {name!r}; take it out", _written(hidden[0])
                )
