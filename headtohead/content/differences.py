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

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from headtohead.content import listings
from headtohead.content.build import build
from headtohead.content.frameworks import SIDES, Framework
from headtohead.content.groups import Form, Headed
from headtohead.content.kinds import Address, Code, Id, Line, Prose, Shown, TopicName
from headtohead.content.listings import whole
from headtohead.errors import Tell

FOLDER = "differences"
NAMES = ("pytorch", "tensorflow", "pytorch_fixed", "tensorflow_fixed")  # of the programs of a difference
LABELS = {side.name: side.label for side in SIDES}


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

    raising = frozenset[str]()  # programs that have to raise: none

    def side(self, name: str) -> Framework:
        """The framework of one of its programs."""
        return next(side for side in SIDES if name.startswith(side.name))

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
class Group(Headed):
    """One file of differences."""

    entries: list[Difference] = field(default_factory=list)
    folder = FOLDER


def _entry(group: str, entry: dict[str, Any], line: int) -> Difference:
    """A difference in form; raises `ValueError`."""
    found = build(Difference, entry, group=group, line=line)
    fixed = found.pytorch_fixed or found.tensorflow_fixed
    if found.agrees and (fixed or found.fix):
        raise ValueError("what agrees needs no fix")
    if not found.agrees and not (fixed and found.fix):
        raise ValueError("no fix: say in fix what to do, and show it in pytorch_fixed or tensorflow_fixed")
    listings.check({name: text for name in NAMES if (text := getattr(found, name))})
    listings.check_warns(found.warns, found.programs)
    return found


FORM = Form(FOLDER, "difference", Group, _entry)


def groups(root: Path, tell: Tell | None = None) -> list[Group]:
    """Every group in its order; as `Form.groups`."""
    return FORM.groups(root, tell)


def read(root: Path, group: str) -> Group:
    """The differences of one group; raises the first `Problem` in their form, with its line."""
    return FORM.read(root, group)
