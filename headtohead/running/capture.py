"""The capture: takes all that a job prints and hands over, counts it, and says when; the job holds none of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from headtohead.running import channel
from headtohead.running.channel import Channel, Forged, Put
from headtohead.running.jobs import Failed, Finished, Mark
from headtohead.running.limits import MEGABYTE, Limits
from headtohead.running.watch import Over, tree

FORGED = Over("wrote to a descriptor that is not its own", "let it write to those only that it opened")
AT_ONCE = 1024**2  # bytes to take from a pipe at a time
MANY = 1000  # files that one job may hand over: the limit of figures is told of a cell, this one keeps counting short


class Capture:
    """The supervisor's side of one job: both streams by pipes, the rest by a channel.

    Attributes:
        printed: What came on stdout and on stderr so far.
        marks: How much of each had come, and when, as each cell began, and as what follows them did.
        files: What was handed over, by name.
        result: What the job says became of it.
        sources: What to call when a descriptor can be read; each says why the job has to end, or nothing.
    """

    def __init__(self, limits: Limits):
        self.limits = limits
        self.printed = {1: bytearray(), 2: bytearray()}
        self.marks: list[Mark] = []
        self.files: dict[str, bytearray] = {}
        self.given = 0  # bytes of them all
        self.result: Finished | Failed | None = None
        self.here, self.there, self.secret = channel.pair()
        self.pipes, self.ends = {}, {}
        self.sources: dict[int, Callable[[], Over | None]] = {self.here.fileno(): self.hear}
        for stream in self.printed:
            read, self.ends[stream] = os.pipe()
            os.set_blocking(read, False)
            self.pipes[stream] = read
            self.sources[read] = self.drain

    # In the process of the job -----------------------------------------------------------------

    def enter(self) -> Channel:
        """Makes its streams those of this process, which is that of the job; closes the supervisor's ends."""
        for stream, end in self.ends.items():
            os.dup2(end, stream)
            os.close(end)
        for read in self.pipes.values():
            os.close(read)
        self.here.close()
        return Channel(self.there, self.secret)

    # In the supervisor -------------------------------------------------------------------------

    def begin(self) -> None:
        """Closes the job's ends, once it has them."""
        for end in self.ends.values():
            os.close(end)
        self.there.close()

    def drain(self) -> Over | None:
        """Takes whatever is printed by now."""
        for stream, read in self.pipes.items():
            while read in self.sources:
                try:
                    part = os.read(read, AT_ONCE)
                except BlockingIOError:
                    break
                if not part:
                    del self.sources[read]
                if len(self.printed[stream]) + len(part) > self.limits.output:
                    return Over(f"printed more than {self.limits.output // MEGABYTE} MB", "print less")
                self.printed[stream] += part
        return None

    def hear(self) -> Over | None:
        """Takes one message, and answers a mark."""
        try:
            message = self.here.recv(channel.LARGEST)
        except ConnectionError:
            message = b""
        if not message:
            self.sources.pop(self.here.fileno(), None)
            return None
        try:
            said = channel.read(message, self.secret)
        except Forged:
            return FORGED
        if isinstance(said, Put):
            self.files.setdefault(said.name, bytearray()).extend(said.data)
            self.given += len(said.data)
            if len(self.files) > MANY:
                return Over(f"gave more than {MANY:,} figures", "draw fewer")
            if self.given > self.limits.given:
                what = f"gave more than {self.limits.given // MEGABYTE} MB of figures and numbers"
                return Over(what, "draw and compare less")
        elif said is not None:
            self.result = said
        else:
            if over := self.drain():
                return over
            below = sum(1 for _ in tree(os.getpid()))
            self.marks.append(Mark(len(self.printed[1]), len(self.printed[2]), time.monotonic(), below))
            self._answer()
        return None

    def _answer(self) -> None:
        try:
            self.here.send(channel.ANSWER)
        except OSError:
            self.sources.pop(self.here.fileno(), None)  # it has ended meanwhile, or shut it: this mark is no end
            self.marks.pop()

    def finish(self) -> Over | None:
        """Takes what is left once all processes of the job have ended."""
        self.here.setblocking(False)
        over = None
        try:
            while self.here.fileno() in self.sources and not over:
                over = self.hear()
        except BlockingIOError:
            pass
        over = over or self.drain()
        self.here.close()
        for read in self.pipes.values():
            os.close(read)
        return over

    def write(self, out: Path) -> None:
        """Leaves what came in a folder, a file each."""
        for name, data in {"stdout": self.printed[1], "stderr": self.printed[2], **self.files}.items():
            (out / name).write_bytes(data)
