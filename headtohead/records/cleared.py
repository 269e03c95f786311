"""Clears folders that programs wrote: as deep as they are, and with whatever rights."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path


def clear(folder: Path) -> None:
    """Removes a folder with all below it; what cannot be removed stays.

    Folders further down are moved up before they are emptied: there may be more levels than calls can be nested, or
    than a path has room for.
    """
    if folder.is_symlink():
        return
    names, waiting, emptied = itertools.count(), [folder], []
    while waiting:
        place = waiting.pop()
        emptied.append(place)
        with contextlib.suppress(OSError):
            place.chmod(0o700)
            for entry in list(os.scandir(place)):
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)
                    continue
                os.chmod(entry.path, 0o700)
                inner = Path(entry.path)
                if place != folder:
                    free = (folder / f".left-{number}" for number in names)
                    inner = inner.rename(next(each for each in free if not os.path.lexists(each)))
                waiting.append(inner)
    for place in reversed(emptied):
        with contextlib.suppress(OSError):
            place.rmdir()
