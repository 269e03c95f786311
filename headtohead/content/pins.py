"""The versions that the project is pinned to, read from its locked requirements."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from headtohead.content import files
from headtohead.errors import Problem, quoted

LOCK, REMEDY = "requirements/programs.txt", "make it with 'nox -s lock'"
VERSION = re.compile(r"[0-9][\w.!+-]*", re.ASCII)  # one of PEP 440, and no range of them
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def normal(name: str) -> str:
    """The normalised name of a distribution, after PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.lru_cache
def _locked(path: Path, changed: int) -> dict[str, list[str]]:
    """The versions of each distribution: several where that depends on the Python, or after a merge gone wrong."""
    found: dict[str, list[str]] = {}
    for pin in PIN.finditer(files.text(path, LOCK, files.DATA)):
        found.setdefault(normal(pin["name"]), []).append(public(pin["version"]))
    return found


def public(version: str) -> str:
    """A version without its local part: `2.13.0+cpu` is a build of `2.13.0`, after PEP 440."""
    return version.partition("+")[0]


def pinned(
    root: Path, distributions: tuple[str, ...], where: str, lines: Mapping[str, int] | None = None
) -> dict[str, str]:
    """The pinned version of each distribution; `where` names what needs them, `lines` says where it imports each.

    Raises:
        Problem: One has no pin, several, or one that is no version.
    """
    path = root / LOCK
    try:
        locked = _locked(path, path.lstat().st_mtime_ns)
    except FileNotFoundError:
        raise Problem(LOCK, "no such file", remedy=REMEDY) from None
    except NotADirectoryError:
        raise Problem(Path(LOCK).parent, "a file where a folder has to be", remedy=REMEDY) from None
    for name in distributions:
        line, versions = (lines or {}).get(name), sorted(set(locked.get(normal(name), ())))
        if not versions:
            remedy = f"import only the framework, NumPy and what {LOCK} pins"
            raise Problem(where, f"imports {quoted(name)}, which is not pinned", line=line, remedy=remedy)
        if len(versions) > 1:
            what = f"imports {quoted(name)}, which {LOCK} pins to {' and to '.join(versions)}"
            raise Problem(where, what, line=line, remedy="import what has one version, whatever the Python is")
        if not VERSION.fullmatch(versions[0]):
            raise Problem(LOCK, f"{quoted(name)} is pinned to no version: {quoted(versions[0])}", remedy=REMEDY)
    return {name: locked[normal(name)][0] for name in distributions}
