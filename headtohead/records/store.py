"""The folder of records: where each lies, and how it is read and written; says nothing of whether it is of now."""

from __future__ import annotations

import contextlib
import datetime
import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from headtohead.content import differences, mistakes, rows
from headtohead.content.frameworks import PRIMARY
from headtohead.content.programs import Program
from headtohead.errors import Problem
from headtohead.records import form, place, sealed
from headtohead.records.changes import same_text
from headtohead.records.cleared import clear
from headtohead.records.model import Agreement, DataRecord, Record
from headtohead.records.place import LOCK, WORK, Places
from headtohead.records.sealed import sha256

# What runs the data files of a folder, and what their entries are called.
COMMANDS = {rows.FOLDER: "rows", differences.FOLDER: "differences", mistakes.FOLDER: "errors"}
Kind = TypeVar("Kind")


def remedy(topic: str, label: str) -> str:
    """What makes the records of a topic anew."""
    return f"run 'nox -s {'verify' if label == PRIMARY else 'gpu'} -- {topic}'"


class Store(Places):
    """The folder of records, to read and to write."""

    @classmethod
    def of(cls, root: str | Path = "", records: str = "") -> Store:
        """The store that a setting names: this repository and its own records where it is empty."""
        home = Path(root or Path(__file__).parents[2]).resolve()
        return cls(home, home / records if records else None)

    # Reading -----------------------------------------------------------------------------------

    def read(self, topic: str, framework: str, label: str = PRIMARY) -> Record:
        """The record, whole and sealed, of what its place says; raises `Problem` with the command that mends it."""
        path, mends = self.path(topic, framework, label), remedy(topic, label)
        record = self._read(path, mends, form.record)
        self._is_of(path, mends, record, topic=topic, framework=framework, label=label)
        for name, digest in record.files.items():
            _read_beside(self, path.with_name(name), digest, mends)
        return record

    def read_agreement(self, topic: str, label: str = PRIMARY) -> Agreement:
        """The agreement of a topic, as `read` has a record."""
        path, mends = self.agreement_path(topic, label), remedy(topic, label)
        agreement = self._read(path, mends, form.agreement)
        self._is_of(path, mends, agreement, topic=topic, label=label)
        return agreement

    def read_data(self, folder: str, name: str) -> DataRecord:
        """The record of a data file, as `read` has a record."""
        return self._read(self.data_path(folder, name), f"run 'nox -s {COMMANDS[folder]} -- {name}'", form.data)

    def _read(self, path: Path, mends: str, made: Callable[[dict[str, Any]], Kind]) -> Kind:
        place.way(self.folder, path, self.name(self.folder))
        return self.formed(path, mends, made, sealed.read(path, self.name(path), mends))

    def formed(self, path: Path, mends: str, made: Callable[[dict[str, Any]], Kind], content: dict[str, Any]) -> Kind:
        """What a function of `headtohead.records.form` makes of what stands in a record; raises `Problem`."""
        try:
            return made(content)
        except ValueError as error:
            raise Problem(self.name(path), f"a record of another form: {error!s:.300}", remedy=mends) from None

    def _is_of(self, path: Path, mends: str, found: Record | Agreement, **here: str) -> None:
        """Raises `Problem` for a record in the place of another one."""
        for what, name in here.items():
            if (other := getattr(found, what)) != name:
                raise Problem(self.name(path), f"a record of the {what} {other!r:.100}", remedy=mends)

    def read_failure(self, program: Program, label: str) -> dict[str, str] | None:
        """The note of a failure, with what the program was then; None where there is none."""
        path = self.failure_path(program.topic, program.framework.name, label)
        try:
            note = json.loads(sealed.contents(path, self.name(path), ""))
            found = {key: note[key] for key in ("depends", "failure")}
        except (OSError, Problem, ValueError, KeyError, TypeError, RecursionError):
            return None
        return found if all(isinstance(each, str) for each in found.values()) else None

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
        clear(folder)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            clear(folder)

    def write(self, record: Record, files: dict[str, bytes]) -> None:
        """Writes a record with the files beside it.

        The files come first, under names that carry their hash, and the JSON last: until it is
        replaced the old record stays whole. Files that no record names any more go at the end.

        Raises:
            Problem: Something stands where it belongs, or a file is larger than one may be.
            OSError: No room, or no right.
        """
        path = self.path(record.topic, record.framework, record.label)
        record.files = {name: sha256(data) for name, data in files.items()}
        targets = {path.with_name(name): data for name, data in files.items()}
        self.check_room(path, *targets)
        for file, data in targets.items():
            if len(data) > sealed.MOST:
                what = f"{len(data) / sealed.MEGABYTE:.0f} MB, {sealed.MOST // sealed.MEGABYTE} are room for"
                raise Problem(self.name(file), what, remedy="draw or compare less")
        new = [file for file in targets if not file.exists()]
        try:
            for file, data in targets.items():
                sealed.put(file, data)
            sealed.write(path, asdict(record))
        except BaseException:
            for file in new:
                file.unlink(missing_ok=True)
            raise
        place.remove_unnamed(path, files)
        self.failure_path(record.topic, record.framework, record.label).unlink(missing_ok=True)

    def clock_back(self, record: Record) -> str | None:
        """What to say of a record that would be older than the one it replaces: the clock has jumped back, or had."""
        path = self.path(record.topic, record.framework, record.label)
        with contextlib.suppress(Problem, ValueError, TypeError, KeyError):
            before = datetime.date.fromisoformat(sealed.read(path, self.name(path), "")["date"])
            if before - datetime.date.fromisoformat(record.date) > datetime.timedelta(days=1):  # east it is tomorrow
                return f"the clock says {record.date}, the record that it replaces is of {before}"
        return None

    def write_data(
        self, folder: str, name: str, depends: str, gave: dict[str, Any], guards: Iterable[str] = ()
    ) -> None:
        """Writes what a data file gave, unless the record says so already, within rounding, and as well guarded."""
        path, made = self.data_path(folder, name), form.of_data(self.root, folder, name)
        self.check_room(path)
        with contextlib.suppress(Problem, ValueError):
            old = self.read_data(folder, name)
            same = made(old.gave) and same_text(json.dumps(old.gave), json.dumps(gave))
            if old.depends == depends and same and set(guards) <= set(old.guards):
                return
        sealed.write(path, asdict(DataRecord(depends, datetime.date.today().isoformat(), gave, list(guards))))

    def write_agreement(self, agreement: Agreement) -> None:
        path, content = self.agreement_path(agreement.topic, agreement.label), asdict(agreement)
        self.check_room(path)
        with contextlib.suppress(Problem):
            if sealed.read(path, self.name(path), "") == content:
                return
        sealed.write(path, content)

    def write_failure(self, program: Program, label: str, depends: str, line: str) -> None:
        """Notes that the program as it stands failed; an earlier record stays as it is."""
        note = {"depends": depends, "failure": line}
        path = self.failure_path(program.topic, program.framework.name, label)
        self.check_room(path)
        sealed.put(path, json.dumps(note).encode() + b"\n")


def _read_beside(store: Store, file: Path, digest: str, mends: str) -> None:
    try:
        data = sealed.contents(file, store.name(file), mends)
    except FileNotFoundError:
        data = b""
    if sha256(data) != digest:
        raise Problem(store.name(file), "not the file that was recorded", remedy=mends)
    if file.suffix == ".svg":
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            raise Problem(store.name(file), "a figure that is not UTF-8", remedy=mends) from None


# One at a time -----------------------------------------------------------------------------------


@contextlib.contextmanager
def lock(store: Store) -> Iterator[None]:
    """Holds the folder against a second run that writes, and sweeps what a killed one left."""
    import fcntl  # where programs are run; a site builds on systems too that lack it

    place.claim(store.root, store.folder, store.name(store.folder))
    store.folder.mkdir(parents=True, exist_ok=True)
    with open(_opened(store), "r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(file.read(20) or b"") or "unknown"
            what = f"another run (process {holder}) is writing these records"
            raise Problem(store.name(store.folder), what, remedy="wait until it has ended") from None
        if (said := file.read(20)) and not _holder(said):
            raise Problem(store.name(store.folder / LOCK), "no lock of these records", remedy="remove it")
        with contextlib.suppress(OSError):  # a full disk: it is locked all the same
            file.truncate(0)
            file.seek(0)
            file.write(str(os.getpid()).encode())
        place.sweep(store.folder)
        yield


def _opened(store: Store) -> int:
    path = store.folder / LOCK
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise Problem(store.name(path), "no file, and no lock of these records", remedy="remove it") from None
        raise


def _holder(said: bytes) -> str:
    """The process that holds a lock, by what stands in it."""
    return said.decode() if said.isdigit() else ""
