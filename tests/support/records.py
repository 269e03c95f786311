"""Made-up records: what a run of a program would have recorded, and what the two sides would have agreed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from headtohead.content.frameworks import PRIMARY
from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.records import freshness, sealed
from headtohead.records.model import Agreement, CellRun, Quantity, Record
from headtohead.records.sealed import sha256
from headtohead.records.store import Store

# As `tests.support.texts.PINS` has it.
VERSIONS = {"python": "3.11.7", "torch": "2.13.0+cpu", "tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6"}
QUANTITIES = (
    Quantity("sum", "float32", [], 1.5e-7, 1e-7, 1.3e-6, 1e-5),
    Quantity("seed", "float32", [2], 1.0, 1.0, 1.3e-6, 1e-5, "each has <its own>"),
)

REMEDY = r"; run 'nox -s verify -- a/b'$"  # how a line about a record of the topic in small ends


def ran(
    program: Program, label: str = PRIMARY, printed: dict[str, str] | None = None, drawn: str | None = None
) -> Record:
    """The record of a run that printed something in its cells, and drew something in its last one."""
    name = f"{program.framework.name}-2-1-{sha256(drawn.encode())[:8]}.svg" if drawn else None
    cells = [
        CellRun(cell.title, sha256(cell.body.encode()), (printed or {}).get(cell.title, "")) for cell in program.cells
    ]
    cells[-1].figures = [name] if name else []
    versions = {package: VERSIONS[package] for package in ("python", *program.framework.packages)}
    device = {"kind": "cpu", "name": "A CPU", "system": "Linux"}
    print_of_all = freshness.of_program(program, label)
    side = program.framework.name
    arrays = f"{side}-{label}.npz"
    return Record(program.topic, side, label, "2026-11-22", 0.5, device, versions, print_of_all, cells, arrays, used=[])


def agreed(store: Store, found: Topic, label: str = PRIMARY, quantities: Sequence[Quantity] = QUANTITIES) -> Agreement:
    """The agreement of a topic whose sides have been recorded."""
    depends = freshness.of_agreement(store, found, label)
    return Agreement(found.name, label, depends, list(quantities), compared={side: [] for side in found.programs})


def left(found: Topic) -> Program:
    """PyTorch's program of a topic, as it stands now."""
    return next(iter(Topic(found.root, found.name).programs.values()))


def reseal(path: Path, change) -> None:
    """Changes a record as no hand would: with a seal that matches."""
    content = json.loads(path.read_text())
    content.pop("seal")
    change(content)
    sealed.write(path, content)
