"""Outputs: refuses what a page cannot show of what a cell printed and drew, and what a proof raised unheard."""

from __future__ import annotations

import re
from pathlib import Path

from headtohead.content import pictures
from headtohead.content.programs import Cell, Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.running import places


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


def check_threads(program: Program, data: bytes) -> None:
    """Raises a `Problem` for what a proof raised where nobody hears it: in a thread, or as something was cleared up."""
    if found := re.search(r"^Exception (?:in thread|ignored).*", data.decode("utf-8", "replace"), re.MULTILINE):
        what = f"the proof failed in {program.framework.label}: {' '.join(found[0].split())[:200]}"
        raise Problem(Topic(program.root, program.topic).parity_name, what, remedy="mend it, or the program")
