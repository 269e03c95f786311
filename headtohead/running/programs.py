"""Programs: runs those that are stale, side by side, and writes the record of each as soon as it has ended."""

from __future__ import annotations

import contextlib
import math
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean

from headtohead.content.frameworks import FRAMEWORKS, PRIMARY, Framework
from headtohead.content.parity import SEEDS
from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.changes import changes
from headtohead.records.cleared import clear
from headtohead.records.model import Record
from headtohead.records.store import Store
from headtohead.running import devices, results, room
from headtohead.running.fork_server import Start
from headtohead.running.jobs import Batch, Job, Script
from headtohead.running.limits import Limits
from headtohead.running.pool import Begun, Ended, NotBegun, Pool, Task, Unguarded, Waiting
from headtohead.running.versions import installed

ENTRY = "headtohead.running.program"


@dataclass
class Outcome:
    """How one program fared: `new`, `same`, `changed`, `skipped` or `failed`, and what there is to say.

    `about` names the cells or quantities that changed, or what is lacking; `problem` is the line of a failure.
    """

    program: Program
    verdict: str
    seconds: float = 0.0
    about: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass
class Setup:
    """How programs are run.

    Attributes:
        store: Where records go.
        kind: `cpu` or `cuda`.
        label: The folder of the records.
        limits: What each may take.
        surroundings: What is otherwise than usual in the environment of programs.
        jobs: How many programs run at a time; as many as there are cores where 0, and one on a GPU.
        earlier: Where scores with raised seeds are taken from, if the same program ran there; else all seeds run.
    """

    store: Store
    kind: str = "cpu"
    label: str = PRIMARY
    limits: Limits = field(default_factory=Limits)
    surroundings: Mapping[str, str | None] = field(default_factory=dict)
    jobs: int = 0
    earlier: Store | None = None

    def __post_init__(self) -> None:
        self.jobs = self.jobs or (1 if self.kind == "cuda" else devices.cores())


def stale(store: Store, programs: list[Program], label: str) -> dict[Program, str]:
    """Those of the programs that have to run, and why."""
    return freshness.stale(programs, lambda program: freshness.program(store, program, label))


def duration(store: Store, program: Program, label: str) -> float:
    """How long it took when it last ran, here or where records are committed, with every seed; else infinity."""
    for each in (store, Store(store.root)):
        with contextlib.suppress(Problem):
            return each.read(program.topic, program.framework.name, label).took
    return math.inf


def expected(setup: Setup, program: Program) -> float:
    """How long it will take: as long as it last did, without the seeds that an earlier run had."""
    known = _earlier(program, setup)
    return known.duration if known else duration(setup.store, program, setup.label)


def run(setup: Setup, programs: list[Program]) -> Iterator[Program | Outcome | Waiting | Unguarded]:
    """Runs programs: gives each as it begins, its outcome as it ends, and in between what a pool tells by the way.

    Call it while holding the lock of the store.
    """
    runnable = []
    for program in programs:
        outcome = _out_of_form(program, setup.label) or _skipped(program, setup)
        if outcome:
            yield outcome
        else:
            runnable.append(program)
    pool = Pool(setup.jobs, setup.store.cache(), setup.kind, setup.surroundings)
    with setup.store.work() as work, contextlib.closing(pool.run(_tasks(runnable, setup, work))) as events:
        for event in events:
            if isinstance(event, (Waiting, Unguarded)):
                yield event
            elif isinstance(event, Begun):
                yield event.task.about.program
            elif isinstance(event, NotBegun):
                yield _not_begun(event)
            else:
                yield _outcome(event, setup)
                clear(event.batch.jobs[0].folder.parent)


# Before it runs ----------------------------------------------------------------------------------


def _out_of_form(program: Program, label: str) -> Outcome | None:
    try:
        Topic(program.root, program.topic).check()
        installed(program, label)
    except Problem as problem:
        return Outcome(program, "failed", problem=str(problem))
    return None


def _skipped(program: Program, setup: Setup) -> Outcome | None:
    """Leaves out a program whose system lacks what it needs; its committed record has to do."""
    lacking = [command for command in program.needs if not shutil.which(command)]
    if not lacking:
        return None
    committed, store = Store(setup.store.root), setup.store
    try:
        record = freshness.program(committed, program, setup.label)
        if committed.folder != store.folder:
            folder = committed.path(program.topic, program.framework.name, setup.label).parent
            store.write(record, {name: (folder / name).read_bytes() for name in record.files})
        return Outcome(program, "skipped", about=[f"no {' and no '.join(lacking)} on the PATH"])
    except Problem as problem:
        what = f"needs {' and '.join(lacking)} on the PATH, and has no fresh record: {problem.what}"
        failure = Problem(program.name, what, line=1, remedy=f"install {' and '.join(lacking)}")
        return Outcome(program, "failed", problem=str(failure))


@dataclass
class _Plan:
    """A program that waits, and its fingerprint once it has begun."""

    program: Program
    setup: Setup
    folder: Path
    depends: str = ""
    earlier: Record | None = None

    def prepare(self) -> Batch:
        program, topic = self.program, Topic(self.program.root, self.program.topic)
        jobs = []
        self.earlier = _earlier(program, self.setup)
        for seed in range(SEEDS if topic.over_seeds and not self.earlier else 1):
            job = Job(ENTRY, self.folder / str(seed), self.setup.limits, None)
            job.prepare()
            lay_out(program, job)
            parity = job.aside / "parity.py" if topic.compares and not seed else None
            if parity:
                shutil.copyfile(topic.parity_path, parity)
            script = Script(
                path=str(job.work / program.path.name),
                framework=program.framework.name,
                packages=list(program.framework.packages),
                cells=[(cell.title, cell.start) for cell in program.cells],
                parity=parity and str(parity),
                scores=topic.scores,
                seed=seed,
            )
            jobs.append(replace(job, task=script))
        self.depends = freshness.of_program(program, self.setup.label)
        return Batch(jobs, all_or_none=True)


def _earlier(program: Program, setup: Setup) -> Record | None:
    """The record of an earlier run of the same program on the same versions, in which all its seeds ran."""
    if not (setup.earlier and Topic(program.root, program.topic).over_seeds):
        return None
    with contextlib.suppress(Problem):
        return freshness.program(setup.earlier, program, setup.label)
    return None


def lay_out(program: Program, job: Job) -> None:
    """Puts a program into the folder in which it runs, with the files beside it."""
    topic = Topic(program.root, program.topic)
    for file in (program.path, *topic.local_files):
        copy = job.work / file.relative_to(topic.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def _tasks(programs: list[Program], setup: Setup, work: Path) -> list[Task]:
    tasks = []
    for framework in FRAMEWORKS.values():
        own = [program for program in programs if program.framework == framework]
        start = Start(framework.name, framework.label, (*modules(framework, own), ENTRY))
        for program in own:
            folder = work / f"{program.topic.replace('/', '.')}.{framework.name}"
            plan = _Plan(program, setup, folder)
            tasks.append(Task(program.label, plan, start, plan.prepare, expected(setup, program)))
    return tasks


def modules(framework: Framework, programs: list[Program]) -> list[str]:
    """What a fork server imports: the framework first, if any program imports it, then all that they name.

    What is Python's own they import in their sandbox: `this` prints, `antigravity` opens a browser, a `__main__` ends.
    """
    named = {name for program in programs for name, _ in program.imports}
    usable = {name for name in named if name and not name.startswith((".", "headtohead"))}
    usable = {name for name in usable if name.partition(".")[0] not in sys.stdlib_module_names}
    usable = {name for name in usable if not any(f"{name}.".startswith(f"{each}.") for each in framework.cold)}
    first = list(framework.warm) if {name.partition(".")[0] for name in usable} & set(framework.warm) else []
    return first + sorted(usable - set(first))


# After it ran ------------------------------------------------------------------------------------


def _not_begun(event: NotBegun) -> Outcome:
    """Why a program could not even be started: a full disk, a fork server that was killed, or one that is none."""
    program = event.task.about.program
    if isinstance(event.why, Problem):
        return Outcome(program, "failed", problem=str(event.why))
    if isinstance(event.why, str):
        return Outcome(program, "failed", problem=f"{program.name}: {event.why}")
    gone = isinstance(event.why, ConnectionError)
    what = (
        f"the process that imported {program.framework.label} was killed or stopped"
        if gone
        else f"{event.why.strerror}"
    )
    remedy = "verify again" if gone else f"{room.remedy(event.why)}, then verify again"
    return Outcome(
        program, "failed", problem=str(Problem(program.name, f"could not be started: {what}", remedy=remedy))
    )


def _outcome(ended: Ended, setup: Setup) -> Outcome:
    """Reads what a program left, and writes its record or says what is wrong."""
    plan: _Plan = ended.task.about
    program, store = plan.program, setup.store
    try:
        record, files = results.record(results.Ran(program, setup.label, setup.kind, plan.depends, ended, plan.earlier))
        outcome, guarded = Outcome(program, "new", ended.seconds), False
        with contextlib.suppress(Problem):
            old = freshness.program(store, program, setup.label)
            outcome.about = _changed(store, old, record, files)
            outcome.verdict = "changed" if outcome.about else "same"
            guarded = set(record.guards) <= set(old.guards)
        if outcome.verdict != "same" or not guarded:
            outcome.about += [back] if (back := store.clock_back(record)) else []
            store.write(record, files)
        return outcome
    except Problem as problem:
        with contextlib.suppress(Problem, OSError):
            store.write_failure(program, setup.label, freshness.of_program(program, setup.label), str(problem))
        return Outcome(program, "failed", ended.seconds, problem=str(problem))
    except OSError as error:
        what = f"its record could not be written: {error.strerror}"
        problem = Problem(program.name, what, remedy=f"{room.remedy(error)}, then verify again")
        return Outcome(program, "failed", ended.seconds, problem=str(problem))


def _changed(store: Store, old: Record, new: Record, files: dict[str, bytes]) -> list[str]:
    """The cells that print or draw something else than in the old record, else the quantities that moved."""
    topic = Topic(store.root, new.topic)
    folder = store.path(new.topic, new.framework, new.label).parent
    if found := changes(old, new, folder, files, topic.varies):
        return found
    drifted = [
        f"{name} over seeds"
        for name, rule in topic.over_seeds.items()
        if abs(mean(old.seeds.get(name, [math.inf])) - mean(new.seeds[name])) > rule.within
    ]
    # Printing the same does not mean agreeing still.
    if not (old.arrays and new.arrays) or old.arrays == new.arrays:
        return drifted
    from headtohead.comparing.agreement import moved  # NumPy, which not every program needs

    return moved(topic, folder / old.arrays, files[new.arrays]) + drifted
