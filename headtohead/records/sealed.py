"""Sealed files: JSON that no hand edited, and that is written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from headtohead.errors import Problem

MEGABYTE = 1024**2
MOST = 16 * MEGABYTE  # bytes of one file of a record: more is none, and would only fill the memory


# What a name may lead to besides a file.
NO_FILE = {
    stat.S_ISLNK: "a link",
    stat.S_ISDIR: "a folder",
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


def sha256(*parts: bytes) -> str:
    """The hex digest of one part as `sha256sum` gives it; of several, each with its length before it."""
    if len(parts) == 1:
        return hashlib.sha256(parts[0]).hexdigest()
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def seal(content: dict[str, Any]) -> str:
    """The hash of what stands in a sealed file, under `seal`."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())


def contents(path: Path, name: str, remedy: str) -> bytes:
    """The bytes of a file that a run wrote; never waits, and never follows a link out of the records.

    Args:
        path: The file.
        name: What messages call it.
        remedy: What makes it anew.

    Raises:
        FileNotFoundError: There is none.
        Problem: It is no regular file, too large, or cannot be read.
    """
    try:
        found = path.lstat()
        if kind := next((what for test, what in NO_FILE.items() if test(found.st_mode)), ""):
            raise Problem(name, f"{kind}, where a file belongs", remedy=f"remove it, then {remedy}")
        if found.st_size > MOST:
            what = f"{found.st_size / MEGABYTE:.0f} MB, more than the {MOST // MEGABYTE} MB that there is room for"
            raise Problem(name, what, remedy=remedy)
        with open(path, "rb", opener=_careful) as file:
            return file.read(MOST)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Problem(name, f"cannot be read: {error.strerror}", remedy=f"mend that, then {remedy}") from None


def _careful(path: str, flags: int) -> int:
    """Opens no link, and waits for nobody who writes into a pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def read(path: Path, name: str, remedy: str) -> dict[str, Any]:
    """What stands in a sealed file, without the seal; takes what `contents` takes.

    Raises:
        Problem: There is none, it is not whole, or its seal does not match.
    """
    try:
        data = contents(path, name, remedy)
        content = json.loads(data.decode("utf-8"), object_pairs_hook=_each_once)
        written = _written(content)
        stated = content.pop("seal")
        found = seal(content)
    except FileNotFoundError:
        raise Problem(name, "no such record", remedy=remedy) from None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):  # half, a list, too deep, a name twice
        raise Problem(name, "not a whole record", remedy=remedy) from None
    if stated != found:
        raise Problem(name, "edited by hand: its seal does not match", remedy=remedy)
    if data != written:  # other line endings, blanks or escapes: what is sealed is one file, and not its meaning
        raise Problem(name, "edited by hand: the same content, otherwise written", remedy=remedy)
    return content


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON in which no name stands twice: of two values, one would count and another be seen."""
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name twice")
    return found


def write(path: Path, content: dict[str, Any]) -> None:
    """Seals what a file is to hold, and puts it in place."""
    put(path, _written(content | {"seal": seal(content)}))


def _written(content: dict[str, Any]) -> bytes:
    """The one form in which a record is written, whose seal is its last entry."""
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def put(path: Path, data: bytes) -> None:
    """Puts a file in place whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
