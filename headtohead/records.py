"""Records: what a run produced, one JSON file a topic, framework and device, with files beside it."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from headtohead.errors import Problem
from headtohead.pins import pinned
from headtohead.programs import FRAMEWORKS, Program, Topic, sha256

PRIMARY = "cpu"  # the label that every page needs; others stand beside it
DATA = {"api": "rows", "differences": "differences"}  # the folders of data files, and what runs them
FOLDER = "records"


@dataclass
class CellRun:
    """What one cell did.

    Attributes:
        title: The title of the cell.
        sha256: Of the bytes of its body.
        output: What it printed, as text.
        figures: Names of the SVG files it drew, beside the record.
    """

    title: str
    sha256: str
    output: str = ""
    figures: list[str] = field(default_factory=list)


@dataclass
class Record:
    """What a run of one program on one device produced.

    Attributes:
        topic: The topic, as in `training/training_loop`.
        framework: `pytorch`, `tensorflow` or `both`.
        label: The device's folder below `records/`.
        date: The day of the run, ISO 8601.
        duration: Seconds that its cells took, without imports that were warm.
        device: `kind` (`cpu`, `cuda`), `name`, `system`.
        versions: Of Python and of each package that it needs, as installed.
        depends: The hash of all that the output depends on: `fingerprint`.
        cells: One entry a cell, in order.
        arrays: The file with what the proof of agreement compares, beside the record.
        seeds: What each score was as it ended, with the seeds as written, raised by 1, by 2, and so on.
        files: The SHA-256 of each file beside the record.
    """

    topic: str
    framework: str
    label: str
    date: str
    duration: float
    device: dict[str, str]
    versions: dict[str, str]
    depends: str
    cells: list[CellRun]
    arrays: str | None = None
    seeds: dict[str, list[float]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def took(self) -> float:
        """About how many seconds running it takes, with every seed."""
        return self.duration * max(map(len, self.seeds.values()), default=1)

    def cell(self, title: str) -> CellRun:
        return next(cell for cell in self.cells if cell.title == title)


@dataclass
class Quantity:
    """One row of an agreement.

    Attributes:
        name: What is compared.
        dtype: Of both sides.
        shape: Of both sides.
        absolute: The largest absolute difference.
        relative: The largest difference relative to the right side, where that is not zero.
        rtol: Relative tolerance.
        atol: Absolute tolerance.
        differs: The documented reason why the two differ, or None where they have to agree.
    """

    name: str
    dtype: str
    shape: list[int]
    absolute: float
    relative: float
    rtol: float
    atol: float
    differs: str | None = None


@dataclass
class Agreement:
    """How closely the two sides of a topic agree on one device.

    Attributes:
        depends: The hash of the proof and of both sides' arrays.
        quantities: One row for each thing compared.
        broken: One line a row that does not hold; empty where all hold.
    """

    topic: str
    label: str
    depends: str
    quantities: list[Quantity]
    broken: list[str] = field(default_factory=list)

    @property
    def agreeing(self) -> list[Quantity]:
        return [quantity for quantity in self.quantities if quantity.differs is None]

    @property
    def differing(self) -> list[Quantity]:
        return [quantity for quantity in self.quantities if quantity.differs is not None]


def fingerprint(program: Program, label: str) -> str:
    """The hash of all that a program's output depends on: its text, its files, the pinned versions.

    Records of other devices than the primary one carry the versions that were there; only the
    primary label is held to the pins.
    """
    found = Topic(program.root, program.topic)
    names = [path.relative_to(found.folder).as_posix() for path in found.local_files]
    local = b"".join(name.encode() + sha256((found.folder / name).read_bytes()).encode() for name in names)
    pins = pinned(program.root, program.distributions, program.name) if label == PRIMARY else {}
    proof = found.parity_text.encode() if found.compares else b""
    return sha256(program.bytes, local, json.dumps(pins, sort_keys=True).encode(), proof)


class Store:
    """The folder of records.

    Args:
        root: The repository.
        folder: Where records lie; `records/` of the repository by default.
    """

    def __init__(self, root: Path, folder: Path | None = None):
        self.root, self.folder = root, folder or root / FOLDER

    @classmethod
    def of(cls, root: str | Path = "", records: str = "") -> Store:
        """The store that a setting names: this repository and its own records where it is empty."""
        home = Path(root or Path(__file__).parents[1]).resolve()
        return cls(home, home / records if records else None)

    def name(self, path: Path) -> str:
        return os.path.relpath(path, self.root)

    def path(self, topic: str, framework: str, label: str = PRIMARY) -> Path:
        return self.folder / label / topic / f"{framework}.json"

    def agreement_path(self, topic: str, label: str = PRIMARY) -> Path:
        return self.folder / label / topic / "agreement.json"

    def labels(self) -> list[str]:
        """The labels that have records, the primary one first."""
        found = [path.name for path in self.folder.glob("[!.]*") if path.is_dir()]
        return sorted(found, key=lambda label: (label != PRIMARY, label))

    # Reading -----------------------------------------------------------------------------------

    def _read(self, path: Path, remedy: str) -> dict[str, Any]:
        try:
            content = json.loads(path.read_bytes())
            seal = content.pop("seal")
        except FileNotFoundError:
            raise Problem(self.name(path), "no such record", remedy=remedy) from None
        except (ValueError, KeyError, AttributeError, TypeError):  # half a record, or a list
            raise Problem(self.name(path), "not a whole record", remedy=remedy) from None
        if seal != _seal(content):
            raise Problem(self.name(path), "edited by hand: its seal does not match", remedy=remedy)
        return content

    def read(self, topic: str, framework: str, label: str = PRIMARY) -> Record:
        """The record, whole and sealed; raises `Problem` with the command that mends it."""
        path = self.path(topic, framework, label)
        remedy = f"run 'nox -s verify -- {topic}'"
        content = self._read(path, remedy)
        try:
            cells = [CellRun(**cell) for cell in content.pop("cells")]
            record = Record(cells=cells, **content)
        except (TypeError, KeyError):
            raise Problem(self.name(path), "a record of another form", remedy=remedy) from None
        for name, digest in record.files.items():
            file = path.with_name(name)
            if not file.exists() or sha256(file.read_bytes()) != digest:
                raise Problem(self.name(file), "not the file that was recorded", remedy=remedy)
        return record

    def fresh(self, program: Program, label: str = PRIMARY) -> Record:
        """The record of the program as it stands now; raises `Problem` for a stale or failed one."""
        failure = self.failure(program, label)
        if failure:
            raise Problem(program.name, f"failed when it last ran: {failure}", remedy="mend and verify it")
        record = self.read(program.topic, program.framework.name, label)
        path = self.name(self.path(program.topic, program.framework.name, label))
        remedy = f"run 'nox -s verify -- {program.topic}'"
        cells = [(cell.title, sha256(cell.body.encode())) for cell in program.cells]
        if [(cell.title, cell.sha256) for cell in record.cells] != cells:
            raise Problem(program.name, f"changed since it ran: {path} is stale", remedy=remedy)
        if label == PRIMARY:
            pins = pinned(program.root, program.distributions, program.name)
            for package, version in pins.items():
                ran = record.versions.get(package, "none")
                if ran.partition("+")[0] != version:
                    what = f"{path} ran with {package} {ran}, pinned is {version}"
                    raise Problem(program.name, what, remedy=remedy)
        if record.depends != fingerprint(program, label):
            what = f"{path} is stale: the program, its proof, a file beside it or a pinned version has changed"
            raise Problem(program.name, what, remedy=remedy)
        return record

    def agreement(self, topic: Topic, label: str = PRIMARY) -> Agreement | None:
        """The agreement of a topic as it stands; None where the topic compares no numbers."""
        if not topic.compares:
            return None
        path = self.agreement_path(topic.name, label)
        remedy = f"run 'nox -s verify -- {topic.name}'"
        content = self._read(path, remedy)
        try:
            rows = [Quantity(**row) for row in content.pop("quantities")]
            agreement = Agreement(quantities=rows, **content)
        except (TypeError, KeyError):
            raise Problem(self.name(path), "an agreement of another form", remedy=remedy) from None
        if agreement.depends != self.agreement_depends(topic, label):
            raise Problem(self.name(path), "stale: the proof or a side has changed", remedy=remedy)
        if agreement.broken:
            raise broken_agreement(topic, agreement.broken[0])
        return agreement

    def agreement_depends(self, topic: Topic, label: str) -> str:
        """The hash of what an agreement was computed from."""
        records = [self.read(topic.name, side, label) for side in topic.programs]
        sides = [str(record.files.get(record.arrays or "")).encode() for record in records]
        sides += [json.dumps(record.seeds).encode() for record in records if record.seeds]
        return sha256(topic.parity_text.encode(), *sides)

    def data(self, folder: str, name: str, depends: str) -> dict[str, Any]:
        """What running a data file of a folder gave, by id of its entries.

        Raises:
            Problem: There is no record, or it is not of now: `depends` is the hash of all that it hangs on.
        """
        path, remedy = self._data_path(folder, name), f"run 'nox -s {DATA[folder]} -- {name}'"
        content = self._read(path, remedy)
        if content.get("depends") != depends:
            what = f"stale: the {DATA[folder]}, what runs them or a pinned version has changed"
            raise Problem(self.name(path), what, remedy=remedy)
        return content["gave"]

    def _data_path(self, folder: str, name: str) -> Path:
        return self.folder / PRIMARY / folder / f"{name}.json"

    # Writing -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the folder against a second `verify`, and sweeps what a killed one left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / ".lock", "a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                what = f"another verify (process {holder}) is writing these records"
                raise Problem(self.name(self.folder), what, remedy="wait until it has ended") from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Removes what a verify that was killed left: half a file, a working folder, files of no record."""
        shutil.rmtree(self.folder / ".work", ignore_errors=True)
        for left in self.folder.rglob(".writing-*"):
            left.unlink(missing_ok=True)
        for framework in FRAMEWORKS:
            for folder in {file.parent for file in self.folder.rglob(f"{framework}-*")}:
                record = folder / f"{framework}.json"
                with contextlib.suppress(Problem):  # no whole record: the next run writes it and sweeps
                    self._remove_unnamed(record, self._read(record, "")["files"])

    def _remove_unnamed(self, record: Path, named: Iterable[str]) -> None:
        for file in record.parent.glob(f"{record.stem}-*"):
            if file.name not in named:
                file.unlink()

    def _write(self, path: Path, data: bytes) -> None:
        """Puts a file in place whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _write_sealed(self, path: Path, content: dict[str, Any]) -> None:
        text = json.dumps(content | {"seal": _seal(content)}, indent=1, ensure_ascii=False)
        self._write(path, text.encode() + b"\n")

    def write(self, record: Record, files: dict[str, bytes]) -> None:
        """Writes a record with the files beside it.

        The files come first, under names that carry their hash, and the JSON last: until it is
        replaced the old record stays whole. Files that no record names any more go at the end.
        """
        path = self.path(record.topic, record.framework, record.label)
        record.files = {name: sha256(data) for name, data in files.items()}
        new = [path.with_name(name) for name in files if not path.with_name(name).exists()]
        try:
            for name, data in files.items():
                self._write(path.with_name(name), data)
            self._write_sealed(path, asdict(record))
        except BaseException:
            for file in new:
                file.unlink(missing_ok=True)
            raise
        self._remove_unnamed(path, files)
        self._failure_path(record.topic, record.framework, record.label).unlink(missing_ok=True)

    def write_data(self, folder: str, name: str, depends: str, gave: dict[str, Any]) -> None:
        """Writes what a data file gave, unless the record says so already, within rounding."""
        path = self._data_path(folder, name)
        with contextlib.suppress(Problem):
            old = self._read(path, "")
            if old["depends"] == depends and same_text(json.dumps(old["gave"]), json.dumps(gave)):
                return
        self._write_sealed(path, {"depends": depends, "date": datetime.date.today().isoformat(), "gave": gave})

    def write_agreement(self, agreement: Agreement) -> None:
        path = self.agreement_path(agreement.topic, agreement.label)
        content = asdict(agreement)
        with contextlib.suppress(Problem):
            if self._read(path, "") == content:
                return
        self._write_sealed(path, content)

    def _failure_path(self, topic: str, framework: str, label: str) -> Path:
        return self.path(topic, framework, label).with_suffix(".failed")

    def write_failure(self, program: Program, label: str, line: str) -> None:
        """Notes that the program as it stands failed; an earlier record stays as it is."""
        path = self._failure_path(program.topic, program.framework.name, label)
        note = {"depends": fingerprint(program, label), "failure": line}
        self._write(path, json.dumps(note, ensure_ascii=False).encode() + b"\n")

    def failure(self, program: Program, label: str) -> str | None:
        """What went wrong when the program as it stands last ran, or None."""
        path = self._failure_path(program.topic, program.framework.name, label)
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
            return note["failure"] if note["depends"] == fingerprint(program, label) else None
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def broken_agreement(topic: Topic, line: str) -> Problem:
    """The problem of two sides that do not do what the proof says."""
    remedy = "mend a program, or document the difference in DIFFERENT"
    return Problem(f"snippets/{topic.name}/parity.py", f"broken agreement: {line}", remedy=remedy)


def _seal(content: dict[str, Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())


# Comparing two runs of the same program --------------------------------------------------------

# Another CPU rounds differently, and training amplifies it: the third digit may move.
OUTPUT_RTOL, OUTPUT_ATOL = 2e-2, 2e-3
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE][-+]?\d))(?:[eE][-+]?\d+)?(?!\w|\.\d)")


def same_text(one: str, other: str) -> bool:
    """Whether two texts are equal but for the rounding of floating-point numbers in them.

    Words, whole numbers and line breaks have to be the same to the letter. A number with a point or an
    exponent may be off by `OUTPUT_RTOL * |number|` or by `OUTPUT_ATOL`, and blanks may move with its width.
    """
    if one == other:
        return True
    if _skeleton(one) != _skeleton(other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other))
    return all(math.isclose(float(a), float(b), rel_tol=OUTPUT_RTOL, abs_tol=OUTPUT_ATOL) for a, b in pairs)


def _skeleton(text: str) -> list[list[str]]:
    """The words of each line, with a mark where a number stands; a number is a word of its own."""
    return [NUMBER.sub(" \0 ", line).split() for line in text.split("\n")]


def changes(
    old: Record, new: Record, old_folder: Path, new_files: dict[str, bytes], varies: Container[str] = ()
) -> list[str]:
    """The titles of the cells whose output or figures are not those of the old record.

    Of the cells that vary from CPU to CPU it is asked whether they print at all, and how many figures they draw.
    """
    changed = []
    for before, after in zip(old.cells, new.cells):
        varying = after.title in varies
        same = bool(before.output) == bool(after.output) if varying else same_text(before.output, after.output)
        same = same and len(before.figures) == len(after.figures)
        for a, b in zip(before.figures, after.figures) if not varying else ():
            drawn = (old_folder / a).read_text(encoding="utf-8")
            same = same and same_text(drawn, new_files[b].decode())
        if not same:
            changed.append(after.title)
    return changed
