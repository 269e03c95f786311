"""Namespaces: a network, processes, and a file system of a job's own, as containers have; open to every user of Linux.

See namespaces(7), user_namespaces(7), pivot_root(2) and mount_setattr(2). bubblewrap does the same, and then starts a
program anew: what forks from a framework that is imported already has to do it by itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import struct
from pathlib import Path

from headtohead.running.limits import Limits
from headtohead.running.reach import Reach

libc = ctypes.CDLL(None, use_errno=True)

NEW_MOUNTS, NEW_NAMES, NEW_IPC, NEW_USER, NEW_PROCESSES, NEW_NETWORK = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXECUTION = 1, 2, 4, 8  # of mount(2) and of mount_setattr(2) alike
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, MNT_DETACH = 442, -100, 0x8000, 2
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, AMBIENT_CLEAR = 24, 38, 47, 4
CAPABILITY_VERSION = 0x20080522


def _done(result: int, what: str) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


# For all jobs of a supervisor --------------------------------------------------------------------


def leave() -> None:
    """Moves this process into namespaces with nothing but a loopback, and what it forks out of sight of all processes.

    Raises:
        OSError: The system does not allow it.
    """
    uid, gid = os.getuid(), os.getgid()
    _done(libc.unshare(NEW_USER | NEW_NETWORK | NEW_IPC | NEW_NAMES | NEW_PROCESSES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")  # none within: it would have every capability there
    socket.sethostname("localhost")  # a name that is found without a name service
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def first_process() -> int:
    """Forks the process that a namespace of processes needs: it collects whatever a job leaves."""
    if process := os.fork():
        return process
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: with the supervisor; and with it, all the others
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    os.closerange(0, 1024)
    while True:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        signal.sigwait([signal.SIGCHLD])


# For one job -------------------------------------------------------------------------------------


def own_root(reach: Reach, place: Path, elsewhere: dict[Path, Path]) -> bool:
    """Gives this process a root in which only what it may reach is there.

    Args:
        reach: What that is; all of it stands where it stood.
        place: An empty folder to put it together in.
        elsewhere: Folders that it finds under other names besides: those names, each with the folder.

    Returns:
        Whether /proc shows its own processes alone; some systems do not allow that.

    Raises:
        OSError: The system does not allow it; where that comes before the end, all is as it was.
    """
    _done(libc.unshare(NEW_MOUNTS), "unshare")
    _mount(None, Path("/"), None, RECURSIVE | PRIVATE)
    _mount("tmpfs", place, "tmpfs", NO_SUID | NO_DEVICES, "size=4m,mode=755")
    for name, folder in sorted(elsewhere.items()):  # first, as what follows may lie below them
        _show(folder, place, NO_SUID | NO_DEVICES, name)
    for each in sorted(reach.reads):
        _show(each, place, READ_ONLY | NO_SUID | NO_DEVICES)
    for each in reach.devices:
        _show(each, place, NO_SUID)
    for each in reach.writes:
        _show(each, place, NO_SUID | NO_DEVICES)
    for name, target in {"fd": "self/fd", "stdin": "self/fd/0", "stdout": "self/fd/1", "stderr": "self/fd/2"}.items():
        (place / "dev" / name).symlink_to(f"/proc/{target}")
    (place / "dev/shm").mkdir()
    _mount("tmpfs", place / "dev/shm", "tmpfs", NO_SUID | NO_DEVICES, f"size={Limits.files},nr_inodes={Limits.entries}")
    hidden = _processes(place / "proc")
    _set(place, READ_ONLY, 0)
    os.chdir(place)
    _done(libc.pivot_root(b".", b"."), "pivot_root")
    _done(libc.umount2(b".", MNT_DETACH), "umount")
    os.chdir("/")
    return hidden


def _processes(place: Path) -> bool:
    place.mkdir()
    with contextlib.suppress(OSError):  # a container that hides parts of /proc forbids a whole one
        _mount("proc", place, "proc", NO_SUID | NO_DEVICES | NO_EXECUTION)
        return True
    _mount("/proc", place, None, BIND | RECURSIVE)
    return False


def _show(source: Path, place: Path, attributes: int, name: Path | None = None) -> None:
    """Has a folder, a file or a link stand below `place` where it stands, or under another name."""
    target = place / (name or source).relative_to("/")
    if os.path.lexists(target):
        return  # with a folder that holds it
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target.symlink_to(os.readlink(source))
        return
    if source.is_dir():
        target.mkdir()
    else:
        target.touch()
    _mount(str(source), target, None, BIND | RECURSIVE)
    _set(target, attributes, AT_RECURSIVE)


def _mount(source: str | None, target: Path, kind: str | None, flags: int, options: str = "") -> None:
    texts = [None if each is None else os.fsencode(each) for each in (source, target, kind)]
    _done(libc.mount(*texts, ctypes.c_ulong(flags), options.encode()), f"mount of {target}")


def _set(target: Path, attributes: int, how: int) -> None:
    asked = struct.pack("QQQQ", attributes, 0, 0, 0)
    size = ctypes.c_size_t(len(asked))
    _done(libc.syscall(MOUNT_SETATTR, AT_FDCWD, os.fsencode(target), how, asked, size), f"attributes of {target}")


def drop_privileges() -> None:
    """Gives up every capability, for good: also of what it starts, and as root."""
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break  # there are no more, or it has no right to, and then none to drop
    libc.prctl(PR_CAP_AMBIENT, AMBIENT_CLEAR, 0, 0, 0)
    _done(libc.capset(struct.pack("Ii", CAPABILITY_VERSION, 0), bytes(24)), "capset")
    _done(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
