"""Trials: runs mutants as `verify` runs programs, in a project of their own, and asks who notices each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from headtohead.comparing.agreement import agree
from headtohead.content.frameworks import PRIMARY
from headtohead.content.pins import LOCK
from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records.changes import changes
from headtohead.records.store import Store, lock
from headtohead.running import agreements, programs
from headtohead.running.limits import Limits
from headtohead.running.programs import Outcome, Setup
from tests.mutate.mutants import Mutant, mutants, sample

LEAST, TIMES = (
    60,
    10,
)  # seconds of CPU time that each mutant may take at least, and how many times what the program took
WIDTH = 100  # characters of what is said of each
SAME, WITHIN = "nothing moved at all", "what moved is within the tolerance"


@dataclass(frozen=True)
class Trial:
    """A mutant that ran.

    Attributes:
        program: What was changed.
        mutant: How.
        noticed: Who noticed it, and where; empty of a survivor.
        moved: Of a survivor: whether the numbers of the proof or the output moved at all.
    """

    program: Program
    mutant: Mutant
    noticed: str
    moved: str = ""

    def __str__(self) -> str:
        said = f"noticed: {self.noticed}" if self.noticed else f"survived: {self.moved}"
        return f"{self.program.name}:{self.mutant.line}: {self.mutant.kind}: {self.mutant.what}; {said}"


def chosen(topic: Topic, each: int, seed: int, known: frozenset[tuple[str, str, str]]) -> dict[Program, list[Mutant]]:
    """The mutants to try of each program of a topic, but for those that are known to change nothing."""
    found = {}
    for program in topic.programs.values():
        lines = program.text.split("\n")
        other = [
            each
            for each in mutants(program.text)
            if (program.name, lines[each.line - 1].strip(), each.what) not in known
        ]
        found[program] = sample(other, each, f"{seed} {program.name}")
    return found


def run(topic: Topic, tried: dict[Program, list[Mutant]], folder: Path) -> Iterator[Trial]:
    """Runs a topic as it is, then its mutants; gives each as it ends.

    Args:
        topic: It.
        tried: The mutants of its programs.
        folder: Where to work, which has to be empty.

    Raises:
        Problem: The topic does not hold as it is.
    """
    (folder / LOCK).parent.mkdir(parents=True)
    shutil.copyfile(topic.root / LOCK, folder / LOCK)
    store, base = Store(folder), _laid(topic, folder, topic.name)
    with lock(store):
        for outcome in _ran(Setup(store), list(base.programs.values())):
            if outcome.verdict != "new":
                raise Problem(topic.where, f"as it is: {outcome.problem or outcome.about}", remedy="mend it first")
        if broken := agreements.renew([base], store, PRIMARY):
            raise Problem(topic.where, f"as it is: {broken[0]}", remedy="mend it first")
        waiting = {}
        for program, found in tried.items():
            for number, mutant in enumerate(found, 1):
                changed = _changed(base, program, mutant, f"{topic.name}-{program.framework.name}-{number}", store)
                if changed:
                    waiting[changed] = program, mutant
        took = max(store.read(base.name, side).took for side in base.programs)
        setup = Setup(store, limits=Limits(seconds=max(LEAST, TIMES * took), asleep=LEAST))
        for outcome in _ran(setup, list(waiting)):
            program, mutant = waiting[outcome.program]
            yield _judged(base, store, outcome, program, mutant)


def _ran(setup: Setup, each: list[Program]) -> Iterator[Outcome]:
    return (event for event in programs.run(setup, each) if isinstance(event, Outcome))


def _laid(topic: Topic, folder: Path, name: str) -> Topic:
    """A copy of a topic in the project of the trials."""
    copy = Topic(folder, name)
    shutil.copytree(topic.folder, copy.folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def _changed(base: Topic, program: Program, mutant: Mutant, name: str, store: Store) -> Program | None:
    """A copy of a topic with one program changed, and the records of the others; None where it is out of form."""
    copy = _laid(base, store.root, name)
    path = copy.folder / program.framework.file
    path.write_text(mutant.text, encoding="utf-8")
    try:
        copy.check()
    except Problem:
        shutil.rmtree(copy.folder)
        return None
    for side in base.programs:
        if side != program.framework.name:
            record = store.read(base.name, side)
            store.write(replace(record, topic=name), _files(store, base.name, side))
    return copy.programs[program.framework.name]


def _files(store: Store, topic: str, side: str) -> dict[str, bytes]:
    """What lies beside a record, by name."""
    path = store.path(topic, side)
    return {name: path.with_name(name).read_bytes() for name in store.read(topic, side).files}


def _judged(base: Topic, store: Store, outcome: Outcome, program: Program, mutant: Mutant) -> Trial:
    """Who notices a mutant that ran: the runner, what is printed and drawn, or the agreement."""
    if outcome.verdict != "new":
        return Trial(program, mutant, f"the run failed: {_shortly(outcome.problem)}")
    name, side = outcome.program.topic, program.framework.name
    old, new = store.read(base.name, side), store.read(name, side)
    before, after = _files(store, base.name, side), _files(store, name, side)
    if cells := changes(old, new, store.path(base.name, side).parent, after, base.varies):
        return Trial(program, mutant, f"the output of {', '.join(map(repr, cells))}")
    if base.compares:
        try:
            broken = agree(Topic(store.root, name), store, PRIMARY).broken
        except Problem as problem:
            broken = [problem.what]
        if broken:
            return Trial(program, mutant, f"the agreement: {_shortly(broken[0])}")
    same = before == after and [cell.output for cell in old.cells] == [cell.output for cell in new.cells]
    return Trial(program, mutant, "", SAME if same else WITHIN)


def _shortly(problem: str) -> str:
    """What went wrong, without the file and the remedy: both are of a copy that is gone by then."""
    said = problem.partition(": ")[2] if problem.startswith("snippets/") else problem
    return said[:WIDTH]
