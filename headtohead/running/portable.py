"""Runs programs as other machines would, and says which outputs and agreements move beyond their tolerance.

Each surrounding changes one thing that a program must not depend on. What its run gives is held against records, which
may come from yet another machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from headtohead.content.frameworks import PRIMARY
from headtohead.content.programs import Program
from headtohead.content.settings import THREADS
from headtohead.content.topics import Topic, topics
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.changes import same_text
from headtohead.records.store import Store, lock
from headtohead.running import agreements, devices, programs
from headtohead.running.fork_server import Start
from headtohead.running.jobs import Batch, Job, Script
from headtohead.running.limits import Limits
from headtohead.running.pool import Ended, NotBegun, Pool, Task, Unguarded, Waiting, followed
from headtohead.running.programs import Outcome, Setup, lay_out
from headtohead.running.progress import Progress
from headtohead.running.watch import ending

BY_HAND, ALONE = "by hand", "headtohead.running.alone"
# None takes a variable away.
SURROUNDINGS: dict[str, dict[str, str | None]] = {
    "oneDNN off": {"TF_ENABLE_ONEDNN_OPTS": "0"},  # as TensorFlow has it on a CPU without AVX-512
    "oneDNN on": {"TF_ENABLE_ONEDNN_OPTS": "1"},
    "no vector kernels": {"ATEN_CPU_CAPABILITY": "default"},
    "SSE 4.1": {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    "one thread": dict.fromkeys(THREADS, "1"),
    "four threads": dict.fromkeys(THREADS, "4"),
    "another place": {"LC_ALL": "another", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "20261130"},
    "no home": {"HOME": None},
    "as it is": {},  # for another Python
    # python file.py, as readers do: no warm start, as many threads as there are cores, nothing of ours to be found.
    BY_HAND: {"MPLBACKEND": "Agg", "TORCHINDUCTOR_CACHE_DIR": None},
}
# What a surrounding cannot be tried on, and why.
LEFT_OUT = {
    ("SSE 4.1", "libraries/accelerators"): "TensorFlow asks the CPU and not oneDNN whether it multiplies bfloat16, and "
    "crashes where only oneDNN is held back; no CPU is like that",
}
OTHERS = tuple(name for name, variables in SURROUNDINGS.items() if variables)  # than the usual one
SHORT = ("oneDNN off", "four threads")


@dataclass
class Moved:
    """What one surrounding did: how many programs ran, and a line for each output or agreement that moved."""

    name: str
    variables: dict[str, str | None] = field(default_factory=dict)
    ran: int = 0
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)


def surrounding(name: str) -> dict[str, str | None]:
    """The variables of a surrounding, with a locale that this machine has in place of 'another'."""
    if name not in SURROUNDINGS:
        raise Problem(name, "no such surrounding", remedy=f"there are {', '.join(map(repr, SURROUNDINGS))}")
    return {key: _locale() if value == "another" else value for key, value in SURROUNDINGS[name].items()}


def _locale() -> str:
    """A locale other than the usual ones; the plainest one, which has no UTF-8, where no other is installed."""
    said = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    usual = ("C", "POSIX", "en_US")
    return next((each for each in said if not each.startswith(usual)), "C")


def quickest(store: Store) -> list[Topic]:
    """One topic of each kind, that is of each folder of programs: the one that took the least when it last ran."""
    found: dict[str, tuple[float, Topic]] = {}
    for topic in topics(store.root):
        try:
            took = sum(store.read(topic.name, side).took for side in topic.programs)
        except Problem:
            continue
        kind = topic.name.partition("/")[0]
        if kind not in found or took < found[kind][0]:
            found[kind] = took, topic
    return [topic for _, topic in found.values()]


def run(base: Store, chosen: list[Topic], names: Iterable[str], folder: Path, out: TextIO | None = None) -> list[Moved]:
    """Runs topics in each surrounding.

    Args:
        base: The records that each run is held against.
        chosen: The topics. Those of which a program has no fresh record are told, and not run.
        names: Of surroundings.
        folder: Where the records of these runs go.
        out: Where to show how far it is.

    Raises:
        Problem: There is no surrounding of a name.
    """
    surroundings = {name: surrounding(name) for name in names}
    took: dict[str, float] = {}
    result, known = [], []
    for topic in chosen:
        try:
            took |= {program.label: freshness.program(base, program).took for program in topic.programs.values()}
            known.append(topic)
        except Problem as problem:
            result.append(Moved("nothing to compare with", lines=[str(problem)]))
    tried = {name: [topic for topic in known if (name, topic.name) not in LEFT_OUT] for name in surroundings}
    todo = [(name, program) for name in tried for topic in tried[name] for program in topic.programs.values()]
    progress = Progress({f"{name}: {program.label}": took[program.label] for name, program in todo}, out)
    for name, variables in surroundings.items():
        moved, started = Moved(name, variables), time.monotonic()
        for topic in known:
            if topic not in tried[name]:
                progress.line(f"{name}: {topic.name} is left out: {LEFT_OUT[name, topic.name]}")
        if name == BY_HAND:
            _by_hand(tried[name], base, folder / "by-hand", moved, progress)
        else:
            _verified(tried[name], base, folder / re.sub(r"\W+", "-", name), moved, progress)
        moved.seconds = time.monotonic() - started
        for line in moved.lines:
            progress.line(f"{name}: {line}")
        progress.line(f"{name}: {moved.ran} programs ran in {moved.seconds:.0f} s, {len(moved.lines)} moved")
        result.append(moved)
    progress.close()
    return result


def _verified(chosen: list[Topic], base: Store, folder: Path, moved: Moved, progress: Progress) -> None:
    """Runs programs as `verify` does, over a copy of their records in a folder; notes what is not as it was."""
    store = Store(base.root, folder)
    shutil.rmtree(folder, ignore_errors=True)
    for topic in chosen:
        shutil.copytree(base.folder / PRIMARY / topic.name, folder / PRIMARY / topic.name)

    threads = int(moved.variables.get(THREADS[0]) or 1)
    jobs = max(1, devices.cores() // threads)  # threads that wait for each other are slow where they have no core
    # Another machine has compiled nothing yet; kernels for this one would not even compile for one without vectors.
    variables = {"TORCHINDUCTOR_CACHE_DIR": str(folder / "inductor")} | moved.variables
    setup = Setup(store, surroundings=variables, jobs=jobs)
    with lock(store):
        for event in programs.run(setup, [program for topic in chosen for program in topic.programs.values()]):
            if isinstance(event, Waiting):
                progress.tick()
            elif isinstance(event, Unguarded):
                progress.line(str(event))
            elif isinstance(event, Outcome):
                progress.end(f"{moved.name}: {event.program.label}")
                moved.ran += event.verdict != "skipped"
                if event.verdict in ("failed", "changed"):
                    moved.lines.append(event.problem or f"{event.program.name}: moved: {', '.join(event.about)}")
            else:
                progress.start(f"{moved.name}: {event.label}")
        moved.lines += agreements.renew(chosen, store, PRIMARY)


def _by_hand(chosen: list[Topic], base: Store, folder: Path, moved: Moved, progress: Progress) -> None:
    """Runs each program by itself, in a folder with the files that lie beside it."""
    programs = [each for topic in chosen for each in topic.programs.values() if all(map(shutil.which, each.needs))]
    with Store(base.root, folder).work() as work:
        tasks = [_by_itself(each, work) for each in programs]
        pool = Pool(devices.cores(), base.cache(), "", moved.variables)
        for event in followed(pool, tasks, progress):
            said = _said_by_hand(event.task.about, base, event)
            moved.ran += 1
            moved.lines += [said] if said else []


def _by_itself(program: Program, work: Path) -> Task:
    folder = work / program.label.replace(" ", ".").replace("/", ".")
    job = Job(ALONE, folder, Limits(), Script(str(folder / "work" / program.path.name), program.framework.name, [], []))

    def prepare() -> Batch:
        job.prepare()
        lay_out(program, job)
        return Batch([job])

    return Task(f"{BY_HAND}: {program.label}", program, Start("alone", "Python", (ALONE,)), prepare)


def _said_by_hand(program: Program, base: Store, event: Ended | NotBegun) -> str:
    """What is wrong with a program that was run by itself, or nothing."""
    if isinstance(event, NotBegun) or not event.endings:
        why = event.why if isinstance(event, NotBegun) else event.result()
        return f"{program.name}: could not be run: {why}"
    end, out = event.endings[0], event.batch.jobs[0].out
    if end.over or end.exit:
        last = (out / "stderr").read_text(errors="replace").strip().rpartition("\n")[2][:200]
        return f"{program.name}: {end.over or ending(end.exit)}: {last}"
    printed = "".join(cell.output for cell in base.read(program.topic, program.framework.name).cells)
    # What varies stands anywhere in it.
    varies = Topic(program.root, program.topic).varies
    same = varies or same_text(printed, (out / "stdout").read_text(encoding="utf-8", errors="replace"))
    return "" if same else f"{program.name}: prints something else than was recorded"
