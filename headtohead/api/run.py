"""Runs the rows of the API map and writes what they gave: one record an area, and one of what is counted."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any, TextIO

from headtohead import devices
from headtohead.api.count import COUNT
from headtohead.api.rows import FOLDER, Area, areas
from headtohead.errors import Problem
from headtohead.pins import pinned
from headtohead.programs import sha256
from headtohead.progress import Progress
from headtohead.records import Store
from headtohead.runner import answering
from headtohead.watch import Allowance, ending

ALLOWED = Allowance(seconds=300, asleep=300)  # what one area may use
PACKAGES = ("keras", "numpy", "tensorflow", "torch")
BESIDE = ("carry", "count", "defaults", "edges", "inputs", "measure", "rows", "sides")
ENGINE = ("../porting.py", *(f"{name}.py" for name in BESIDE))


@dataclass(frozen=True)
class Ran:
    """What became of one area: its rows by line, or the problems that it has."""

    area: str
    seconds: float
    rows: dict[str, Any]
    problems: list[str]


def depends(root: Path, area: str) -> str:
    """The hash of all that the record of an area depends on."""
    pins = pinned(root, PACKAGES, f"{FOLDER}/{area}.toml")
    engine = [(Path(__file__).parent / name).read_bytes() for name in ENGINE]
    texts = [(root / FOLDER / f"{area}.toml").read_bytes()] if area != COUNT else _all(root)
    return sha256(*texts, *engine, json.dumps(pins, sort_keys=True).encode())


def _all(root: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((root / FOLDER).glob("*.toml"))]


def run(store: Store, chosen: list[str], out: TextIO | None = None) -> list[str]:
    """Runs areas, as many at a time as there are cores; writes those without a fault. Returns the faults."""
    cache = store.root / ".cache"
    cache.mkdir(exist_ok=True)
    by_name = {area.name: area for area in areas(store.root)}
    problems: list[str] = []
    todo = deque(sorted(chosen, key=lambda name: -len(by_name[name].rows) if name in by_name else 0))
    done: Queue[str | Ran] = Queue()  # an area that starts, or what became of it
    progress = Progress({name: len(by_name[name].rows) if name in by_name else 20 for name in chosen}, out)
    servers = [
        threading.Thread(target=_serve, args=(store.root, by_name, todo, done, cache), daemon=True)
        for _ in range(min(devices.cores(), len(chosen)))
    ]
    for each in servers:
        each.start()
    while len(progress.done) < len(chosen):
        try:
            ran = done.get(timeout=1)
        except Empty:
            progress.tick()
            continue
        if isinstance(ran, str):
            progress.start(ran)
            continue
        progress.end(ran.area)
        rows = "counted" if ran.area == COUNT else f"{len(ran.rows)} rows"
        verdict = f"{len(ran.problems)} broken" if ran.problems else rows
        progress.line(f"{ran.seconds:5.1f} s  {FOLDER}/{ran.area}  {verdict}")
        problems += ran.problems
        if not ran.problems:
            store.write_data(FOLDER, ran.area, depends(store.root, ran.area), ran.rows)
    for each in servers:
        each.join()
    progress.close()
    return problems


def _serve(root: Path, by_name: dict[str, Area], todo: deque[str], done: Queue[str | Ran], cache: Path) -> None:
    """Has one process measure areas for as long as there are any; a new one where it dies."""
    while todo:
        arguments = (str(root), str(ALLOWED.seconds), str(ALLOWED.asleep))
        with (
            tempfile.TemporaryFile() as log,
            answering("headtohead.api.measure", *arguments, cache=cache, log=log) as process,
            contextlib.suppress(IndexError),  # another server took the last one
        ):
            while process.poll() is None:
                name = todo.popleft()
                done.put(name)
                with contextlib.suppress(BrokenPipeError):
                    print(name, file=process.stdin, flush=True)
                said = list(_answers(process.stdout))
                heard = os.pread(log.fileno(), 1 << 20, 0)  # not read(): the place in the file is the process's too
                done.put(_judged(by_name.get(name), said, heard.decode("utf-8", "replace")))


def _answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What is said of one area, up to the line that says how it ended, if there is one."""
    for line in lines:
        if line.startswith("{"):
            answer = json.loads(line)
            yield answer
            if "ended" in answer:
                return


def _judged(area: Area | None, said: list[dict[str, Any]], log: str) -> Ran:
    end = said.pop() if said and "ended" in said[-1] else {"ended": 1, "over": "", "seconds": 0.0}
    status, seconds = end["ended"], end["seconds"]
    if area is None:
        if status or not said:
            last = next((line for line in reversed(log.splitlines()) if line.strip()), "nothing")[:200]
            return Ran(COUNT, seconds, {}, [f"{FOLDER}: the packages could not be counted: {last}"])
        return Ran(
            COUNT, seconds, said[0]["counted"], [f"{name}; take it out, or correct it" for name in said[0]["gone"]]
        )
    problems = [f"{area.rows[0].where}:{row['line']}: {row['broken']}" for row in said if "broken" in row]
    if status:
        at = area.rows[min(len(said), len(area.rows) - 1)]
        why = end["over"] or ending(status)
        problems.append(str(Problem(at.where, f"this row {why}", line=at.line, remedy="mend it, or take it out")))
    rows = {row["id"]: {key: each for key, each in row.items() if key not in ("id", "line")} for row in said}
    return Ran(area.name, seconds, rows, problems)
