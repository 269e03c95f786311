"""Evidence for what a page states, read from a TOML file beside it: a cell that ran, or a public source with its date.

A cell says what it has to show; if its record shows something else one day, the page does not build. What rests
on evidence is shown by a `Block`: a page opens it with `/// name` and closes it on the next line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.preprocessors import Preprocessor

from headtohead import render
from headtohead.directives import FENCE, Directives, OnPages
from headtohead.errors import Problem
from headtohead.programs import SIDES, topic
from headtohead.records import Store
from headtohead.tables import Entry, load

DATE = re.compile(r"(?P<read>read )?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?")


@dataclass(frozen=True)
class Cell:
    """Evidence that ran.

    Attributes:
        cell: The topic.
        title: The cell of its programs.
        shows_pytorch: What PyTorch's output of the cell has to contain.
        shows_tensorflow: What TensorFlow's has to contain.
        agrees: A quantity in which both sides have to agree.
        differs: A quantity that has to be documented as different.
    """

    cell: str
    title: str
    shows_pytorch: str = ""
    shows_tensorflow: str = ""
    agrees: str = ""
    differs: str = ""

    def prove(self, root: Path, store: Store) -> None:
        """Raises `Problem` unless the records show what this says."""
        found = topic(root, self.cell)
        for side in SIDES:
            program, wanted = found.programs[side.name], getattr(self, f"shows_{side.name}")
            title = program.cell(self.title).title
            if wanted not in store.fresh(program).cell(title).output:
                what = f"{self.title!r} no longer prints {wanted!r} in {side.label}"
                raise Problem(f"snippets/{self.cell}/{side.file}", what, remedy="judge anew what rests on it")
        agreement = store.agreement(found) if self.agrees or self.differs else None
        for name, differ in ((self.agrees, False), (self.differs, True)):
            same = {row.name: row.differs is None for row in agreement.quantities} if agreement else {}
            if name and same.get(name) is not (not differ):
                what = f"no quantity {name!r} that {'differs' if differ else 'agrees'}"
                raise Problem(f"snippets/{self.cell}/parity.py", what, remedy="judge anew what rests on it")


@dataclass(frozen=True)
class Source:
    """Evidence that somebody else published; `date` is its own, or, as in "read 2026-11", when it was read."""

    source: str
    name: str
    date: str


Evidence = tuple[Cell | Source, ...]


# Reading ---------------------------------------------------------------------------------------


def entries(path: Path, name: str, *tables: str) -> list[Entry]:
    """The entries of the tables of which a data file consists; the first one must be there.

    Raises:
        Problem: No such file, not TOML, another table, or none of the first.
    """
    rest, found = load(path, name, *tables)
    if tables[0] not in {table for table, *_ in found}:
        raise Problem(name, f"no {tables[0]}", remedy=f"write each as [[{tables[0]}]]")
    if rest:
        raise Problem(name, f"no table {min(rest)!r}", remedy=f"there are {', '.join(tables)}")
    return found


def evidence(entry: dict[str, Any]) -> Evidence:
    """Takes the evidence out of an entry; raises `ValueError` where there is none or it is out of form."""
    found = tuple(_evidence(each) for each in entry.pop("evidence", []))
    if not found:
        raise ValueError("no evidence")
    return found


def _evidence(entry: dict[str, str]) -> Cell | Source:
    if "cell" in entry:
        cell: Cell = made(Cell, entry)
        if not (cell.shows_pytorch or cell.shows_tensorflow or cell.agrees or cell.differs):
            raise ValueError(f"{cell.title!r} is evidence that cannot fail: say what it shows, agrees or differs")
        return cell
    source: Source = made(Source, entry)
    if not source.source.startswith("https://"):
        raise ValueError(f"{source.source!r} is no https address")
    when(source.date)
    return source


def made(kind: type, entry: dict[str, Any]) -> Any:
    """An instance of a data class; raises `ValueError` for an entry with other keys, or empty."""
    what = kind.__name__.lower()
    odd = sorted(set(entry) - {each.name for each in fields(kind)})
    if odd:
        raise ValueError(f"no key {odd[0]!r} in the {what}")
    empty = [key for key, value in entry.items() if isinstance(value, str) and not value.strip()]
    if empty:
        raise ValueError(f"{empty[0]!r} is empty")
    try:
        return kind(**entry)
    except TypeError as error:
        raise ValueError(f"the {what} lacks {str(error).rpartition(': ')[2]}") from None


def among(what: str, value: str, known: Iterable[str]) -> None:
    """Raises `ValueError` for a value that is none of those known."""
    if value not in known:
        raise ValueError(f"no {what} {value!r}: there are {', '.join(known)}")


def when(date: str) -> str:
    """A date in words; raises `ValueError` for anything that is none."""
    match = DATE.fullmatch(date)
    if not match:
        raise ValueError(f"{date!r} is no date: write 2025-08-07, 2025-08, 2025 or 'read 2026-11'")
    day = datetime.date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    words = [str(day.day)] * bool(match["day"]) + [f"{day:%B}"] * bool(match["month"]) + [str(day.year)]
    return (match["read"] or "") + " ".join(words)


# Laying it on a page ---------------------------------------------------------------------------


class Block(Preprocessor):
    """Replaces `/// name` and the `///` below it by what stands in `<page>.toml`.

    A subclass gives `name`, what messages call its page, and `shown`.
    """

    name: str
    uri: str

    def __init__(self, md: Markdown, root: Path, store: Store, problems: dict[str, list[str]] | None = None):
        super().__init__(md)
        self.root, self.store = root, store
        self.page = Directives(md, root, store, problems)  # knows where a page is and how to tell a problem

    def shown(self, path: Path, name: str) -> list[str]:
        """The Markdown that a file, called `name` in messages, becomes; raises `Problem` for any fault."""
        raise NotImplementedError

    def run(self, lines: list[str]) -> list[str]:
        opens = re.compile(rf"^///\s*{self.name}\b")
        result: list[str] = []
        fence = ""
        skip = False
        for index, line in enumerate(lines):
            mark = FENCE.match(line)
            if mark and (not fence or line.strip() == fence):
                fence = "" if fence else mark["fence"]
            if skip:  # the end of the block that the line before opened
                skip = False
            elif fence or not opens.match(line):
                result.append(line)
            else:
                skip = lines[index + 1 : index + 2] == ["///"]
                try:
                    if line.strip() != f"/// {self.name}" or not skip:
                        remedy = f"write '/// {self.name}', and '///' on the next line"
                        raise Problem(self.name, "it takes nothing and holds nothing", remedy=remedy)
                    uri = self.page.file.src_uri if self.page.file else self.uri
                    path = (self.root / "docs" / uri).with_suffix(".toml")
                    result += self.shown(path, path.relative_to(self.root).as_posix())
                except Problem as problem:
                    result += ["", self.stash(self.page.tell(problem, lines, index)), ""]
        return result

    def stash(self, html: str) -> str:
        return self.md.htmlStash.store(html)

    def prove(self, name: str, line: int, what: str, given: Evidence) -> None:
        """Raises `Problem` at a line of the file unless all of it still holds."""
        try:
            for each in given:
                if isinstance(each, Cell):
                    each.prove(self.root, self.store)
        except Problem as problem:
            raise Problem(name, f"{what}: {problem}", line=line) from None

    def links(self, given: Evidence) -> str:
        """Evidence as one line of HTML."""
        return f"<p class=h2h-evidence>{' · '.join(self._link(each) for each in given)}</p>"

    def _link(self, each: Cell | Source) -> str:
        if isinstance(each, Source):
            return f'<a href="{escape(each.source)}">{escape(each.name)}</a>, {when(each.date)}'
        href = self.page.link(f"{each.cell}/") + f"#cell-{render.slug(each.title)}"
        return f'ran: <a href="{href}">{escape(each.title)}</a>'


class BlockExtension(OnPages):
    """An extension that knows one block."""

    def __init__(self, block: type[Block], **options: object):
        self.block = block
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        # Before the directives (28), which know no block of this name.
        md.preprocessors.register(self.block(md, *self.given()), f"headtohead-{self.block.name}", 29)
