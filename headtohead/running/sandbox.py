"""The sandbox of a job: a fresh fork gets limits, folders and streams of its own, and loses sight of all the rest.

What the system allows of its guards stands one behind the other: namespaces, Landlock, seccomp; and an audit hook says
in words why there is no network. The record of a run names those that were in force.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headtohead.running import landlock, namespaces, seccomp
from headtohead.running.jobs import Job
from headtohead.running.reach import Reach, reach

libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PROJECT = Path(__file__).resolve().parents[2]
ROOT = "root"  # where a root of its own is put together, in the folder of a job


@dataclass(frozen=True)
class Guards:
    """What keeps jobs from the rest of this machine.

    Attributes:
        namespaces: A network, processes and a file system of their own.
        processes: /proc shows their own processes alone.
        landlock: Landlock, by its version; 0 where there is none.
        seccomp: libseccomp is there.
    """

    namespaces: bool = False
    processes: bool = False
    landlock: int = 0
    seccomp: bool = False

    @property
    def names(self) -> list[str]:
        """Those in force, as a record has them."""
        every = {
            "namespaces": self.namespaces,
            "own /proc": self.processes,
            "Landlock": self.landlock,
            "seccomp": self.seccomp,
        }
        return [name for name, there in every.items() if there]

    @property
    def lacking(self) -> list[str]:
        return [name for name in Guards(True, True, 1, True).names if name not in self.names]


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    libc.prctl(PR_SET_PDEATHSIG, by)


def forbid_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: any address but this machine's own is an error that says so."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host and host not in ("localhost", "::1", "0.0.0.0") and not str(host).startswith("127."):
        raise PermissionError(f"programs run without the network, this one asked for {host!r}")


def probe(job: Job) -> Guards:
    """What this system allows, tried out by a process of its own, in the folder of a job that is none."""
    read, write = os.pipe()
    if (process := os.fork()) == 0:
        try:
            namespaces.leave()
            first = namespaces.first_process()
            if os.fork() == 0:
                hidden = _own_root(job, reach(job, PROJECT))
                os.write(write, b"2" if hidden else b"1")
                os._exit(0)
            os.wait()
            os.kill(first, signal.SIGKILL)
        except OSError:
            pass
        finally:
            os._exit(0)
    os.waitpid(process, 0)
    os.close(write)
    with os.fdopen(read, "rb") as said:
        found = said.read()
    return Guards(bool(found), found == b"2", landlock.version(), bool(seccomp.library()))


def _own_root(job: Job, places: Reach) -> bool:
    place = job.folder / ROOT
    place.mkdir(exist_ok=True)
    elsewhere = {Path(tempfile.gettempdir()): job.tmp, Path("/tmp"): job.tmp, Path("/var/tmp"): job.tmp}
    if home := os.environ.get("HOME"):  # what was imported has taken it for good
        elsewhere[Path(home)] = job.home
    return namespaces.own_root(places, place, elsewhere)


def isolate(job: Job, guards: Guards) -> None:
    """Puts the walls up around a fresh fork, whose streams are its supervisor's already.

    Args:
        job: The job.
        guards: Those that are to be in force; its supervisor has left for namespaces already.

    Raises:
        OSError: The system refuses one of them.
    """
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    limits, places = job.limits, reach(job, PROJECT)
    at_most = {resource.RLIMIT_DATA: limits.memory, resource.RLIMIT_FSIZE: limits.file, resource.RLIMIT_CORE: 0}
    if guards.namespaces:
        at_most[resource.RLIMIT_NPROC] = limits.threads
        _own_root(job, places)
    for what, most in at_most.items():
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
    platform._uname_cache = None  # type: ignore[attr-defined] # it asked for the name before it was hidden
    os.chdir(job.work)
    # A short name, where it can have one: no socket's has more than 107 bytes, and the workers of a DataLoader wait for
    # ever for one that could not be made. AutoGraph leaves a file there for each function.
    temporary = Path("/tmp") / job.temporary.relative_to(job.tmp) if guards.namespaces else job.temporary
    os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
    if "HOME" in os.environ:
        os.environ |= {"HOME": str(job.home), "MPLCONFIGDIR": str(job.home / "matplotlib")}
    if "TORCHINDUCTOR_CACHE_DIR" in os.environ:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(job.home / "inductor")
    namespaces.drop_privileges()
    if guards.landlock:
        more = [*places.devices, *filter(Path.exists, [Path("/dev/shm"), Path("/dev/null")])]
        landlock.restrict([*places.reads, Path("/proc")], [*places.writes, *more])
    if guards.seccomp:
        seccomp.restrict()
    sys.addaudithook(forbid_network)
