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

from headtohead.content.build import build
from headtohead.content.frameworks import SIDES
from headtohead.content.programs import MAX_COLUMNS
from headtohead.content.toml_file import Stamps, identified, load, stamps
from headtohead.errors import Problem

FOLDER = "differences"
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
    id: str
    title: str
    pytorch: str
    tensorflow: str
    bites: str
    fix: str = ""
    pytorch_fixed: str = ""
    tensorflow_fixed: str = ""
    agrees: bool = False
    warns: dict[str, str] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)
    source: str = ""

    @cached_property
    def programs(self) -> dict[str, str]:
        """Every program of it by name, with its imports."""
        names = ("pytorch", "tensorflow", "pytorch_fixed", "tensorflow_fixed")
        return {name: whole(text) for name in names if (text := getattr(self, name))}

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
    title: str
    about: str
    order: int
    entries: list[Difference] = field(default_factory=list)


def whole(text: str) -> str:
    """A program with the imports that its names call for."""
    text = text.strip("\n")
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    imports = [line for name, line in IMPORTS.items() if name in names]
    gap = "\n\n\n" if text.startswith(("def ", "class ", "@")) else "\n\n"
    return "\n".join(imports) + gap + text if imports else text


def groups(root: Path) -> list[Group]:
    """Every group in its order; raises the first `Problem`."""
    return _groups(root, stamps(root, FOLDER))


@functools.lru_cache(maxsize=8)  # a build asks for them on every page
def _groups(root: Path, changed: Stamps) -> list[Group]:
    found = [read(root, path.stem) for path in (root / FOLDER).glob("*.toml")]
    seen: dict[str, str] = {}
    for group in found:
        for entry in group.entries:
            if entry.id in seen:
                what = f"{entry.id!r} stands in {seen[entry.id]} too"
                raise Problem(f"{FOLDER}/{group.name}.toml", what, line=entry.line, remedy="give it its own id")
            seen[entry.id] = f"{group.name}.toml"
    return sorted(found, key=lambda group: (group.order, group.name))


def read(root: Path, group: str) -> Group:
    """The differences of one group; raises the first `Problem` in their form, with its line."""
    name = f"{FOLDER}/{group}.toml"
    rest, entries = load(root / name, name, "difference", what="group")
    try:
        found = build(Group, rest, name=group, entries=[])
    except ValueError as error:
        raise Problem(name, str(error), line=1, remedy="a group has a title, an about and an order") from None
    for _, entry, line in entries:
        try:
            found.entries.append(_entry(group, entry, line))
            identified(entry["id"], [each.id for each in found.entries[:-1]], "difference")
        except SyntaxError as error:
            raise Problem(name, f"a program that does not parse: {error.msg}", line=line) from None
        except ValueError as error:
            raise Problem(name, str(error), line=line, remedy="correct the difference that begins here") from None
    return found


def _entry(group: str, entry: dict[str, Any], line: int) -> Difference:
    found = build(Difference, entry, group=group, line=line)
    fixed = found.pytorch_fixed or found.tensorflow_fixed
    if found.agrees and (fixed or found.fix):
        raise ValueError("what agrees needs no fix")
    if not found.agrees and not (fixed and found.fix):
        raise ValueError("no fix: say in fix what to do, and show it in pytorch_fixed or tensorflow_fixed")
    if odd := sorted(set(found.warns) - set(found.programs)):
        raise ValueError(f"warns names no program of it: {odd[0]!r}")
    for name, text in found.programs.items():
        for number, each in enumerate(text.splitlines(), 1):
            if len(each) > MAX_COLUMNS:
                raise ValueError(f"{name}, line {number}: {len(each)} columns, {MAX_COLUMNS} fit")
    return found
