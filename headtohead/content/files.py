"""Files that people write: the bytes and the text of each, or one line on why it is not read.

A name stays inside: what is reached by a symbolic link is refused, since a clone elsewhere may not have it, and so is
whatever is no file, as a pipe, which would be waited for.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path, PurePosixPath

from headtohead.errors import Problem

# Bytes of a file of text: its syntax tree takes a hundred times as much, and a second. The largest here has 63,000.
TEXT = 300_000
# Bytes of a file beside a program. It is in every clone, is hashed to say what is stale, and copied for each run.
DATA = 20_000_000
PART = 1_000_000  # bytes that are read at once
# A pipe that nobody writes to is not waited for. Not every system has all of these.
FLAGS = sum(getattr(os, name, 0) for name in ("O_RDONLY", "O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW", "O_BINARY"))
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a symbolic link",
}


def read(path: Path, name: str, most: int = TEXT) -> bytes:
    """The bytes of a file.

    Args:
        path: The file.
        name: Its path relative to the repository: what messages call it, and how far up no link may be.
        most: How large it may be.

    Raises:
        FileNotFoundError: There is none.
        Problem: It is no plain file of the repository, too large, or not to be read.
    """
    unlinked(path, name)
    try:
        handle = os.open(path, FLAGS)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # nor is there one with a null byte in its name
        raise FileNotFoundError(name) from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise FileNotFoundError(name) from None
        raise _unreadable(path, name, error) from None
    try:
        status = os.fstat(handle)
        plain(name, status)
        if status.st_size > most:
            raise Problem(name, f"has {status.st_size:,} bytes, and {most:,} are read", remedy="make it smaller")
        return b"".join(iter(lambda: os.read(handle, PART), b""))
    except OSError as error:
        raise _unreadable(path, name, error) from None
    finally:
        os.close(handle)


def text(path: Path, name: str, most: int = TEXT) -> str:
    """The text of a file; raises as `read` does, and `Problem` where it is not UTF-8."""
    return decoded(read(path, name, most), name)


def decoded(data: bytes, name: str) -> str:
    """Bytes as text; raises `Problem` with the line where they are not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Problem(name, "not valid UTF-8", line=line, remedy="save it as UTF-8") from None


def beside(path: Path, name: str) -> None:
    """Raises `Problem` for what may not lie beside a program: no plain file, a giant, one that cannot be read."""
    try:
        status = path.lstat()
    except OSError as error:
        raise _unreadable(path, name, error) from None
    plain(name, status)
    if status.st_size > DATA:
        raise Problem(name, f"has {status.st_size:,} bytes, and {DATA:,} are taken along", remedy="make it smaller")
    if not os.access(path, os.R_OK):
        raise Problem(name, "cannot be read: Permission denied", remedy="give the right to read it, or take it away")


def unlinked(path: Path, name: str) -> None:
    """Raises `Problem` where a file, or a folder of the repository in which it lies, is a symbolic link."""
    parts = PurePosixPath(name).parts
    inside = len(parts) if path.parts[-len(parts) :] == parts else 1
    for up in range(inside):
        place = path.parents[up - 1] if up else path
        if os.path.islink(place):
            where = "/".join(parts[: len(parts) - up])
            raise Problem(where, "a symbolic link, which is not followed", remedy="put there what it points to")


def plain(name: str, status: os.stat_result) -> None:
    """Raises `Problem` for whatever is no file."""
    if not stat.S_ISREG(status.st_mode):
        kind = KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise Problem(name, f"{kind} where a file has to be", remedy="put a file there, or take it away")


def _unreadable(path: Path, name: str, error: OSError) -> Problem:
    try:
        plain(name, path.lstat())  # a socket cannot even be opened
    except Problem as problem:
        return problem
    except OSError:
        pass
    return Problem(name, f"cannot be read: {error.strerror}", remedy="give the right to read it, or take it away")
