"""What there is to find on built pages: their sections, claims and answers, without what is said beside them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from headtohead.site.pages import DIFFERENCES, ERRORS

if TYPE_CHECKING:
    from bs4 import Tag

Entry = dict[str, Any]
MACHINERY = ("contributing/", "security/", "verified/", "programs/")  # pages on the site itself
LISTED = {"difference": f"{DIFFERENCES}/", "error": f"{ERRORS}/"}  # what each section of the pages below is
REFERENCE = "contributing/reference/"
BEGINNING = 400  # characters of a part of the machinery that are searched
TITLES = ("What you need", "The record")  # of sections that say the same on every page
# What stands beside the prose and the programs: links, buttons, names of sides, outputs, marks, lists of other places.
CHROME = (
    ".headerlink, script, style, button, .h2h-view, .h2h-copy, .h2h-label, .h2h-name, .tabbed-labels, "
    ".h2h-outputs, .h2h-provenance, .h2h-proved, .h2h-varies, .h2h-record, .h2h-evidence, .h2h-related-all, "
    ".h2h-runs, .h2h-card, .h2h-install, .linenos, .jp-OutputArea, .doc-section-title, .doc-contents table"
)
INLINE = ("a", "abbr", "b", "code", "em", "i", "q", "samp", "small", "span", "strong", "sub", "sup")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def sections(folder: Path, but: tuple[str, ...] = ()) -> Iterator[Entry]:
    """What there is to find on each page of a built site.

    Args:
        folder: The built site.
        but: How the addresses of pages begin that are left out.
    """
    for path in sorted(folder.rglob("index.html")):
        address = path.parent.relative_to(folder).as_posix().removeprefix(".")
        page = f"{address}/" if address else ""
        if not page.startswith(but):
            yield from _of(page, path.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=1024)  # serving, most pages are what they were
def _of(page: str, html: str) -> tuple[Entry, ...]:
    """What there is to find on one page, which comes first."""
    from bs4 import BeautifulSoup, SoupStrainer

    article = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("article")).find("article")
    if not article:
        return ()
    for each in article.select(CHROME):
        each.decompose()
    title = _words(article.h1) if article.h1 else page
    found = [Section(page, title)]
    _read(article, page, found)
    if page == REFERENCE:
        return (found[0].entry("machinery", ""),)
    kind = "machinery" if page.startswith(MACHINERY) else "page"
    return tuple(entry for each in found for entry in _entries(each, page, title, kind))


def _read(tag: Tag, page: str, found: list[Section]) -> None:
    """Sorts what is in a tag into the sections of its page."""
    for each in tag.children:
        if each.name is None:
            found[-1].text.append(str(each))
        elif each.name in ("h2", "h3", "h4") and each.get("id"):
            found.append(Section(f"{page}#{each['id']}", _words(each)))
        elif each.name == "tr" and str(each.get("id", "")).startswith(("claim-", "which-")):
            found[-1].rows.append(each)
        elif each.name == "pre":
            found[-1].code.append(each.get_text())
        elif each.name != "h1":
            _read(each, page, found)
            if each.name not in INLINE:
                found[-1].text.append(" ")


class Section:
    """A page, or a part of one under a heading, while it is read."""

    def __init__(self, place: str, title: str):
        self.place, self.title = place, title
        self.text: list[str] = []
        self.code: list[str] = []
        self.rows: list[Tag] = []

    def entry(self, kind: str, where: str) -> Entry:
        """It as an entry: of its programs, the names alone; of the machinery, how it begins."""
        text = "".join(self.text)
        if kind == "machinery":
            text = shorten(text, BEGINNING, placeholder=" ...")
        return made(kind, self.title, where, self.place, text, code=names(" ".join(self.code)))


def _entries(section: Section, page: str, title: str, kind: str) -> Iterator[Entry]:
    within = "#" in section.place
    if section.title not in TITLES and "#compare-" not in section.place:
        of = next((of for of, folder in LISTED.items() if page.startswith(folder) and page != folder), "section")
        yield section.entry(of if within and kind == "page" else kind, title if within else "")
    for row in section.rows:
        says, *others = [_words(cell) for cell in row.find_all(["th", "td"], recursive=False)]
        where = f"{title}: {section.title}"
        yield made("claim", says, where, f"{page}#{row['id']}", ". ".join(filter(None, others)))


def made(kind: str, title: str, where: str, place: str, text: str, *, code: str = "") -> Entry:
    """An entry of the search, without what is empty."""
    given = {"kind": kind, "title": title, "where": where, "place": place, "text": " ".join(text.split())}
    given |= {"code": code}
    return {key: each for key, each in given.items() if each or key in ("kind", "place")}


def names(code: str) -> str:
    """The names of a program that say something to a reader of another, each once."""
    return " ".join(dict.fromkeys(each for each in NAME.findall(code) if re.search(r"[._]|[a-z][A-Z]", each)))


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split()).strip()
