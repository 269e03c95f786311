"""What processes take of the machine: memory, what they share counted once, and files, deleted ones among them."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

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


def files(processes: Iterable[int], folder: Path) -> int:
    """Bytes of disk, or of memory that stands for one, of the files in a folder and of those without a name."""
    found: dict[tuple[int, int], int] = {}
    waiting = [str(folder)]
    while waiting:  # not level by level in calls: there may be more levels than Python lets calls nest
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                _count(entry.stat(follow_symlinks=False), found)
                waiting += [entry.path] if entry.is_dir(follow_symlinks=False) else []
    for process in processes:
        with contextlib.suppress(OSError):
            for descriptor in os.listdir(f"/proc/{process}/fd"):
                with contextlib.suppress(OSError):
                    about = os.stat(f"/proc/{process}/fd/{descriptor}")
                    if stat.S_ISREG(about.st_mode) and not about.st_nlink:
                        _count(about, found)
    return sum(found.values())


def _count(about: os.stat_result, found: dict[tuple[int, int], int]) -> None:
    found[about.st_dev, about.st_ino] = about.st_blocks * BLOCK


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
