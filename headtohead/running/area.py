"""Measures an area of the API map in a process of its own, a line of JSON a row; forked where both frameworks are."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headtohead.content.rows import COUNT, read
from headtohead.measuring.exports import count, gone
from headtohead.measuring.measure import measure, sides
from headtohead.measuring.values import Disagree
from headtohead.running import sandbox
from headtohead.running.jobs import ROWS, Failed, Finished, Job, write_result


def run(job: Job) -> None:
    """Writes what each row gave as soon as it is known. Never returns."""
    started = time.perf_counter()
    try:
        sandbox.isolate(job)
        warnings.simplefilter("ignore")
        with open(job.out / ROWS, "w", encoding="utf-8") as out:
            for said in _said(Path(job.task.root), job.task.area):
                out.write(json.dumps(said) + "\n")
                out.flush()
        write_result(job.out, Finished(time.perf_counter() - started))
    except BaseException as error:
        write_result(job.out, Failed(f"{type(error).__name__}: {error}", job.task.area, None))
    os._exit(0)


def _said(root: Path, area: str) -> Iterator[dict[str, Any]]:
    if area == COUNT:
        yield {"counted": count(root), "gone": gone(root)}
        return
    both = sides()
    for row in read(root, area).rows:
        try:
            yield {"id": row.id, "line": row.line, "gave": measure(row, both).to_json()}
        except Disagree as why:
            yield {"id": row.id, "line": row.line, "broken": str(why)}
