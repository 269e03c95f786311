"""Finds the dead links of a built site, of whatever engine: python -m tests.support.links [FOLDER]

Every `href`, `src` and the like that stays within the site has to lead to a file, and every fragment to an id in it.
It needs nothing but Python, so that it runs where an engine alone is installed.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

# What a browser fetches by itself as it shows a page.
FETCHED = {
    "script": ["src"],
    "img": ["src"],
    "iframe": ["src"],
    "source": ["src"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "track": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "image": ["href", "xlink:href"],
    "use": ["href", "xlink:href"],
    "link": ["href"],
}
NOT_FETCHED = {"canonical", "next", "prev", "alternate", "author", "license", "me"}  # kinds of <link>
FOLLOWED = ("href", "xlink:href")  # of <a> and <area>
READ = ("data-program", "data-rows")  # what the site's own script fetches


class Page(HTMLParser):
    """What of a page matters to links.

    Attributes:
        fetched: What a browser fetches by itself.
        links: What leads on from it, and what is fetched.
        ids: What a fragment may name.
    """

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        self.ids |= {given["id"]} if "id" in given else set()
        self.ids |= {given["name"]} if tag == "a" and "name" in given else set()
        self.links += [given[name] for name in READ if name in given]
        if tag in ("a", "area"):
            self.links += [given[name] for name in FOLLOWED if name in given]
        if tag not in FETCHED:
            return
        kinds = set(given.get("rel", "").split())
        found = [given[name] for name in FETCHED[tag] if name in given]
        found += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]
        self.links += found
        if tag != "link" or not kinds & NOT_FETCHED:
            self.fetched += found

    handle_startendtag = handle_starttag


@functools.cache
def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def dead(path: Path, folder: Path, base: str = "/") -> Iterator[tuple[str, str]]:
    """Every address on a page that leads nowhere within the site, and why.

    Args:
        path: The page.
        folder: The site.
        base: Below which path of its host the site is published: what an absolute path begins with.
    """
    folder = folder.resolve()
    for address in dict.fromkeys(read(path).links):
        target, fragment = urldefrag(address)
        try:
            parts = urlsplit(target)
        except ValueError:
            yield address, "no address"
            continue
        if parts.scheme or parts.netloc:
            continue
        local = unquote(parts.path)
        at = folder / local.removeprefix(base).lstrip("/") if local.startswith("/") else path.parent / local
        file = path if not local else at / "index.html" if at.is_dir() else at
        if not file.resolve().is_relative_to(folder):
            yield address, "it leads out of the site"
        elif not file.is_file():
            yield address, "no such file"
        elif at.is_dir() and local and not local.endswith(("/", ".")):
            yield address, "a folder wants a slash behind it"
        elif fragment and file.suffix == ".html" and unquote(fragment) not in read(file.resolve()).ids | {"top"}:
            yield address, "no such id"


def pages(folder: Path) -> list[Path]:
    return sorted(folder.resolve().rglob("*.html"))


def dead_links(folder: Path, base: str = "/") -> list[str]:
    """A line for each dead link of a site: its page, the link, and why."""
    folder = folder.resolve()
    return [
        f"{path.relative_to(folder).as_posix()}: {address}: {why}"
        for path in pages(folder)
        for address, why in dead(path, folder, base)
    ]


def main(arguments: list[str]) -> int:
    folder = Path(*arguments[:1] or ["site"])
    if not (found := pages(folder)):
        print(f"{folder}: no page is in it; build the site with 'nox -s site', or name the folder of one")
        return 1
    said = dead_links(folder)
    print(*said, f"{len(found)} pages, {len(said)} dead links", sep="\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
