"""Topics: the programs of a comparison, what their parity check states, and the files beside them, read and not run."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from headtohead.content.frameworks import FRAMEWORKS, SIDES
from headtohead.content.parity import Parity, SeedRule, parity
from headtohead.content.programs import Program
from headtohead.errors import Problem

NAME = re.compile(r"[\w-]+(/[\w-]+)*")


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
    def parity_path(self) -> Path:
        return self.folder / "parity.py"

    @property
    def parity_name(self) -> str:
        """The path of the parity check relative to the repository: how messages call it."""
        return f"snippets/{self.name}/parity.py"

    @cached_property
    def parity_text(self) -> str:
        try:
            return self.parity_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            remedy = "write it, or give it a docstring and WHY_NOT = 'one line'"
            raise Problem(self.parity_name, "no such proof", remedy=remedy) from None

    @cached_property
    def parity(self) -> Parity:
        """What the parity check states; a topic of one program for both frameworks compares by itself."""
        if "both" in self.programs:
            return Parity("", why_not="the program compares them itself")
        return parity(self.parity_name, self.parity_text)

    @property
    def over_seeds(self) -> dict[str, SeedRule]:
        """The scores in which the sides agree over several seeds, by variable."""
        return self.parity.over_seeds

    @cached_property
    def varies(self) -> dict[str, str]:
        """The cells whose output is another one on another CPU, beyond rounding, and the reason of each.

        Only scores that are followed over several seeds excuse that: what varies has to stay within their bounds.
        """
        found = self.parity.varies
        titles = [cell.title for program in self.programs.values() for cell in program.cells]
        if odd := [title for title in found if title not in titles]:
            remedy = "write VARIES = {'title of a cell': 'the reason'}"
            raise Problem(self.parity_name, f"no cell and reason in {odd[0]!r}", remedy=remedy)
        if found and not self.over_seeds:
            remedy = "bound what varies by scores over several seeds"
            raise Problem(self.parity_name, "VARIES without OVER_SEEDS", remedy=remedy)
        return found

    @property
    def scores(self) -> list[str]:
        """The variables that a run notes for `over_seeds`: each score, and what it has to beat."""
        return [each for name, rule in self.over_seeds.items() for each in (name, rule.bar)]

    @property
    def compares(self) -> bool:
        """Whether numbers of both sides are compared by the parity check."""
        return self.parity.why_not is None

    @cached_property
    def local_files(self) -> tuple[Path, ...]:
        """Files in the folder besides programs and proof: data that a program may read."""
        own = {self.parity_path.name, *(program.path.name for program in self.programs.values())}
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
        _ = self.parity, self.varies


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
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or list(known)[:3]
    raise Problem(f"snippets/{name}", "no such topic", remedy=f"did you mean {', '.join(near)}?")
