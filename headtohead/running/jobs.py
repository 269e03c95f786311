"""Jobs: what one process is to do and may take, and how it ended; as JSON between processes, both ways."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from headtohead.content.build import build
from headtohead.records.cleared import clear
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
    """Rows of the API map to measure: one of the areas that lie aside, or all that the packages export."""

    area: str


ROWS = "rows.jsonl"  # what each row gave, a line a row
ARRAYS = "arrays.npz"  # what a parity check compares
REPORT = "report.json"
TASKS = {"Script": Script, "Measured": Measured}


@dataclass(frozen=True)
class Job:
    """One process.

    Attributes:
        entry: The module whose `run(job)` it calls.
        folder: Holds `work`, in which it runs, `home` and `tmp`, which are its own; `aside`, which it may read; and
            `out`, which it does not see: there its supervisor leaves what it gave. `tmp` is what it finds as /tmp,
            with an empty folder in it for what it leaves.
        limits: What it may take.
        task: What it is to do.
    """

    entry: str
    folder: Path
    limits: Limits
    task: Script | Measured | None

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def tmp(self) -> Path:
        return self.folder / "tmp"

    @property
    def temporary(self) -> Path:
        return self.tmp / "own"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def aside(self) -> Path:
        return self.folder / "aside"

    def prepare(self) -> None:
        """Makes its folders."""
        for place in (self.work, self.out, self.temporary, self.home, self.aside):
            place.mkdir(parents=True)

    def clear(self) -> None:
        """Removes what it wrote, once it has ended."""
        for each in (self.work, self.tmp, self.home):
            clear(each)


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
        remedy: What to do about that.
        left_behind: How many processes it left, which were ended.
        seconds: How long it took, on the clock.
    """

    exit: int
    over: str
    remedy: str
    left_behind: int
    seconds: float


# What a job says of itself -----------------------------------------------------------------------


@dataclass(frozen=True)
class Finished:
    """A job that came to its end.

    Attributes:
        device: What it ran on.
        scores: By variable.
        used: The names that its proof used.
        given: A digest of the inputs that its proof got, if there is one.
    """

    device: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    given: str | None = None


@dataclass(frozen=True)
class Failed:
    """A job that raised.

    Attributes:
        what: What, in one line.
        file: Where, of its own files.
        line: The line there, the innermost; None where none took part.
        outer: The outermost line, which called what raised.
        shown: What Python prints of it below the traceback.
    """

    what: str
    file: str
    line: int | None
    outer: int | None = None
    shown: str | None = None


# What its supervisor leaves of it ----------------------------------------------------------------


class Mark(NamedTuple):
    """How many bytes of stdout and stderr had come by some moment, when in seconds, and how many processes ran."""

    out: int
    err: int
    at: float
    processes: int = 0


@dataclass(frozen=True)
class Report:
    """What a supervisor noted of a job.

    Attributes:
        result: What the job said, or None where it was ended before it had.
        marks: One as each of its parts began, and one after the last.
        guards: What kept it from the rest of the machine: `headtohead.running.sandbox`.
    """

    result: Finished | Failed | None
    marks: list[Mark]
    guards: list[str]

    def write(self, out: Path) -> None:
        result = self.result and {type(self.result).__name__: asdict(self.result)}
        text = json.dumps({"result": result, "marks": self.marks, "guards": self.guards})
        temporary = out / f"{REPORT}.tmp"  # put in place whole or not at all
        temporary.write_text(text, encoding="utf-8")
        temporary.rename(out / REPORT)

    @classmethod
    def read(cls, out: Path) -> Report:
        """That of a job; empty where its supervisor was killed, or had no room, before it wrote one."""
        try:
            content = json.loads((out / REPORT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(None, [], [])
        result = content["result"] and result_from(content["result"])
        return cls(result, [Mark(*each) for each in content["marks"]], content["guards"])


def result_from(content: Any) -> Finished | Failed:
    """A result from its JSON; raises `ValueError` where it is none."""
    known = {"Finished": Finished, "Failed": Failed}
    if not (isinstance(content, dict) and len(content) == 1 and set(content) <= set(known)):
        raise ValueError("no result of a job")
    ((kind, fields),) = content.items()
    if not isinstance(fields, dict):
        raise ValueError("no result of a job")
    return build(known[kind], fields)
