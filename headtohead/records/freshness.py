"""Freshness: what a record depends on, as one fingerprint, and the one place that says that a record is stale, and why.

One policy for all: the content that people wrote, the pinned versions, the tolerances and the settings, and an edition
of the machinery. The code of the machinery is not hashed, since a comment in it changes nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from headtohead.content import differences, mistakes, rows, settings, tolerances
from headtohead.content.frameworks import PACKAGES, PRIMARY
from headtohead.content.parity import SEEDS
from headtohead.content.pins import pinned
from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import form
from headtohead.records.model import Agreement, Measurement, Record
from headtohead.records.sealed import sha256
from headtohead.records.store import COMMANDS, Store, remedy

Thing = TypeVar("Thing")

# Raise one by 1 where the machinery may give other results of that kind from the same content: a test holds the
# committed records against what was just measured, and fails where this was forgotten.
EDITIONS = {"programs": 1, "agreements": 1, rows.FOLDER: 3, differences.FOLDER: 1, mistakes.FOLDER: 1}


def stale(each: Iterable[Thing], check: Callable[[Thing], object]) -> dict[Thing, str]:
    """Those of which a check raises a `Problem`, and why."""
    reasons = {}
    for thing in each:
        try:
            check(thing)
        except Problem as problem:
            reasons[thing] = str(problem)
    return reasons


def of_program(program: Program, label: str) -> str:
    """The hash of all that a program's output depends on: its text, its files, its parity check, the pinned versions.

    Records of other devices than the primary one carry the versions that were there; only the
    primary label is held to the pins.
    """
    found = Topic(program.root, program.topic)
    local = b"".join(
        os.fsencode(path.relative_to(found.folder).as_posix()) + sha256(_bytes(program.root, path)).encode()
        for path in found.local_files
    )
    pins = pinned(program.root, program.distributions, program.name, program.needed_at) if label == PRIMARY else {}
    parity = found.parity_text.encode() if found.compares else b""
    return _fingerprint("programs", pins, program.bytes, local, parity)


def of_agreement(store: Store, topic: Topic, label: str) -> str:
    """The hash of what an agreement was computed from: the parity check, and what each side wrote."""
    records = [store.read(topic.name, side, label) for side in topic.programs]
    arrays = [record.files.get(record.arrays or "") for record in records]
    seeds = [record.seeds for record in records]
    used = [record.used for record in records]
    return _fingerprint("agreements", {}, topic.parity_text.encode(), *map(_plain, (arrays, seeds, used)))


def of_data(root: Path, folder: str, name: str) -> str:
    """The hash of all that the record of a data file depends on; `rows.COUNT` is that of every area of the map."""
    pins = pinned(root, tuple(sorted(PACKAGES)), f"{folder}/{name}.toml")
    every = folder == rows.FOLDER and name == rows.COUNT
    paths = sorted((root / folder).glob("*.toml")) if every else [root / folder / f"{name}.toml"]
    return _fingerprint(folder, pins, *(_bytes(root, path) for path in paths))


def _bytes(root: Path, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        name = os.path.relpath(path, root)
        raise Problem(name, f"cannot be read: {error.strerror}", remedy="mend that, or take it away") from None


def _fingerprint(kind: str, pins: dict[str, str], *content: bytes) -> str:
    conditions = [kind, EDITIONS[kind], pins, tolerances.ALL, settings.EVERYWHERE, settings.ON_A_CPU]
    return sha256(*content, _plain(conditions))


def _plain(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


# Records that are of now -------------------------------------------------------------------------


def program(store: Store, program: Program, label: str = PRIMARY) -> Record:
    """The record of a program as it stands now; raises `Problem` for a stale or failed one."""
    if failed := failure(store, program, label):
        raise Problem(program.name, f"failed when it last ran: {failed}", remedy="mend and verify it")
    record = store.read(program.topic, program.framework.name, label)
    path, mends = store.name(store.path(program.topic, program.framework.name, label)), remedy(program.topic, label)
    cells = [(cell.title, sha256(cell.body.encode())) for cell in program.cells]
    if [(cell.title, cell.sha256) for cell in record.cells] != cells:
        raise Problem(program.name, f"changed since it ran: {path} is stale", remedy=mends)
    if label == PRIMARY:
        pins = pinned(program.root, program.distributions, program.name, program.needed_at)
        for package, version in pins.items():
            ran = record.versions.get(package, "none")
            if ran.partition("+")[0] != version:
                what = f"{path} ran with {package} {ran}, pinned is {version}"
                raise Problem(program.name, what, remedy=mends)
    if record.depends != of_program(program, label):
        what = f"{path} is stale: the program, its proof, a file beside it or a pinned version has changed"
        raise Problem(program.name, what, remedy=mends)
    _check_proved(store, program, record, mends)
    return record


def _check_proved(store: Store, program: Program, record: Record, mends: str) -> None:
    """Raises `Problem` unless a record has what the proof compares, and says what that used of the program."""
    found = Topic(program.root, program.topic)
    path = store.name(store.path(program.topic, program.framework.name, record.label))
    if found.compares and not record.arrays:
        raise Problem(path, "without the arrays that the proof compares", remedy=mends)
    if found.compares and record.used is None:
        raise Problem(path, "from before what a proof uses was noted", remedy=mends)
    for name in found.scores:
        if len(record.seeds.get(name, [])) != SEEDS:
            raise Problem(path, f"without {name!r} of each of {SEEDS} seeds", remedy=mends)


def failure(store: Store, program: Program, label: str) -> str | None:
    """What went wrong when the program as it stands last ran, or None."""
    note = store.read_failure(program, label)
    return note["failure"] if note and note["depends"] == of_program(program, label) else None


def agreement(store: Store, topic: Topic, label: str = PRIMARY) -> Agreement | None:
    """The agreement of a topic as it stands; None where the topic compares no numbers.

    Raises:
        Problem: There is none, it is stale, or the two sides do not agree (`BrokenAgreement`).
    """
    if not topic.compares:
        return None
    found = store.read_agreement(topic.name, label)
    if found.depends != of_agreement(store, topic, label):
        name = store.name(store.agreement_path(topic.name, label))
        raise Problem(name, "stale: the proof or a side has changed", remedy=remedy(topic.name, label))
    if found.broken:
        raise BrokenAgreement(topic, found.broken[0])
    return found


class BrokenAgreement(Problem):
    """Two sides that do not do what the parity check says; `line` says in which quantity."""

    def __init__(self, topic: Topic, line: str):
        remedy = "mend a program, or document the difference in DIFFERENT"
        super().__init__(f"snippets/{topic.name}/parity.py", f"broken agreement: {line}", remedy=remedy)


# Data records that are of now --------------------------------------------------------------------


def measured(store: Store, area: str) -> dict[str, Measurement]:
    """What the rows of an area gave, by id; raises `Problem` unless it is of now."""
    return _of_now(store, rows.FOLDER, area)


def counted(store: Store) -> dict[str, dict[str, list[str]]]:
    """For each namespace the names that are accounted for, by how, and those that are left."""
    return _of_now(store, rows.FOLDER, rows.COUNT)


def printed(store: Store, group: str) -> dict[str, dict[str, str]]:
    """What the programs of a group printed, by id of the difference and by name of the program."""
    return _of_now(store, differences.FOLDER, group)


def raised(store: Store, group: str) -> dict[str, dict[str, str]]:
    """What the programs of a group of errors raised and printed, by id of the error and by name of the program."""
    return _of_now(store, mistakes.FOLDER, group)


def data(store: Store, folder: str, name: str) -> dict[str, Any]:
    """What running a data file of a folder gave, by id of its entries, as it stands in the record."""
    found = _of_now(store, folder, name)
    return {key: each.to_json() if isinstance(each, Measurement) else each for key, each in found.items()}


def _of_now(store: Store, folder: str, name: str) -> dict[str, Any]:
    found, path = store.read_data(folder, name), store.data_path(folder, name)
    command = COMMANDS[folder]
    mends = f"run 'nox -s {command} -- {name}'"
    if found.depends != of_data(store.root, folder, name):
        what = f"stale: the {command}, what runs them or a pinned version has changed"
        raise Problem(store.name(path), what, remedy=mends)
    return store.formed(path, mends, form.of_data(store.root, folder, name), found.gave)
