"""The folder of records: where each lies, and how it is read and written; says nothing of whether it is of now."""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from headtohead.content import differences, rows
from headtohead.content.frameworks import FRAMEWORKS, PRIMARY
from headtohead.content.programs import Program
from headtohead.errors import Problem
from headtohead.records import sealed
from headtohead.records.changes import same_text
from headtohead.records.model import Agreement, CellRun, Quantity, Record
from headtohead.records.sealed import sha256

COMMANDS = {rows.FOLDER: "rows", differences.FOLDER: "differences"}  # what runs the data files of a folder
FOLDER, WORK = "records", ".work"


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
        home = Path(root or Path(__file__).parents[2]).resolve()
        return cls(home, home / records if records else None)

    def name(self, path: Path) -> str:
        return os.path.relpath(path, self.root)

    def path(self, topic: str, framework: str, label: str = PRIMARY) -> Path:
        return self.folder / label / topic / f"{framework}.json"

    def agreement_path(self, topic: str, label: str = PRIMARY) -> Path:
        return self.folder / label / topic / "agreement.json"

    def data_path(self, folder: str, name: str) -> Path:
        return self.folder / PRIMARY / folder / f"{name}.json"

    def labels(self) -> list[str]:
        """The labels that have records, the primary one first."""
        found = [path.name for path in self.folder.glob("[!.]*") if path.is_dir()]
        return sorted(found, key=lambda label: (label != PRIMARY, label))

    # Reading -----------------------------------------------------------------------------------

    def read(self, topic: str, framework: str, label: str = PRIMARY) -> Record:
        """The record, whole and sealed; raises `Problem` with the command that mends it."""
        path = self.path(topic, framework, label)
        remedy = f"run 'nox -s verify -- {topic}'"
        content = sealed.read(path, self.name(path), remedy)
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

    def read_agreement(self, topic: str, label: str = PRIMARY) -> Agreement:
        """The agreement of a topic, whole and sealed; raises `Problem` with the command that mends it."""
        path, remedy = self.agreement_path(topic, label), f"run 'nox -s verify -- {topic}'"
        content = sealed.read(path, self.name(path), remedy)
        try:
            quantities = [Quantity(**row) for row in content.pop("quantities")]
            return Agreement(quantities=quantities, **content)
        except (TypeError, KeyError):
            raise Problem(self.name(path), "an agreement of another form", remedy=remedy) from None

    def read_data(self, folder: str, name: str) -> dict[str, Any]:
        """What stands in the record of a data file: `depends`, `date`, and what it `gave` by id of its entries."""
        path = self.data_path(folder, name)
        return sealed.read(path, self.name(path), f"run 'nox -s {COMMANDS[folder]} -- {name}'")

    def read_failure(self, program: Program, label: str) -> dict[str, str] | None:
        """The note of a failure, with what the program was then; None where there is none."""
        try:
            note = json.loads(self._failure_path(program.topic, program.framework.name, label).read_bytes())
            return {key: note[key] for key in ("depends", "failure")}
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    # Writing -----------------------------------------------------------------------------------

    def cache(self) -> Path:
        """The folder of what may outlive a run: compiled kernels and fonts, keyed by content."""
        folder = self.root / ".cache"
        folder.mkdir(exist_ok=True)
        return folder

    @contextlib.contextmanager
    def work(self) -> Iterator[Path]:
        """An empty folder for a run, which goes with it."""
        folder = self.folder / WORK
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

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
                sealed.put(path.with_name(name), data)
            sealed.write(path, asdict(record))
        except BaseException:
            for file in new:
                file.unlink(missing_ok=True)
            raise
        _remove_unnamed(path, files)
        self._failure_path(record.topic, record.framework, record.label).unlink(missing_ok=True)

    def write_data(self, folder: str, name: str, depends: str, gave: dict[str, Any]) -> None:
        """Writes what a data file gave, unless the record says so already, within rounding."""
        path = self.data_path(folder, name)
        with contextlib.suppress(Problem):
            old = sealed.read(path, self.name(path), "")
            if old["depends"] == depends and same_text(json.dumps(old["gave"]), json.dumps(gave)):
                return
        sealed.write(path, {"depends": depends, "date": datetime.date.today().isoformat(), "gave": gave})

    def write_agreement(self, agreement: Agreement) -> None:
        path = self.agreement_path(agreement.topic, agreement.label)
        content = asdict(agreement)
        with contextlib.suppress(Problem):
            if sealed.read(path, self.name(path), "") == content:
                return
        sealed.write(path, content)

    def _failure_path(self, topic: str, framework: str, label: str) -> Path:
        return self.path(topic, framework, label).with_suffix(".failed")

    def write_failure(self, program: Program, label: str, depends: str, line: str) -> None:
        """Notes that the program as it stands failed; an earlier record stays as it is."""
        note = {"depends": depends, "failure": line}
        path = self._failure_path(program.topic, program.framework.name, label)
        sealed.put(path, json.dumps(note, ensure_ascii=False).encode() + b"\n")


# One at a time -----------------------------------------------------------------------------------


@contextlib.contextmanager
def lock(store: Store) -> Iterator[None]:
    """Holds the folder against a second `verify`, and sweeps what a killed one left."""
    store.folder.mkdir(parents=True, exist_ok=True)
    with open(store.folder / ".lock", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            what = f"another verify (process {holder}) is writing these records"
            raise Problem(store.name(store.folder), what, remedy="wait until it has ended") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        _sweep(store)
        yield


def _sweep(store: Store) -> None:
    """Removes what a verify that was killed left: half a file, a working folder, files of no record."""
    shutil.rmtree(store.folder / WORK, ignore_errors=True)
    for left in store.folder.rglob(".writing-*"):
        left.unlink(missing_ok=True)
    for framework in FRAMEWORKS:
        for folder in {file.parent for file in store.folder.rglob(f"{framework}-*")}:
            record = folder / f"{framework}.json"
            with contextlib.suppress(Problem):  # no whole record: the next run writes it and sweeps
                _remove_unnamed(record, sealed.read(record, store.name(record), "")["files"])


def _remove_unnamed(record: Path, named: Iterable[str]) -> None:
    for file in record.parent.glob(f"{record.stem}-*"):
        if file.name not in named:
            file.unlink()
