"""A Python-Markdown extension: `/// compare | topic` on a page becomes the programs that ran.

```markdown
/// compare | training/training_loop
cell: The loop
///
```

shows one cell of both programs with what it printed; without `cell`, all cells in order. `/// record | topic`
shows where the programs ran and how closely they agree, with the proof. `/// records` lists every program.

It expands directives before any other extension sees the page, so code is never touched by Markdown, and it
knows nothing of MkDocs but how to ask which page it is on.
"""

from __future__ import annotations

import logging
import posixpath
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from headtohead import render
from headtohead.errors import Problem
from headtohead.programs import SIDES, Topic, topic, topics
from headtohead.records import PRIMARY, Agreement, Record, Store

try:
    from mkdocs.exceptions import BuildError
except ImportError:  # another engine: any exception ends its build
    BuildError = Exception  # type: ignore[assignment,misc]

OPEN = re.compile(r"^///\s*(?P<name>[a-z-]+)\s*(?:\|\s*(?P<argument>.*?)\s*)?$")
OPTION = re.compile(r"^(?P<key>[a-z]+):\s*(?P<value>.*?)\s*$")
FENCE = re.compile(r"^\s*(?P<fence>`{3,}(?!.*`)|~{3,})")

log = logging.getLogger("mkdocs.headtohead")


class PageError(BuildError):
    """A directive that cannot be shown; its text begins with page and line."""


class Directives(Preprocessor):
    """Replaces each directive by HTML.

    Args:
        md: The Markdown of the page.
        root: The repository.
        store: Its records.
        problems: Where what is wrong with a page goes, by its address, so that one stale program does not hide
            everything else; without it the first problem is raised.
    """

    def __init__(self, md: Markdown, root: Path, store: Store, problems: dict[str, list[str]] | None = None):
        super().__init__(md)
        self.root, self.store, self.problems = root, store, problems
        self.count, self.anchors = 0, Counter[str]()
        self.made: set[str] = set()
        self.known: dict[str, Topic] = {}
        self.ran: dict[str, tuple[dict[str, Record], Agreement | None]] = {}
        self.names: dict[str, tuple[set[str], Callable[..., str]]] = {
            "compare": ({"cell"}, self.compare),
            "record": (set(), self.record),
            "records": (set(), self.records),
            "api": (set(), self.api),
            "differences": (set(), self.differences),
        }

    @property
    def file(self):
        """The page as MkDocs knows it, or None in another engine."""
        if "relpath" in self.md.treeprocessors:
            return self.md.treeprocessors["relpath"].file
        return None

    def link(self, target: str) -> str:
        """A file of the site, relative to this page, so that the site works below any path."""
        url = self.file.url if self.file else ""
        return posixpath.relpath(target, posixpath.dirname(url) or ".") + "/" * target.endswith("/")

    def place(self, lines: list[str], index: int) -> tuple[str, int]:
        """The page and the line in its file, front matter included."""
        if not self.file:
            return "page", index + 1
        text = Path(self.file.abs_src_path).read_text(encoding="utf-8").rstrip()
        before = len(text.splitlines()) - len("\n".join(lines).rstrip().splitlines())
        return f"docs/{self.file.src_uri}", index + 1 + before

    def run(self, lines: list[str]) -> list[str]:
        # A page shows a topic cell by cell: it is read and checked once. Another page looks anew.
        self.known, self.ran = {}, {}
        result: list[str] = []
        fence, opened, index = "", 0, 0
        while index < len(lines):
            line = lines[index]
            mark = FENCE.match(line)
            if mark and (not fence or line.strip() == fence):
                fence, opened = "" if fence else mark["fence"], index
            if fence or not line.lstrip().startswith("///"):
                result.append(line)
                index += 1
                continue
            start = index
            try:
                html, index = self.expand(lines, index)
            except Problem as problem:
                html = self.tell(problem, lines, start)
                index = next((i + 1 for i in range(start + 1, len(lines)) if lines[i].strip() == "///"), len(lines))
            for part in [html] if isinstance(html, str) else html:  # headings are the page's own, for its contents
                result += ["", part if part.startswith("#") else self.md.htmlStash.store(part), ""]
        if fence:  # whatever stands below it would be lost without a word
            problem = Problem(fence, "never closed", remedy=f"end the code with a line '{fence}'")
            result += ["", self.md.htmlStash.store(self.tell(problem, lines, opened)), ""]
        return result

    def tell(self, problem: Problem, lines: list[str], index: int) -> str:
        """Notes what is wrong, with page and line, and gives its HTML for an author who serves the site."""
        where, number = self.place(lines, index)
        message = f"{where}:{number}: {problem}"
        if self.problems is None:
            raise PageError(message) from problem
        log.error(message)
        self.problems.setdefault(self.file.src_uri if self.file else where, []).append(message)
        return render.error(message)

    def expand(self, lines: list[str], index: int) -> tuple[str | list[str], int]:
        """The HTML of the directive that opens at an index, and the index behind it."""
        opened = OPEN.match(lines[index])
        if lines[index][0] == " ":
            remedy = "begin it in the first column: it cannot stand in a list or a tab"
            raise Problem("///", f"{lines[index].strip()!r} is indented", remedy=remedy)
        if not opened or opened["name"] not in self.names:
            raise Problem("///", f"no directive {lines[index].strip()!r}", remedy=f"there are {', '.join(self.names)}")
        known, show = self.names[opened["name"]]
        options: dict[str, str] = {}
        for end in range(index + 1, len(lines)):
            line = lines[end].strip()
            if line == "///":
                break
            if not line:
                continue
            option = OPTION.match(line)
            if not option or option["key"] not in known:
                remedy = f"it takes {', '.join(sorted(known)) or 'none'}; close it with '///'"
                raise Problem(opened["name"], f"no option {line!r}", remedy=remedy)
            if not option["value"] or option["key"] in options:
                remedy = f"give {option['key']!r} once, with a value"
                raise Problem(opened["name"], f"{option['key']!r} is empty or given twice", remedy=remedy)
            options[option["key"]] = option["value"]
        else:
            raise Problem(opened["name"], "never closed", remedy="end it with a line '///'")
        return show(opened["argument"], **options), end + 1

    def topic(self, name: str | None) -> Topic:
        if not name:
            raise Problem(
                "///", "no topic", remedy="write it behind a bar, as in '/// compare | training/training_loop'"
            )
        if name not in self.known:
            found = topic(self.root, name)
            found.check()
            self.known[name] = found
        return self.known[name]

    def read(self, found: Topic) -> tuple[dict[str, Record], Agreement | None]:
        """Fresh records of all sides and their agreement; raises `Problem` for anything else."""
        if found.name not in self.ran:
            records = {side: self.store.fresh(program) for side, program in found.programs.items()}
            self.ran[found.name] = records, self.store.agreement(found)
        return self.ran[found.name]

    def compare(self, name: str | None, cell: str | None = None) -> str:
        found = self.topic(name)
        titles = [cell] if cell else [each.title for each in next(iter(found.programs.values())).cells]
        cells = {side: [program.cell(title) for title in titles] for side, program in found.programs.items()}
        records, agreement = self.read(found)
        blocks = []
        for index, title in enumerate(titles):
            self.count += 1
            sides = [
                render.Side(
                    program.framework, cells[side][index], records[side].cell(title), self.figures(records[side])
                )
                for side, program in found.programs.items()
            ]
            blocks.append(render.compared(self.count, self.anchor(title), found, sides))
        own = self.file is None or self.file.src_uri == f"{found.name}.md"
        page = "" if own else self.link(f"{found.name}/")
        return "\n".join([*blocks, render.provenance(found, records, agreement, page)])

    def anchor(self, title: str) -> str:
        """The id of a cell on this page: its title, and a number if it is shown again."""
        slug = f"cell-{render.slug(title)}"
        self.anchors[slug] += 1
        made = slug if self.anchors[slug] == 1 else f"{slug}-{self.anchors[slug]}"
        self.made.add(made)
        return made

    def figures(self, record: Record) -> str:
        """Where the figures of a record lie, as seen from this page."""
        return self.link(f"records/{record.label}/{record.topic}")

    def record(self, name: str | None) -> str:
        found = self.topic(name)
        records, agreement = self.read(found)
        runs, agreements = list(records.values()), {PRIMARY: agreement}
        for label in self.store.labels()[1:]:
            there = [each for side, each in found.programs.items() if self.store.path(found.name, side, label).exists()]
            runs += [self.store.fresh(program, label) for program in there]
            if len(there) == len(found.programs) and self.store.agreement_path(found.name, label).exists():
                agreements[label] = self.store.agreement(found, label)
        return render.card(found, runs, agreements, self.link("programs")) + self.related(found)

    def related(self, found: Topic) -> str:
        """The rows of the API map that the programs' own names lead to, and the differences that touch the topic."""
        from headtohead.api.pages import FOLDER
        from headtohead.differences.entries import groups
        from headtohead.differences.pages import FOLDER as DIFFERENCES
        from headtohead.migrate import lookup, uses

        known, rows, pairs = lookup(self.root), {}, {}
        for program in found.programs.values():
            for use in uses(program.text, program.name):
                name = known.name(use) if use.sure else None
                for _, row in known.counterparts(name or "", use.given)[:1]:
                    rows.setdefault(name, self.link(f"{FOLDER}/{row.area}/") + f"#{row.id}")
        for group in groups(self.root):
            for entry in group.entries:
                if found.name in entry.topics:
                    pairs[entry.title] = self.link(f"{DIFFERENCES}/{group.name}/") + f"#{entry.id}"
        return render.related(rows, pairs)

    def api(self, name: str | None) -> str:
        """The rows of an area of the API map, or its search, its areas, or what no row accounts for."""
        from headtohead.api.pages import Map  # pages without a map need none of it

        found = Map(self.root, self.store)
        lists = {
            "areas": found.summary,
            "edges": found.edges,
            "left": found.left,
            "find": found.find,
            "read": found.reader,
        }
        if name in lists:
            return lists[name](self.link)
        if name not in found.areas:
            raise Problem("api", f"no area {name!r}", remedy=f"there are {', '.join([*lists, *found.areas])}")
        self.made |= found.anchors(name)
        return found.table(name)

    def differences(self, name: str | None) -> str | list[str]:
        """The differences of a group, each under a heading; all of them as a list where none is named."""
        from headtohead.differences.pages import Differences

        found = Differences(self.root, self.store)
        if not name:
            return found.summary(self.link)
        if name not in found.groups:
            raise Problem("differences", f"no group {name!r}", remedy=f"there are {', '.join(found.groups)}")
        return found.shown(name, self.link)

    def records(self, name: str | None) -> str:
        if name:
            raise Problem("records", f"it takes no topic, and lists all; not {name!r}")
        rows = []
        for found in topics(self.root):
            found.check()
            records, agreement = self.read(found)
            page = self.link(f"{found.name}/")
            rows.append(render.row(found, list(records.values()), agreement, page))
        return render.programs(rows)


class Anchors(Preprocessor):
    """Tells MkDocs which ids the directives made, so that it can check links to a cell."""

    def __init__(self, md: Markdown, directives: Directives):
        super().__init__(md)
        self.directives = directives

    def run(self, lines: list[str]) -> list[str]:
        if "mkdocs_raw_html" in self.md.preprocessors:
            self.md.preprocessors["mkdocs_raw_html"].present_anchor_ids |= self.directives.made
        return lines


class OnPages(Extension):
    """An extension that shows something of the repository on pages."""

    def __init__(self, **options: object):
        self.config = {
            "root": ["", "The repository; the folder above this package by default"],
            "records": ["", "The folder of records; 'records' of the repository by default"],
            # A default of None would make Python-Markdown take the value for a boolean.
            "problems": ["", "Where to note what is wrong with a page; the first problem is raised by default"],
        }
        super().__init__(**options)

    def given(self) -> tuple[Path, Store, dict[str, list[str]] | None]:
        """The repository, its records, and where problems go, if anywhere."""
        store, problems = Store.of(self.getConfig("root"), self.getConfig("records")), self.getConfig("problems")
        return store.root, store, problems if isinstance(problems, dict) else None


class HeadToHead(OnPages):
    """The extension `headtohead.directives`."""

    def extendMarkdown(self, md: Markdown) -> None:
        # After whitespace is normal (30), before fences (25) and raw HTML (20) are looked for.
        directives = Directives(md, *self.given())
        md.preprocessors.register(directives, "headtohead", 28)
        # MkDocs looks for ids in raw HTML at 21, and starts from nothing.
        md.preprocessors.register(Anchors(md, directives), "headtohead-anchors", 20.5)


def makeExtension(**options: object) -> HeadToHead:
    return HeadToHead(**options)


__all__ = ["SIDES", "Directives", "HeadToHead", "OnPages", "PageError", "makeExtension"]
