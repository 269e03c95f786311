"""Jobs: what one process is to do and may take, and how it ended; as JSON between processes, both ways."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from headtohead.running.limits import Limits


@dataclass(frozen=True)
class Script:
    """A program of cells, and its side of a parity check.

    Attributes:
        path: The file.
        framework: Whose side it is.
        packages: Those of which calls of what is deprecated are shown.
        cells: Title and first line of each.
        parity: The file with the parity check, if there is one.
        scores: The variables to note at the end.
        seed: What to add to each seed.
    """

    path: str
    framework: str
    packages: list[str]
    cells: list[tuple[str, int]]
    parity: str | None = None
    scores: list[str] = field(default_factory=list)
    seed: int = 0


@dataclass(frozen=True)
class Measured:
    """Rows of the API map to measure: an area of a repository, or all that the packages export."""

    root: str
    area: str


ROWS = "rows.jsonl"  # where a job of rows writes what each gave, a line a row
TASKS = {"Script": Script, "Measured": Measured}


@dataclass(frozen=True)
class Job:
    """One process.

    Attributes:
        entry: The module whose `run(job)` it calls.
        folder: Holds `work`, in which it runs, `tmp`, and `out`, where it leaves what it gives.
        limits: What it may take.
        task: What it is to do.
    """

    entry: str
    folder: Path
    limits: Limits
    task: Script | Measured

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def tmp(self) -> Path:
        return self.folder / "tmp"

    def prepare(self) -> None:
        """Makes its folders."""
        for place in (self.work, self.out, self.tmp):
            place.mkdir(parents=True)


@dataclass(frozen=True)
class Batch:
    """Jobs to run one after the other.

    Attributes:
        jobs: What to run.
        all_or_none: Whether one that fails makes the rest needless.
    """

    jobs: list[Job]
    all_or_none: bool = False

    def to_line(self) -> str:
        jobs = [asdict(job) | {"folder": str(job.folder), "kind": type(job.task).__name__} for job in self.jobs]
        return json.dumps({"jobs": jobs, "all_or_none": self.all_or_none}) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Batch:
        content = json.loads(line)
        jobs = [
            Job(each["entry"], Path(each["folder"]), Limits(**each["limits"]), TASKS[each["kind"]](**each["task"]))
            for each in content["jobs"]
        ]
        return cls(jobs, content["all_or_none"])


@dataclass(frozen=True)
class Ending:
    """How a process ended, as whoever watched it says.

    Attributes:
        exit: Its status, or the negative number of the signal that ended it.
        over: What of its limits it used up, as the end of a sentence; empty if none.
        left_behind: How many processes it left, which were ended.
        seconds: How long it took, on the clock.
    """

    exit: int
    over: str
    left_behind: int
    seconds: float


# What a job says of itself -----------------------------------------------------------------------


@dataclass(frozen=True)
class Finished:
    """A job that came to its end: seconds that its cells took, what it ran on, and its scores by variable."""

    duration: float
    device: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Failed:
    """A job that raised: what, and where in its own files, if there."""

    what: str
    file: str
    line: int | None


def write_result(out: Path, result: Finished | Failed) -> None:
    """Puts the result of a job in place, whole or not at all."""
    temporary = out / "result.tmp"
    temporary.write_text(json.dumps({type(result).__name__: asdict(result)}), encoding="utf-8")
    temporary.rename(out / "result.json")


def read_result(out: Path) -> Finished | Failed | None:
    """The result of a job, or None where it was ended before it had one."""
    try:
        ((kind, content),) = json.loads((out / "result.json").read_text(encoding="utf-8")).items()
    except FileNotFoundError:
        return None
    return {"Finished": Finished, "Failed": Failed}[kind](**content)
