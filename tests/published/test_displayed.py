"""Guards the first promise on the built site: what is shown, copied and downloaded is what ran; every link leads on."""

from __future__ import annotations

import ast
import functools
import json
import os
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from mkdocs.utils.yaml import yaml_load

from headtohead.content.programs import Program
from headtohead.content.topics import Topic, topics
from headtohead.records import freshness
from headtohead.records.model import Record
from headtohead.site.installs import need
from tests.support.links import dead, read
from tests.support.repository import BUILT, ROOT, STORE

TOPICS = topics(ROOT)
COMPARED = [found for found in TOPICS if "both" not in found.programs]
PROGRAMS = [program for found in TOPICS for program in found.programs.values()]
PAGES = sorted(BUILT.rglob("*.html"))

pytestmark = pytest.mark.skipif(
    not (BUILT / "index.html").exists(), reason=f"no site is built in {BUILT}: run 'nox -s site', or 'nox -s tests'"
)
each_compared = pytest.mark.parametrize("found", COMPARED, ids=lambda found: found.name)
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(BUILT).as_posix())


@functools.cache
def html(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@functools.cache
def tags(path: Path) -> list[Tag]:
    return html(path).find_all(True)


def page(name: str) -> BeautifulSoup:
    path = BUILT / name / "index.html"
    assert path.exists(), f"{name} has programs, but no page: write docs/{name}.md"
    return html(path)


def sides(found: Topic, name: str) -> list:
    """Title and HTML of each cell of one side, in the order of the page."""
    blocks = page(found.name).select(f'.h2h[data-topic="{found.name}"]')
    return [(block["data-cell"], block.select_one(f'[data-framework="{name}"]')) for block in blocks]


def code(side) -> str:
    """What the copy button of a cell copies: its text, with the newline that ends its last line."""
    return "\n".join(tag.get_text() for tag in side.select("pre > code")).removesuffix("\n")


def outputs(side) -> list[str]:
    return [tag.get_text() for tag in side.select("samp")]


def printed(record: Record, title: str) -> list[str]:
    text = record.cell(title).output.rstrip("\n")
    return [text] if text else []


def lean(text: str) -> str:
    """A program but for the number of blank lines around its cells."""
    return re.sub(r"\n+(# %%.*\n)\n*", r"\n\1", text).rstrip("\n")


def preamble(program: Program) -> str:
    """What stands above the first cell."""
    return program.text.partition("\n# %%")[0].strip("\n")


# What is shown ---------------------------------------------------------------------------------


def test_there_is_something_to_check():
    assert len(COMPARED) > 5
    assert len(PAGES) > len(TOPICS)


@each_compared
def test_shown_code_is_what_ran(found):
    for name, program in found.programs.items():
        shown = [(title, code(side)) for title, side in sides(found, name)]
        assert shown == [(cell.title, cell.body) for cell in program.cells]


@each_compared
def test_shown_output_is_what_it_printed(found):
    for name, program in found.programs.items():
        record = freshness.program(STORE, program)
        for title, side in sides(found, name):
            assert outputs(side) == printed(record, title), f"{program.name}: {title}"


@each_compared
def test_shown_figures_are_what_it_drew(found):
    for name, program in found.programs.items():
        record = freshness.program(STORE, program)
        folder = STORE.path(found.name, name).parent
        for title, side in sides(found, name):
            sources = [BUILT / found.name / tag["src"] for tag in side.select("img")]
            drawn = [folder / figure for figure in record.cell(title).figures]
            assert [path.read_bytes() for path in sources] == [path.read_bytes() for path in drawn]


@each_compared
def test_what_is_shown_makes_the_whole_program(found):
    """Cells put together again are the file: nothing ran that is not on the page, but for the docstring."""
    for name, program in found.programs.items():
        cells = "".join(f"\n# %% {title}\n{code(side)}\n" for title, side in sides(found, name))
        assert lean(f"{preamble(program)}\n{cells}") == lean(program.text)
        above = ast.parse(preamble(program)).body
        assert [type(node) for node in above] == [ast.Expr], f"{program.name}: code above its first cell"


@each_page
def test_a_cell_on_any_page_is_what_ran(path):
    for block in html(path).select(".h2h"):
        found = Topic(ROOT, block["data-topic"])
        shown = {side["data-framework"]: (code(side), outputs(side)) for side in block.select(".h2h-side")}
        assert list(shown) == list(found.programs)
        for name, program in found.programs.items():
            title = block["data-cell"]
            assert shown[name] == (program.cell(title).body, printed(freshness.program(STORE, program), title))


@each_compared
def test_the_proof_on_the_page_is_the_proof(found):
    assert [code(block) for block in page(found.name).select(".h2h-proof")] == [found.parity_text.rstrip()]


@pytest.mark.parametrize("found", [found for found in TOPICS if "both" in found.programs], ids=lambda found: found.name)
def test_a_guided_notebook_shows_what_ran(found):
    article = page(found.name).article
    program = found.programs["both"]
    record = freshness.program(STORE, program)
    cells = [cell for cell in program.cells if not cell.markdown]
    install, *shown = article.select(".jp-CodeCell .jp-CodeCell")
    assert need(program, record).pip in code(install)
    assert [code(each) for each in shown] == [f"# {cell.title}\n{cell.body}" for cell in cells]
    for each, cell in zip(shown, cells):
        assert [text.rstrip("\n") for text in outputs(each)] == printed(record, cell.title), cell.title
        assert len(each.select("svg, img")) == len(record.cell(cell.title).figures), cell.title


@each_program
def test_a_record_that_is_shown_is_fresh(program):
    freshness.program(STORE, program)
    freshness.agreement(STORE, Topic(ROOT, program.topic))
    for label in STORE.labels():
        if STORE.path(program.topic, program.framework.name, label).exists():
            freshness.program(STORE, program, label)


# What is taken away ----------------------------------------------------------------------------


@each_program
def test_the_download_is_the_file_that_ran(program):
    download = BUILT / "programs" / program.topic / program.framework.file
    assert download.read_bytes() == program.path.read_bytes()
    stem = os.path.relpath(download.with_suffix(""), BUILT / program.topic)
    links = [tag["href"] for tag in page(program.topic).select("a[download]")]
    assert {f"{stem}.py", f"{stem}.ipynb"} <= set(links)
    copied = [tag["data-program"] for tag in page(program.topic).select("[data-program]")]
    assert f"{stem}.py" in copied


@each_program
def test_the_notebook_has_the_cells_and_the_output(program):
    path = BUILT / "programs" / program.topic / f"in_{program.framework.name}.ipynb"
    install, *cells = [cell for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "code"]
    record = freshness.program(STORE, program)
    assert (install["source"].splitlines()[1], install["outputs"]) == (f"# %{need(program, record).pip}", [])
    expected = [cell for cell in program.cells if not cell.markdown]
    assert [cell["source"] for cell in cells] == [f"# {cell.title}\n{cell.body}" for cell in expected]
    for cell, source in zip(cells, expected):
        texts = [output["text"] for output in cell["outputs"] if output["output_type"] == "stream"]
        assert texts == [text for text in [record.cell(source.title).output] if text]


def test_nothing_is_offered_that_is_no_program():
    known = {f"{program.topic}/in_{program.framework.name}{kind}" for program in PROGRAMS for kind in (".py", ".ipynb")}
    folder = BUILT / "programs"
    offered = {path.relative_to(folder).as_posix() for path in folder.rglob("in_*")}
    assert offered == known


# Every page ------------------------------------------------------------------------------------


@each_page
def test_a_page_shows_no_error_and_no_directive(path):
    soup = html(path)
    assert [box.get_text() for box in soup.select(".h2h-error")] == []
    body = soup.article or soup
    left = [
        text for text in body.find_all(string=re.compile(r"///")) if not text.find_parent(["pre", "code", "script"])
    ]
    assert left == []
    assert "wzxhzdk" not in str(body), "a piece of HTML was lost on its way"


@each_page
def test_ids_are_unique(path):
    identities = Counter(tag["id"] for tag in tags(path) if tag.get("id"))
    assert {identity for identity, number in identities.items() if number > 1} == set()


@each_page
def test_nothing_is_fetched_from_elsewhere(path):
    """No third party, and no absolute path, so that the site works below any address; 404 stands at every depth."""
    for address in read(path).fetched:
        parts = urlsplit(address)
        assert not parts.netloc, f"{path}: {address}"
        assert parts.scheme in ("", "data"), f"{path}: {address}"
        assert not address.startswith("/") or path.name == "404.html", f"{path}: {address}"


@functools.cache
def base() -> str:
    """Below which path of its host the site is published."""
    return urlsplit(yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8")).get("site_url") or "").path


@each_page
def test_every_link_leads_somewhere(path):
    assert list(dead(path, BUILT, base())) == []


# The checks themselves, on made-up pages -------------------------------------------------------


def test_blank_lines_around_cells_do_not_count_but_those_within_do():
    assert lean("a\n\n\n\n# %% A\n\nx = 1\n\n\n\n# %% B\ny\n\n") == lean("a\n\n# %% A\nx = 1\n\n# %% B\ny\n")
    assert lean("a\n# %% A\nx\n\n\ny\n") != lean("a\n# %% A\nx\n\ny\n")
