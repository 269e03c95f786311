"""Made-up records: a topic in small whose programs have run, and the two sides agree."""

from __future__ import annotations

import json
from pathlib import Path

from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.records import freshness, sealed
from headtohead.records.model import Agreement, CellRun, Quantity, Record
from headtohead.records.sealed import sha256
from headtohead.records.store import Store
from tests.support.files import write

LOCK = "torch==2.13.0\ntensorflow==2.21.0\nkeras==3.15.1\nnumpy==2.4.6\n"
VERSIONS = {"python": "3.11.7", "torch": "2.13.0+cpu", "tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6"}
CELLS = '# %% Setup\nimport {module}\n\n# %% Show\nprint("2 < 3 & 4")\n'
LEFT, RIGHT = (f'"""Show a sum."""\n\n{CELLS.format(module=module)}' for module in ("torch", "tensorflow"))
PROOF = '"""Same sums: both add."""\n\nimport numpy as np\n'
SVG = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M 0 1.25'/></svg>"


def house(root: Path, files: dict[str, str] | None = None) -> Topic:
    """A repository in small: the topic a/b, or other files, and the locked versions."""
    if files is None:
        files = {"in_pytorch.py": LEFT, "in_tensorflow.py": RIGHT, "parity.py": PROOF}
    files = {f"snippets/a/b/{name}": text for name, text in files.items()}
    return Topic(write(root, files | {"requirements/programs.txt": LOCK}), "a/b")


def ran(
    program: Program, label: str = "cpu", printed: dict[str, str] | None = None, drawn: str | None = None
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
    return Record(program.topic, side, label, "2026-11-22", 0.5, device, versions, print_of_all, cells, arrays)


def settle(found: Topic, label: str = "cpu", printed: dict[str, str] | None = None, drawn: str | None = None) -> Store:
    """A store in which every program of a topic has run, and the two sides agree."""
    store = Store(found.root)
    for program in found.programs.values():
        record = ran(program, label, printed, drawn)
        files = {record.arrays: b"numbers of " + program.framework.name.encode()}
        files |= {name: drawn.encode() for cell in record.cells for name in cell.figures}
        store.write(record, files)
    if found.compares:
        rows = [
            Quantity("sum", "float32", [], 1.5e-7, 1e-7, 1.3e-6, 1e-5),
            Quantity("seed", "float32", [2], 1.0, 1.0, 1.3e-6, 1e-5, "each has <its own>"),
        ]
        store.write_agreement(Agreement("a/b", label, freshness.of_agreement(store, found, label), rows))
    return store


def left(found: Topic) -> Program:
    return next(iter(Topic(found.root, found.name).programs.values()))


def reseal(path: Path, change) -> None:
    """Changes a record as no hand would: with a seal that matches."""
    content = json.loads(path.read_text())
    content.pop("seal")
    change(content)
    path.write_text(json.dumps(content | {"seal": sealed.seal(content)}))
