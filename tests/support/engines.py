"""Builds the site with one engine, tests its links, and says what it lacks: python -m tests.support.engines ENGINE

`nox -s engines` calls it once for each engine, each in an environment of its own, and MkDocs first: what an engine
lacks is what MkDocs' own build, made a moment before, has and it has not.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from headtohead.errors import Problem

from . import links
from .repository import ROOT

BUILDS = ROOT / "build/engines"
SURROUNDING = {"NO_MKDOCS_2_WARNING": "1", "HEADTOHEAD_URL": ""}
SHOWN = 5  # of each list; the rest is counted

# Zensical makes no page of a notebook. Its theme, search and sitemap are its own.
NOTEBOOKS = re.compile(r"\bguided/side_by_side(/|\.ipynb)")
THEME = (
    "assets/javascripts/",
    "assets/inline/",
    "assets/stylesheets/",
    "assets/_mkdocstrings.css",
    "search/",
    "sitemap.xml.gz",
)


def hooked(engine: str, site: Path) -> list[str]:
    """The command of an engine that reads mkdocs.yml and runs its hook."""
    return [engine, "build", "--strict", "--quiet", "-f", "mkdocs.yml", "-d", str(site)]


def zensical(site: Path) -> list[str]:
    """The command of Zensical, and the folder in which it can run, with a copy of the pages.

    At the root of the repository it would take `.cache` for its own and empty it. It runs no hook: what is generated
    lies among the pages, and its settings name the extensions.
    """
    from headtohead.site.engine import EXTENSION
    from headtohead.site.generated import lay
    from headtohead.site.library import Library

    home, records = site.parent, os.environ.get("HEADTOHEAD_RECORDS", "records")
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, home / name)
    lay(home / "docs", Library.of(str(ROOT), records), lambda uri, problem: print(f"{uri}: {problem}"))
    head = f"INHERIT: {ROOT}/mkdocs.yml\nsite_dir: {site}\nmarkdown_extensions:\n"
    extension = f"  - {EXTENSION}: {{records: {records}}}\n"
    settings = home / "zensical.yml"
    settings.write_text(head + extension, encoding="utf-8")
    return ["zensical", "build", "--clean", "-f", str(settings)]


def folder(engine: str) -> Path:
    return BUILDS / engine / "site"


def build(engine: str) -> float:
    """Builds the site from nothing; returns seconds, or raises `Problem`."""
    site = folder(engine)
    shutil.rmtree(site.parent, ignore_errors=True)
    site.parent.mkdir(parents=True)
    command = zensical(site) if engine == "zensical" else hooked(engine, site)
    started = time.monotonic()
    # Where it is run, there is headtohead/, which extensions and the reference are read from.
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=os.environ | SURROUNDING, check=False)
    if done.returncode or not links.pages(site):
        raise Problem(engine, f"no site: it ended with {done.returncode}", remedy="what it wrote above says why")
    return time.monotonic() - started


def files(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())


def known(engine: str, fault: str) -> bool:
    """Whether an engine is known to lack a file, or to have a dead link."""
    return engine == "zensical" and bool(NOTEBOOKS.search(fault) or fault.startswith(THEME))


@dataclass(frozen=True)
class Verdict:
    """What a build is like beside a whole one.

    Attributes:
        pages: How many pages it has.
        dead: Its dead links, a line each.
        lacks: The files that the whole one has and it has not.
    """

    pages: int
    dead: list[str]
    lacks: list[str]

    @classmethod
    def of(cls, site: Path, whole: Path) -> Verdict:
        own = set(files(site))
        return cls(len(links.pages(site)), links.dead_links(site), [each for each in files(whole) if each not in own])

    def new(self, engine: str) -> list[str]:
        """Whatever is not known of this engine."""
        return [each for each in [*self.lacks, *self.dead] if not known(engine, each)]

    def lines(self) -> list[str]:
        pages = [each for each in self.lacks if each.endswith(".html")]
        theme = [each for each in self.lacks if each.startswith(THEME)]
        rest = [each for each in self.lacks if each not in pages + theme]
        kinds = {"pages": pages, "files of theme and search": theme, "other files": rest}
        said = [
            line for kind, found in kinds.items() for line in some(f"{kind} that MkDocs makes and it does not", found)
        ]
        return said + some("dead links", self.dead)


def some(what: str, found: list[str]) -> list[str]:
    more = [f"  and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return [f"{what}: {len(found)}", *(f"  {each}" for each in found[:SHOWN]), *more]


def main(engine: str) -> int:
    whole = folder("mkdocs")
    try:
        if engine != "mkdocs" and not links.pages(whole):
            raise Problem(engine, "nothing to hold it against", remedy="run 'nox -s engines', which begins with MkDocs")
        seconds = build(engine)
    except Problem as problem:
        print(problem)
        return 1
    verdict = Verdict.of(folder(engine), whole)
    print(f"{engine}: {verdict.pages} pages in {seconds:.0f} s", *verdict.lines(), sep="\n")
    if new := verdict.new(engine):
        print(*some("not known of it until now", new), sep="\n")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
