"""Files below `docs/` that an engine publishes as they lie: what may not be among them, and who is told.

An engine follows links, and makes no page of HTML: what no directive and no last look sees is looked at here.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

from headtohead.content import files, published
from headtohead.content.kinds import TOPIC
from headtohead.errors import Problem, quoted
from headtohead.records import place, sealed
from headtohead.site import front_matter
from headtohead.site.pages import MAP

DOCS, THEME, CACHE = "docs", "overrides", ".cache/notebooks"
PAGES = (".html", ".htm", ".xhtml", ".xht")  # what a browser shows as a page, and no policy would stand in
# What may lie there besides pages of prose: a browser shows it, or a page asks for it, and nothing else is published.
KINDS = (".toml", ".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".json", ".txt")
INDEX = re.compile(r"/(index|README)$")  # pages that are that of their folder
OWN = ("search", "assets/inline", "programs", "records")  # folders of the site that a build fills


def links(root: Path) -> Iterator[Problem]:
    """A link among pages or templates: an engine would publish what lies outside of the repository."""
    for top in (DOCS, THEME):
        for folder, inner, names in os.walk(root / top):
            for each in (*inner, *names):
                path = Path(folder) / each
                if path.is_symlink():
                    name, remedy = path.relative_to(root).as_posix(), "put there what it points to"
                    yield Problem(name, "a symbolic link, which is not followed", remedy=remedy)


def templates(root: Path) -> Iterator[Problem]:
    """What is wrong with templates of the theme, beside which an engine publishes whatever lies there."""
    reading = Environment()
    for folder, _, names in os.walk(root / THEME):
        for path in sorted(Path(folder) / each for each in names):
            name = path.relative_to(root).as_posix()
            try:
                if path.suffix != ".html":
                    raise Problem(name, "no template: it would be published as it is", remedy=f"put it below {DOCS}/")
                reading.parse(files.text(path, name))
            except TemplateSyntaxError as error:
                what = f"no template: {error.message}"
                yield Problem(name, what, line=error.lineno, remedy="correct it, as Jinja has it")
            except Problem as problem:
                yield problem


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
            address = INDEX.sub("", uri.removesuffix(".md"))
            if (other := seen.setdefault(address.casefold(), uri)) != uri:
                yield uri, Problem(f"{DOCS}/{uri}", f"the same address as {DOCS}/{other}", remedy="rename one of them")


def _check(path: Path, uri: str) -> None:
    name, (stem, ending) = f"{DOCS}/{uri}", posixpath.splitext(uri)
    if ending in PAGES:
        raise Problem(name, "a page that no policy stands in", remedy="write it in Markdown")
    if ending == ".ipynb":
        raise Problem(name, "a notebook that did not run here", remedy="write it as in_both.py of a topic")
    if ending not in (".md", *KINDS):
        what = f"a file of another kind, {ending[:20]!r}" if ending else "a file without a kind"
        raise Problem(name, what, remedy=f"take it away: pages end with .md, and files with {', '.join(KINDS)}")
    if not TOPIC.fullmatch(stem if ending == ".md" else stem.replace(".", "-")):
        what = f"{quoted(uri)} is no name of a {'page' if ending == '.md' else 'file'}"
        raise Problem(name, what, remedy="rename it: letters, digits, _ and - make an address")
    if uri.startswith(tuple(f"{each}/" for each in OWN)):
        raise Problem(name, "in a folder of the site that a build fills", remedy="put it into another folder")
    if uri == f"{MAP}/api.json":
        raise taken(uri)
    if ending == ".md":
        front_matter.check(name, text := files.text(path, name))
        if not text.strip("\ufeff \t\r\n"):
            raise Problem(name, "an empty page", remedy="write it, or take it away")
    elif odd := published.odd(files.read(path, name, files.DATA), ending):
        what, remedy = ("picture", "take that out") if ending == ".svg" else ("file", "save it anew, or take it away")
        raise Problem(name, f"a {what} that {odd}", remedy=remedy)


def check_alone(address: str, uris: Iterable[str]) -> None:
    """Raises `Problem` where a page stands in the place of a topic's notebook: one would replace the other."""
    stem = address.removesuffix(".ipynb")
    if pages := [uri for uri in uris if uri in (f"{stem}.md", f"{stem}/index.md")]:
        what = f"in the place of the notebook of {stem}"
        raise Problem(f"{DOCS}/{pages[0]}", what, remedy="take it away, and write prose into cells of the program")


def hiding(uris: Iterable[str], themes: Iterable[str]) -> Iterator[tuple[str, Problem]]:
    """Files below `docs/` in the place of one of the theme, which would not be published."""
    folders = [Path(theme) for theme in themes]
    for uri in uris:
        if not uri.endswith(".md") and any((folder / uri).is_file() for folder in folders):
            yield uri, taken(uri)


def taken(uri: str) -> Problem:
    """A file below `docs/` in the place of one that a build puts there."""
    return Problem(f"{DOCS}/{uri}", "in the place of a file that a build puts there", remedy="rename it")


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
