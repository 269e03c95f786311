"""Pages with directives, as MkDocs sets their Markdown up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from bs4 import BeautifulSoup
from markdown import Markdown

from headtohead.site.extension import HeadToHead
from headtohead.site.library import Library
from headtohead.site.pages import Page
from tests.support.files import write
from tests.support.repository import ROOT, STORE

EXTENSIONS = [
    "admonition",
    "attr_list",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.highlight",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]
COMPARE = "/// compare | a/b\n///\n"
# What that shows of the topic in small.
SETUP = [("Setup", "pytorch", "import torch\n"), ("Setup", "tensorflow", "import tensorflow\n")]
SHOW = [("Show", side, 'print("2 < 3 & 4")\n') for side in ("pytorch", "tensorflow")]


def page(root: Path, text: str, uri: str = "a/b.md", url: str | None = None, meta: str = "", **options) -> Markdown:
    """The Markdown of a page, as MkDocs sets it up: it knows its file, and the front matter is gone."""
    path = root / "docs" / uri
    if not path.exists() or path.read_text(encoding="utf-8") != meta + text:
        write(root, {f"docs/{uri}": meta + text})
    md = Markdown(extensions=[*EXTENSIONS, HeadToHead(root=str(root), **options)])
    url = uri.removesuffix(".md") + "/" if url is None else url
    file = SimpleNamespace(src_uri=uri, abs_src_path=str(path), url=url)
    md.treeprocessors.register(SimpleNamespace(run=lambda _: None, file=file), "relpath", 0)
    return md


def shown(root: Path, text: str, **options) -> BeautifulSoup:
    """A page as a browser gets it."""
    return BeautifulSoup(page(root, text, **options).convert(text), "html.parser")


def published(uri: str) -> BeautifulSoup:
    """A page of this repository as a browser gets it."""
    text = (ROOT / "docs" / uri).read_text(encoding="utf-8")
    return shown(ROOT, text, uri=uri, records=str(STORE.folder))


def offers(uri: str, directive: str) -> bool:
    """Whether a page of this repository has a directive, and is in the menu."""
    text = (ROOT / "docs" / uri).read_text(encoding="utf-8")
    return f"/// {directive}\n///" in text and f"{uri}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def bare_page() -> Page:
    """A page of this repository in no place of its own, for views to be made on."""
    return Page(Markdown(), Library(ROOT, STORE))


def cells(soup: BeautifulSoup) -> list[tuple[str, str, str]]:
    """Cell, framework and code of each side, in the order of the page."""
    return [
        (block["data-cell"], side["data-framework"], side.select_one("pre > code").get_text())
        for block in soup.select(".h2h")
        for side in block.select(".h2h-side")
    ]
