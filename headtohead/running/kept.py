"""Keeps what a data file gave, or says in one line why it could not: the others go on."""

from __future__ import annotations

from typing import Any

from headtohead.errors import Problem
from headtohead.records.store import COMMANDS, Store
from headtohead.running import room


def kept(store: Store, folder: str, name: str, *, depends: str, gave: dict[str, Any], guards: list[str]) -> list[str]:
    """Writes the record of a data file; gives what stood in the way, if anything did."""
    try:
        store.write_data(folder, name, depends, gave, guards)
    except Problem as problem:
        return [str(problem)]
    except OSError as error:
        what = f"its record could not be written: {error.strerror}"
        remedy = f"{room.remedy(error)}, then run 'nox -s {COMMANDS[folder]} -- {name}'"
        return [str(Problem(f"{folder}/{name}.toml", what, remedy=remedy))]
    return []
