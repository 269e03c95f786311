"""The property of every reader: it gives a value or a `Problem` in one line, within a second, and only reads."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from headtohead.errors import Problem

SECOND = 1.0  # of CPU time, for an example; all of them take some hundredths
Value = TypeVar("Value")

written: list[str] | None = None  # while a reader is watched: what it did besides reading
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
DOES = (
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "os.system",
)
DOES += ("subprocess.Popen", "os.fork", "os.exec", "os.posix_spawn", "socket.connect", "socket.bind", "shutil.rmtree")


def _notice(event: str, arguments: tuple[Any, ...]) -> None:
    if written is not None and (event in DOES or (event == "open" and arguments[2] & WRITES)):
        written.append(f"{event} {arguments[0]!r}")


sys.addaudithook(_notice)


@contextmanager
def watched() -> Iterator[None]:
    """Asserts that nothing is written, started or connected meanwhile."""
    global written  # noqa: PLW0603 - a hook of the interpreter has no other place
    written = []
    try:
        yield
        assert written == []
    finally:
        written = None


def outcome(read: Callable[[], Value], limit: float = SECOND) -> Value | Problem:
    """What a reader gives, held to the property; any other exception passes, and is a fault."""
    found: Value | Problem
    with watched():
        before = time.process_time()
        try:
            found = read()
        except Problem as problem:
            found = problem
        spent = time.process_time() - before
    assert spent < limit, f"{spent:.1f} s"
    if isinstance(found, Problem):
        said = str(found)
        assert found.where
        assert found.what
        assert len(said.splitlines()) == 1, said
        assert found.line is None or found.line >= 1
    return found
