"""What a topic's programs need: the line for pip that installs it on each side, with the versions that ran."""

from __future__ import annotations

from dataclasses import dataclass

from headtohead.content.frameworks import PACKAGES, PRIMARY
from headtohead.content.pins import normal, public
from headtohead.content.programs import Program
from headtohead.records.model import Record
from headtohead.site.pages import Page
from headtohead.site.templates import render


@dataclass(frozen=True)
class Need:
    """What one program needs.

    Attributes:
        label: Its framework, as the page calls it.
        pip: The command that installs its packages.
        system: Commands that have to be on the PATH.
    """

    label: str
    pip: str
    system: tuple[str, ...]


def install(page: Page, name: str | None) -> str:
    """The directive: what to install for the programs of a topic."""
    found = page.topic(name)
    needs = [need(program, page.library.record(program, PRIMARY)) for program in found.programs.values()]
    return render("install", needs=needs, noisy=any("tensorflow" in each.pip for each in needs))


def need(program: Program, record: Record) -> Need:
    """What a program needs, in the versions of its record; the framework first."""
    first = [each for each in PACKAGES if each in program.distributions]
    names = dict.fromkeys([*first, *program.distributions])
    pins = " ".join(f"{normal(each)}=={public(record.versions[each])}" for each in names)
    return Need(program.framework.label, f"pip install {pins}", program.needs)
