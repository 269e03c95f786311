"""The last look at the content of a page, as it will be published: what may stand in it, however it got there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.entities import html5
from html.parser import HTMLParser
from typing import NamedTuple

from headtohead.errors import quoted
from headtohead.site import addresses
from headtohead.site.anchors import Lead, Parts, lead
from headtohead.site.faults import Fault
from headtohead.site.nesting import Nesting, Odd
from headtohead.site.unseen import UNSEEN, named

There = Callable[[str], bool]

# What fetches by itself, and tags that bring something into a page or lead away from it. A browser shows nothing of
# them under the policy, but is not held back from all: it leaves the page at once, or looks up a name.
FETCHES = {"src", "srcset", "poster", "background", "ping"}
DRAWS = {"image", "use", "feimage"}  # of SVG: what they show is behind their href
BRINGS = {"meta", "link", "iframe", "frame", "frameset", "object", "embed", "portal"}
PAINTS = re.compile(r"url\(\s*[\"']?\s*(?!#)", re.IGNORECASE)  # of SVG: in fill, filter, mask and others
LISTED = re.compile(r"(?:^|,)\s*([^\s,]+)")  # the addresses in a list of pictures
FILES = "put it into a file below docs/assets"
# What acts by itself, or takes a key from whoever reads: of pages that are read, none does.
ACTS = {"autofocus", "autoplay", "accesskey", "contenteditable", "draggable", "inert", "popover", "popovertarget"}
TEXTS = {"alt", "title", "aria-label", "value", "placeholder", "content"}  # attributes that are read, and no more
ID = re.compile(r"[\w.-]+")
THEMES = re.compile(r"__(?!tabbed_)")  # what ids begin with that the theme's scripts ask for; but for tabs
EMPTY, END = re.compile(r"<!---?>"), re.compile(r"--!?>")  # of comments, as browsers end them
PLAIN = re.compile(r"</?span(?: class=\"[\w -]*\")?>")  # nine of ten tags, of highlighted code


class Looked(NamedTuple):
    """The content without its comments, which are for those who edit it, what is wrong with it, and where it leads."""

    html: str
    faults: list[Fault]
    parts: Parts


def look(html: str, there: There = lambda path: True) -> Looked:
    """Looks the content of a page through, as it is without its comments.

    Args:
        html: The content.
        there: Whether a path that is relative to the page leads to something.
    """
    html, looking = _uncommented(html), _Looking(there)
    looked, opened, _ = html.partition("<!--")
    looking.feed(PLAIN.sub("", looked))
    looking.close()
    if opened:
        looking.faults.append(Fault("a comment that never ends; end it with '-->'", "<!--"))
    return Looked(html, list(dict.fromkeys(looking.faults)), Parts(frozenset(looking.ids), tuple(looking.leads)))


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


def _written(character: str) -> str:
    """A pattern of the ways in which HTML writes a character: as it is, by its number, by a name of it."""
    names = [re.escape(f"&{name}") for name, each in html5.items() if each == character]
    return "|".join([re.escape(character), f"&#0*{ord(character)};?", f"&#x0*{ord(character):x};?", *names])


class _Looking(HTMLParser):
    def __init__(self, there: There) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[Fault] = []
        self._there, self._nesting = there, Nesting()
        self.ids: set[str] = set()
        self.leads: list[Lead] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]], closed: bool = False) -> None:
        self._tell(self._nesting.opens(tag, closed))
        given = dict(attrs)
        if tag == "a" and given.get("name"):  # what ids were before there were ids
            self.ids.add(str(given["name"]))
        self.faults += [*self._of_tag(tag, given), *self._of_id(given.get("id")), *self._of_marks(given)]
        self.faults += self._of_attributes(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs, closed=True)

    def handle_endtag(self, tag: str) -> None:
        self._tell(self._nesting.closes(tag))

    def close(self) -> None:
        super().close()
        self._tell(self._nesting.ends())

    def _tell(self, odd: Odd | None) -> None:
        if odd:
            self.faults.append(Fault(odd.what, re.escape(odd.tag)))

    def handle_pi(self, data: str) -> None:
        self.faults.append(Fault("markup that no browser shows; take it out", re.escape(data[:20])))

    handle_comment = handle_decl = unknown_decl = handle_pi  # true comments are gone

    def handle_data(self, data: str) -> None:
        if hidden := UNSEEN.search(data):
            what = f"{named(hidden[0])}, a character that nobody sees, reaches the page; take it out"
            self.faults.append(Fault(what, _written(hidden[0])))

    def _of_tag(self, tag: str, given: dict[str, str | None]) -> Iterator[Fault]:
        if tag == "script" and (not (source := given.get("src")) or addresses.far(source)):
            yield Fault(f"a script that is no file of this site, which no browser may run here; {FILES}", "<script")
        if tag == "style":
            yield Fault(f"a style sheet in a page, which no browser may use here; {FILES}", "<style")
        if tag in BRINGS:
            yield Fault(f"<{tag}>, which leads elsewhere or shows nothing here; take it out", f"<{tag}")
            return
        if tag == "base":
            yield Fault("<base> moves every link of the page; take it out", "<base")
        if tag == "img" and "alt" not in given:
            yield Fault('a picture without words for who does not see it; write alt="…", empty for an ornament', "<img")
        if tag == "img" and "name" in given:
            yield Fault("'name' of a picture hides what scripts ask the page for; write id", "name=")
        for key, value in given.items() if tag != "script" else ():
            shows = key in FETCHES or (tag in DRAWS and key in addresses.ATTRIBUTES)
            if shows and value and addresses.fetched(value):
                what = f"{key!r} asks another host, which no browser may do here; {FILES}"
                yield Fault(what, re.escape(value.strip()[:60]))

    def _of_id(self, name: str | None) -> Iterator[Fault]:
        if name is None:
            return
        if not ID.fullmatch(name):
            remedy = "write letters, digits, '.', '-' and '_'"
            yield Fault(f"the id {quoted(name)}, which no link can name; {remedy}", re.escape(name[:60]) or "id=")
        elif THEMES.match(name):
            yield Fault(f"the id {quoted(name)} is the theme's own; choose another one", re.escape(name))
        if name in self.ids:
            yield Fault(
                f"two elements with the id {name!r}; rename one, as in '## Title {{: #other }}'",
                rf"(id=[\"']?|#){re.escape(name)}\b",
            )
        self.ids.add(name)

    def _of_marks(self, given: dict[str, str | None]) -> Iterator[Fault]:
        """What scripts of the theme look for, and what belongs to one of its switches."""
        for name, value in given.items():
            if name.startswith("data-md-"):
                yield Fault(f"{name!r} is the theme's own; take it out", f"{name}")
            if name == "name" and THEMES.match(value or ""):
                yield Fault(f"the name {quoted(value)} is the theme's own; choose another one", re.escape(value or ""))

    def _of_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> Iterator[Fault]:
        for name, value in attrs:
            if name.startswith("on"):
                yield Fault(f"{name!r} holds a script, which no browser may run here; {FILES}", f"{name}=")
            if (
                name in ACTS
                or name.startswith("data-clipboard")
                or (name == "tabindex" and (value or "")[:1] in "123456789")
            ):
                yield Fault(f"{name!r} acts on whoever reads, by itself or in the place of a key; take it out", name)
            if name == "style":
                yield Fault(f"a style in a tag, which no browser may use here; {FILES}", "style=")
            if name in addresses.SENDS:
                yield Fault(f"{name!r} sends something away, which no browser may do here; take it out", f"{name}=")
            if name in addresses.ATTRIBUTES and tag not in BRINGS:
                yield from self._of_address(name, value or "")
            if name == "srcset":
                for each in LISTED.findall(value or ""):
                    yield from self._of_address(name, each)
            if name not in TEXTS and PAINTS.search(value or ""):
                yield Fault(f"{name!r} asks for a file, which no browser may do here; take url() out", r"url\(")
            if hidden := UNSEEN.search(value or ""):
                yield Fault(
                    f"{named(hidden[0])}, a character that nobody sees, in {name!r}; take it out", _written(hidden[0])
                )

    def _of_address(self, name: str, value: str) -> Iterator[Fault]:
        sought = re.escape(value.strip()[:60])
        if addresses.runs(value):
            yield Fault(f"{name!r} holds a script, which no browser may run here; {FILES}", "script:")
        elif odd := addresses.odd(value) if name not in FETCHES else "":
            yield Fault(f"{name!r} {odd}", sought)
        elif (path := addresses.path(value)) and not self._there(path):
            yield Fault(f"{name!r} leads to {quoted(path)}, which is not there; correct it", sought)
        elif name == "href" and (found := lead(value, sought)):
            self.leads.append(found)
