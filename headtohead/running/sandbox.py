"""The sandbox of a job: a fresh fork gets limits, folders and streams of its own, and loses the network."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any

from headtohead.running.jobs import Job

libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    libc.prctl(PR_SET_PDEATHSIG, by)


def leave_the_network() -> None:
    """Moves into a network namespace with nothing but a loopback, where the system allows it."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return  # forbidden here; `forbid_network` still stands
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


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


def isolate(job: Job) -> None:
    """Turns a fresh fork into the process of a job."""
    die_with_parent()
    os.chdir(job.work)
    os.environ["TMPDIR"] = tempfile.tempdir = str(job.tmp)  # AutoGraph leaves a file for each function
    write = os.O_CREAT | os.O_WRONLY | os.O_APPEND
    streams = (("/dev/null", os.O_RDONLY), (job.out / "stdout", write), (job.out / "stderr", write))
    for number, (path, flags) in enumerate(streams):
        handle = os.open(path, flags, 0o644)
        os.dup2(handle, number)
        os.close(handle)
    resource.setrlimit(resource.RLIMIT_DATA, (job.limits.memory, job.limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job.limits.file, job.limits.file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    leave_the_network()
    sys.addaudithook(forbid_network)
