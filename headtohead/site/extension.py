"""A Python-Markdown extension: `/// compare | topic` on a page becomes the programs that ran.

```markdown
/// compare | training/training_loop
cell: The loop
///
```

shows one cell of both programs with what it printed; `headtohead.site.directives` has every directive.

It expands directives before any other extension sees the page, so code is never touched by Markdown. Which page it is
on, it asks `headtohead.site.engine`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from headtohead.errors import Problem
from headtohead.site import engine, reference
from headtohead.site.directives import VIEWS, Parts, View
from headtohead.site.html import Heading
from headtohead.site.library import Library
from headtohead.site.lines import MARK, OPEN, OPTION, Almost, Code, behind
from headtohead.site.pages import Page
from headtohead.site.templates import render
from headtohead.site.unseen import UNSEEN, named

try:
    from mkdocs.exceptions import BuildError
except ImportError:  # another engine: any exception ends its build
    BuildError = Exception  # type: ignore[assignment,misc]

log = logging.getLogger("mkdocs.headtohead")


class PageError(BuildError):
    """A directive that cannot be shown; its text begins with page and line."""


class Directives(Preprocessor):
    """Replaces each directive by HTML.

    Args:
        md: The Markdown of the page.
        library: What the page shows; without one, this repository is read anew for each page.
        setting: Which repository that is, and where its records lie.
        views: What there is, by name.
    """

    def __init__(
        self,
        md: Markdown,
        library: Library | None,
        setting: tuple[str, str] = ("", ""),
        views: Mapping[str, View] = VIEWS,
    ):
        super().__init__(md)
        self.library, self.setting, self.views = library, setting, views
        self.almost = Almost(views)
        self.made: set[str] = set()

    def run(self, lines: list[str]) -> list[str]:
        self.page = Page(self.md, self.library or Library.of(*self.setting))
        self.made = self.page.made
        result: list[str] = []
        code, opened, index = Code(), 0, 0
        while index < len(lines):
            line, start, was = lines[index], index, code.fence
            fenced = code.holds(line)
            if fenced and not was:
                opened = index
            try:
                self.look(line, fenced, code.rest)
                if fenced or not line.lstrip().startswith("///"):
                    result.append(line)
                    index += 1
                    continue
                parts, index = self.expand(lines, index)
            except Problem as problem:
                parts, index = (
                    self.tell(problem, lines, start),
                    start + 1 if fenced and not code.rest else behind(lines, start),
                )
            for part in [parts] if isinstance(parts, str) else parts:
                made = self.page.heading(part) if isinstance(part, Heading) else self.page.stash(part)
                result += ["", made, ""]
        if code.fence:  # whatever stands below it would be lost without a word
            ended = "end it with '-->'" if code.fence == MARK else f"end the code with a line '{code.fence}'"
            problem = Problem(code.fence, "never closed", remedy=ended)
            result += ["", self.page.stash(self.tell(problem, lines, opened)), ""]
        return result

    def look(self, line: str, fenced: bool, rest: str) -> None:
        """Raises `Problem` for a line in which something is not seen, or that was meant as a directive.

        Args:
            line: The line.
            fenced: Whether it belongs to code, or to a comment.
            rest: What of it stands behind the end of a comment.
        """
        if hidden := UNSEEN.search(line):
            what = "a character that nobody sees"
            raise Problem(named(hidden[0]), what, remedy="take it out")
        if not fenced:
            reference.check(self.page.library.root, line)
        prose = "" if fenced or line.lstrip().startswith("///") else line
        if self.almost.found(prose) or self.almost.found(rest):
            remedy = "a directive begins with '///' in the first column, and stands in no list, quotation or table"
            raise Problem("///", f"{line.strip()!r} is almost a directive", remedy=remedy)

    def tell(self, problem: Problem, lines: list[str], index: int) -> str:
        """Notes what is wrong, with page and line, and gives its HTML for an author who serves the site."""
        where, number = self.page.place(lines, index)
        message = f"{where}:{number}: {problem}"
        problems = self.page.library.problems
        if problems is None:
            raise PageError(message) from problem
        log.error(message)
        problems.setdefault(self.page.file.src_uri if self.page.file else where, []).append(message)
        return render("error", message=message)

    def expand(self, lines: list[str], index: int) -> tuple[Parts, int]:
        """The HTML of the directive that opens at an index, and the index behind it."""
        opened = OPEN.match(lines[index])
        if not lines[index].startswith("/"):
            remedy = "begin it in the first column: it cannot stand in a list or a tab"
            raise Problem("///", f"{lines[index].strip()!r} is indented", remedy=remedy)
        if not opened or opened["name"] not in self.views:
            raise Problem("///", f"no directive {lines[index].strip()!r}", remedy=f"there are {', '.join(self.views)}")
        name, view = opened["name"], self.views[opened["name"]]
        options, end = self._options(name, view, lines, index)
        if view.takes:
            return view.show(self.page, opened["argument"], **options), end
        if opened["argument"]:
            raise Problem(name, f"it takes nothing, and not {opened['argument']!r}", remedy=f"write '/// {name}'")
        return view.show(self.page), end

    def _options(self, name: str, view: View, lines: list[str], index: int) -> tuple[dict[str, str], int]:
        """The options of the directive that opens at an index, and the index behind it."""
        options: dict[str, str] = {}
        for end in range(index + 1, len(lines)):
            line = lines[end].strip()
            if line == "///":
                return options, end + 1
            if not line:
                continue
            option = OPTION.match(line)
            if not option or option["key"] not in view.options:
                remedy = f"it takes {', '.join(sorted(view.options)) or 'none'}; close it with '///'"
                raise Problem(name, f"no option {line!r}", remedy=remedy)
            if not option["value"] or option["key"] in options:
                remedy = f"give {option['key']!r} once, with a value"
                raise Problem(name, f"{option['key']!r} is empty or given twice", remedy=remedy)
            options[option["key"]] = option["value"]
        raise Problem(name, "never closed", remedy="end it with a line '///'")


class Anchors(Preprocessor):
    """Tells the engine which ids the directives made, so that it can check links to a cell."""

    def __init__(self, md: Markdown, directives: Directives):
        super().__init__(md)
        self.directives = directives

    def run(self, lines: list[str]) -> list[str]:
        engine.announce(self.md, self.directives.made)
        return lines


class HeadToHead(Extension):
    """The extension `headtohead.site.extension`."""

    def __init__(self, **options: object):
        self.config = {
            "root": ["", "The repository; the folder above this package by default"],
            "records": ["", "The folder of records; 'records' of the repository by default"],
            # A default of None would make Python-Markdown take the value for a boolean.
            "library": ["", "What a whole build shows; each page reads the repository anew by default"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        library, setting = self.getConfig("library"), (self.getConfig("root"), self.getConfig("records"))
        directives = Directives(md, library if isinstance(library, Library) else None, setting)
        # After whitespace is normal (30), before fences (25) and raw HTML (20) are looked for.
        md.preprocessors.register(directives, "headtohead", 28)
        # Behind all others: an engine that looks for ids in raw HTML starts from nothing.
        md.preprocessors.register(Anchors(md, directives), "headtohead-anchors", -1)


def makeExtension(**options: object) -> HeadToHead:
    return HeadToHead(**options)
