"""Measures an area of the API map in a process of its own, a line of JSON a row; forked where both frameworks are."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from os import _exit as exit_now
from pathlib import Path
from typing import Any

from headtohead.content.rows import COUNT, read
from headtohead.measuring.elsewhere import every
from headtohead.measuring.exports import count, gone
from headtohead.measuring.measure import measure
from headtohead.measuring.values import Disagree
from headtohead.running.channel import Channel
from headtohead.running.jobs import ROWS, Failed, Finished, Job

encode = json.JSONEncoder().encode


def run(job: Job, channel: Channel) -> None:
    """Tells what each row gave as soon as it is known. Never returns."""
    result: Finished | Failed = Finished()
    try:
        warnings.simplefilter("ignore")
        for said in _said(job.aside, job.task.area):
            channel.put(ROWS, encode(said).encode() + b"\n")
    except BaseException as error:
        result = Failed(f"{type(error).__name__}: {error}", job.task.area, None)
    channel.end(result)
    exit_now(0)


def _said(root: Path, area: str) -> Iterator[dict[str, Any]]:
    if area == COUNT:
        yield {"counted": count(root), "gone": gone(root)}
        return
    sets = every()
    for row in read(root, area).rows:
        try:
            yield {"id": row.id, "line": row.line, "gave": measure(row, sets).to_json()}
        except Disagree as why:
            yield {
                "id": row.id,
                "line": row.line,
                "broken": str(why),
                "what": why.what,
                "how": why.how,
                "side": why.side,
            }
