"""Results: reads what the jobs of a program left and makes its record of it, or says in one line what is wrong."""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import dataclass
from pathlib import Path

from headtohead.content.programs import Cell, Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.model import CellRun, Record
from headtohead.records.sealed import sha256
from headtohead.running import devices, noise, outputs
from headtohead.running.jobs import ARRAYS, Failed, Finished, Mark, Report
from headtohead.running.limits import MEGABYTE, Limits
from headtohead.running.pool import Ended
from headtohead.running.versions import installed
from headtohead.running.watch import ending


@dataclass
class Place:
    """Where a program was when it ended: a cell, or its parity check."""

    file: str
    line: int | None
    name: str

    def problem(self, what: str, remedy: str) -> Problem:
        return Problem(self.file, f"{self.name} {what}", line=self.line, remedy=remedy)


@dataclass
class Ran:
    """A program whose jobs have ended.

    Attributes:
        program: As it was when it began.
        label: The folder of its record.
        kind: `cpu` or `cuda`: what it has to have run on.
        depends: Its fingerprint when it began.
        ended: Its jobs, the first one's record first, and how they ended.
        earlier: The record of the program as it stands that has its scores with the seeds raised; None where all ran.
    """

    program: Program
    label: str
    kind: str
    depends: str
    ended: Ended
    earlier: Record | None = None

    @property
    def parity(self) -> str:
        return f"snippets/{self.program.topic}/parity.py"

    @property
    def limits(self) -> Limits:
        return self.ended.batch.jobs[0].limits

    @property
    def report(self) -> Report:
        return self.ended.report()

    def cell(self, marks: list[Mark]) -> Cell:
        """The cell that ran last."""
        cells = self.program.cells
        return cells[max(0, min(len(marks), len(cells)) - 1)]


def record(ran: Ran) -> tuple[Record, dict[str, bytes]]:
    """The record of a program with the files beside it; raises the first `Problem` of its run."""
    program, out = ran.program, ran.ended.batch.jobs[0].out
    topic, report = Topic(program.root, program.topic), ran.report
    marks = report.marks
    result = _finished(ran, marks)
    _check_what_it_left(ran, ran.cell(marks))
    if (kind := result.device.get("kind")) != ran.kind:
        what = f"ran on {kind}, not on {ran.kind}"
        raise Problem(program.name, what, remedy="install a build of the framework for that device")
    cells, files = _cells(ran, out, marks)
    arrays = _arrays(ran, out)
    files |= arrays
    made = Record(
        topic=program.topic,
        framework=program.framework.name,
        label=ran.label,
        date=datetime.date.today().isoformat(),
        duration=round(marks[len(program.cells)].at - marks[0].at, 2),
        device={"kind": "", "name": devices.processor()} | result.device | {"system": devices.system()},
        versions=installed(program, ran.label),
        depends=ran.depends,
        cells=cells,
        arrays=next(iter(arrays), None),
        guards=report.guards,
        seeds=_seeds(ran),
        seeds_of=ran.earlier and (ran.earlier.seeds_of or ran.earlier.date),
        used=program.setting([*result.used, *topic.over_seeds]) if topic.compares else None,
        given=result.given,
    )
    return made, files


# What went wrong ---------------------------------------------------------------------------------


def _finished(ran: Ran, marks: list[Mark]) -> Finished:
    """The result of the first job; raises the `Problem` of a cell or a parity check that failed."""
    program, cell = ran.program, ran.cell(marks)
    script = ran.ended.batch.jobs[0].task
    if len(marks) > len(program.cells) + 2:
        what = "claimed the ends of more cells than it has"
        raise Problem(program.name, what, remedy="let it leave alone what runs it")
    if len(marks) > len(program.cells) + 1:
        place = Place(program.name, cell.start, "the end of the program")
    elif len(marks) > len(program.cells) and script.parity:
        place = Place(ran.parity, None, f"the proof of {program.framework.label}")
    else:
        place = Place(program.name, cell.start, f"cell {cell.title!r}")
    result = _ended(ran, 0, place)
    if isinstance(result, Finished):
        if len(marks) != len(program.cells) + 2:
            raise place.problem("ended before the last cell had run", "let the program run to its end")
        return result
    if result.file == script.parity:
        what = f"the proof failed in {program.framework.label}: {result.what}"
        raise Problem(ran.parity, what, line=result.line, remedy="mend it, or the program")
    line, within = _at(program, result.line, cell)
    remedy = f"'python {program.name}' shows the whole traceback"
    raise Problem(program.name, f"cell {within.title!r}: {result.what}", line=line, remedy=remedy)


def _ended(ran: Ran, number: int, place: Place) -> Finished | Failed:
    """The result of a job; raises the `Problem` of one that did not come to its own end."""
    endings = ran.ended.endings
    if len(endings) <= number:
        remedy = "let the program signal its own processes only"
        raise Problem(place.file, "lost its supervisor, which was killed or stopped", remedy=remedy)
    end = endings[number]
    if end.over:
        raise place.problem(end.over, end.remedy)
    if end.exit < 0:
        raise place.problem(ending(end.exit), f"'python -X faulthandler {ran.program.name}' shows where")
    result = ran.ended.report(number).result
    if result is None and end.exit == os.EX_IOERR:
        raise place.problem("closed a descriptor that is not its own", "let it close those only that it opened")
    if result is None or end.exit:
        proof = place.file == ran.parity
        before = "its own end" if result or proof else "the last cell had run"
        remedy = f"let the {'proof' if proof else 'program'} run to its end"
        raise place.problem(f"ended the process with status {end.exit} before {before}", remedy)
    return result


def _at(program: Program, line: int | None, cell: Cell) -> tuple[int, Cell]:
    """Where a job says that something happened, with its cell; the cell at hand for a line that is not there."""
    within = program.cell_at(line or 0)
    return (line or 0, within) if within and line <= len(program.text.split("\n")) else (cell.start, cell)


def _check_what_it_left(ran: Ran, cell: Cell) -> None:
    """Raises the `Problem` of processes that a program left, and of files that changed beneath it."""
    program, out = ran.program, ran.ended.batch.jobs[0].out
    if (out / "forked").exists():
        said = (out / "forked").read_bytes()
        if said == b"0" and ran.ended.batch.jobs[0].task.parity:
            what = f"the proof of {program.framework.label} forked a process that ran on past it"
            raise Problem(ran.parity, what, remedy="end it with os._exit(0)")
        line, within = _at(program, int(said) if said.isdigit() and len(said) < 7 else None, cell)
        what = f"cell {within.title!r} forked a process that ran on past it"
        raise Problem(program.name, what, line=line, remedy="end it with os._exit(0)")
    if left := ran.ended.endings[0].left_behind:
        what = f"left {left} process{'es'[: 2 * (left > 1)]} behind, which {'were' if left > 1 else 'was'} ended"
        if (by := _leaving(ran)) is None:
            raise Problem(ran.parity, f"the proof of {program.framework.label} {what}", remedy="end what it starts")
        raise Problem(program.name, what, line=by.start, remedy="end what the program starts")
    now = Program(program.root, program.topic, program.framework)
    if freshness.of_program(now, ran.label) != ran.depends:
        what = "the program, its proof or a file beside it changed while it ran"
        raise Problem(program.name, what, remedy="verify again")


def _leaving(ran: Ran) -> Cell | None:
    """The first cell after which there were more processes than before it to the end; None for the proof.

    The last one, where nothing shows which: what lives only while Python ends, say.
    """
    cells, counts = ran.program.cells, [mark.processes for mark in ran.report.marks]
    after = counts[1 : len(cells) + 1]
    for index, cell in enumerate(cells):
        if min(after[index:]) > counts[0]:
            return cell
    proof = ran.ended.batch.jobs[0].task.parity and counts[-1] > counts[0]
    return None if proof else cells[-1]


# What it gave ------------------------------------------------------------------------------------


def _cells(ran: Ran, out: Path, marks: list[Mark]) -> tuple[list[CellRun], dict[str, bytes]]:
    """What each cell printed, and the figures that they drew."""
    program, cells, files = ran.program, [], {}
    stdout, stderr = (out / "stdout").read_bytes(), (out / "stderr").read_bytes()
    path, folder = ran.ended.batch.jobs[0].task.path, ran.ended.batch.jobs[0].folder
    *_, proved, end = marks
    outputs.check_proof(program, stderr[proved.err : end.err])
    for index, cell in enumerate(program.cells):
        start, stop = marks[index : index + 2]
        said, warned = stdout[start.out : stop.out], stderr[start.err : stop.err]
        if index + 1 == len(program.cells):  # and what Python ran at exit
            said, warned = said + stdout[end.out :], warned + stderr[end.err :]
        _check_errors(program, path, cell, warned)
        drawn = [path.read_bytes() for path in sorted(out.glob(f"figure-{index}-*.svg"))]
        if len(drawn) > ran.limits.figures:
            what = f"cell {cell.title!r} drew {len(drawn)} figures, {ran.limits.figures} are room for"
            raise Problem(program.name, what, line=cell.start, remedy="draw fewer, or several in one")
        for figure in drawn:
            outputs.check_figure(program, cell, figure, ran.limits.figure)
            outputs.check_places(program, cell, folder, "drew", figure.decode("utf-8", "replace"))
        named = {
            f"{program.framework.name}-{index + 1}-{number}-{sha256(data)[:8]}.svg": data
            for number, data in enumerate(drawn, 1)
        }
        files |= named
        printed = outputs.printed(program, cell, said, ran.limits.printed)
        outputs.check_places(program, cell, folder, "printed", printed)
        cells.append(CellRun(cell.title, sha256(cell.body.encode()), printed, list(named)))
    return cells, files


def _check_errors(program: Program, path: str, cell: Cell, data: bytes) -> None:
    """Raises a `Problem` for anything on stderr that is not a framework's own noise."""
    text = noise.own(data)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines:
        own = re.search(rf"{re.escape(path)}:(\d{{1,6}}): (.*)", text)
        line, first = (_at(program, int(own[1]), cell)[0], own[2]) if own else (cell.start, lines[0])
        what = f"cell {cell.title!r} warns: {first[:300]}"
        raise Problem(program.name, what, line=line, remedy="use what does not warn, or expect it in the program")


def _arrays(ran: Ran, out: Path) -> dict[str, bytes]:
    """The file of what the parity check compares, under the name for it beside the record; none where it has none."""
    if not (out / ARRAYS).exists():
        return {}
    data = (out / ARRAYS).read_bytes()
    if len(data) > MEGABYTE:
        raise Problem(ran.parity, f"arrays of {len(data) / MEGABYTE:.1f} MB", remedy="compare fewer numbers")
    return {f"{ran.program.framework.name}-{sha256(data)[:8]}.npz": data}


def _seeds(ran: Ran) -> dict[str, list[float]]:
    """Each score with each seed; raises the `Problem` of a run that did not come to its end."""
    scores: dict[str, list[float]] = {}
    for seed in range(len(ran.ended.batch.jobs)):
        name = f"with its seeds raised by {seed}, the program"
        result = _ended(ran, seed, Place(ran.program.name, ran.cell(ran.ended.report(seed).marks).start, name))
        if isinstance(result, Failed):
            what = f"{name} failed: {result.what}"
            line, _ = _at(ran.program, result.line, ran.program.cells[0])
            raise Problem(ran.program.name, what, line=line, remedy="let it work with any seed")
        for score, value in result.scores.items():
            scores.setdefault(score, []).append(value)
    if ran.earlier:
        return {score: [*new, *ran.earlier.seeds[score][len(new) :]] for score, new in scores.items()}
    return scores
