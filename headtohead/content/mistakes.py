"""The errors, read from `errors/<group>.toml` without running them: what is done wrong, what that raises, the mend.

```toml
[[error]]
id = "matrices-that-do-not-fit"
title = "mat1 and mat2 shapes cannot be multiplied"
framework = "pytorch"
raises = '''
...
'''
means = "What it says, in a sentence."
cause = "What leads to it in practice."
fix = "What to do, in a sentence."
mend = '''
...
print(...)
'''
counterpart = '''
...
'''
there = "What the other framework does with the same mistake, in a sentence."
```

The title is the message as people paste it: `...` stands for what is another text each time, the rest has to be in what
the last statement of `raises` really raises. The mend prints. The counterpart prints too, unless `refused` has the part
of a message that it raises, written as the title is.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from headtohead.content import listings
from headtohead.content.build import among, build
from headtohead.content.frameworks import FRAMEWORKS, SIDES, Framework
from headtohead.content.groups import Form, Headed
from headtohead.content.kinds import Address, Code, Id, Line, Prose, Shown, TopicName
from headtohead.content.source import parse
from headtohead.errors import Tell, quoted

FOLDER = "errors"
RAISES, MEND, COUNTERPART = NAMES = ("raises", "mend", "counterpart")  # of the programs of an error
LABELS = {"pytorch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras"}  # whose error it is
GAP = "..."  # of a title, for what is another text each time
LETTERS = 12  # that a title has to have: with fewer, it fits the messages of other mistakes too
LINES = 8  # of the program that raises


@dataclass(frozen=True)
class Mistake:
    """One mistake, with the error that it raises.

    Attributes:
        group: The file that it stands in, without suffix.
        line: Where it begins.
        id: Its anchor.
        title: The message, as it is pasted; `...` in it stands for any text.
        framework: Whose error it is, one of `LABELS`.
        raises: The program that raises it with its last statement.
        means: What the message says.
        cause: What leads to it in practice.
        fix: What to do.
        mend: The program that does so, and prints.
        counterpart: The other framework's program with the same mistake, if that says something.
        there: What the other framework does.
        refused: A part of what the counterpart raises, as in a title; empty where it goes through.
        warns: A part of what a program warns of, by the name of the program.
        wordings: Other wordings of it, of other releases or devices, each with a public source.
        topics: Topics of this site that have to do with it.
        differences: Differences that have, by id.
        source: Where the documentation says so, if it does.
    """

    group: str
    line: int
    id: Id
    title: Line
    framework: str
    raises: Code
    means: Prose
    cause: Prose
    fix: Prose
    mend: Code
    counterpart: Code = ""
    there: Prose = ""
    refused: Line = ""
    warns: dict[str, Shown] = field(default_factory=dict)
    wordings: dict[Line, Address] = field(default_factory=dict)
    topics: list[TopicName] = field(default_factory=list)
    differences: list[Id] = field(default_factory=list)
    source: Address = ""

    @property
    def where(self) -> str:
        return f"{FOLDER}/{self.group}.toml"

    @cached_property
    def programs(self) -> dict[str, str]:
        """Every program of it by name, with its imports."""
        return {name: listings.whole(text) for name in NAMES if (text := getattr(self, name))}

    @property
    def raising(self) -> frozenset[str]:
        """The names of the programs that have to raise."""
        return frozenset((RAISES, COUNTERPART) if self.refused else (RAISES,))

    def side(self, name: str) -> Framework:
        """The framework of one of its programs; Keras runs on TensorFlow."""
        own = FRAMEWORKS["pytorch" if self.framework == "pytorch" else "tensorflow"]
        return next(side for side in SIDES if (side == own) == (name != COUNTERPART))

    @property
    def silent(self) -> bool:
        """Whether the other framework lets the same mistake through."""
        return bool(self.counterpart and not self.refused)

    def verdict(self, printed: dict[str, str]) -> str:
        """What is wrong with what its programs printed and raised; empty if it is as stated."""
        for name, stated in ((RAISES, self.title), (COUNTERPART, self.refused)):
            if name in self.raising and not holds(stated, printed[name]):
                return f"{name} raises another error than {quoted(stated)}: {quoted(printed[name])}"
        empty = [name for name, text in printed.items() if not text.strip()]
        return f"{empty[0]} prints nothing" if empty else ""


@dataclass(frozen=True)
class Group(Headed):
    """One file of errors."""

    entries: list[Mistake] = field(default_factory=list)
    folder = FOLDER


def holds(title: str, message: str) -> bool:
    """Whether the parts of a title stand in a message, in their order; blanks and line breaks are one."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in title.split(GAP)]
    return re.search(".*?".join(parts), message, re.DOTALL) is not None


def culprit(text: str) -> range:
    """The lines of the last statement of a program, within a `with` that ends it."""
    node: Any = parse(text)
    while isinstance(node, (ast.Module, ast.With)):
        node = node.body[-1]
    return range(node.lineno, node.end_lineno + 1)


def _entry(group: str, entry: dict[str, Any], line: int) -> Mistake:
    """A mistake in form; raises `ValueError`."""
    found = build(Mistake, entry, group=group, line=line)
    among("framework", found.framework, LABELS)
    if bool(found.counterpart) != bool(found.there):
        raise ValueError("a counterpart has to say there what the other framework does, and the other way round")
    if found.refused and not found.counterpart:
        raise ValueError("refused is of no counterpart")
    for name, title in (("title", found.title), ("refused", found.refused)):
        if title and len(re.findall(r"\w", title)) < LETTERS:
            raise ValueError(f"{name} fits too much: it has to have {LETTERS} letters")
    if (count := found.raises.strip("\n").count("\n") + 1) > LINES:
        raise ValueError(f"raises has {count} lines, and {LINES} fit")
    listings.check({name: text for name in NAMES if (text := getattr(found, name))})
    if found.mend.strip() == found.raises.strip():
        raise ValueError("the mend is the program that raises")
    listings.check_warns(found.warns, found.programs)
    return found


FORM = Form(FOLDER, "error", Group, _entry)


def groups(root: Path, tell: Tell | None = None) -> list[Group]:
    """Every group in its order; as `Form.groups`."""
    return FORM.groups(root, tell)


def read(root: Path, group: str) -> Group:
    """The errors of one group; raises the first `Problem` in their form, with its line."""
    return FORM.read(root, group)
