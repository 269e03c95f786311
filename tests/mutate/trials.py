"""Trials: runs mutants as `verify` runs programs, in a project of their own, and asks who notices each."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from headtohead.comparing.agreement import agree
from headtohead.content.frameworks import PRIMARY
from headtohead.content.parity import SEEDS
from headtohead.content.pins import LOCK
from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.changes import changes
from headtohead.records.model import Record
from headtohead.records.store import Store, lock
from headtohead.running import agreements, programs
from headtohead.running.limits import Limits
from headtohead.running.programs import Outcome, Setup
from tests.mutate.mutants import Mutant, mutants, sample

LEAST, TIMES = 60, 5  # seconds of CPU time that a mutant may take at least, and how many times what the program took
WIDTH = 100  # characters of what is said of each
SAME, WITHIN = "nothing moved at all", "what moved is within the tolerance"
SEEDED = {"OVER_SEEDS", "VARIES"}  # what a proof states of the runs with other seeds
AS_IT_IS = Mutant("none", 0, "as it is", "")


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


@dataclass(frozen=True)
class Asked:
    """Which mutants are asked for: how many of each program, by which seed, and a pattern for `line: kind: what`."""

    each: int
    seed: int = 0
    only: re.Pattern[str] = re.compile("")


def chosen(program: Program, asked: Asked, known: Container[tuple[str, str, str]]) -> list[Mutant]:
    """The mutants to try of a program, but for those that are known to change nothing."""
    other = [
        mutant
        for mutant in mutants(program.text)
        if (program.name, line(program, mutant), mutant.what) not in known
        and asked.only.search(f"{mutant.line}: {mutant.kind}: {mutant.what}")
    ]
    return sample(other, asked.each, f"{asked.seed} {program.name}")


def line(program: Program, mutant: Mutant) -> str:
    """The line of a program that a mutant changes, as it stands, without blanks around it."""
    return program.text.split("\n")[mutant.line - 1].strip()


def run(topic: Topic, tried: dict[Program, list[Mutant]], folder: Path) -> Iterator[Trial]:
    """Runs mutants of the programs of a topic, each beside the other side as it is; gives each as it ends.

    A side whose record is fresh does not run again for that: its program runs once more, as one mutant that is none.
    Where scores are followed over seeds, only what the run with the first seed does not tell runs with them all.

    Args:
        topic: It.
        tried: The mutants of its programs.
        folder: Where to work, which has to be empty.

    Raises:
        Problem: The topic does not hold as it is, or not here.
    """
    (folder / LOCK).parent.mkdir(parents=True)
    shutil.copyfile(topic.root / LOCK, folder / LOCK)
    store, base = Store(folder), _laid(topic, folder, topic.name)
    with lock(store):
        recorded = _recorded(topic, base, store)
        if broken := agreements.renew([base], store, PRIMARY):
            raise Problem(topic.where, f"as it is: {broken[0]}", remedy="mend it first")
        each = {
            program: [AS_IT_IS] * (program.framework.name in recorded) + found
            for program, found in tried.items()
            if found
        }
        again: dict[Program, list[Mutant]] = {}
        for trial in _tried(base, store, each, one_seed=bool(base.over_seeds)):
            if trial.mutant is AS_IT_IS:
                if trial.noticed:
                    raise Problem(trial.program.name, f"as it is, here: {trial.noticed}", remedy="verify it here first")
            elif base.over_seeds and not trial.noticed:
                again.setdefault(trial.program, []).append(trial.mutant)
            else:
                yield trial
        yield from _tried(base, store, again, one_seed=False)


def _recorded(topic: Topic, base: Topic, store: Store) -> set[str]:
    """Gives the copy of a topic its records: those that are fresh, which it names, others from a run here."""
    committed, fresh = Store(topic.root), set()
    for side, program in topic.programs.items():
        try:
            record = freshness.program(committed, program, PRIMARY)
        except Problem:
            continue
        store.write(record, _files(committed, topic.name, side))
        fresh.add(side)
    for outcome in _ran(Setup(store, jobs=1), [each for side, each in base.programs.items() if side not in fresh]):
        if outcome.verdict != "new":
            raise Problem(topic.where, f"as it is: {outcome.problem or outcome.about}", remedy="mend it first")
    return fresh


def _tried(base: Topic, store: Store, each: dict[Program, list[Mutant]], one_seed: bool) -> Iterator[Trial]:
    """Runs mutants and judges them; with the seeds that are written alone, or with all."""
    waiting, parity = {}, base.parity_text if base.compares else ""
    parity = of_one_seed(parity) if one_seed else parity
    for program, found in each.items():
        for number, mutant in enumerate(found):
            name = f"{base.name}-{program.framework.name}-{number}{'' if one_seed else '-all'}"
            if changed := _changed(base, program, mutant.text or program.text, name, parity):
                waiting[changed] = program, mutant
    records = [store.read(base.name, side) for side in base.programs]
    took = max(each.duration if one_seed or not base.over_seeds else each.took / SEEDS for each in records)
    setup = Setup(store, limits=Limits(seconds=max(LEAST, TIMES * took), asleep=LEAST), jobs=1)
    for outcome in _ran(setup, list(waiting)):
        yield _judged(base, store, outcome, *waiting[outcome.program])


def _ran(setup: Setup, each: list[Program]) -> Iterator[Outcome]:
    return (event for event in programs.run(setup, each) if isinstance(event, Outcome)) if each else iter(())


def _laid(topic: Topic, folder: Path, name: str) -> Topic:
    """A copy of a topic in the project of the trials."""
    copy = Topic(folder, name)
    shutil.copytree(topic.folder, copy.folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def _changed(base: Topic, program: Program, text: str, name: str, parity: str) -> Program | None:
    """A copy of a topic with one program changed, and the records of the others; None where it is out of form."""
    copy, store = _laid(base, base.root, name), Store(base.root)
    (copy.folder / program.framework.file).write_text(text, encoding="utf-8")
    if base.compares:
        copy.parity_path.write_text(parity, encoding="utf-8")
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


def of_one_seed(parity: str) -> str:
    """The text of a parity check without what it states of the runs with other seeds; lines stay where they are."""
    lines = parity.split("\n")
    for node in ast.parse(parity).body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(target, ast.Name) and target.id in SEEDED for target in targets):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return "\n".join(lines)


def _files(store: Store, topic: str, side: str) -> dict[str, bytes]:
    """What lies beside a record, by name."""
    path = store.path(topic, side)
    return {name: path.with_name(name).read_bytes() for name in store.read(topic, side).files}


def _judged(base: Topic, store: Store, outcome: Outcome, program: Program, mutant: Mutant) -> Trial:
    """Who notices a mutant that ran: the runner, what is printed and drawn, or the agreement."""
    if outcome.verdict != "new":
        who = "the agreement" if "parity.py" in outcome.problem.partition(": ")[0] else "the run failed"
        return Trial(program, mutant, f"{who}: {_shortly(outcome.problem)}")
    name, side = outcome.program.topic, program.framework.name
    old, new = store.read(base.name, side), store.read(name, side)
    before, after = _files(store, base.name, side), _files(store, name, side)
    if cells := changes(old, new, store.path(base.name, side).parent, after, base.varies):
        return Trial(program, mutant, f"the output of {', '.join(map(repr, cells))}")
    if broken := _broken(Topic(store.root, name), store, new):
        return Trial(program, mutant, f"the agreement: {_shortly(broken[0])}")
    same = before == after and [cell.output for cell in old.cells] == [cell.output for cell in new.cells]
    return Trial(program, mutant, "", SAME if same else WITHIN)


def _broken(topic: Topic, store: Store, record: Record) -> list[str]:
    """What of the agreement does not hold; nothing where the run gave nothing to compare."""
    if not topic.compares or not (record.arrays or topic.over_seeds):
        return []
    try:
        return agree(topic, store, PRIMARY).broken
    except Problem as problem:
        return [problem.what]


def _shortly(problem: str) -> str:
    """What went wrong, without the file and the remedy: both are of a copy that is gone by then."""
    said = problem.partition(": ")[2] if problem.startswith("snippets/") else problem
    return said[:WIDTH]
