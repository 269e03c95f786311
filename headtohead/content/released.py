"""The newest release of each framework, read from `requirements/released.toml`: what runs here may be older."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from headtohead.content.build import build
from headtohead.content.evidence import entries
from headtohead.content.frameworks import PACKAGES
from headtohead.content.kinds import Date, Line
from headtohead.content.toml_file import identified
from headtohead.errors import Problem

FILE = "requirements/released.toml"
VERSION = re.compile(r"\d+(\.\d+)+", re.ASCII)


@dataclass(frozen=True)
class Release:
    """The newest release of a package.

    Attributes:
        package: The name to install it by.
        newest: Its version, of the final releases.
        read: When that was looked up.
        why: Why it is not what runs here, as the end of a sentence; empty where it is.
    """

    package: Line
    newest: Line
    read: Date
    why: Line = ""


def released(root: Path) -> dict[str, Release]:
    """The newest releases by package; none where a repository does not say. Raises `Problem` for a file out of form."""
    path = root / FILE
    if not path.exists():
        return {}
    found: dict[str, Release] = {}
    for _, entry, line in entries(path, FILE, "release"):
        try:
            release = build(Release, entry)
            identified(release.package, found, "release")
            _check(release)
        except ValueError as error:
            raise Problem(FILE, str(error), line=line, remedy="correct the entry that begins here") from None
        found[release.package] = release
    return found


def check_pins(found: dict[str, Release], pins: Mapping[str, str]) -> None:
    """Raises `Problem` where what is pinned is newer than what is said to be the newest."""
    for name, pin in pins.items():
        if VERSION.fullmatch(pin) and _parts(pin) > _parts(found[name].newest):
            what = f"the newest {name} is said to be {found[name].newest}, and {pin} is pinned"
            raise Problem(FILE, what, remedy="look up the newest release, and the day of that")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _check(release: Release) -> None:
    if release.package not in PACKAGES:
        raise ValueError(f"'package' is {release.package!r}: there are {', '.join(PACKAGES)}")
    if not VERSION.fullmatch(release.newest):
        raise ValueError(f"'newest' is {release.newest!r}, which is no version as 2.15.0")
