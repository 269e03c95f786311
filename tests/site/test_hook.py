"""Guards the hook: what a build by MkDocs links to is there, and a page that cannot be shown is left out and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from headtohead.records import freshness
from headtohead.site.library import Library
from tests.support.pages import COMPARE, SETUP, SHOW, cells
from tests.support.repository import ROOT
from tests.support.texts import LEFT, SVG


@pytest.fixture
def site(project):
    """A site of one page and the hook; gives a function that builds it."""
    project.write({"mkdocs.yml": "site_name: A\n"})

    def built(text: str, command: str = "build") -> Path:
        project.write({"docs/index.md": "# Home\n", "docs/a/b.md": text})
        extension = {"headtohead.site.extension": {"root": str(project.root)}}
        config = load_config(
            str(project.root / "mkdocs.yml"),
            markdown_extensions=["pymdownx.superfences", extension],
            hooks=[str(ROOT / "hook.py")],
            strict=command == "build",
            validation={"anchors": "warn"},
        )
        config.plugins.run_event("startup", command=command, dirty=False)
        build(config)
        return project.root / "site"

    return built


def test_a_built_page_links_to_what_the_hook_adds(project, site):
    found = project.small()
    project.settle(found, drawn=SVG)
    folder = site("---\ntitle: A\n---\n" + COMPARE + "\n/// record | a/b\n///\n")
    built = folder / "a/b/index.html"
    soup = BeautifulSoup(built.read_text(), "html.parser")
    assert cells(soup) == SETUP + SHOW
    for tag in soup.select(".h2h img, .h2h-card a[download]"):
        target = (built.parent / (tag.get("src") or tag["href"])).resolve()
        assert target.is_file()
        if target.suffix == ".py":
            assert target.read_bytes() == (found.folder / target.name).read_bytes()
    assert len(list((folder / "records").rglob("*.svg"))) == 2
    assert not list((folder / "records").rglob("*.npz"))


def test_a_page_that_cannot_be_shown_is_left_out_and_ends_the_build_after_all_others(project, site, caplog):
    project.settle(project.small())
    with pytest.raises(Abort, match="Aborted: 1 page left out"):
        site("---\ntitle: A\n---\n\n# A\n\n/// compare | a/c\n///\n\n/// compare | a/b\ncell: Shaw\n///\n")
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert told[0].startswith("docs/a/b.md:7: snippets/a/c: no such topic")
    assert told[1].startswith("docs/a/b.md:10: snippets/a/b/in_pytorch.py: no cell 'Shaw'")
    assert (project.root / "site/index.html").exists()
    assert not (project.root / "site/a/b/index.html").exists()


def test_serving_shows_what_is_wrong_on_the_page(project, site):
    project.settle(project.small())
    folder = site("# A\n\n/// compare | a/c\n///\n", command="serve")
    box = BeautifulSoup((folder / "a/b/index.html").read_text(), "html.parser").select_one(".h2h-error")
    assert box.get_text().startswith("This cannot be publisheddocs/a/b.md:3: snippets/a/c: no such topic")


def test_half_a_topic_that_no_page_shows_is_no_trouble(project, site):
    project.settle(project.small())
    project.write({"snippets/a/half/in_pytorch.py": LEFT})
    folder = site("# A\n")
    assert not (folder / "programs/a/half/in_pytorch.ipynb").exists()
    assert (folder / "programs/a/b/in_pytorch.ipynb").exists()


def test_mkdocs_knows_the_cells_that_a_link_may_name(site, project, caplog):
    project.settle(project.small())
    site(f"[one cell](#cell-show)\n\n{COMPARE}")
    assert "#cell-show" not in caplog.text
    with pytest.raises(Abort, match="1 warnings in strict mode"):
        site(f"[one cell](#cell-nowhere)\n\n{COMPARE}")
    assert "'#cell-nowhere', but there is no such anchor on this page" in caplog.text


def test_serving_reads_anew_what_has_changed_and_nothing_else(project, site, monkeypatch):
    """A build after prose has changed takes what the one before it read; after a program has changed, it does not."""
    read, fresh = [], freshness.program
    monkeypatch.setattr(freshness, "program", lambda *given: read.append(given[1].name) or fresh(*given))
    project.settle(project.small())
    assert "h2h-error" not in (site(COMPARE, "serve") / "a/b/index.html").read_text()
    assert len(read) == 2
    assert "More prose" in (site(f"More prose.\n\n{COMPARE}", "serve") / "a/b/index.html").read_text()
    assert len(read) == 2
    project.change("a/b", LEFT.replace("<", ">"))
    assert "changed since it ran" in (site(COMPARE, "serve") / "a/b/index.html").read_text()
    assert len(read) > 2
    project.settle(project.small())
    assert "h2h-error" not in (site(COMPARE, "serve") / "a/b/index.html").read_text()


def test_what_comes_and_goes_while_programs_run_disturbs_no_server(project):
    project.settle(project.small())
    library = Library.of(str(project.root))
    before = library.stamps()
    gone = project.root / "records/cpu/a/b/.writing-gone"
    gone.symlink_to("nowhere")  # as a file that is listed, and not there any more when it is asked for
    project.write({"records/.work/a/out": "on its way"})
    assert [place for place, _ in library.stamps() if place not in dict(before)] == [str(gone)]
    gone.unlink()
    assert library.stamps() == before
