"""Freshness: what a record depends on, as one fingerprint, and the one place that says that a record is stale, and why.

One policy for all: the content that people wrote, the pinned versions, the tolerances and the settings, and an edition
of the machinery. The code of the machinery is not hashed, since a comment in it changes nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from headtohead.content import differences, rows, settings, tolerances
from headtohead.content.frameworks import PACKAGES, PRIMARY
from headtohead.content.pins import pinned
from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records.model import Agreement, Record
from headtohead.records.sealed import sha256
from headtohead.records.store import COMMANDS, Store

# Raise one by 1 where the machinery may give other results of that kind from the same content: a test holds the
# committed records against what was just measured, and fails where this was forgotten.
EDITIONS = {"programs": 1, "agreements": 1, rows.FOLDER: 1, differences.FOLDER: 1}


def of_program(program: Program, label: str) -> str:
    """The hash of all that a program's output depends on: its text, its files, its parity check, the pinned versions.

    Records of other devices than the primary one carry the versions that were there; only the
    primary label is held to the pins.
    """
    found = Topic(program.root, program.topic)
    names = [path.relative_to(found.folder).as_posix() for path in found.local_files]
    local = b"".join(name.encode() + sha256((found.folder / name).read_bytes()).encode() for name in names)
    pins = pinned(program.root, program.distributions, program.name) if label == PRIMARY else {}
    parity = found.parity_text.encode() if found.compares else b""
    return _fingerprint("programs", pins, program.bytes, local, parity)


def of_agreement(store: Store, topic: Topic, label: str) -> str:
    """The hash of what an agreement was computed from: the parity check, and what each side wrote."""
    records = [store.read(topic.name, side, label) for side in topic.programs]
    arrays = [record.files.get(record.arrays or "") for record in records]
    seeds = [record.seeds for record in records]
    return _fingerprint("agreements", {}, topic.parity_text.encode(), _plain(arrays), _plain(seeds))


def of_data(root: Path, folder: str, name: str) -> str:
    """The hash of all that the record of a data file depends on; `rows.COUNT` is that of every area of the map."""
    pins = pinned(root, tuple(sorted(PACKAGES)), f"{folder}/{name}.toml")
    every = folder == rows.FOLDER and name == rows.COUNT
    paths = sorted((root / folder).glob("*.toml")) if every else [root / folder / f"{name}.toml"]
    return _fingerprint(folder, pins, *(path.read_bytes() for path in paths))


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
    path = store.name(store.path(program.topic, program.framework.name, label))
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
    if record.depends != of_program(program, label):
        what = f"{path} is stale: the program, its proof, a file beside it or a pinned version has changed"
        raise Problem(program.name, what, remedy=remedy)
    return record


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
        name, remedy = store.name(store.agreement_path(topic.name, label)), f"run 'nox -s verify -- {topic.name}'"
        raise Problem(name, "stale: the proof or a side has changed", remedy=remedy)
    if found.broken:
        raise BrokenAgreement(topic, found.broken[0])
    return found


class BrokenAgreement(Problem):
    """Two sides that do not do what the parity check says; `line` says in which quantity."""

    def __init__(self, topic: Topic, line: str):
        remedy = "mend a program, or document the difference in DIFFERENT"
        super().__init__(f"snippets/{topic.name}/parity.py", f"broken agreement: {line}", remedy=remedy)


def data(store: Store, folder: str, name: str) -> dict[str, Any]:
    """What running a data file of a folder gave, by id of its entries; raises `Problem` unless it is of now."""
    content = store.read_data(folder, name)
    if content.get("depends") != of_data(store.root, folder, name):
        command = COMMANDS[folder]
        what = f"stale: the {command}, what runs them or a pinned version has changed"
        raise Problem(store.name(store.data_path(folder, name)), what, remedy=f"run 'nox -s {command} -- {name}'")
    return content["gave"]
