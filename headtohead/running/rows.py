"""Rows: measures the areas of the API map that are stale, and writes one record an area, and one of what is counted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from headtohead.content.frameworks import FRAMEWORKS
from headtohead.content.rows import COUNT, FOLDER, Area, areas
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.pairs import Fall
from headtohead.records.store import Store
from headtohead.running import devices
from headtohead.running.fork_server import Start
from headtohead.running.jobs import ROWS, Batch, Failed, Job, Measured
from headtohead.running.kept import kept
from headtohead.running.limits import Limits
from headtohead.running.pool import Ended, NotBegun, Pool, Task, followed
from headtohead.running.progress import Progress

ENTRY = "headtohead.running.area"
LIMITS = Limits()  # of one area
# torch._dynamo brings triton with a CUDA build of torch, which crashes if it is loaded after TensorFlow.
START = Start("both", "both frameworks", (*FRAMEWORKS["both"].warm, ENTRY))
COUNTING = 20  # rows that counting takes as long as


@dataclass(frozen=True)
class Ran:
    """What became of one area.

    Attributes:
        rows: What its rows gave, by id.
        problems: A line for each that is broken.
        fell: The same by id, where rows ran at all.
        depends: The hash of what ran.
        guards: What kept it from the rest of the machine.
    """

    rows: dict[str, Any]
    problems: list[str]
    fell: dict[str, Fall] = field(default_factory=dict)
    depends: str = ""
    guards: list[str] = field(default_factory=list)


def run(store: Store, chosen: list[str], out: TextIO | None = None) -> list[str]:
    """Measures areas side by side; writes those without a fault. Returns the faults."""
    problems: list[str] = []
    for name, ran in measured(store, chosen, out):
        problems += ran.problems or kept(store, FOLDER, name, depends=ran.depends, gave=ran.rows, guards=ran.guards)
    return problems


def measured(store: Store, chosen: list[str], out: TextIO | None = None) -> Iterator[tuple[str, Ran]]:
    """Measures areas side by side; gives what became of each as it ends, and writes nothing."""
    known = {area.name: area for area in areas(store.root, lambda _: None)}  # who asks has told the problems
    weights = {name: len(known[name].rows) if name in known else COUNTING for name in chosen}
    depends = {name: freshness.of_data(store.root, FOLDER, name) for name in chosen}
    progress = Progress(dict(weights), out)
    with store.work() as work:
        tasks = [
            Task(name, name, START, _Plan(store.root, name, work, depends[name]).prepare, weights[name])
            for name in chosen
        ]
        for event in followed(Pool(devices.cores(), store.cache()), tasks, progress):
            name = event.task.name
            ran, seconds = _ran(known.get(name), event), getattr(event, "seconds", 0.0)
            said = "counted" if name == COUNT else f"{len(ran.rows)} rows"
            verdict = f"{len(ran.problems)} broken" if ran.problems else said
            progress.line(f"{seconds:5.1f} s  {FOLDER}/{name}  {verdict}")
            guards = [] if ran.problems else event.report().guards
            yield name, replace(ran, depends=depends[name], guards=guards)


@dataclass
class _Plan:
    """An area that waits."""

    root: Path
    area: str
    work: Path
    depends: str

    def prepare(self) -> Batch:
        job = Job(ENTRY, self.work / self.area, LIMITS, Measured(self.area))
        job.prepare()
        shutil.copytree(self.root / FOLDER, job.aside / FOLDER)
        if freshness.of_data(self.root, FOLDER, self.area) != self.depends:
            where, remedy = f"{FOLDER}/{self.area}.toml", f"run 'nox -s rows -- {self.area}'"
            raise Problem(where, "changed while it waited to be measured", remedy=remedy)
        return Batch([job])


def _ran(area: Area | None, event: Ended | NotBegun) -> Ran:
    """Reads what an area left: a problem for each row that is broken, and for one that ended the process."""
    where = area.rows[0].where if area else FOLDER
    if isinstance(event, NotBegun) and isinstance(event.why, Problem):
        return Ran({}, [str(event.why)])
    if isinstance(event, NotBegun):
        return Ran({}, [f"{where}: could not be started: {event.why}"])
    job = event.batch.jobs[0]
    result = event.result()
    try:
        said = [json.loads(line) for line in _lines(job) if line.endswith("}")]
    except (ValueError, RecursionError):
        return Ran({}, [f"{where}: gave something else than what its rows gave; mend what writes to descriptors"])
    why = f"failed: {result.what}" if isinstance(result, Failed) else result if isinstance(result, str) else ""
    if area is None:
        if why or not said:
            return Ran({}, [f"{FOLDER}: the packages could not be counted: {why or 'nothing was said'}"])
        gone = [f"{each}; take it out, or correct it" for each in said[0]["gone"]]
        return Ran(said[0]["counted"], gone)
    problems = [f"{where}:{row['line']}: {row['broken']}" for row in said if "broken" in row]
    fell = {row["id"]: Fall(row["how"], row["what"], row["side"]) for row in said if "broken" in row}
    if why:
        at = area.rows[min(len(said), len(area.rows) - 1)]
        problems.append(str(Problem(where, f"this row {why}", line=at.line, remedy="mend it, or take it out")))
        fell |= {row.id: Fall("unrun", f"{at.id} {why}") for row in area.rows[len(said) :]}
    return Ran({row["id"]: row["gave"] for row in said if "gave" in row}, problems, fell)


def _lines(job: Job) -> list[str]:
    try:
        return (job.out / ROWS).read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []
