"""What commands say and hear: a line that cannot be written ends no run, and a signal ends one in order."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import IO, Any

# Besides Ctrl-C, as far as a system has them.
ORDERLY = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGXCPU") if hasattr(signal, name)]


class Terminated(KeyboardInterrupt):
    """A signal asked the run to end; `number` says which."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


class _Raw(io.FileIO):
    """A file descriptor that takes everything: after its first error, notes it and says no more."""

    lost: list[OSError]

    def write(self, data: Any) -> int:
        while not self.lost:
            try:
                if (count := super().write(data)) is not None:
                    return count
                select.select([], [self], [])  # a pipe that does not wait by itself
            except OSError as error:
                self.lost.append(error)
        return len(data)


@contextlib.contextmanager
def kept() -> Iterator[list[OSError]]:
    """Lets stdout and stderr take every character, in whatever encoding; gives a list of what could not be written."""
    before, lost = (sys.stdout, sys.stderr), list[OSError]()
    sys.stdout, sys.stderr = (_patient(each, lost, out=out) for each, out in zip(before, (True, False)))
    try:
        yield lost
    finally:
        for each in (sys.stdout, sys.stderr):
            each.flush()
        sys.stdout, sys.stderr = before


def _patient(stream: IO[str] | None, lost: list[OSError], *, out: bool) -> IO[str]:
    if stream is None:  # it was closed before Python began: one that takes nothing is in its place
        raw, encoding = _Raw(os.open(os.devnull, os.O_RDONLY), "w"), "utf-8"
        raw.lost = lost if out else []
        return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, line_buffering=True)
    try:
        raw = _Raw(stream.fileno(), "w", closefd=False)
    except (OSError, ValueError):  # somebody in this process listens
        return stream
    raw.lost = lost if out else []
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=stream.encoding, errors="backslashreplace", line_buffering=True
    )


def heard() -> None:
    """Lets this process hear of its children and of signals, whatever whoever started it had ignored or blocked."""
    if hasattr(signal, "SIGCHLD") and signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # else nobody could wait for a child: it is gone as it ends
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, [])


@contextlib.contextmanager
def orderly() -> Iterator[None]:
    """Raises `Terminated` where a signal would end the process, once; a second one does end it."""

    def told(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise Terminated(number)

    mine = threading.current_thread() is threading.main_thread()
    taken = [each for each in ORDERLY if mine and signal.getsignal(each) is signal.SIG_DFL]  # nohup ignores one
    for each in taken:
        signal.signal(each, told)
    try:
        yield
    finally:
        for each in taken:
            signal.signal(each, signal.SIG_DFL)
