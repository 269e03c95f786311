"""Programs as notebooks with the output that was recorded: what a reader downloads is what ran."""

from __future__ import annotations

import json
from typing import Any

from headtohead.content.programs import Cell, Program
from headtohead.records.model import CellRun, Record


def notebook(program: Program, record: Record, figures: dict[str, str]) -> str:
    """The program as a notebook in nbformat 4.5.

    Args:
        program: Whose cells it has.
        record: Its fresh record, whose outputs it shows.
        figures: The SVG text of each figure, by file name.

    Returns:
        The JSON text; the same for the same program and record.
    """
    title = (program.form.docstring or "").strip()
    cells = [_markdown("title", title)] if not program.cells[0].markdown else []
    executed = 0
    for number, cell in enumerate(program.cells, 1):
        if cell.markdown:
            text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in cell.body.splitlines())
            cells.append(_markdown(f"cell-{number}", text))
            continue
        executed += 1
        cells.append(_code(f"cell-{number}", cell, record.cell(cell.title), executed, figures))
    versions = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": record.versions["python"]},
        "headtohead": {"topic": record.topic, "ran": record.date, "versions": versions},
    }
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _markdown(identity: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": identity, "metadata": {}, "source": text}


def _code(identity: str, cell: Cell, run: CellRun, count: int, figures: dict[str, str]) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = []
    if run.output:
        outputs.append({"output_type": "stream", "name": "stdout", "text": run.output})
    for name in run.figures:
        data = {"image/svg+xml": figures[name], "text/plain": "<Figure>"}
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    return {
        "cell_type": "code",
        "id": identity,
        "metadata": {},
        "execution_count": count,
        "source": f"# {cell.title}\n{cell.body}",
        "outputs": outputs,
    }
