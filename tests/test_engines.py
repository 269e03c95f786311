"""Guards what is said of an engine: that it failed, what it lacks beside MkDocs, and what of that is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import engines, links
from tests.support.files import write


@pytest.fixture
def site(tmp_path) -> Path:
    """A site of two pages, two dead links, one of them to the notebook's page."""
    dead = ["gone", "../guided/side_by_side.ipynb"]
    pages = {"index.html": "", "a/index.html": "".join(f'<a href="{link}">a</a>' for link in dead)}
    return write(tmp_path / "site", pages)


def test_a_build_lacks_nothing_beside_itself(site):
    assert engines.Verdict.of(site, site).lacks == []


def test_what_an_engine_lacks_is_told_and_new_unless_it_is_known(tmp_path, site):
    lacking = ["assets/javascripts/x.js", "guided/side_by_side/index.html", "programs/a/in_pytorch.py", "z/index.html"]
    write(tmp_path / "whole", dict.fromkeys(["index.html", *lacking], ""))
    verdict = engines.Verdict.of(site, tmp_path / "whole")
    dead = ["a/index.html: gone: no such file", "a/index.html: ../guided/side_by_side.ipynb: no such file"]
    assert verdict == engines.Verdict(2, dead, lacking)
    assert verdict.new("properdocs") == [*lacking, *dead]
    assert verdict.new("zensical") == [*lacking[2:], dead[0]]
    said = "\n".join(verdict.lines())
    assert all(each in said for each in [*lacking, *dead])


def test_an_engine_is_held_against_nothing_but_a_build(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(engines, "BUILDS", tmp_path)
    assert engines.main("properdocs") == 1
    assert "nothing to hold it against; run 'nox -s engines'" in capsys.readouterr().out


def test_an_engine_that_fails_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(engines, "BUILDS", tmp_path)
    monkeypatch.setattr(engines, "hooked", lambda engine, site: ["no_such_engine"])
    assert engines.main("mkdocs") == 1
    assert capsys.readouterr().out == "mkdocs: no site: it ended with 1; what it wrote above says why\n"


def test_pages_that_a_failed_build_leaves_make_no_site(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(engines, "BUILDS", tmp_path)
    text = "from pathlib import Path; site = Path({!r}); site.mkdir(); (site / 'index.html').touch(); 1 / 0"
    monkeypatch.setattr(engines, "hooked", lambda _, site: ["timeit", "-n1", "-r1", text.format(str(site))])
    assert engines.main("mkdocs") == 1
    assert links.pages(engines.folder("mkdocs"))
    assert capsys.readouterr().out == "mkdocs: no site: it ended with 1; what it wrote above says why\n"
