"""Settings of an engine, as `mkdocs.yml` has them: those of which the site would be another one, or lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headtohead.errors import Problem, quoted
from headtohead.site import addresses
from headtohead.site.content import look
from headtohead.site.sources import DOCS, THEME
from headtohead.site.unseen import UNSEEN

FILES = ("extra_css", "extra_javascript")
WITHIN = f"write the path of a file below {DOCS}/"
NAMES = ("site_name", "site_description", "site_author")  # a theme puts them into attributes as they are
# What may stand in `extra`, of which a theme makes links and scripts: its type, and how to write it.
EXTRA = {"generator": (bool, "true or false"), "records": (str | int, "the path of a folder")}
PICTURES = ("logo", "favicon")
# What may be among extensions and plugins: others take files and code from elsewhere, or make another page of it.
EXTENSIONS = (
    *("toc", "tables", "fenced_code", "admonition", "attr_list", "md_in_html"),
    *("pymdownx.highlight", "pymdownx.superfences", "headtohead.site.extension"),
)
PLUGINS = ("mkdocs-jupyter", "mkdocstrings", "autorefs")
# Without these, what the templates of this site are made for is missing, or is published as text.
NEEDED = ("attr_list", "md_in_html", "pymdownx.highlight", "pymdownx.superfences")
BESIDES = ("mkdocs-jupyter", "mkdocstrings")
WARNS = 30  # the level at which a strict build ends


def faults(root: Path, file: Path, settings: Any) -> Iterator[Problem]:
    """What is wrong with settings, each with its line where that can be found.

    Args:
        root: The repository.
        file: Where the settings stand.
        settings: What they are, by name.
    """
    where = Where(root, file)
    yield from _of_engine(root, where, settings)
    yield from _of_theme(root, where, settings)
    yield from _of_text(where, settings)
    if Path(settings["docs_dir"]).resolve() != (root / DOCS).resolve():
        remedy = f"put the pages below {DOCS}/, and leave the setting out"
        yield where.problem("docs_dir", f"pages elsewhere than in {DOCS}/", remedy)
    site = settings["site_url"] or ""
    if site and (not re.match(r"https?://", site, re.IGNORECASE) or addresses.odd(site, near=True)):
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


def _of_engine(root: Path, where: Where, settings: Any) -> Iterator[Problem]:
    """What of an engine this site rests on, and what it must not bring along."""
    if not settings["use_directory_urls"]:
        yield where.problem("use_directory_urls", "use_directory_urls: links would lead nowhere", "leave it out")
    own = (root / THEME / "main.html").is_file()  # what is needed follows from the templates
    extensions = [str(each) for each in settings["markdown_extensions"]]
    plugins = [str(each).rpartition("/")[2] for each in settings["plugins"]]
    hooks = [str(each) for each in settings["hooks"]]
    for kind, found, known, needed in (
        ("markdown_extensions", extensions, EXTENSIONS, NEEDED),
        ("plugins", [each for each in plugins if each not in {Path(hook).name for hook in hooks}], PLUGINS, BESIDES),
    ):
        for each in sorted({*found} - {*known}):
            yield where.problem(each, f"{kind}: {quoted(each)} is none of this site's", f"there are {', '.join(known)}")
        for each in needed if own else ():
            if each not in found:
                yield where.problem(kind, f"{kind}: {each} is missing, without which pages are others", "put it there")
    for kind, rules in settings["validation"].items():
        for name, level in rules.items() if own else ():
            if level is not None and level < WARNS:
                yield where.problem(f"{name}:", f"validation: {kind}.{name} lets what is wrong pass", "write warn")


def _of_theme(root: Path, where: Where, settings: Any) -> Iterator[Problem]:
    """What a theme asks for, on every page."""
    theme, own = settings["theme"], (root / THEME / "main.html").is_file()
    if own and (theme.name != "material" or Path(theme.custom_dir or "").resolve() != (root / THEME).resolve()):
        remedy = f"write name: material and custom_dir: {THEME}"
        yield where.problem("theme:", f"theme: another one than that of the templates in {THEME}/", remedy)
    if own and theme.get("font"):
        yield where.problem("font", "theme: the font is asked of another host", "write font: false")
    for name in PICTURES:
        address = str(theme.get(name) or "")
        there = any((Path(folder) / address).is_file() for folder in (root / DOCS, *theme.dirs))
        if address and (addresses.far(address) or not there):
            yield where.problem(address, f"theme: {name}: {quoted(address)} is no file of this site", WITHIN)
    for key, value in settings["extra"].items():
        if key not in EXTRA:
            what, remedy = f"extra: {quoted(key)} is no setting of this site", f"there are {', '.join(EXTRA)}"
            yield where.problem(f"{key}:", what, remedy)
        elif not isinstance(value, EXTRA[key][0]):
            yield where.problem(f"{key}:", f"extra: {key} is {quoted(value)}", f"write {EXTRA[key][1]}")


def _of_text(where: Where, settings: Any) -> Iterator[Problem]:
    """What a theme shows of settings, on every page."""
    for name in NAMES:
        value = str(settings[name] or "")
        if odd := re.search(r"[<>\"&]", value) or UNSEEN.search(value):
            yield where.problem(name, f"{name} holds {odd[0]!a}, which a theme takes for HTML", "write it in words")
    seen: set[str] = set()
    for title, address in _titled(settings["nav"]):
        if title is not None and (not title.strip() or UNSEEN.search(title)):
            yield where.problem(
                title.strip() or "nav:", f"nav: {title!a} is no title that can be read", "write a word or two"
            )
        if address and address in seen:
            yield where.problem(address, f"nav: {quoted(address)} stands there twice", "keep one of them")
        seen.add(address)


def _titled(nav: Any) -> Iterator[tuple[str | None, str]]:
    """Every title in a menu with the address that it leads to, empty for a section."""
    if isinstance(nav, str):
        yield None, nav
    for each in nav if isinstance(nav, list) else ():
        if isinstance(each, dict):
            for title, inner in each.items():
                yield str(title), inner if isinstance(inner, str) else ""
                yield from _titled(inner if isinstance(inner, list) else None)
        else:
            yield from _titled(each)


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
