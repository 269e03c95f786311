"""Folders that people fill: what lies below one, without what tools put there, and without a step over a link."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath


def walk(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in no order.

    A link is given and not followed, and so are a folder that is called like a program and one that cannot be
    listed: whoever reads them says what is wrong.
    """
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            entries = list(os.scandir(place))
        except FileNotFoundError:
            continue
        except OSError:
            yield place
            continue
        for entry in entries:
            if hidden(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".py"):
                waiting.append(place / entry.name)
            else:
                yield place / entry.name


def hidden(name: str) -> bool:
    """Whether a tool put it there: caches, checkpoints and what editors leave."""
    return name.startswith((".", "__pycache__"))


def twin(folder: Path) -> str | None:
    """What lies beside a folder under the same name but for its case: many file systems hold them for one."""
    try:
        beside = sorted(os.listdir(folder.parent))
    except OSError:
        return None
    return next((each for each in beside if each != folder.name and each.casefold() == folder.name.casefold()), None)


def alike(names: Iterable[str]) -> tuple[str, str] | None:
    """Two of some paths, or of the folders on their way, that many file systems hold for one: a clone lacks one."""
    seen: dict[str, str] = {}
    for name in names:
        for each in (name, *map(str, PurePosixPath(name).parents)):
            other = seen.setdefault(unicodedata.normalize("NFC", each).casefold(), each)
            if other != each:
                return other, each
    return None
