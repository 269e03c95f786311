"""Topics: the programs of a comparison, what their parity check states, and the files beside them, read and not run."""

from __future__ import annotations

import difflib
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from headtohead.content import files, source
from headtohead.content.folders import alike, twin, walk
from headtohead.content.frameworks import FRAMEWORKS, PACKAGES, SIDES
from headtohead.content.kinds import LINE, TOPIC
from headtohead.content.parity import Parity, SeedRule, parity
from headtohead.content.programs import Program
from headtohead.errors import Problem, quoted

FOLDER = "snippets"
PROGRAMS = "in_*.py"
PARITY = "parity.py"
MODULES = (".py", ".pyc", ".so")  # endings of what Python imports
TAKEN = ("api", "differences", "errors")  # folders of records that are of data files


@dataclass(frozen=True)
class Topic:
    """A folder below `snippets/`: one program a framework and the proof that they agree."""

    root: Path
    name: str

    @property
    def folder(self) -> Path:
        return self.root / FOLDER / self.name

    @property
    def where(self) -> str:
        """Its path relative to the repository: how messages call it."""
        return f"{FOLDER}/{self.name}"

    @cached_property
    def programs(self) -> dict[str, Program]:
        """The programs by framework: both sides, or one that uses both."""
        both = FRAMEWORKS["both"]
        sides = (both,) if os.path.lexists(self.folder / both.file) else SIDES
        return {side.name: Program(self.root, self.name, side) for side in sides}

    @property
    def parity_path(self) -> Path:
        return self.folder / PARITY

    @property
    def parity_name(self) -> str:
        """The path of the parity check relative to the repository: how messages call it."""
        return f"{self.where}/{PARITY}"

    @cached_property
    def parity_text(self) -> str:
        try:
            return files.text(self.parity_path, self.parity_name)
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
        """Files in the folder besides programs and proof: data that a program may read.

        Each has to be a plain file of the topic's own, under a name that can be read, so that a clone elsewhere has
        the same; raises the first `Problem` with one, or with the folder itself.
        """
        self._placed()
        own = {self.parity_path, *(program.path for program in self.programs.values())}
        found = sorted(path for path in walk(self.folder) if path not in own)
        for path in found:
            name = f"{self.where}/{path.relative_to(self.folder).as_posix()}"
            if not name.isprintable():
                raise Problem(name, "a name that cannot be read", remedy="rename the file")
            if path.match(PROGRAMS):
                if path.parent != self.folder:
                    raise _inside(path.parent.relative_to(self.root / FOLDER).as_posix(), self.name)
                remedy = "take it away: a topic has in_pytorch.py and in_tensorflow.py, or in_both.py alone"
                raise Problem(name, "no program of this topic", remedy=remedy)
            files.beside(path, name)
        if pair := alike(path.relative_to(self.folder).as_posix() for path in found):
            what = f"the same name as {pair[0]!r} but for its case or its accents"
            raise Problem(f"{self.where}/{pair[1]}", what, remedy="rename one of them")
        return tuple(found)

    def _placed(self) -> None:
        """Raises `Problem` for a folder that is no place for a topic."""
        if not TOPIC.fullmatch(self.name):
            what = f"{quoted(self.name)} is no name of a topic"
            raise Problem(self.where, what, remedy="rename the folder: letters, digits, _ and - make an address")
        if self.name.partition("/")[0] in TAKEN:
            what = "records of data files lie under its name"
            raise Problem(self.where, what, remedy="rename the folder, or put it below another one")
        files.unlinked(self.folder, self.where)
        for folder in (self.folder, *self.folder.parents[: self.name.count("/")]):
            if other := twin(folder):
                where = folder.relative_to(self.root).as_posix()
                raise Problem(where, f"the same name as {other!r} but for its case", remedy="rename one of them")
            if folder != self.folder and any(folder.glob(PROGRAMS)):
                raise _inside(self.name, folder.relative_to(self.root / FOLDER).as_posix())

    def check(self) -> None:
        """Raises the first `Problem` in the form of the topic; runs nothing."""
        _ = self.local_files
        for program in self.programs.values():
            program.check()
        _unshadowed(self)
        if "both" in self.programs:
            if os.path.lexists(self.parity_path):
                remedy = "take it away: a program for both frameworks compares by itself"
                raise Problem(self.parity_name, "a proof beside in_both.py", remedy=remedy)
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
            line = shorter.text.rstrip("\n").count("\n") + 1
            raise Problem(shorter.name, f"cell {missing.title!r} is missing", line=line, remedy=remedy)
        source.check(self.parity_name, self.parity_text)
        if not self.parity.title:
            raise Problem(self.parity_name, "no docstring", line=1, remedy="say in its first line what it compares")
        _ = self.varies


def _unshadowed(topic: Topic) -> None:
    """Raises `Problem` for a file that Python would import in the place of a module that others mean."""
    named = {module.partition(".")[0] for program in topic.programs.values() for module, _ in program.imports}
    meant = named | set(sys.stdlib_module_names) | set(PACKAGES)
    for path in topic.local_files:
        within = path.relative_to(topic.folder)
        name = within.parts[0].partition(".")[0]
        if path.suffix in MODULES and name in meant:
            what = f"it would be imported in the place of the module {name}"
            raise Problem(f"{topic.where}/{within.as_posix()}", what, remedy="rename it, or take it away")


def _inside(inner: str, outer: str) -> Problem:
    return Problem(f"{FOLDER}/{inner}", f"a topic inside the topic {outer}", remedy="move it out of that folder")


def topics(root: Path) -> list[Topic]:
    """Every topic below `snippets/`, in alphabetical order.

    A link to a folder and a folder that cannot be listed are among them: their `check` says what is wrong.
    """
    base = root / FOLDER
    found = list(walk(base))
    folders = {path.parent for path in found if path.match(PROGRAMS)}
    inside = tuple(f"{folder}/" for folder in folders)
    strange = (path for path in found if path.suffix != ".py" and (os.path.isdir(path) or not os.path.exists(path)))
    folders |= {path for path in strange if path != base and not str(path).startswith(inside)}
    return [Topic(root, folder.relative_to(base).as_posix()) for folder in sorted(folders)]


def exists(root: Path, name: str) -> bool:
    """Whether there is a topic of that name."""
    return len(name) <= LINE and bool(TOPIC.fullmatch(name)) and any((root / FOLDER / name).glob(PROGRAMS))


def topic(root: Path, name: str) -> Topic:
    """The topic of that name; raises `Problem` with the nearest names otherwise."""
    if exists(root, name):
        return Topic(root, name)  # without a look at all the others: a page asks for each of its cells
    known = {found.name: found for found in topics(root)}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name[:LINE], known, n=3, cutoff=0.3) or list(known)[:3]
    remedy = f"did you mean {', '.join(near)}?" if near else "there is none yet"
    raise Problem(f"{FOLDER}/{name}", "no such topic", remedy=remedy)
