"""Settings of an engine, as `mkdocs.yml` has them: those of which the site would be another one, or lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headtohead.errors import Problem, quoted
from headtohead.site import addresses
from headtohead.site.content import look
from headtohead.site.sources import DOCS

FILES = ("extra_css", "extra_javascript")
WITHIN = f"write the path of a file below {DOCS}/"


def faults(root: Path, file: Path, settings: Any) -> Iterator[Problem]:
    """What is wrong with settings, each with its line where that can be found.

    Args:
        root: The repository.
        file: Where the settings stand.
        settings: What they are, by name.
    """
    where = Where(root, file)
    if Path(settings["docs_dir"]).resolve() != (root / DOCS).resolve():
        remedy = f"put the pages below {DOCS}/, and leave the setting out"
        yield where.problem("docs_dir", f"pages elsewhere than in {DOCS}/", remedy)
    site = settings["site_url"] or ""
    if site and (not re.match(r"https?://", site, re.IGNORECASE) or addresses.odd(site)):
        yield where.problem(
            "site_url", f"site_url: {quoted(site)} is no address of a site", "write https:// and its host"
        )
    for name in FILES:
        for each in settings[name] or ():
            address = str(getattr(each, "path", each))
            if addresses.far(address) or not (root / DOCS / address).is_file():
                yield where.problem(address, f"{name}: {quoted(address)} is no file of this site", WITHIN)
    for address in _leads(settings["nav"]):
        if odd := addresses.odd(address):
            yield where.problem(address, f"nav: {quoted(address)} {odd}", "")
        elif addresses.far(address) or not addresses.bare(address):
            continue
        elif address.lower().partition("#")[0].endswith((".html", "/")):
            yield where.problem(address, f"nav: {quoted(address)} is no page below {DOCS}/", "name its file, as a/b.md")
    for name in ("copyright", "repo_url", "edit_uri"):
        value = str(settings[name] or "")
        if name == "copyright":
            for fault in look(value).faults:
                yield where.problem(name, f"{name}: {fault.what}", "")
        elif value and (odd := addresses.odd(value)):
            yield where.problem(name, f"{name}: {quoted(value)} {odd}", "")


def _leads(nav: Any) -> Iterator[str]:
    """Every address in a menu."""
    if isinstance(nav, str):
        yield nav
    for each in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _leads(each)


class Where:
    """Finds the line of a setting."""

    def __init__(self, root: Path, file: Path):
        self.name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
        self._lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []

    def problem(self, sought: str, what: str, remedy: str) -> Problem:
        """What is wrong with a setting, at the first line that has a text."""
        line = next((number for number, line in enumerate(self._lines, 1) if sought and sought in line), None)
        return Problem(self.name, what, line=line, remedy=remedy)
