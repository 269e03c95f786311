"""Guards that the extensions hang on no engine: a page, its links and its ids are found by what processors have."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from headtohead.site import engine
from headtohead.site.extension import HeadToHead, PageError
from tests.support.pages import COMPARE
from tests.support.projects import Project
from tests.support.texts import SVG

FILE = SimpleNamespace(src_uri="c/d.md", url="c/d/", abs_src_path="docs/c/d.md")


class Gathers:
    """A processor that gathers ids, as MkDocs' own do: that of raw HTML starts anew with each page."""

    def __init__(self, anew: bool):
        self.present_anchor_ids, self.anew = {"an-old-one"}, anew

    def run(self, given):
        if self.anew:
            self.present_anchor_ids = set()
        return given if isinstance(given, list) else None


def mkdocs(md: Markdown, name: str = "anybody") -> list[Gathers]:
    """Registers what MkDocs or a continuation of it registers; the names are not MkDocs'. Returns who gathers ids."""
    raw, tree = Gathers(anew=True), Gathers(anew=False)
    md.treeprocessors.register(SimpleNamespace(run=lambda _: None, file=FILE, files=[]), f"{name}_links", 0)
    md.preprocessors.register(raw, f"{name}_raw", 21)
    md.treeprocessors.register(tree, f"{name}_ids", 5)
    return [raw, tree]


def zensical(md: Markdown, path: str = "c/d.md", url: str = "c/d/") -> None:
    """Registers what Zensical registers."""
    context = SimpleNamespace(run=lambda lines: lines, page=SimpleNamespace(path=path, url=url), config={})
    md.preprocessors.register(context, "anybody_context", 0)


def converter(root: Path) -> Markdown:
    return Markdown(extensions=["pymdownx.superfences", HeadToHead(root=str(root))])


def test_a_page_is_found_by_what_a_processor_has(tmp_path):
    md = converter(tmp_path)
    assert engine.page(md, tmp_path) is None
    mkdocs(md)
    assert engine.page(md, tmp_path) is FILE
    md = converter(tmp_path)
    zensical(md)
    assert engine.page(md, tmp_path) == engine.Found("c/d.md", "c/d/", str(tmp_path / "docs/c/d.md"))


def test_ids_are_told_to_whoever_gathers_them(project):
    project.settle(project.small())
    md = converter(project.root)
    gathering = mkdocs(md)
    md.convert(COMPARE)
    raw, tree = (each.present_anchor_ids for each in gathering)
    assert raw == {"cell-setup", "cell-show"}
    assert tree == {"cell-setup", "cell-show", "an-old-one"}


def drawn(project: Project, *prepare) -> dict[str, str]:
    """Where a page says that a figure, a download, the whole program and the page of the topic are."""
    project.settle(project.small(), drawn=SVG)
    md = converter(project.root)
    for each in prepare:
        each(md)
    soup = BeautifulSoup(md.convert(f"{COMPARE}\n/// record | a/b\n///\n"), "html.parser")
    return {
        "figure": soup.img["src"].rpartition("/")[0],
        "download": soup.select_one("a[download]")["href"],
        "whole": soup.select_one("[data-program]")["data-program"],
    }


SEEN = {"figure": "records/cpu/a/b", "download": "programs/a/b/in_pytorch.py", "whole": "programs/a/b/in_pytorch.py"}


@pytest.mark.parametrize(
    ("prepare", "up"),
    [
        pytest.param([], {}, id="no engine"),
        pytest.param([mkdocs], dict.fromkeys(SEEN, "../../"), id="MkDocs"),
        # It takes links in HTML as seen from the file, and other attributes as they are.
        pytest.param([zensical], {"figure": "../", "download": "../", "whole": "../../"}, id="Zensical"),
    ],
)
def test_links_are_as_seen_from_the_page(project, prepare, up):
    assert drawn(project, *prepare) == {what: up.get(what, "") + target for what, target in SEEN.items()}


def test_links_of_an_index_are_the_same_from_its_file_and_its_address(project):
    seen = drawn(project, lambda md: zensical(md, "c/index.md", "c/"))
    assert seen == {what: f"../{target}" for what, target in SEEN.items()}


def test_a_folder_may_be_called_anything():
    link = engine.link('c#/100% a?/ü:"<', SimpleNamespace(src_uri="", url="%C3%BC/d/", abs_src_path=""))
    assert link == "../../c%23/100%25%20a%3F/ü%3A%22%3C"
    assert engine.link("ü/e/", SimpleNamespace(src_uri="", url="%C3%BC/d/", abs_src_path="")) == "../e/"


def test_only_links_that_stay_within_the_site_are_moved():
    page = engine.Found("c/d.md", "c/d/", "")
    kept = (
        '<a href="#x"> <a href="https://a.org/b"> <a href="mailto:a@b"> <a href="/c/"> <i data-href="../x"> href="../x"'
    )
    assert engine.html(kept, page) == kept
    moved = '<a class=b href="../e/?f=1&amp;g#h"><img src="i.png"></a><a href="../../">'
    assert engine.html(moved, page) == '<a class=b href="e/?f=1&amp;g#h"><img src="d/i.png"></a><a href="../">'
    assert engine.html(moved, FILE) == engine.html(moved, None) == moved


def test_what_is_wrong_is_told_with_the_page_whatever_the_engine(project):
    project.small()
    project.write({"docs/c/d.md": "---\ntitle: D\n---\nA\n\n/// compare | a/c\n///\n"})
    md = converter(project.root)
    zensical(md)
    with pytest.raises(PageError, match=r"^docs/c/d\.md:6: snippets/a/c: no such topic"):
        md.convert("A\n\n/// compare | a/c\n///\n")
