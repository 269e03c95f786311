"""Compares two runs of the same thing: printed text and figures that changed beyond the rounding of another machine."""

from __future__ import annotations

import math
import re
from collections.abc import Container
from pathlib import Path

from headtohead.records.model import Record

# Another CPU rounds differently, and training amplifies it: the third digit may move.
OUTPUT_RTOL, OUTPUT_ATOL = 2e-2, 2e-3
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE][-+]?\d))(?:[eE][-+]?\d+)?(?!\w|\.\d)")


def same_text(one: str, other: str) -> bool:
    """Whether two texts are equal but for the rounding of floating-point numbers in them.

    Words, whole numbers and line breaks have to be the same to the letter. A number with a point or an
    exponent may be off by `OUTPUT_RTOL * |number|` or by `OUTPUT_ATOL`, and blanks may move with its width.
    """
    if one == other:
        return True
    if _skeleton(one) != _skeleton(other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other))
    return all(math.isclose(float(a), float(b), rel_tol=OUTPUT_RTOL, abs_tol=OUTPUT_ATOL) for a, b in pairs)


def _skeleton(text: str) -> list[list[str]]:
    """The words of each line, with a mark where a number stands; a number is a word of its own."""
    return [NUMBER.sub(" \0 ", line).split() for line in text.split("\n")]


def changes(
    old: Record, new: Record, old_folder: Path, new_files: dict[str, bytes], varies: Container[str] = ()
) -> list[str]:
    """The titles of the cells whose output or figures are not those of the old record.

    Of the cells that vary from CPU to CPU it is asked whether they print at all, and how many figures they draw.
    """
    changed = []
    for before, after in zip(old.cells, new.cells):
        varying = after.title in varies
        same = bool(before.output) == bool(after.output) if varying else same_text(before.output, after.output)
        same = same and len(before.figures) == len(after.figures)
        for a, b in zip(before.figures, after.figures) if not varying else ():
            drawn = [data.decode("utf-8", "replace") for data in ((old_folder / a).read_bytes(), new_files[b])]
            same = same and same_text(*drawn)
        if not same:
            changed.append(after.title)
    return changed
