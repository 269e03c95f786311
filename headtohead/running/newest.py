"""Newest: runs data files on the releases that are installed, compares all with the records, and reports."""

from __future__ import annotations

import datetime
import html
import platform
from collections.abc import Iterable
from typing import TextIO

from headtohead.content import differences, mistakes
from headtohead.content import rows as areas
from headtohead.content.rows import COUNT
from headtohead.content.topics import Topic
from headtohead.records import news
from headtohead.records.news import KINDS, News
from headtohead.records.store import Store
from headtohead.running import agreements, listings, rows
from headtohead.running.packages import Package
from headtohead.running.programs import Outcome

LABEL = "newest"  # of the records of programs: what ran is not what is pinned


def programs(told: News, base: Store, store: Store, chosen: list[Topic], ran: list[Outcome]) -> None:
    """Tells what programs gave otherwise, once they have run into a store under `LABEL`."""
    told.count("programs", len(ran))
    told.tell("failures", [each.problem for each in ran if each.problem])
    told.tell("agreements", agreements.renew(chosen, store, LABEL))
    for topic in chosen:
        news.of_topic(told, base, topic, store, LABEL)


def data(told: News, base: Store, store: Store, names: Iterable[str], out: TextIO | None = None) -> None:
    """Runs data files, as `api/layers`, and tells what they gave otherwise; `api/count` counts names."""
    mine = list(names)
    known = {area.name: area for area in areas.areas(base.root)}
    for name, ran in rows.measured(store, of_rows, out) if (of_rows := _below(areas.FOLDER, mine)) else ():
        if name != COUNT:
            news.of_area(told, base, known[name], ran.rows, ran.fell)
        elif ran.rows:
            news.of_names(told, base, ran.rows, ran.problems)
        else:
            told.tell("failures", ran.problems)
    for form in (differences.FORM, mistakes.FORM):
        listed = {group.name: group for group in form.groups(base.root)}
        for name, tried in listings.tried(form, store, chosen, out) if (chosen := _below(form.folder, mine)) else ():
            news.of_group(told, base, listed[name], tried.printed, tried.fell)


def _below(folder: str, names: Iterable[str]) -> list[str]:
    return [name.partition("/")[2] for name in names if name.startswith(f"{folder}/")]


def report(told: News, packages: Iterable[Package]) -> str:
    """What would change, as Markdown."""
    ran = ", ".join(f"{number} {what}" for what, number in told.ran.items()) or "nothing"
    day = datetime.date.today().isoformat()
    lines = ["# What the newest releases would change", "", f"Ran {day} on Python {platform.python_version()}: {ran}."]
    lines += ["", "| package | pinned | ran | newest | held back by |", "|---|---|---|---|---|"]
    for each in packages:
        cells = (each.name, each.pinned, each.installed or "none", each.newest or "unknown", _inert(each.held))
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    for kind, title in KINDS.items():
        if found := dict.fromkeys(told.lines[kind]):
            lines += ["", f"## {title}: {len(found)}", "", *(f"- {_inert(line)}" for line in found)]
    if not any(told.lines.values()):
        lines += ["", "Nothing would change."]
    return "\n".join(lines) + "\n"


def _inert(line: str) -> str:
    """A line in which nothing outside of code is a tag, or calls somebody by name."""
    parts = line.split("`")
    parts[::2] = [html.escape(part, quote=False).replace("@", "&#64;") for part in parts[::2]]
    return "`".join(parts)
