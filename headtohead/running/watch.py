"""Watches processes: what a tree of them takes of the machine, and for how long none of it ran.

A limit on the clock would fail a sound program on a busy machine. CPU time is what the kernel accounts, whatever else
the machine does; the clock counts only while every thread of the tree sleeps, which waiting for a processor is not.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from headtohead.running import usage

BEAT = 0.25  # seconds between two looks
TOGETHER = 3  # looks between two at memory and files, which take longer
FLYING = 8  # files in flight, added up from look to look while there are any: sound programs take them at once
GIGABYTE = 1024**3
TICK = os.sysconf("SC_CLK_TCK")
CHILDREN = os.path.exists(f"/proc/self/task/{os.getpid()}/children")  # some kernels are built without
PR_SET_CHILD_SUBREAPER = 36
libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Allowance:
    """What a tree of processes may use.

    Attributes:
        seconds: Of CPU time, all its processes and threads together.
        asleep: Seconds of the clock in which nothing of it ran.
        processes: At a time.
        memory: Bytes of private and shared memory, all together, what they share counted once.
        files: Bytes of the files in a folder, and of deleted ones that are open or mapped.
        entries: Files and folders in that folder.
        folder: That folder.
    """

    seconds: float
    asleep: float
    processes: float = math.inf
    memory: float = math.inf
    files: float = math.inf
    entries: float = math.inf
    folder: Path | None = None


class Over(NamedTuple):
    """What of an allowance is used up, as the end of a sentence, and what to do about it."""

    what: str
    remedy: str


BLIND = Over("cannot be held to its limits: /proc does not show this process", "mount the /proc of this system")


def sees() -> bool:
    """Whether /proc shows this process: without it nothing counts what others use, and nothing may run."""
    try:
        return Path("/proc/self/stat").read_text(errors="replace").split()[0] == str(os.getpid())
    except (OSError, IndexError):
        return False


class Watch:
    """Adds up, from look to look, what a process and all below it use.

    Args:
        root: The process; if it is the one that looks, its own doings do not count as awake.
    """

    def __init__(self, root: int):
        self.root = root
        self.cpu = self.asleep = 0.0
        self.looks, self.processes = 0, 0
        self._flying = 0
        self._seen, self._own = 0, dict[tuple[int, str], int]()
        self._before, self._looked = self._used()[0], time.monotonic()
        self._seen = 0  # what was used before does not count

    def look(self) -> None:
        """Updates `cpu` and `asleep`, both in seconds since the watch began, and the number of `processes`."""
        used, awake = self._used()
        now = time.monotonic()
        self.cpu = max(self.cpu, used - self._before, self._seen / TICK)
        if not awake:  # a look that came late, on a busy machine or after a night's sleep, counts as one
            self.asleep += min(now - self._looked, 2 * BEAT)
        self._looked, self.looks = now, self.looks + 1

    def over(self, allowed: Allowance) -> Over | None:
        """What of an allowance is used up; None while there is some left of all, and that can be seen."""
        if not sees():
            return BLIND
        if self.cpu > allowed.seconds:
            return Over(f"used more than {allowed.seconds:g} s of CPU time and was stopped", "make it end sooner")
        if self.asleep > allowed.asleep:
            return Over(f"slept for {allowed.asleep:g} s and was stopped", "make it end sooner")
        if self.processes > allowed.processes:
            return Over(f"had more than {allowed.processes} processes and was stopped", "start fewer at a time")
        if self.looks % TOGETHER:
            return None
        if allowed.folder and usage.hidden(tree(self.root)):
            return Over("hid from whoever counts what it takes and was stopped", "leave PR_SET_DUMPABLE as it is")
        if allowed.memory < math.inf and usage.memory(tree(self.root), allowed.memory):
            return Over(f"took more than {allowed.memory / GIGABYTE:g} GB of memory and was stopped", "take less")
        return self.kept(allowed)

    def kept(self, allowed: Allowance) -> Over | None:
        """What of an allowance is used up by files: also of a process that has just ended."""
        if not allowed.folder:
            return None
        kept = usage.kept(tree(self.root), allowed.folder)
        self._flying = self._flying + kept.flying if kept.flying else 0
        if kept.bytes > allowed.files:
            return Over(f"wrote more than {allowed.files / GIGABYTE:g} GB and was stopped", "write less")
        if kept.entries > allowed.entries:
            return Over(f"made more than {allowed.entries:,} files and folders and was stopped", "make fewer")
        if self._flying > FLYING:
            return Over("keeps files in its sockets, where nobody counts them, and was stopped", "receive what is sent")
        return None

    def _used(self) -> tuple[float, bool]:
        """Seconds of CPU time of the whole tree, its ended processes included, and whether any of it runs."""
        ticks, awake, self.processes = 0, False, 0
        own: dict[tuple[int, str], int] = {}  # ticks of each process alone, by its number and its start
        for process in tree(self.root):
            self.processes += 1
            with contextlib.suppress(OSError):  # it has ended meanwhile; its parent has its ticks
                state = _stat(f"{process}")
                ticks += sum(map(int, state[11:15]))
                own[process, state[19]] = sum(map(int, state[11:13]))
                if process != os.getpid():
                    awake = awake or any(_stat(task)[0] == "R" for task in _tasks(process))
        # A parent that ignores SIGCHLD gets no ticks of its children: those that were seen count all the same.
        self._seen += sum(spent - self._own.get(process, 0) for process, spent in own.items())
        self._own = own
        return ticks / TICK, awake


def tree(root: int) -> Iterator[int]:
    """A process and all below it."""
    yield root
    for child in children(root):
        yield from tree(child)


def children(process: int) -> list[int]:
    """The children of a process, those that have ended and are not collected yet among them."""
    found: list[int] = []
    with contextlib.suppress(OSError):  # it has ended
        for task in _tasks(process) if CHILDREN else ():
            found += map(int, Path(f"/proc/{task}/children").read_text().split())
    for each in () if CHILDREN else filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if int(_stat(each)[1]) == process:
                found.append(int(each))
    return found


def _tasks(process: int) -> list[str]:
    return [f"{process}/task/{task}" for task in os.listdir(f"/proc/{process}/task")]


def _stat(name: str) -> list[str]:
    """The fields of /proc/.../stat from the third one, the state, on: proc(5)."""
    return Path(f"/proc/{name}/stat").read_text(errors="replace").rpartition(")")[2].split()


def stopped(process: int) -> bool:
    """Whether a process was stopped, by SIGSTOP or a tracer, and so answers nobody."""
    try:
        return _stat(str(process))[0] in "Tt"
    except OSError:
        return False


def alive(process: int) -> bool:
    """Whether a process has not ended, whoever has to collect it."""
    try:
        return _stat(str(process))[0] not in "ZX"
    except OSError:
        return False


def adopt_orphans() -> None:
    """Makes this process the parent of whatever its children leave."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def wait(
    child: int,
    allowed: Allowance,
    *,
    sources: Mapping[int, Callable[[], Over | None]] = MappingProxyType({}),
    tell: Callable[[], None] = lambda: None,
) -> tuple[int, Over | None]:
    """Waits for a child of this process, which may use what is allowed, and ends it where it uses more.

    Args:
        child: The process.
        allowed: What it and all below this process may use.
        sources: What to call when a descriptor can be read; where that says why, the child is ended. It may change
            meanwhile.
        tell: Called after each look.

    Returns:
        The exit code, or the negative number of the signal; and why it was ended, or None.
    """
    watch, over = Watch(os.getpid()), None
    handle = os.pidfd_open(child)
    looked = time.monotonic()
    try:
        while not over:
            ready = select.select([handle, *sources], [], [], BEAT)[0]
            for source in ready:
                if source != handle and source in sources:
                    over = over or sources[source]()
            if handle in ready:
                over = over or watch.kept(allowed)
                break
            if time.monotonic() - looked >= BEAT:
                looked = time.monotonic()
                watch.look()
                tell()
                over = over or watch.over(allowed)
    finally:
        os.close(handle)
    if over:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), over


def ending(code: int) -> str:
    """How a process ended, as the end of a sentence; a negative code is that of a signal, which may have no name."""
    if code >= 0:
        return f"ended with {code}"
    names = {each.value: each.name for each in signal.Signals}
    return f"was killed by {names.get(-code, f'signal {-code}')}"


def end_children(grace: float = 1.0, spared: int = 0) -> int:
    """Ends every process that is left below this one, and says how many there were.

    Helpers that are about to end by themselves, as multiprocessing's are, have a moment of their own time to do so.

    Args:
        grace: Seconds of that moment.
        spared: A child that stays, and collects its own: what is below it goes.
    """
    watch, allowed = Watch(os.getpid()), Allowance(10 * grace, grace)
    while not watch.over(allowed) and _left(spared):
        time.sleep(0.01)
        watch.look()
    ended: set[int] = set()
    while left := _left(spared):
        ended |= left
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.005)
    return len(ended)


def _left(spared: int) -> set[int]:
    """Collects children that have ended; returns those that have not, and those of the one that is spared."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    below = children(spared) if spared else []
    return {*children(os.getpid()), *below} - {spared}
