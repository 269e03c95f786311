"""Watches processes: how much CPU time a tree of them has used, and for how long none of it ran.

A limit on the clock would fail a sound program on a busy machine. CPU time is what the kernel accounts, whatever else
the machine does; the clock counts only while every thread of the tree sleeps, which waiting for a processor is not.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEAT = 0.25  # seconds between two looks
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
    """

    seconds: float
    asleep: float


class Watch:
    """Adds up, from look to look, what a process and all below it use.

    Args:
        root: The process; if it is the one that looks, its own doings do not count as awake.
    """

    def __init__(self, root: int):
        self.root = root
        self.cpu = self.asleep = 0.0
        self._before, self._looked = self._used()[0], time.monotonic()

    def look(self) -> None:
        """Updates `cpu` and `asleep`, both in seconds since the watch began."""
        used, awake = self._used()
        now = time.monotonic()
        self.cpu = max(self.cpu, used - self._before)
        if not awake:  # a look that came late, on a busy machine or after a night's sleep, counts as one
            self.asleep += min(now - self._looked, 2 * BEAT)
        self._looked = now

    def over(self, allowed: Allowance) -> str:
        """What of an allowance is used up, as the end of a sentence; empty while there is some left."""
        if self.cpu > allowed.seconds:
            return f"used more than {allowed.seconds:g} s of CPU time"
        if self.asleep > allowed.asleep:
            return f"slept for {allowed.asleep:g} s"
        return ""

    def _used(self) -> tuple[float, bool]:
        """Seconds of CPU time of the whole tree, its ended processes included, and whether any of it runs."""
        ticks, awake = 0, False
        for process in tree(self.root):
            with contextlib.suppress(OSError):  # it has ended meanwhile; its parent has its ticks
                ticks += sum(map(int, _stat(f"{process}")[11:15]))
                if process != os.getpid():
                    awake = awake or any(_stat(task)[0] == "R" for task in _tasks(process))
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


def adopt_orphans() -> None:
    """Makes this process the parent of whatever its children leave."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def wait(
    child: int,
    allowed: Allowance,
    *,
    listener: Any = None,
    tell: Callable[[Watch], None] = lambda watch: None,
) -> tuple[int, str]:
    """Waits for a child of this process, which may use what is allowed, and ends it where it uses more.

    Args:
        child: The process.
        allowed: What it and all below this process may use.
        listener: A socket; once it can be read nobody waits for the child any more, and it is ended.
        tell: Called after each look.

    Returns:
        The exit code, or the negative number of the signal; and what of the allowance was used up.
    """
    watch, over = Watch(os.getpid()), ""
    handle = os.pidfd_open(child)
    try:
        while not (ready := select.select([handle] + [listener] * (listener is not None), [], [], BEAT)[0]):
            watch.look()
            tell(watch)
            if over := watch.over(allowed):
                break
    finally:
        os.close(handle)
    if over or listener in ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), over


def ending(code: int) -> str:
    """How a process ended, as the end of a sentence; a negative code is that of a signal, which may have no name."""
    if code >= 0:
        return f"ended with {code}"
    names = {each.value: each.name for each in signal.Signals}
    return f"was killed by {names.get(-code, f'signal {-code}')}"


def end_children(grace: float = 1.0) -> int:
    """Ends every process that is left below this one, and says how many there were.

    Helpers that are about to end by themselves, as multiprocessing's are, have a moment of their own time to do so.
    """
    watch, allowed = Watch(os.getpid()), Allowance(10 * grace, grace)
    while not watch.over(allowed) and _reap():
        time.sleep(0.01)
        watch.look()
    ended: set[int] = set()
    while left := _reap():
        ended |= left
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.005)
    return len(ended)


def _reap() -> set[int]:
    """Collects children that have ended; returns those that have not."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return set(children(os.getpid()))
