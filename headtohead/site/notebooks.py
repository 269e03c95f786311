"""Programs as notebooks with the output that was recorded: what a reader downloads is what ran."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from headtohead.content.programs import Cell, Program
from headtohead.records.model import CellRun, Record
from headtohead.site.html import image
from headtohead.site.installs import need
from headtohead.site.unseen import all_visible

# Not run by itself: whoever opens a notebook may have other versions, and want to keep them.
INSTALL = "# What this notebook ran with; to install it, take the first mark of the next line away.\n# %{}"
Drawn = Callable[[str], dict[str, str]]  # what a notebook holds of a figure, by the kind of it, from its file name


def notebook(program: Program, record: Record, figures: dict[str, str]) -> str:
    """The program as a notebook in nbformat 4.5.

    Args:
        program: Whose cells it has.
        record: Its fresh record, whose outputs it shows.
        figures: The SVG text of each figure, by file name.

    Returns:
        The JSON text; the same for the same program and record.
    """
    drawn = {name: {"image/svg+xml": text, "text/plain": "<Figure>"} for name, text in figures.items()}
    return _text(_content(program, record, drawn.__getitem__))


def for_page(program: Program, record: Record, folder: str) -> str:
    """The notebook of which an engine makes a page: figures are links to their files, and every character is seen.

    Args:
        program: Whose cells it has.
        record: Its fresh record.
        folder: Where the figures lie, below the top of the site.
    """
    return _text(all_visible(_content(program, record, lambda name: {"text/html": image(f"{folder}/{name}")})))


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _content(program: Program, record: Record, drawn: Drawn) -> dict[str, Any]:
    title = (program.form.docstring or "").strip()
    cells = [_markdown("title", title)] if not program.cells[0].markdown else []
    install = _cell("install", INSTALL.format(need(program, record).pip), None, [])
    executed = 0
    for number, cell in enumerate(program.cells, 1):
        if cell.markdown:
            text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in cell.body.splitlines())
            cells.append(_markdown(f"cell-{number}", text))
            continue
        executed += 1
        cells.append(_code(f"cell-{number}", cell, record.cell(cell.title), executed, drawn))
    cells.insert(1, install)
    versions = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": record.versions["python"]},
        "headtohead": {"topic": record.topic, "ran": record.date, "versions": versions},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _markdown(identity: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": identity, "metadata": {}, "source": text}


def _code(identity: str, cell: Cell, run: CellRun, count: int, drawn: Drawn) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = []
    if run.output:
        outputs.append({"output_type": "stream", "name": "stdout", "text": run.output})
    for name in run.figures:
        outputs.append({"output_type": "display_data", "data": drawn(name), "metadata": {}})
    return _cell(identity, f"# {cell.title}\n{cell.body}", count, outputs)


def _cell(identity: str, source: str, count: int | None, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": identity, "metadata": {}, "execution_count": count}
    return cell | {"source": source, "outputs": outputs}
