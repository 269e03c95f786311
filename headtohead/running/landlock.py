"""Landlock: a process gives up every file but those below some places, for itself and for all that it starts.

A part of Linux since 5.13, open to everybody: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls, the same on every architecture
VERSION, BENEATH = 1, 1
PR_SET_NO_NEW_PRIVS = 38
EXECUTE, WRITE, READ, LIST = 1, 2, 4, 8
TRUNCATE, DEVICES = 1 << 14, 1 << 15
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights over files each version knows; 16 from the fifth on
FILE = EXECUTE | WRITE | READ | TRUNCATE | DEVICES  # those that a single file can have
SCOPES, SCOPED = 3, 6  # abstract sockets and signals stay inside, from the sixth version on

libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Which version the kernel has; 0 where it has none."""
    return max(0, libc.syscall(CREATE, None, ctypes.c_size_t(0), VERSION))


def restrict(reads: Iterable[Path], writes: Iterable[Path]) -> int:
    """Leaves this process what is below some places to read and run, and below others to change; 0 where it cannot.

    Raises:
        OSError: The kernel has it and refuses.
    """
    if not (known := version()):
        return 0
    every = (1 << RIGHTS.get(known, 16)) - 1
    asked = struct.pack("QQQ", every, 0, SCOPES if known >= SCOPED else 0)
    # An older kernel takes a longer structure if what it does not know is zero.
    rules = _call(CREATE, asked, ctypes.c_size_t(len(asked)), 0)
    try:
        for places, rights in ((reads, EXECUTE | READ | LIST), (writes, every)):
            for place in places:
                _allow(rules, place, rights & every)
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _call(RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return known


def _allow(rules: int, place: Path, rights: int) -> None:
    try:
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not place.is_dir():
            rights &= FILE
        _call(ADD, rules, BENEATH, struct.pack("=Qi", rights, handle), 0)
    finally:
        os.close(handle)


def _call(*arguments: object) -> int:
    if (result := libc.syscall(*arguments)) < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
