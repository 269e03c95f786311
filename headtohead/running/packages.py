"""Packages: what programs ask for, in the version that is pinned, installed and newest, and what holds one back."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from headtohead.content.pins import PIN, normal, public
from headtohead.errors import seen

ASKED = "requirements/programs.in"
CAUSE = "The conflict is caused by:"
Pip = Callable[..., subprocess.CompletedProcess[str]]  # runs pip with arguments


@dataclass(frozen=True)
class Package:
    """One package that programs ask for.

    Attributes:
        name: As it is asked for.
        pinned: The version that the committed records are of.
        installed: The version that is here; empty where there is none.
        newest: The newest that the index has for this Python.
        held: Why that is not the one installed; empty where it is.
    """

    name: str
    pinned: str
    installed: str
    newest: str
    held: str = ""


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def packages(root: Path, ask: Pip = pip) -> list[Package]:
    """Every package that programs ask for; asks the index which are newer, and pip what holds one back."""
    asked = {pin["name"]: pin["version"] for pin in PIN.finditer((root / ASKED).read_text(encoding="utf-8"))}
    outdated = ask("list", "--outdated", "--format", "json")
    newer = {normal(each["name"]): each["latest_version"] for each in _listed(outdated.stdout)}
    here = {name: _installed(name) for name in asked}
    found = []
    for name, pinned in asked.items():
        newest = newer.get(normal(name), public(here[name]))
        others = [f"{other}=={version}" for other, version in here.items() if version and other != name]
        held = "" if newest == public(here[name]) else _why(ask, f"{name}=={newest}", others)
        found.append(Package(name, pinned, here[name], newest, held))
    return found


def _listed(text: str) -> list[dict[str, str]]:
    try:
        return json.loads(text or "[]")
    except ValueError:
        return []


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _why(ask: Pip, wanted: str, others: list[str]) -> str:
    """What pip says when asked for a version beside all else that is here, in one line."""
    said = ask("install", "--dry-run", wanted, *others)  # not quiet: of a conflict it would not tell the cause
    if said.returncode == 0:
        return "nothing: installing again would bring it"
    lines = [line.strip() for line in f"{said.stdout}\n{said.stderr}".splitlines() if line.strip()]
    if CAUSE in lines:
        causes = lines[lines.index(CAUSE) + 1 :]
        causes = causes[: next((at for at, line in enumerate(causes) if not _is_cause(line)), len(causes))]
        mine = f"The user requested {wanted}"
        return seen("; ".join(line for line in causes if line != mine)) or "nothing that pip names"
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return seen((errors or lines or ["pip does not say"])[0])


def _is_cause(line: str) -> bool:
    return bool(re.match(r"The user requested|[\w.-]+(\[.*\])? \S+ depends on", line))
