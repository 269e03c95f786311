"""A page on which directives stand: which one it is, how it links to others, which ids it has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from markdown import Markdown

from headtohead.content.differences import Difference
from headtohead.content.rows import Row
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.site import engine
from headtohead.site.html import slug
from headtohead.site.library import Library

MAP, DIFFERENCES = "migrate", "migrate/differences"  # the folders of the pages, one an area and one a group


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
        self.anchors = Counter[str]()

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
        return self.link(f"{MAP}/{row.area}/") + f"#{row.id}"

    def to_difference(self, entry: Difference) -> str:
        return self.link(f"{DIFFERENCES}/{entry.group}/") + f"#{entry.id}"

    def stash(self, html: str) -> str:
        """What stands for HTML, with links as seen from the page's address, until Markdown is done."""
        return self.md.htmlStash.store(engine.html(html, self.file))

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

    def anchor(self, title: str) -> str:
        """The id of a cell on this page: its title, and a number if it is shown again."""
        name = f"cell-{slug(title)}"
        self.anchors[name] += 1
        made = name if self.anchors[name] == 1 else f"{name}-{self.anchors[name]}"
        self.made.add(made)
        return made

    def topic(self, name: str | None) -> Topic:
        """A topic in form; raises `Problem` for one that is not, or is not there."""
        if not name:
            remedy = "write it behind a bar, as in '/// compare | training/training_loop'"
            raise Problem("///", "no topic", remedy=remedy)
        return self.library.topic(name)
