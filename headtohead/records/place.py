"""Where records may lie: labels, the way to a record, folders that hold records and nothing else; what is swept."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from headtohead.content import differences, mistakes, rows
from headtohead.content.frameworks import FRAMEWORKS, PRIMARY
from headtohead.errors import Problem
from headtohead.records import sealed
from headtohead.records.cleared import clear

LABEL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FOLDER, WORK, LOCK, HALF = "records", ".work", ".lock", ".writing-"
VERSIONS = "versions"  # beside the records of data files: what they gave on other releases
DATA = (rows.FOLDER, differences.FOLDER, mistakes.FOLDER)  # of data files, and of the records of those
PEOPLE = ("snippets", *DATA, "docs", "headtohead", ".git")  # whose files stand there


class Places:
    """Where each record lies.

    Args:
        root: The repository.
        folder: Where records lie; `records/` of the repository by default.
    """

    def __init__(self, root: Path, folder: Path | None = None):
        self.root, self.folder = root, folder or root / FOLDER

    def name(self, path: Path) -> str:
        return os.path.relpath(path, self.root)

    def path(self, topic: str, framework: str, label: str = PRIMARY) -> Path:
        return self.folder / label / topic / f"{framework}.json"

    def agreement_path(self, topic: str, label: str = PRIMARY) -> Path:
        return self.folder / label / topic / "agreement.json"

    def data_path(self, folder: str, name: str) -> Path:
        return self.folder / PRIMARY / folder / f"{name}.json"

    def mutants_path(self) -> Path:
        return self.folder / PRIMARY / "mutants.json"

    def failure_path(self, topic: str, framework: str, label: str) -> Path:
        return self.path(topic, framework, label).with_suffix(".failed")

    def of_topic(self, topic: str) -> list[Path]:
        """Where records of a topic may be."""
        names = [*FRAMEWORKS, "agreement"]
        return [self.path(topic, name, label) for label in self.labels() for name in names]

    def labels(self) -> list[str]:
        """The labels that have records, the primary one first."""
        found = [path.name for path in labels(self.folder)]
        return sorted(found, key=lambda label: (label != PRIMARY, label))

    def check_room(self, *files: Path) -> None:
        """Raises `Problem` where something else stands where files belong, or on the way there."""
        for file in files:
            way(self.folder, file, self.name(self.folder))
            free(file, self.name(file))


def label(text: str) -> str:
    """A label as it was given; raises `Problem` for what could be no folder of records."""
    if not LABEL.fullmatch(text):
        remedy = "write lower-case letters, digits and dashes, as in nvidia-h200"
        raise Problem("--label", f"{text!r} is no label", remedy=remedy)
    return text


def labels(folder: Path) -> list[Path]:
    """The folders of labels."""
    return [path for path in sorted(folder.glob("*")) if LABEL.fullmatch(path.name) and _is_folder(path)]


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)  # not where a link leads
    except OSError:
        return False


def way(folder: Path, path: Path, name: str) -> None:
    """Raises `Problem` unless a path leads through folders of its own to where a file may be put.

    Args:
        folder: Of all records; however one comes to it.
        path: A file below it.
        name: What messages call the folder of all records.
    """
    at = folder
    for part in path.relative_to(folder).parts[:-1]:
        at = at / part
        if os.path.lexists(at) and not _is_folder(at):
            where = f"{name}/{at.relative_to(folder).as_posix()}"
            raise Problem(where, "no folder, where one of records belongs", remedy="remove it")


def free(path: Path, name: str) -> None:
    """Raises `Problem` where a folder stands in the place of a file, which nothing here removes."""
    if _is_folder(path):
        raise Problem(name, "a folder, where a file belongs", remedy="remove it")


def claim(root: Path, folder: Path, name: str) -> None:
    """Raises `Problem` unless records may be written into a folder: what is no record there would be swept or lost.

    Args:
        root: The repository.
        folder: Where records are to lie.
        name: What messages call it.
    """
    if folder.exists() and not folder.is_dir():
        raise Problem(name, "no folder: records would not fit in it", remedy="remove it, or name another one")
    if folder == root / FOLDER:
        return
    apart(root, folder, name)
    if odd := sorted(set(os.listdir(folder) if folder.exists() else []) - _own(folder)):
        raise Problem(name, f"there is {odd[0]!r} in it, which is no record", remedy="name a new or an empty folder")


def apart(root: Path, folder: Path, name: str) -> None:
    """Raises `Problem` for a folder that is none beside what people write and beside the repository's own records."""
    elsewhere = "name a folder of its own"
    if root.is_relative_to(folder):
        raise Problem(name, "the repository lies in it, and no records", remedy=elsewhere)
    inside = [place for place in (*PEOPLE, FOLDER) if folder.is_relative_to(root / place)]
    if inside:
        raise Problem(name, f"it lies in {inside[0]}/, where other files have their place", remedy=elsewhere)


def strays(folder: Path, known: set[Path], within: str = "") -> list[Path]:
    """Records that are of nothing that there is; `within` is the only folder of a label that counts, or the rest."""
    own = _own(folder)  # asked once: it looks through the folder
    odd = [] if within else [path for path in folder.glob("*") if path.name not in own]
    data = (*DATA, VERSIONS)
    found = [
        place / name
        for each in labels(folder)
        for place, names in _files(each / within)
        if within or place.relative_to(each).as_posix() not in data
        for name in names
        if name.endswith(".json")
    ]
    return sorted([*odd, *(path for path in found if path not in known)])


def _own(folder: Path) -> set[str]:
    """The names in a folder of records that are those of a run."""
    halves = (path.name for path in folder.glob(f"{HALF}*"))
    return {*(path.name for path in labels(folder)), WORK, LOCK, *halves}


# What a run that was killed left -----------------------------------------------------------------


def sweep(folder: Path) -> None:
    """Removes half a file, a working folder, files of no record."""
    if not _is_folder(folder / WORK):  # a link, say
        _remove(folder / WORK)
    clear(folder / WORK)
    for each in labels(folder):
        for place, names in _files(each):
            for name in names:
                if name.startswith(HALF):
                    _remove(place / name)
            for framework in FRAMEWORKS:
                if any(name.startswith(f"{framework}-") for name in names):
                    path = place / f"{framework}.json"
                    with contextlib.suppress(Problem):  # no whole record: the next run writes it and sweeps
                        if isinstance(files := sealed.read(path, path.name, "").get("files"), dict):
                            remove_unnamed(path, files)


def _files(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    for place, _, names in os.walk(folder):
        yield Path(place), names


def remove_unnamed(record: Path, named: Iterable[str]) -> None:
    """Removes the files beside a record that it does not name; what cannot be removed harms nobody."""
    for file in record.parent.glob(f"{record.stem}-*"):
        if file.name not in named and not _is_folder(file):
            _remove(file)


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink()
