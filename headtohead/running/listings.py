"""Listings: runs the programs of groups that are stale, and writes what they gave, one record a group."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from headtohead.content.frameworks import SIDES, Framework
from headtohead.content.groups import Form
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.pairs import Fall
from headtohead.records.store import COMMANDS, Store
from headtohead.running import devices, noise, raised
from headtohead.running.fork_server import Start
from headtohead.running.jobs import Batch, Failed, Job, Script
from headtohead.running.kept import kept
from headtohead.running.limits import Limits
from headtohead.running.pool import Ended, NotBegun, Pool, Task, followed
from headtohead.running.progress import Progress

ENTRY, FILE = "headtohead.running.program", "program.py"
LIMITS = Limits(seconds=120, asleep=120)  # of one program
TOGETHER = 6  # entries whose programs run one after the other: each batch costs a process of its own


@dataclass(frozen=True)
class Ran:
    """What became of one group.

    Attributes:
        printed: What its programs printed, or raised where they have to, by id of the entry and by name.
        problems: A line for each fault.
        fell: The first fault of each entry that has one, by id.
        depends: The hash of what ran.
        guards: What kept it from the rest of the machine.
    """

    printed: dict[str, dict[str, str]]
    problems: list[str]
    fell: dict[str, Fall]
    depends: str
    guards: list[str]


def run(form: Form, store: Store, chosen: list[str], out: TextIO | None = None) -> list[str]:
    """Runs groups, the two frameworks side by side; writes those without a fault. Returns the faults."""
    problems: list[str] = []
    for name, ran in tried(form, store, chosen, out):
        problems += ran.problems or kept(
            store, form.folder, name, depends=ran.depends, gave=ran.printed, guards=ran.guards
        )
    return problems


def tried(form: Form, store: Store, chosen: list[str], out: TextIO | None = None) -> Iterator[tuple[str, Ran]]:
    """Runs groups; gives what became of each once all have ended, and writes nothing."""
    started = time.monotonic()
    found = [group for group in form.groups(store.root, lambda _: None) if group.name in chosen]
    depends = {group.name: freshness.of_data(store.root, form.folder, group.name) for group in found}
    with store.work() as work:
        plans = [_Plan(group, side, part, work) for side in SIDES for group in found for part in _parts(group.entries)]
        tasks = [Task(plan.name, plan, _start(plan.side), plan.prepare, len(plan.programs)) for plan in plans]
        progress = Progress({task.name: task.weight for task in tasks}, out)
        for event in followed(Pool(devices.cores(), store.cache()), tasks, progress):
            event.task.about.read(event)
    judged = {
        group.name: _judged(group, [plan for plan in plans if plan.group is group], depends[group.name])
        for group in found
    }
    count, total = sum(len(plan.programs) for plan in plans), sum(len(group.entries) for group in found)
    took, broken = time.monotonic() - started, sum(len(ran.problems) for ran in judged.values())
    progress.line(f"{count} programs of {total} {COMMANDS[form.folder]} in {took:.1f} s: {broken} broken")
    yield from judged.items()


def _parts(entries: list[Any]) -> list[list[Any]]:
    return [entries[at : at + TOGETHER] for at in range(0, len(entries), TOGETHER)]


def _start(side: Framework) -> Start:
    return Start(side.name, side.label, (*side.warm, ENTRY))


@dataclass(eq=False)
class _Plan:
    """The programs of one side of some entries; then what each gave, or why it did not, by id and by name."""

    group: Any
    side: Framework
    entries: list[Any]
    work: Path
    printed: dict[tuple[str, str], str] = field(default_factory=dict)
    failed: dict[tuple[str, str], str] = field(default_factory=dict)
    guards: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.group.name}/{self.entries[0].id} {self.side.name}"

    @property
    def programs(self) -> list[tuple[Any, str]]:
        """Each program of this side, by its entry and its name."""
        return [(entry, name) for entry in self.entries for name in entry.programs if entry.side(name) == self.side]

    def prepare(self) -> Batch:
        jobs = []
        for entry, name in self.programs:
            folder = self.work / f"{entry.id}.{name}"
            script = Script(str(folder / "work" / FILE), self.side.name, packages=[], cells=[(name, 1)])
            job = Job(ENTRY, folder, LIMITS, script)
            job.prepare()
            (job.work / FILE).write_text(entry.programs[name], encoding="utf-8")  # AutoGraph reads the source
            jobs.append(job)
        return Batch(jobs)

    def read(self, event: Ended | NotBegun) -> None:
        """Takes what the programs printed, or why they did not come to their end."""
        for number, (entry, name) in enumerate(self.programs):
            if isinstance(event, NotBegun):
                self.failed[entry.id, name] = f"could not be started: {event.why}"
            elif why := _why_failed(event, number, entry, name):
                self.failed[entry.id, name] = why
            else:
                text = (event.batch.jobs[number].out / "stdout").read_text(encoding="utf-8")
                if name in entry.raising:
                    text = raised.shown(event.result(number), event.batch.jobs[number])
                self.printed[entry.id, name] = re.sub(r"[ \t]+\n", "\n", text)
                self.guards = event.report(number).guards


def _why_failed(event: Ended, number: int, entry: Any, name: str) -> str:
    """Why a program did not end as it has to, or warned of something else than it has to; empty if all is well."""
    left = len(event.endings) > number and event.endings[number].left_behind
    if left and name not in entry.raising:  # what raised may hold on to what it began
        return f"left {left} process{'es'[: 2 * (left > 1)]} behind: let it end what it starts"
    result = event.result(number)
    if isinstance(result, str):
        return result
    if isinstance(result, Failed) and "figure_backend" in result.what:
        return f"line {result.line or '?'}: draws a figure, which is not shown: let it print"
    if name in entry.raising:
        if odd := raised.odd(result, event.batch.jobs[number], entry.programs[name]):
            return odd
    elif isinstance(result, Failed):
        return f"line {result.line or '?'}: {result.what}"
    printed = (event.batch.jobs[number].out / "stdout").read_bytes()
    if len(printed) > LIMITS.printed:
        return f"printed {len(printed):,} bytes, {LIMITS.printed:,} are room for"
    try:
        printed.decode("utf-8")
    except UnicodeDecodeError:
        return "printed bytes that are not UTF-8"
    text = noise.own((event.batch.jobs[number].out / "stderr").read_bytes(), logs=False).strip()
    warns = entry.warns.get(name, "")
    if warns and warns not in text:
        return f"no longer warns of {warns!r}"
    return (
        f"warns, which is not stated: {text.splitlines()[0][:300]}"
        if text and not warns and name not in entry.raising
        else ""
    )


def _judged(group: Any, plans: list[_Plan], depends: str) -> Ran:
    """What became of a group whose programs have run."""
    problems, printed, fell = [], {}, {}
    said = {key: text for plan in plans for key, text in plan.printed.items()}
    failed = {key: why for plan in plans for key, why in plan.failed.items()}
    for entry in group.entries:
        wrong = {name: why for name in entry.programs if (why := failed.get((entry.id, name)))}
        lines = [f"{name}: {why}" for name, why in wrong.items()]
        if wrong:
            fell[entry.id] = _fall(*next(iter(wrong.items())))
        else:
            printed[entry.id] = {name: said[entry.id, name] for name in entry.programs}
            if verdict := entry.verdict(printed[entry.id]):
                lines, fell[entry.id] = [verdict], Fall("parts", verdict)
        problems += [str(Problem(group.where, f"{entry.id}: {each}", line=entry.line)) for each in lines]
    return Ran(printed, problems, fell, depends, plans[0].guards)


# What a program's end is, by the words for it; anything else is refused.
ENDS = {
    "missing": re.compile(r"line .+?: (AttributeError|ImportError|ModuleNotFoundError): "),
    "warns": re.compile(r"warns, which is not stated|no longer warns of "),
    "unrun": re.compile(r"could not be started|left \d+ process|slept for|used more than|ended with|was killed"),
}


def _fall(name: str, why: str) -> Fall:
    """How an entry fell of which a program did not come to its end, or warned otherwise."""
    how = next((how for how, pattern in ENDS.items() if pattern.match(why)), "refused")
    return Fall(how, f"{name}: {why}", name.removesuffix("_fixed"))
