"""Sealed files: JSON that no hand edited, and that is written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from headtohead.errors import Problem


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


def read(path: Path, name: str, remedy: str) -> dict[str, Any]:
    """What stands in a sealed file, without the seal.

    Args:
        path: The file.
        name: What messages call it.
        remedy: What makes it anew.

    Raises:
        Problem: There is none, it is not whole, or its seal does not match.
    """
    try:
        content = json.loads(path.read_bytes())
        stated = content.pop("seal")
    except FileNotFoundError:
        raise Problem(name, "no such record", remedy=remedy) from None
    except (ValueError, KeyError, AttributeError, TypeError):  # half a record, or a list
        raise Problem(name, "not a whole record", remedy=remedy) from None
    if stated != seal(content):
        raise Problem(name, "edited by hand: its seal does not match", remedy=remedy)
    return content


def write(path: Path, content: dict[str, Any]) -> None:
    """Seals what a file is to hold, and puts it in place."""
    text = json.dumps(content | {"seal": seal(content)}, indent=1, ensure_ascii=False)
    put(path, text.encode() + b"\n")


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
