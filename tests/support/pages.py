"""Pages with directives, as MkDocs sets their Markdown up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from bs4 import BeautifulSoup
from markdown import Markdown

from headtohead.site.directives import HeadToHead
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


def page(root: Path, text: str, uri: str = "a/b.md", url: str = "a/b/", meta: str = "", **options) -> Markdown:
    """The Markdown of a page, as MkDocs sets it up: it knows its file, and the front matter is gone."""
    path = write(root, {f"docs/{uri}": meta + text}) / "docs" / uri
    md = Markdown(extensions=[*EXTENSIONS, HeadToHead(root=str(root), **options)])
    file = SimpleNamespace(src_uri=uri, abs_src_path=str(path), url=url)
    md.treeprocessors.register(SimpleNamespace(run=lambda _: None, file=file), "relpath", 0)
    return md


def shown(root: Path, text: str, **options) -> BeautifulSoup:
    return BeautifulSoup(page(root, text, **options).convert(text), "html.parser")


def bare_page() -> Page:
    """A page of this repository in no place of its own, for views to be made on."""
    return Page(Markdown(), Library(ROOT, STORE))


def page_of_docs(root: Path, text: str, store: str = "", uri: str = "choose/claims.md") -> Markdown:
    """The Markdown of a page that lies below `docs/`, with its data file beside it."""
    md = Markdown(extensions=["toc", HeadToHead(root=str(root), records=store)])
    path = root / "docs" / uri
    if not path.exists():
        write(root, {f"docs/{uri}": text})
    file = SimpleNamespace(src_uri=uri, abs_src_path=str(path), url=uri.removesuffix(".md") + "/")
    md.treeprocessors.register(SimpleNamespace(run=lambda _: None, file=file), "relpath", 0)
    return md
