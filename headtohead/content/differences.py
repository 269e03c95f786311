"""The differences, read from `differences/<group>.toml` without running them.

```toml
[[difference]]
id = "gradients-add-up"
title = "Gradients add up until they are cleared"
pytorch = '''
...
print(...)
'''
tensorflow = '''
...
print(...)
'''
bites = "What goes wrong in practice, in a sentence."
fix = "What to do, in a sentence."
pytorch_fixed = '''
...
'''
```

Both programs print. Unless `agrees = true`, they print something else; the program of the fix prints what the other
side does. The imports that a program needs stand on no line: they follow from the names that it uses.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from headtohead.content.asks import asked
from headtohead.content.build import build
from headtohead.content.frameworks import SIDES
from headtohead.content.kinds import Address, Code, Id, Line, Place, Prose, Shown, TopicName
from headtohead.content.programs import MAX_COLUMNS
from headtohead.content.source import Unparsable, parse
from headtohead.content.text import columns
from headtohead.content.toml_file import Stamps, data_files, head, identified, load, named, stamps, told, unread
from headtohead.content.topics import exists
from headtohead.errors import Problem, Tell, quoted

FOLDER = "differences"
NAMES = ("pytorch", "tensorflow", "pytorch_fixed", "tensorflow_fixed")  # of the programs of a difference
LABELS = {side.name: side.label for side in SIDES}
IMPORTS = {
    "math": "import math",
    "os": "import os",
    "random": "import random",
    "np": "import numpy as np",
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "from torch.nn import functional as F",
    "keras": "import keras",
    "tf": "import tensorflow as tf",
    "layers": "from keras import layers",
    "ops": "from keras import ops",
}


@dataclass(frozen=True)
class Difference:
    """One difference, or one thing that agrees against common belief.

    Attributes:
        group: The file that it stands in, without suffix.
        line: Where it begins.
        id: Its anchor.
        title: What differs, as a sentence without a full stop.
        pytorch: PyTorch's program.
        tensorflow: TensorFlow's program.
        bites: What goes wrong in practice.
        fix: How to get the other behaviour; empty where both agree.
        pytorch_fixed: PyTorch's program once more, so that it prints what TensorFlow's does.
        tensorflow_fixed: TensorFlow's, so that it prints what PyTorch's does.
        agrees: Whether both print the same, against common belief.
        warns: A part of what a program warns of, by the name of the program.
        topics: Topics of this site that have to do with it.
        source: Where the documentation says so, if it does.
    """

    group: str
    line: int
    id: Id
    title: Line
    pytorch: Code
    tensorflow: Code
    bites: Prose
    fix: Prose = ""
    pytorch_fixed: Code = ""
    tensorflow_fixed: Code = ""
    agrees: bool = False
    warns: dict[str, Shown] = field(default_factory=dict)
    topics: list[TopicName] = field(default_factory=list)
    source: Address = ""

    @property
    def where(self) -> str:
        return f"{FOLDER}/{self.group}.toml"

    @cached_property
    def programs(self) -> dict[str, str]:
        """Every program of it by name, with its imports."""
        return {name: whole(text) for name in NAMES if (text := getattr(self, name))}

    def verdict(self, printed: dict[str, str]) -> str:
        """What is wrong with what its programs printed; empty if it is as stated."""
        left, right = printed["pytorch"], printed["tensorflow"]
        for name, text in printed.items():
            if not text.strip():
                return f"{name} prints nothing"
        if self.agrees:
            return "" if left == right else f"stated to agree, but PyTorch prints {left!r} and TensorFlow {right!r}"
        if left == right:
            return f"the difference is gone: both print {left!r}"
        for side, wanted in (("pytorch", right), ("tensorflow", left)):
            fixed = printed.get(f"{side}_fixed")
            if fixed is not None and fixed != wanted:
                return f"the fix in {LABELS[side]} prints {fixed!r} instead of {wanted!r}"
        return ""


@dataclass(frozen=True)
class Group:
    """One file of differences."""

    name: str
    title: Line
    about: Prose
    order: Place
    entries: list[Difference] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"{FOLDER}/{self.name}.toml"


def whole(text: str) -> str:
    """A program with the imports that its names call for; raises `Unparsable` where it has no syntax tree."""
    text = text.strip("\n")
    names = {node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}
    imports = [line for name, line in IMPORTS.items() if name in names]
    gap = "\n\n\n" if text.startswith(("def ", "class ", "@")) else "\n\n"
    return "\n".join(imports) + gap + text if imports else text


def groups(root: Path, tell: Tell | None = None) -> list[Group]:
    """Every group in its order.

    Args:
        root: The repository.
        tell: Called with each `Problem`; a group with one is left out. Without it the first one is raised.
    """
    found, problems = _groups(root, stamps(root, FOLDER))
    problems = problems + [each for group in found for each in _strangers(root, group)]
    told(problems + unread(root, FOLDER), tell)
    wrong = {problem.where for problem in problems}
    return [group for group in found if group.where not in wrong]


@functools.lru_cache(maxsize=8)  # a build asks for them on every page
def _groups(root: Path, changed: Stamps) -> tuple[list[Group], list[Problem]]:
    problems: list[Problem] = []
    read_each = [_read(root, path.stem, problems.append) for path in data_files(root / FOLDER)]
    found = [group for group in read_each if group]
    seen: dict[str, str] = {}
    for group in found:
        for entry in group.entries:
            if entry.id in seen:
                what = f"{entry.id!r} stands in {seen[entry.id]} too"
                problems.append(Problem(group.where, what, line=entry.line, remedy="give it its own id"))
            seen.setdefault(entry.id, f"{group.name}.toml")
    return sorted(found, key=lambda group: (group.order, group.name)), problems


def _strangers(root: Path, group: Group) -> list[Problem]:
    """The entries of a group that name topics that are not there."""
    remedy = "name a folder below snippets/, or take it out"
    return [
        Problem(group.where, f"{entry.id}: no topic {', '.join(map(repr, odd))}", line=entry.line, remedy=remedy)
        for entry in group.entries
        if (odd := [name for name in entry.topics if not exists(root, name)])
    ]


def read(root: Path, group: str) -> Group:
    """The differences of one group; raises the first `Problem` in their form, with its line."""
    problems: list[Problem] = []
    found = _read(root, group, problems.append)
    told([*problems, *(_strangers(root, found) if found else [])], None)
    assert found
    return found


def _read(root: Path, group: str, tell: Tell) -> Group | None:
    """The differences of one group; tells each `Problem` in their form, and then gives None."""
    try:
        name = named(root / FOLDER, group, "group")
        rest, entries = load(root / name, name, "difference", what="group")
        remedy = "a group has a title, an about and an order"
        found = head(Group, root / name, name, rest, remedy, name=group, entries=[])
        if not entries:
            raise Problem(name, "no difference", line=1, remedy="write each as [[difference]]")
    except Problem as problem:
        tell(problem)
        return None
    for _, entry, line in entries:
        try:
            read_entry = _entry(group, entry, line)
            identified(read_entry.id, [each.id for each in found.entries], "difference")
            found.entries.append(read_entry)
        except ValueError as error:
            tell(Problem(name, str(error), line=line, remedy="correct the difference that begins here"))
    return found if len(found.entries) == len(entries) else None


def _entry(group: str, entry: dict[str, Any], line: int) -> Difference:
    """A difference in form; raises `ValueError`."""
    found = build(Difference, entry, group=group, line=line)
    fixed = found.pytorch_fixed or found.tensorflow_fixed
    if found.agrees and (fixed or found.fix):
        raise ValueError("what agrees needs no fix")
    if not found.agrees and not (fixed and found.fix):
        raise ValueError("no fix: say in fix what to do, and show it in pytorch_fixed or tensorflow_fixed")
    for name in NAMES:
        if text := getattr(found, name):
            _parsed(name, text)
    if odd := sorted(set(found.warns) - set(found.programs)):
        raise ValueError(f"warns names no program of it: {quoted(odd[0])}")
    for name, text in found.programs.items():
        for number, each in enumerate(text.split("\n"), 1):
            if (wide := columns(each)) > MAX_COLUMNS:
                raise ValueError(f"{name}, line {number}: {wide} columns, {MAX_COLUMNS} fit")
        for number, what, _ in asked(parse(text)):
            raise ValueError(f"{name}, line {number}: {what}")
    return found


def _parsed(name: str, text: str) -> None:
    try:
        if parse(text.strip("\n")).body:  # type: ignore[attr-defined]
            return
    except Unparsable as error:
        at = f", line {error.line}" if error.line else ""
        raise ValueError(f"a program that does not parse: {name}{at}: {error.why}") from None
    raise ValueError(f"{name} does nothing")
