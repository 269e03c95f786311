"""Versions: what is installed of all that a program needs."""

from __future__ import annotations

import platform
from importlib import metadata

from headtohead.content.frameworks import PRIMARY
from headtohead.content.pins import pinned, public
from headtohead.content.programs import Program
from headtohead.errors import Problem


def installed(program: Program, label: str) -> dict[str, str]:
    """The version of Python and of each package that a program needs; the primary device is held to the pins.

    Raises:
        Problem: One is not installed, or not in the pinned version.
    """
    versions = {"python": platform.python_version()}
    pins = pinned(program.root, program.distributions, program.name, program.needed_at) if label == PRIMARY else {}
    lines = program.needed_at
    for name in program.distributions:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            what, remedy = f"{name} is not installed", "use 'nox -s verify', which installs it"
            raise Problem(program.name, what, line=lines.get(name), remedy=remedy) from None
        if name in pins and public(versions[name]) != pins[name]:
            what = f"{name} {versions[name]} is installed, {pins[name]} is pinned"
            remedy = "use 'nox -s verify', which installs the pinned one"
            raise Problem(program.name, what, line=lines.get(name), remedy=remedy)
    return versions
