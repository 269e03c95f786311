"""What processes take of the machine: memory, what they share counted once, and files, deleted ones among them."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

KILOBYTE, BLOCK = 1024, 512  # units of /proc/.../status, proc(5), and of st_blocks, inode(7)


def memory(processes: Iterable[int], limit: float) -> bool:
    """Whether processes together take more than so many bytes of memory that no file backs.

    The quick sum counts what forked processes share once each. Only where that is too much, the exact one is asked for.
    """
    processes = list(processes)
    if _sum(processes, "status", ("RssAnon", "RssShmem")) <= limit:
        return False
    return _sum(processes, "smaps_rollup", ("Pss_Anon", "Pss_Shmem")) > limit


def _sum(processes: list[int], file: str, names: tuple[str, ...]) -> int:
    total = 0
    for process in processes:
        with contextlib.suppress(OSError):  # it has ended, or shows nobody
            for line in Path(f"/proc/{process}/{file}").read_text().splitlines():
                name, _, value = line.partition(":")
                total += int(value.split()[0]) * KILOBYTE if name in names else 0
    return total


class Kept(NamedTuple):
    """What processes keep: bytes of disk, or of memory that stands for one; entries of folders; files in flight.

    What is in flight between two sockets is in nobody's list of descriptors, and its size is told nobody.
    """

    bytes: int
    entries: int
    flying: int


def kept(processes: Iterable[int], folder: Path) -> Kept:
    """What there is in a folder, and of files without a name that are open, or mapped and closed."""
    found: dict[tuple[int, int], int] = {}
    waiting, entries = [str(folder)], 0
    while waiting:  # not level by level in calls: there may be more levels than Python lets calls nest
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as inside:
            for entry in inside:
                entries += 1
                _count(entry.stat(follow_symlinks=False), found)
                waiting += [entry.path] if entry.is_dir(follow_symlinks=False) else []
    flying: dict[int, int] = {}
    for process in processes:
        with contextlib.suppress(OSError):
            for descriptor in os.listdir(f"/proc/{process}/fd"):
                with contextlib.suppress(OSError):
                    about = os.stat(f"/proc/{process}/fd/{descriptor}")
                    if stat.S_ISREG(about.st_mode) and not about.st_nlink:
                        _count(about, found)
                    elif stat.S_ISSOCK(about.st_mode):
                        flying[about.st_ino] = _flying(f"/proc/{process}/fdinfo/{descriptor}")
            _count_mapped(process, found)
    return Kept(sum(found.values()), entries, sum(flying.values()))


def _count(about: os.stat_result, found: dict[tuple[int, int], int]) -> None:
    found[about.st_dev, about.st_ino] = about.st_blocks * BLOCK


def _count_mapped(process: int, found: dict[tuple[int, int], int]) -> None:
    """Counts files without a name that are mapped, as far as they are, unless they are open too: proc(5)."""
    inodes = {inode for _, inode in found}
    mapped: dict[tuple[int, int], int] = {}
    for line in Path(f"/proc/{process}/maps").read_text(errors="replace").splitlines():
        if line.endswith(" (deleted)") and not line.endswith(" /dev/zero (deleted)"):  # that is shared memory
            place, _, offset, device, inode, _ = line.split(maxsplit=5)
            start, end = (int(each, 16) for each in place.split("-"))
            if int(inode) not in inodes:
                major, minor = (int(each, 16) for each in device.split(":"))
                key = os.makedev(major, minor), int(inode)
                mapped[key] = max(mapped.get(key, 0), int(offset, 16) + end - start)
    found |= mapped


def _flying(about: str) -> int:
    """How many descriptors wait in a socket to be taken; none where the kernel does not say."""
    found = re.search(r"^scm_fds:\s*(\d+)", Path(about).read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def hidden(processes: Iterable[int]) -> bool:
    """Whether one of the processes lets nobody see what it takes: who is not dumpable, prctl(2), shows no memory."""
    for process in processes:
        try:
            os.readlink(f"/proc/{process}/cwd")  # asks for the same right as its files and its memory
        except PermissionError:
            with contextlib.suppress(OSError):
                state = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
                if state not in "ZX":  # what has ended shows none either
                    return True
        except OSError:
            continue
    return False
