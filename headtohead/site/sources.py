"""Files below `docs/` that an engine publishes as they lie: what may not be among them, and who is told.

An engine follows links, and makes no page of HTML: what no directive and no last look sees is looked at here.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

from headtohead.content import files
from headtohead.errors import Problem
from headtohead.records import place, sealed
from headtohead.site.content import runs

DOCS, CACHE = "docs", ".cache/notebooks"
PAGES = (".html", ".htm", ".xhtml", ".xht")  # what a browser shows as a page, and no policy would stand in
DRAWN = (".svg", ".xml")  # what may run something where somebody opens it


def links(root: Path) -> Iterator[Problem]:
    """A link below `docs/`, to a file or to a folder: an engine would publish what lies outside of the repository."""
    for folder, inner, names in os.walk(root / DOCS):
        for each in (*inner, *names):
            path = Path(folder) / each
            if path.is_symlink():
                name, remedy = path.relative_to(root).as_posix(), "put there what it points to"
                yield Problem(name, "a symbolic link, which is not followed", remedy=remedy)


def check_site(root: Path, site: Path) -> None:
    """Raises `Problem` for a folder that a build may not empty for the site."""
    name = os.path.relpath(site, root)
    if site.is_symlink():
        raise Problem(name, "a link where the site belongs: what it leads to would be removed", remedy="remove it")
    place.apart(root, site, name)


def faults(root: Path, uris: Iterable[str]) -> Iterator[tuple[str, Problem]]:
    """What is wrong with files below `docs/`, by their address there, each once."""
    seen: dict[str, str] = {}
    for uri in uris:
        try:
            _check(root / DOCS / uri, uri)
        except Problem as problem:
            yield uri, problem
            continue
        if uri.endswith(".md"):
            address = uri.removesuffix(".md").removesuffix("/index")
            if (other := seen.setdefault(address.casefold(), uri)) != uri:
                yield uri, Problem(f"{DOCS}/{uri}", f"the same address as {DOCS}/{other}", remedy="rename one of them")


def _check(path: Path, uri: str) -> None:
    name, ending = f"{DOCS}/{uri}", posixpath.splitext(uri)[1].lower()
    if ending == ".md":
        files.text(path, name)
    elif ending in PAGES:
        raise Problem(name, "a page that no policy stands in", remedy="write it in Markdown")
    elif ending == ".ipynb":
        raise Problem(name, "a notebook that did not run here", remedy="write it as in_both.py of a topic")
    elif ending in DRAWN and runs(files.read(path, name, files.DATA)):
        what = "it holds a script, which would run where somebody opens it"
        raise Problem(name, what, remedy="take the script out")


def check_alone(address: str, uris: Iterable[str]) -> None:
    """Raises `Problem` where a page stands in the place of a topic's notebook: one would replace the other."""
    stem = address.removesuffix(".ipynb")
    if pages := [uri for uri in uris if uri in (f"{stem}.md", f"{stem}/index.md")]:
        what = f"in the place of the notebook of {stem}"
        raise Problem(f"{DOCS}/{pages[0]}", what, remedy="take it away, and write prose into cells of the program")


def laid(root: Path, address: str, data: bytes) -> Path:
    """Puts a file on disk, below a source folder, which it returns: what makes pages reads no generated one.

    Raises:
        Problem: A link stands there, which would lead elsewhere, or it cannot be written.
    """
    folder = root / CACHE
    path = folder / address
    for at in path.relative_to(root).parents[:-1]:
        if os.path.islink(root / at) or os.path.isfile(root / at):
            raise Problem(at, "no folder, where a build puts notebooks", remedy="remove it")
    try:
        sealed.put(path, data)
    except OSError as error:
        remedy = "mend that, or remove what stands there"
        raise Problem(f"{CACHE}/{address}", f"cannot be written: {error.strerror}", remedy=remedy) from None
    return folder


def front_matter(uri: str, text: str, meta: dict[str, object]) -> Problem | None:
    """What is wrong with the lines above a page, where an engine says nothing of it."""
    name, opened = f"{DOCS}/{uri}", text.removeprefix("\ufeff").startswith("---")
    if opened and not meta and text.count("\n---"):
        remedy = "write it as YAML, a key and its value a line, or take it out"
        return Problem(name, "front matter that is not read, and would be shown", line=1, remedy=remedy)
    if meta and not opened:
        what = f"its first lines are taken for front matter, as {next(iter(meta))!r}, and would not be shown"
        return Problem(name, what, line=1, remedy="begin with a heading")
    if "template" in meta:
        return Problem(name, "a template of its own", line=1, remedy="take it out: every page has that of the site")
    return None
