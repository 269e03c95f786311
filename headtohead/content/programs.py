"""Programs and cells: reads one framework's file for a topic without running it."""

from __future__ import annotations

import ast
import difflib
import functools
import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from headtohead.content import bindings, files, source
from headtohead.content.asks import IMPORTERS, asked
from headtohead.content.frameworks import DISTRIBUTIONS, Framework
from headtohead.content.text import columns
from headtohead.errors import Problem, quoted

MAX_COLUMNS = 68  # two columns of this width fit beside each other on a 1440-pixel screen
CELL = re.compile(r"^# %%(?P<title>.*)$")
ALMOST = re.compile(r"^#\s*%%")  # what some editors take for a cell too
MARKDOWN = "[markdown]"
KIND = re.compile(r"\[(markdown|md|raw)\]", re.IGNORECASE)  # what else some editors take for no code
NEEDS = re.compile(r"^Needs (\S+) on the PATH", re.MULTILINE)
BESIDES = re.compile(r"^Needs the package ([\w.-]*\w)", re.MULTILINE)  # which something imports that it imports


@dataclass(frozen=True)
class Cell:
    """A titled part of a program.

    Attributes:
        title: What stands behind `# %%`.
        start: The 1-based line of the first line of its body.
        body: Its bytes as text, without the title line and without blank lines around it.
        markdown: Whether it is prose in comments (`# %% [markdown]`).
    """

    title: str
    start: int
    body: str
    markdown: bool = False

    @property
    def runs(self) -> bool:
        """Whether there is any code in it, and not comments alone."""
        return any(line.strip() and not line.lstrip().startswith("#") for line in self.body.split("\n"))


@dataclass(frozen=True)
class Form:
    """What is asked of a program's syntax tree, without the tree: that is a hundred times as large.

    Attributes:
        docstring: The program's, if it has one.
        imports: Each module that the program imports, and the line.
        statements: The first and the last line of each at the top, the docstring's among them.
        bindings: Each name that is set at the top, and the line.
        asks: What it asks of the machine or of the day: the line, what is wrong with that, a remedy.
    """

    docstring: str | None
    imports: tuple[tuple[str, int], ...]
    statements: tuple[tuple[int, int], ...]
    bindings: tuple[tuple[str, int], ...]
    asks: tuple[tuple[int, str, str], ...]


@functools.lru_cache(maxsize=4096)  # a build asks for it on the page and for the downloads
def _form(text: str) -> Form:
    tree = source.parse(text)
    assert isinstance(tree, ast.Module)
    docstring = ast.get_docstring(tree)
    imports = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports.append((("." * node.level) + (node.module or ""), node.lineno))
        elif isinstance(node, ast.Call) and (named := _imported(node)):
            imports.append((named, node.lineno))
    spans = tuple((first_line(node), node.end_lineno or node.lineno) for node in tree.body)
    return Form(docstring, tuple(imports), spans, bindings.bindings(tree), tuple(asked(tree)))


def _imported(call: ast.Call) -> str | None:
    """The module that a call imports by its name, as `importlib.import_module("scipy")` does."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = [*call.args, *(each.value for each in call.keywords if each.arg == "name")][:1]
    if name in IMPORTERS and given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
        return given[0].value
    return None


@dataclass(frozen=True)
class Program:
    """One framework's file for a topic."""

    root: Path
    topic: str
    framework: Framework

    @property
    def path(self) -> Path:
        return self.root / "snippets" / self.topic / self.framework.file

    @property
    def name(self) -> str:
        """The path relative to the repository: how messages call it."""
        return f"snippets/{self.topic}/{self.framework.file}"

    @property
    def label(self) -> str:
        """How lists of what runs call it."""
        return f"{self.topic} {self.framework.name}"

    @cached_property
    def bytes(self) -> bytes:
        try:
            return files.read(self.path, self.name)
        except FileNotFoundError:
            raise Problem(self.name, "no such program", remedy="write it, or correct the topic") from None

    @cached_property
    def text(self) -> str:
        return files.decoded(self.bytes, self.name)

    @cached_property
    def form(self) -> Form:
        try:
            return _form(self.text)
        except source.Unparsable as error:
            raise Problem(self.name, error.why, line=error.line, remedy=error.remedy) from None

    @property
    def imports(self) -> tuple[tuple[str, int], ...]:
        """Each module that the program imports, and the line."""
        return self.form.imports

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in order; raises `Problem` for a program that breaks the form."""
        return tuple(_cells(self))

    @property
    def needs(self) -> tuple[str, ...]:
        """The commands that its docstring says it needs of the system, as in `Needs g++ on the PATH`."""
        return tuple(NEEDS.findall(self.form.docstring or ""))

    @cached_property
    def distributions(self) -> tuple[str, ...]:
        """The packages that the program needs, by the name to install them."""
        names = {name.partition(".")[0] for name, _ in self.imports}
        third_party = {name for name in names if name and name not in sys.stdlib_module_names}
        named = {*self.framework.packages, *BESIDES.findall(self.form.docstring or "")}
        return tuple(sorted({DISTRIBUTIONS.get(name, name) for name in third_party} | named))

    @property
    def needed_at(self) -> dict[str, int]:
        """The line at which each package is first imported, by the name to install it."""
        roots = [(module.partition(".")[0], line) for module, line in self.imports]
        lines: dict[str, int] = {}
        for root, line in sorted(roots, key=lambda each: each[1]):
            lines.setdefault(DISTRIBUTIONS.get(root, root), line)
        return lines

    def cell(self, title: str) -> Cell:
        for cell in self.cells:
            if cell.title == title:
                return cell
        titles = [cell.title for cell in self.cells]
        near = difflib.get_close_matches(title[:MAX_COLUMNS], titles, n=1, cutoff=0.3)
        meant = "".join(f"did you mean {each!r}? " for each in near)
        remedy = f"{meant}its cells are {', '.join(map(repr, titles))}"
        raise Problem(self.name, f"no cell {quoted(title)}", remedy=remedy)

    def cell_at(self, line: int) -> Cell | None:
        """The cell in which a 1-based line stands."""
        before = [cell for cell in self.cells if cell.start <= line]
        return before[-1] if before else None

    def setting(self, names: Iterable[str]) -> list[str]:
        """The titles of the cells that set a name last, in order; a name that none sets is left out."""
        last = dict(self.form.bindings)
        found = {self.cell_at(last[name]) for name in names if name in last}
        return [cell.title for cell in self.cells if cell in found]

    def check(self) -> None:
        """Raises the first `Problem` in the form of the program; runs nothing."""
        source.check(self.name, self.text)
        for number, line in enumerate(self.text.split("\n"), 1):
            if (wide := columns(line)) > MAX_COLUMNS:
                remedy = f"break it within {MAX_COLUMNS}: two programs stand side by side"
                raise Problem(self.name, f"line of {wide} columns", line=number, remedy=remedy)
        for module, line in self.imports:
            if module.partition(".")[0] == "headtohead" or module.startswith("."):
                remedy = "a reader has nothing but the program"
                raise Problem(self.name, f"imports {quoted(module)}, a part of this project", line=line, remedy=remedy)
        for line, what, remedy in self.form.asks[:1]:
            raise Problem(self.name, what, line=line, remedy=remedy)
        if not self.form.docstring:
            raise Problem(self.name, "no docstring", line=1, remedy="say in the first line what the program does")
        _ = self.cells


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    return min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])


def _cells(program: Program) -> Iterator[Cell]:
    lines = program.text.removesuffix("\n").split("\n")
    marks = _marks(program, lines)
    seen = set()
    for (number, mark), (following, _) in zip(marks, [*marks[1:], (len(lines) + 1, "")]):
        markdown = mark.startswith(MARKDOWN)
        title = mark.removeprefix(MARKDOWN).strip()
        if markdown and not title:  # prose is called by its first line, its heading as a rule
            title = "".join(lines[number : number + 1]).strip("# ")
        if not title:
            raise Problem(program.name, "a cell without a title", line=number, remedy="write '# %% Title'")
        if not markdown and (kind := KIND.match(title)):
            what = f"{kind[0]!r} is no kind of cell"
            raise Problem(program.name, what, line=number, remedy=f"write '# %% {MARKDOWN} Title' above prose")
        if (same := unicodedata.normalize("NFC", title)) in seen:
            raise Problem(program.name, f"a second cell {title!r}", line=number, remedy="give each its own title")
        seen.add(same)
        body = lines[number : following - 1]
        start = number + 1
        while body and not body[0].strip():
            body, start = body[1:], start + 1
        while body and not body[-1].strip():
            body = body[:-1]
        if not body:
            raise Problem(program.name, f"cell {title!r} is empty", line=number, remedy="say in a comment why")
        cell = Cell(title, start, "\n".join(body), markdown)
        if markdown and cell.runs:  # in the notebook it would be prose, and what it sets would be missing
            remedy = "write it in comments, or open a cell for the code"
            raise Problem(program.name, f"code in {title!r}, a cell of prose", line=start, remedy=remedy)
        yield cell


def _marks(program: Program, lines: list[str]) -> list[tuple[int, str]]:
    """Where each cell opens, and what stands there; raises `Problem` for one that opens in a wrong place."""
    name = program.name
    for number, line in enumerate(lines, 1):
        if ALMOST.match(line) and not CELL.match(line):
            raise Problem(name, f"{line!r} opens no cell", line=number, remedy="write '# %% Title'")
    marks = [(n, match["title"].strip()) for n, line in enumerate(lines, 1) if (match := CELL.match(line))]
    if not marks:
        raise Problem(name, "no cell", line=1, remedy="open the first one with '# %% Title'")
    for first, _ in program.form.statements[1 if program.form.docstring else 0 :]:
        if first < marks[0][0]:
            raise Problem(name, "code before the first cell", line=first, remedy="open a cell above it")
    numbers = [number for number, _ in marks]
    for first, last in program.form.statements:  # whatever stands deeper stands in one of these
        following = bisect_right(numbers, first)
        if following < len(numbers) and numbers[following] <= last:
            line = numbers[following]
            raise Problem(name, "a cell opens inside a statement", line=line, remedy="move it between two")
    return marks
