"""Outputs: refuses what a page cannot show of what a cell printed and drew, and what a proof says unheard."""

from __future__ import annotations

import re
from pathlib import Path

from headtohead.content import pictures
from headtohead.content.programs import Cell, Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.running import places

WARNED = re.compile(r"^\S*/(?P<file>parity|in_\w+)\.py:(?P<line>\d{1,6}): (?P<what>\w*Warning: .*)", re.MULTILINE)


def printed(program: Program, cell: Cell, data: bytes, most: int) -> str:
    if len(data) > most:
        what = f"cell {cell.title!r} printed {len(data):,} bytes, {most:,} are room for"
        raise Problem(program.name, what, line=cell.start, remedy="print less")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        what = f"cell {cell.title!r} printed bytes that are not UTF-8"
        raise Problem(program.name, what, line=cell.start, remedy="print text") from None


def check_figure(program: Program, cell: Cell, data: bytes, most: int) -> None:
    """Raises a `Problem` for a figure that is too large for a page, or no picture alone."""
    if len(data) > most:
        what = f"cell {cell.title!r} drew a figure of {len(data):,} bytes, {most:,} are room for"
        raise Problem(program.name, what, line=cell.start, remedy="draw fewer points, or rasterize them")
    if odd := pictures.odd(data):
        what = f"cell {cell.title!r} drew a figure that {odd}"
        raise Problem(program.name, what, line=cell.start, remedy="draw with Matplotlib, and call plt.show()")


def check_places(program: Program, cell: Cell, folder: Path, how: str, text: str) -> None:
    """Raises a `Problem` for a text that tells a path of this machine; `folder` is that in which it ran."""
    if place := places.told(text, {"the folder in which it ran": folder}, program.root):
        what = f"cell {cell.title!r} {how} the path of {place}, which is of this machine alone"
        raise Problem(program.name, what, line=cell.start, remedy="print the name of the file")


def check_proof(program: Program, data: bytes) -> None:
    """Raises a `Problem` for what a proof warns of, or raised in a thread, where nobody hears it.

    What a framework logs is no such thing: a proof calls what is traced with other shapes, and TensorFlow counts that.

    Args:
        program: Whose proof it is.
        data: What went to stderr while it ran.
    """
    where, text = Topic(program.root, program.topic).parity_name, data.decode("utf-8", "replace")
    label, remedy = program.framework.label, "mend it, or the program"
    if found := re.search(r"^Exception (?:in thread|ignored).*", text, re.MULTILINE):
        what = f"the proof failed in {label}: {' '.join(found[0].split())[:200]}"
        raise Problem(where, what, remedy=remedy)
    if found := WARNED.search(text):
        what, line = f"the proof of {label} warns: {found['what'][:300]}", int(found["line"])
        raise Problem(where if found["file"] == "parity" else program.name, what, line=line, remedy=remedy)
