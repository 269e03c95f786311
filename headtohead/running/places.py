"""Places of this machine: paths that no program may print, as they are others elsewhere."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

EVERYWHERE = ("/", "/usr", "/usr/local", "/opt", "/home")  # where Linux has its own: no path of one machine


def told(text: str, own: Mapping[str, Path], root: Path) -> str | None:
    """Which place of this machine a text tells, or None.

    Args:
        text: What was printed.
        own: Further places, by what messages call them.
        root: The repository.
    """
    named = {
        **own,
        "this project": root.absolute(),
        "the environment of Python": Path(sys.prefix),
        "Python": Path(sys.base_prefix),
        "the home folder": Path(os.path.expanduser("~")),
    }
    for name, place in named.items():
        if not place.is_absolute():  # nobody's home
            continue
        for path in {str(place), str(place.resolve())} - set(EVERYWHERE):
            if re.search(rf"(?<![\w.-]){re.escape(path)}(?![\w-])", text):
                return name
    return None
