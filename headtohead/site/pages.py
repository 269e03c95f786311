"""A page on which directives stand: which one it is, how it links to others, which ids it has."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from markdown import Markdown

from headtohead.content import differences, mistakes, rows
from headtohead.content.differences import Difference
from headtohead.content.rows import Row
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.site import engine
from headtohead.site.html import Heading, free, prose, slug
from headtohead.site.library import Library
from headtohead.site.lines import directives

# The folders of the pages, one an area and one a group.
MAP, DIFFERENCES, ERRORS = "migrate", "migrate/differences", "errors"


def record_anchor(found: Topic) -> str:
    """The id of what a run of a topic gave."""
    return f"record-{slug(found.name)}"


class Page:
    """One page, for as long as it is made.

    Attributes:
        md: Its Markdown.
        library: What it shows.
        made: The ids that directives made.
        comparisons: How many it has so far.
    """

    def __init__(self, md: Markdown, library: Library):
        self.md, self.library = md, library
        self.made: set[str] = set()
        self.comparisons = 0
        self._shows: set[str] = set()  # pages that were found to show their data file

    # Where it is ---------------------------------------------------------------------------------

    @property
    def file(self) -> engine.Page | None:
        """The page, or None without an engine."""
        return engine.page(self.md, self.library.root)

    def link(self, target: str) -> str:
        """A file of the site, relative to this page, so that the site works below any path."""
        return engine.link(target, self.file)

    def to_row(self, row: Row) -> str:
        """A row of the API map."""
        return f"{self.to_area(row.area)}#{row.id}"

    def to_area(self, name: str) -> str:
        """The page of an area of the API map; raises `Problem` where none shows it."""
        return self._to_data(f"{MAP}/{name}", rows.FOLDER, "api", name)

    def to_difference(self, entry: Difference) -> str:
        return f"{self.to_group(entry.group)}#{entry.id}"

    def to_group(self, name: str) -> str:
        """The page of a group of differences; raises `Problem` where none shows it."""
        return self._to_data(f"{DIFFERENCES}/{name}", differences.FOLDER, "differences", name)

    def to_errors(self, name: str) -> str:
        """The page of a group of errors; raises `Problem` where none shows it."""
        return self._to_data(f"{ERRORS}/{name}", mistakes.FOLDER, "errors", name)

    def _to_data(self, page: str, folder: str, directive: str, name: str) -> str:
        """The page that shows a data file."""
        if self.file and page not in self._shows:
            shown = directives(self._text(page) or "")
            if (directive, name) not in [each[:2] for each in shown]:
                remedy = f"write docs/{page}.md, with '/// {directive} | {name}'"
                raise Problem(f"{folder}/{name}.toml", "no page shows it, to lead to", remedy=remedy)
            self._shows.add(page)
        return self.link(f"{page}/")

    def to_topic(self, found: Topic) -> str:
        """The page of a topic; raises `Problem` where it has none."""
        if self.file and "both" not in found.programs and self._own(found) is None:
            remedy = f"write docs/{found.name}.md, with its comparison and its record"
            raise Problem(f"snippets/{found.name}", "it has no page of its own to lead to", remedy=remedy)
        return self.link(f"{found.name}/")

    def to_record(self, found: Topic) -> str:
        """Where the record and the proof of a topic stand; empty where its page shows none."""
        address, own = self.to_topic(found), self._own(found)
        if own is not None and ("record", found.name) not in [each[:2] for each in directives(own)]:
            return ""
        mine = self.file and self.file.src_uri == f"{found.name}.md"
        return f"{'' if mine else address}#{record_anchor(found)}"

    def to_cell(self, name: str, title: str) -> str:
        """A cell of a topic; raises `Problem` where the topic's page does not show it."""
        found = self.topic(name)
        address, own = self.to_topic(found), self._own(found)
        if own is not None and not any(
            each == ["compare", name] and options.get("cell", title) == title for *each, options in directives(own)
        ):
            remedy = f"show it there with '/// compare | {name}'"
            raise Problem(f"docs/{name}.md", f"it shows no cell {title!r} to lead to", remedy=remedy)
        return f"{address}#{self.library.anchors(found)[title]}"

    def _own(self, found: Topic) -> str | None:
        """The text of a topic's page; None where it has none."""
        return self._text(found.name)

    def _text(self, page: str) -> str | None:
        for name in (f"{page}.md", f"{page}/index.md"):
            path = self.library.root / "docs" / name
            if path.is_file():
                return path.read_text(encoding="utf-8", errors="replace")
        return None

    def stash(self, html: str) -> str:
        """What stands for HTML, with links as seen from the page's address, until Markdown is done."""
        return self.md.htmlStash.store(engine.html(html, self.file))

    def heading(self, given: Heading) -> str:
        """A line of Markdown that is a heading, in which Markdown finds nothing: its text is stashed."""
        return f"## {self.stash(prose(given.text))}" + (f" {{: #{given.id} }}" if given.id else "")

    def place(self, lines: list[str], index: int) -> tuple[str, int]:
        """The page and the line in its file, front matter included."""
        if not self.file:
            return "page", index + 1
        text = Path(self.file.abs_src_path).read_text(encoding="utf-8").rstrip()
        before = len(text.splitlines()) - len("\n".join(lines).rstrip().splitlines())
        return f"docs/{self.file.src_uri}", index + 1 + before

    def beside(self, usual: str) -> tuple[Path, str]:
        """The data file that lies beside this page, and what messages call it; that of a usual page elsewhere."""
        uri = self.file.src_uri if self.file else usual
        path = (self.library.root / "docs" / uri).with_suffix(".toml")
        return path, path.relative_to(self.library.root).as_posix()

    def anchor(self, found: Topic, title: str) -> str:
        """The id of a cell on this page: its own, and a number if it is shown again.

        The cells of the page's own topic have their own ids, to which other pages lead, whatever else is shown.
        """
        ids = self.library.anchors(found)
        return self.make(ids[title], {*ids.values()} - {ids[title]} | self._reserved(found))

    def _reserved(self, found: Topic) -> set[str]:
        """The ids that the cells of a topic leave to the page's own topic."""
        name = self.file.src_uri.removesuffix(".md").removesuffix("/index") if self.file else found.name
        try:
            return set() if name == found.name else set(self.library.anchors(self.library.topic(name)).values())
        except Problem:  # it has none
            return set()

    def make(self, name: str, kept: Set[str] = frozenset()) -> str:
        """An id that no directive has made yet, nor will: of that name, and a number if there is one already."""
        made = free(name, self.made | kept)
        self.made.add(made)
        return made

    def topic(self, name: str | None) -> Topic:
        """A topic in form; raises `Problem` for one that is not, or is not there."""
        if not name:
            remedy = "write it behind a bar, as in '/// compare | training/training_loop'"
            raise Problem("///", "no topic", remedy=remedy)
        return self.library.topic(name)
