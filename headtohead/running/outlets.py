"""Outlets: whether what a program prints and warns of still goes where its supervisor takes it."""

from __future__ import annotations

import os
import sys
from typing import Any

_identity, _modules = os.fstat, sys  # bound before a program can put something else in their place
NAMES = {1: "stdout", 2: "stderr"}


class Diverted(Exception):
    """A program has put something else in the place of one of its streams: what goes there is lost."""


class Outlets:
    """Both streams as they were at first, as descriptors and in Python."""

    def __init__(self) -> None:
        self.descriptors = {number: _file(number) for number in NAMES}
        self.streams = {name: getattr(_modules, name) for name in NAMES.values()}

    def check(self) -> None:
        """Raises `Diverted` where one is another one, or closed; both are put back in Python before that is told."""
        found = [f"sys.{name}" for name, stream in self.streams.items() if getattr(_modules, name, None) is not stream]
        found += [f"sys.{name}" for name, stream in self.streams.items() if not _open(stream)]
        found += [f"descriptor {number}" for number, file in self.descriptors.items() if _file(number) != file]
        for name, stream in self.streams.items():
            setattr(_modules, name, stream)
        if found:
            raise Diverted(f"{found[0]} is another one at its end, and what goes there is lost: put it back")


def _open(stream: Any) -> bool:
    try:
        return not stream.closed
    except ValueError:  # it is detached from its buffer
        return False


def _file(number: int) -> tuple[int, int] | None:
    try:
        about = _identity(number)
    except OSError:  # it is closed
        return None
    return about.st_dev, about.st_ino
