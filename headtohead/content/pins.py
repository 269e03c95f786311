"""The versions that the project is pinned to, read from its locked requirements."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from headtohead.content import files
from headtohead.errors import Problem, quoted

LOCK, REMEDY = "requirements/programs.txt", "make it with 'nox -s lock'"
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def normal(name: str) -> str:
    """The normalised name of a distribution, after PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.lru_cache
def _locked(path: Path, changed: int) -> dict[str, str]:
    return {normal(pin["name"]): public(pin["version"]) for pin in PIN.finditer(files.text(path, LOCK, files.DATA))}


def public(version: str) -> str:
    """A version without its local part: `2.13.0+cpu` is a build of `2.13.0`, after PEP 440."""
    return version.partition("+")[0]


def pinned(root: Path, distributions: tuple[str, ...], where: str) -> dict[str, str]:
    """The pinned version of each distribution; `where` names the program that needs them."""
    path = root / LOCK
    try:
        locked = _locked(path, path.lstat().st_mtime_ns)
    except FileNotFoundError:
        raise Problem(LOCK, "no such file", remedy=REMEDY) from None
    except NotADirectoryError:
        raise Problem(Path(LOCK).parent, "a file where a folder has to be", remedy=REMEDY) from None
    for name in distributions:
        if normal(name) not in locked:
            remedy = f"import only the framework, NumPy and what {LOCK} pins"
            raise Problem(where, f"imports {quoted(name)}, which is not pinned", remedy=remedy)
    return {name: locked[normal(name)] for name in distributions}
