"""Topics, programs and cells: reads what stands in `snippets/` without running any of it."""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from headtohead.errors import Problem

MAX_COLUMNS = 68  # two columns of this width fit beside each other on a 1440-pixel screen
CELL = re.compile(r"^# %%(?P<title>.*)$")
ALMOST = re.compile(r"^#\s*%%")  # what some editors take for a cell too
MARKDOWN = "[markdown]"
NAME = re.compile(r"[\w-]+(/[\w-]+)*")
NEEDS = re.compile(r"^Needs (\S+) on the PATH", re.MULTILINE)
STATED = {"RTOL", "ATOL", "DIFFERENT", "OVER_SEEDS", "VARIES", "WHY_NOT"}  # what a proof states for others to read


@dataclass(frozen=True)
class Framework:
    """One side of a comparison.

    Attributes:
        name: The key in file names and records.
        label: The name on a page; linked tabs match on it across the whole site.
        packages: What every program of this side runs on, whatever it imports.
        warm: Modules that a warm start imports besides what the programs name.
        cold: Modules that it leaves to the programs, with all below them: they read what a program sets first.
    """

    name: str
    label: str
    packages: tuple[str, ...]
    warm: tuple[str, ...]
    cold: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"in_{self.name}.py"


# torch's optimizers import torch._dynamo at their first use, a second each time. A program puts Keras on PyTorch before
# it imports Keras; torch.utils.tensorboard would, with TensorFlow, which it imports where that is installed.
FRAMEWORKS = {
    framework.name: framework
    for framework in (
        Framework(
            "pytorch",
            "PyTorch",
            ("torch", "numpy"),
            ("torch", "torch._dynamo"),
            cold=("keras", "torch.utils.tensorboard"),
        ),
        Framework("tensorflow", "TensorFlow", ("tensorflow", "keras", "numpy"), ("tensorflow", "keras")),
        Framework(
            "both",
            "Both",
            ("torch", "tensorflow", "keras", "numpy"),
            ("torch", "torch._dynamo", "tensorflow", "keras"),
        ),
    )
}
SIDES = (FRAMEWORKS["pytorch"], FRAMEWORKS["tensorflow"])

SEEDS = 5  # with how many a program runs whose proof has OVER_SEEDS

# Where the name to import differs from the name to install.
DISTRIBUTIONS = {"pyro": "pyro-ppl", "skimage": "scikit-image", "sklearn": "scikit-learn"}


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
        return any(line.strip() and not line.lstrip().startswith("#") for line in self.body.splitlines())


@dataclass(frozen=True)
class Form:
    """What is asked of a program's syntax tree, without the tree: that is a hundred times as large.

    Attributes:
        docstring: The program's, if it has one.
        imports: Each module that the program imports, and the line.
        statements: The first and the last line of each at the top, the docstring's among them.
    """

    docstring: str | None
    imports: tuple[tuple[str, int], ...]
    statements: tuple[tuple[int, int], ...]


@functools.lru_cache(maxsize=4096)  # a build asks for it on the page and for the downloads
def _form(text: str) -> Form:
    tree = ast.parse(text)
    docstring = ast.get_docstring(tree)
    imports = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports.append((("." * node.level) + (node.module or ""), node.lineno))
    spans = tuple((first_line(node), node.end_lineno or node.lineno) for node in tree.body)
    return Form(docstring, tuple(imports), spans)


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
            return self.path.read_bytes()
        except FileNotFoundError:
            raise Problem(self.name, "no such program", remedy="write it, or correct the topic") from None

    @cached_property
    def text(self) -> str:
        try:
            return self.bytes.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self.bytes[: error.start].count(b"\n") + 1
            raise Problem(self.name, "not valid UTF-8", line=line, remedy="save it as UTF-8") from None

    @cached_property
    def form(self) -> Form:
        try:
            return _form(self.text)
        except SyntaxError as error:
            raise Problem(self.name, f"syntax error: {error.msg}", line=error.lineno) from None

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
        return tuple(sorted({DISTRIBUTIONS.get(name, name) for name in third_party} | set(self.framework.packages)))

    def cell(self, title: str) -> Cell:
        for cell in self.cells:
            if cell.title == title:
                return cell
        titles = ", ".join(repr(cell.title) for cell in self.cells)
        raise Problem(self.name, f"no cell {title!r}", remedy=f"its cells are {titles}")

    def cell_at(self, line: int) -> Cell | None:
        """The cell in which a 1-based line stands."""
        before = [cell for cell in self.cells if cell.start <= line]
        return before[-1] if before else None

    def check(self) -> None:
        """Raises the first `Problem` in the form of the program; runs nothing."""
        for number, line in enumerate(self.text.splitlines(), 1):
            if len(line) > MAX_COLUMNS:
                remedy = f"break it within {MAX_COLUMNS}: two programs stand side by side"
                raise Problem(self.name, f"line of {len(line)} columns", line=number, remedy=remedy)
        for module, line in self.imports:
            if module.partition(".")[0] == "headtohead" or module.startswith("."):
                remedy = "a reader has nothing but the program"
                raise Problem(self.name, f"imports {module!r}, a part of this project", line=line, remedy=remedy)
        if not self.form.docstring:
            raise Problem(self.name, "no docstring", line=1, remedy="say in the first line what the program does")
        _ = self.cells


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    return min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])


def _cells(program: Program):
    lines = program.text.removesuffix("\n").split("\n")
    name = program.name
    for number, line in enumerate(lines, 1):
        if "\r" in line:
            raise Problem(name, "a carriage return", line=number, remedy="save it with Unix line endings")
        if ALMOST.match(line) and not CELL.match(line):
            raise Problem(name, f"{line!r} opens no cell", line=number, remedy="write '# %% Title'")
    marks = [(n, match["title"].strip()) for n, line in enumerate(lines, 1) if (match := CELL.match(line))]
    if not marks:
        raise Problem(name, "no cell", line=1, remedy="open the first one with '# %% Title'")
    for first, _ in program.form.statements[1 if program.form.docstring else 0 :]:
        if first < marks[0][0]:
            raise Problem(name, "code before the first cell", line=first, remedy="open a cell above it")
    for first, last in program.form.statements:  # whatever stands deeper stands in one of these
        for number, _ in marks:
            if first < number <= last:
                raise Problem(name, "a cell opens inside a statement", line=number, remedy="move it between two")
    seen = set()
    for (number, mark), (following, _) in zip(marks, [*marks[1:], (len(lines) + 1, "")]):
        markdown = mark.startswith(MARKDOWN)
        title = mark.removeprefix(MARKDOWN).strip()
        if markdown and not title:  # prose is called by its first line, its heading as a rule
            title = "".join(lines[number : number + 1]).strip("# ")
        if not title:
            raise Problem(name, "a cell without a title", line=number, remedy="write '# %% Title'")
        if title in seen:
            raise Problem(name, f"a second cell {title!r}", line=number, remedy="give each its own title")
        seen.add(title)
        body = lines[number : following - 1]
        start = number + 1
        while body and not body[0].strip():
            body, start = body[1:], start + 1
        while body and not body[-1].strip():
            body = body[:-1]
        if not body:
            raise Problem(name, f"cell {title!r} is empty", line=number, remedy="say in a comment why")
        yield Cell(title, start, "\n".join(body), markdown)


@dataclass(frozen=True)
class Topic:
    """A folder below `snippets/`: one program a framework and the proof that they agree."""

    root: Path
    name: str

    @property
    def folder(self) -> Path:
        return self.root / "snippets" / self.name

    @cached_property
    def programs(self) -> dict[str, Program]:
        """The programs by framework: both sides, or one that uses both."""
        both = FRAMEWORKS["both"]
        sides = (both,) if (self.folder / both.file).exists() else SIDES
        return {side.name: Program(self.root, self.name, side) for side in sides}

    @property
    def parity(self) -> Path:
        return self.folder / "parity.py"

    @cached_property
    def parity_text(self) -> str:
        try:
            return self.parity.read_text(encoding="utf-8")
        except FileNotFoundError:
            remedy = "write it, or give it a docstring and WHY_NOT = 'one line'"
            raise Problem(f"snippets/{self.name}/parity.py", "no such proof", remedy=remedy) from None

    @cached_property
    def parity_constants(self) -> dict[str, object]:
        """What the proof states as literals at its top, by name; read, not run.

        `RTOL`, `ATOL`: tolerances; `DIFFERENT`: reasons by quantity; `OVER_SEEDS`: scores that depend on the
        seed; `VARIES`: reasons by cell; `WHY_NOT`: why nothing is compared: these six have to be literals.
        """
        return _constants(f"snippets/{self.name}/parity.py", self.parity_text)

    @property
    def why_no_parity(self) -> str | None:
        """The reason why no numbers are compared by a proof, where the topic gives one."""
        if "both" in self.programs:
            return "the program compares them itself"
        return self.parity_constants.get("WHY_NOT")  # type: ignore[return-value]

    @cached_property
    def over_seeds(self) -> dict[str, dict[str, object]]:
        """The scores in which the sides agree over several seeds, where bits cannot agree, by variable.

        A score of `{"accuracy": {"within": 0.03, "above": "baseline"}}` is the program's variable `accuracy`
        at its end. The means of the two sides over `SEEDS` seeds differ by no more than 0.03, and with each
        seed it is above the program's variable `baseline`; `below` is for scores of which less is better.
        """
        found = self.parity_constants.get("OVER_SEEDS", {}) if self.compares else {}
        for name, rule in found.items() if isinstance(found, dict) else [("OVER_SEEDS", None)]:
            ways = {"above", "below"} & set(rule) if isinstance(rule, dict) else set()
            within = rule.get("within") if ways else None
            if len(ways) != 1 or set(rule) != {"within", *ways} or not isinstance(within, float) or within <= 0:
                remedy = "write OVER_SEEDS = {'accuracy': {'within': 0.03, 'above': 'baseline'}}"
                raise Problem(f"snippets/{self.name}/parity.py", f"no rule for seeds in {name!r}", remedy=remedy)
        return found  # type: ignore[return-value]

    @cached_property
    def varies(self) -> dict[str, str]:
        """The cells whose output is another one on another CPU, beyond rounding, and the reason of each.

        Only scores that are followed over several seeds excuse that: what varies has to stay within their bounds.
        """
        found = self.parity_constants.get("VARIES", {}) if self.compares else {}
        where = f"snippets/{self.name}/parity.py"
        titles = [cell.title for program in self.programs.values() for cell in program.cells]
        reasons = found.items() if isinstance(found, dict) else [("VARIES", None)]
        if odd := [title for title, why in reasons if title not in titles or not isinstance(why, str) or not why]:
            remedy = "write VARIES = {'title of a cell': 'the reason'}"
            raise Problem(where, f"no cell and reason in {odd[0]!r}", remedy=remedy)
        if found and not self.over_seeds:
            raise Problem(where, "VARIES without OVER_SEEDS", remedy="bound what varies by scores over several seeds")
        return found  # type: ignore[return-value]

    @property
    def scores(self) -> list[str]:
        """The variables that a run notes for `over_seeds`: each score, and what it has to beat."""
        return [each for name, rule in self.over_seeds.items() for each in (name, rule.get("above") or rule["below"])]

    @property
    def parity_title(self) -> str:
        """What the proof compares: the first line of its docstring."""
        return str(self.parity_constants["__doc__"]).partition("\n")[0]

    @property
    def compares(self) -> bool:
        return "both" not in self.programs and self.why_no_parity is None

    @cached_property
    def local_files(self) -> tuple[Path, ...]:
        """Files in the folder besides programs and proof: data that a program may read."""
        own = {self.parity.name, *(program.path.name for program in self.programs.values())}
        found = (path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name not in own)
        return tuple(path for path in found if not _hidden(path, self.folder))

    def check(self) -> None:
        """Raises the first `Problem` in the form of the topic; runs nothing."""
        for program in self.programs.values():
            program.check()
        if "both" in self.programs:
            return
        left, right = (self.programs[side.name] for side in SIDES)
        for one, other in zip(left.cells, right.cells):
            if one.title != other.title:
                what = f"cells out of step: {other.title!r} where {left.name} has {one.title!r}"
                raise Problem(right.name, what, line=other.start - 1, remedy="give both the same titles in order")
        if len(left.cells) != len(right.cells):
            longer, shorter = sorted((left, right), key=lambda program: -len(program.cells))
            missing = longer.cells[len(shorter.cells)]
            remedy = "add it, with a comment that says why there is nothing to do"
            line = len(shorter.text.splitlines())
            raise Problem(shorter.name, f"cell {missing.title!r} is missing", line=line, remedy=remedy)
        _ = self.parity_text, self.parity_constants, self.over_seeds, self.varies


@functools.lru_cache(maxsize=1024)
def _constants(where: str, text: str) -> dict[str, object]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise Problem(where, f"syntax error: {error.msg}", line=error.lineno) from None
    constants: dict[str, object] = {"__doc__": (ast.get_docstring(tree) or "").strip()}
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Assign) else []:
            names = [each.id for each in getattr(target, "elts", [target]) if isinstance(each, ast.Name)]
            with contextlib.suppress(ValueError, TypeError):
                value = ast.literal_eval(node.value)  # type: ignore[attr-defined]
                constants |= zip(names, [value] if isinstance(target, ast.Name) else value)
                continue
            if stated := STATED.intersection(names):
                what = f"{min(stated)} is no literal"
                raise Problem(where, what, line=node.lineno, remedy="it is read, not run")
    return constants


def _hidden(path: Path, folder: Path) -> bool:
    """Whether a tool put it there: caches, checkpoints and what editors leave."""
    return any(part.startswith((".", "__pycache__")) for part in path.relative_to(folder).parts)


def topics(root: Path) -> list[Topic]:
    """Every topic below `snippets/`, in alphabetical order."""
    base = root / "snippets"
    folders = {path.parent for path in base.rglob("in_*.py") if not _hidden(path, base)}
    return [Topic(root, folder.relative_to(base).as_posix()) for folder in sorted(folders)]


def topic(root: Path, name: str) -> Topic:
    """The topic of that name; raises `Problem` with the nearest names otherwise."""
    if NAME.fullmatch(name) and any((root / "snippets" / name).glob("in_*.py")):
        return Topic(root, name)  # without a look at all the others: a page asks for each of its cells
    known = {found.name: found for found in topics(root)}
    if name in known:
        return known[name]
    import difflib

    near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or list(known)[:3]
    raise Problem(f"snippets/{name}", "no such topic", remedy=f"did you mean {', '.join(near)}?")


def sha256(*parts: bytes) -> str:
    """The hex digest of one part as `sha256sum` gives it; of several, each with its length before it."""
    if len(parts) == 1:
        return hashlib.sha256(parts[0]).hexdigest()
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
