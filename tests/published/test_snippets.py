"""Guards the real topics: in form, shown whole and in order on a page of their own, and reachable from the menu."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.utils.yaml import yaml_load

from headtohead.content.pins import normal
from headtohead.content.programs import MAX_COLUMNS
from headtohead.content.topics import Topic, topics
from headtohead.site.directives import VIEWS
from headtohead.site.extension import Directives
from tests.support.repository import ROOT

TOPICS = topics(ROOT)
PROGRAMS = [program for found in TOPICS for program in found.programs.values()]
COMPARED = [found for found in TOPICS if "both" not in found.programs]
# Where a page calls a package by another name than its installer does.
CALLED = {"pillow": "PIL"}

each_topic = pytest.mark.parametrize("found", TOPICS, ids=lambda found: found.name)
each_compared = pytest.mark.parametrize("found", COMPARED, ids=lambda found: found.name)
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)


def page(found: Topic) -> Path:
    """The page of a topic that compares; a program that uses both frameworks is its own page, as a notebook."""
    return ROOT / "docs" / f"{found.name}.md"


def said(found: Topic) -> str:
    """The prose of a page: without its directives; in a notebook, the cells of prose."""
    if "both" in found.programs:
        return "\n".join(cell.body for cell in found.programs["both"].cells if cell.markdown)
    return re.sub(r"^///.*?^///$", "", page(found).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def directives(text: str) -> list[tuple[str, str, str | None]]:
    """Each directive on a page with its topic and cell, as the site itself reads them."""
    seen: list[tuple[str, str, str | None]] = []

    def note(name: str):
        return lambda page, topic, cell=None: seen.append((name, topic, cell)) or ""

    views = {name: replace(view, show=note(name)) for name, view in VIEWS.items()}
    Directives(Markdown(), None, views=views).run(text.splitlines())
    return seen


def menu(entries: list | dict | str) -> list[str]:
    """Every page in the navigation of mkdocs.yml."""
    if isinstance(entries, str):
        return [entries]
    parts = entries.values() if isinstance(entries, dict) else entries
    return [uri for part in parts for uri in menu(part)]


def test_there_are_topics():
    assert len(TOPICS) > 5


@each_topic
def test_a_topic_is_in_form(found):
    found.check()


@each_compared
def test_a_page_shows_every_cell_once_and_in_order(found):
    path = page(found)
    assert path.exists(), f"docs/{found.name}.md: no such page; write it, so that the programs of the topic are shown"
    titles = [cell.title for cell in next(iter(found.programs.values())).cells]
    on_page = directives(path.read_text(encoding="utf-8"))
    compared = [cell for name, topic, cell in on_page if (name, topic) == ("compare", found.name)]
    shown = [title for cell in compared for title in ([cell] if cell else titles)]
    assert shown == titles
    assert [name for name, topic, _ in on_page if topic == found.name][-1] == "record"
    assert on_page.count(("record", found.name, None)) == 1


@each_topic
def test_a_page_is_in_the_menu(found):
    pages = menu(yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    kind = "ipynb" if "both" in found.programs else "md"
    assert f"{found.name}.{kind}" in pages


def test_every_page_in_the_menu_is_there():
    pages = menu(yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    made = {f"{found.name}.ipynb" for found in TOPICS}
    missing = [uri for uri in pages if uri not in made and not (ROOT / "docs" / uri).exists()]
    assert not missing


@each_program
def test_lines_fit_two_columns(program):
    wide = [n for n, line in enumerate(program.text.splitlines(), 1) if len(line) > MAX_COLUMNS or "\t" in line]
    assert not wide, f"{program.name}:{wide[0]}: wider than {MAX_COLUMNS} columns, or a tab"


@each_program
def test_a_program_imports_what_its_page_names(program):
    """The framework, NumPy and the standard library need no word; anything else does."""
    prose = said(Topic(ROOT, program.topic)).lower()
    allowed = {normal(name) for name in (*program.framework.packages, "numpy")}
    if 'os.environ["KERAS_BACKEND"] = "torch"' in program.text:
        allowed.add("keras")  # a part of TensorFlow, unless a program puts it on PyTorch
    for name in map(normal, program.distributions):
        if name in {"torch", "tensorflow", "keras"}:
            assert name in allowed, f"{program.name}: imports {name}, which is the other framework's"
        elif name not in allowed:
            called = CALLED.get(name, name).lower()
            assert called in prose, f"docs/{program.topic}.md: does not say that {program.name} needs {name}"


@each_compared
def test_both_programs_say_the_same_of_themselves(found):
    one, other = (program.form.docstring.splitlines()[0] for program in found.programs.values())
    assert one == other


@each_compared
def test_a_proof_says_what_it_compares_or_why_not(found):
    title = found.parity.title
    assert title.endswith(".")
    assert 10 < len(title) <= 100
    assert found.compares or found.parity.why_not.strip()


@each_compared
def test_each_cell_does_something_on_one_side(found):
    """A cell of comments alone says why there is nothing to do; where both have nothing to do, there is no cell."""
    for one, other in zip(*(program.cells for program in found.programs.values())):
        assert one.runs or other.runs, f"{found.name}: cell {one.title!r} does nothing on both sides"


# The reading of pages, on made-up ones ---------------------------------------------------------


def test_directives_are_read_as_the_site_reads_them():
    text = "/// compare | a/b\ncell: One\n///\n\n```text\n/// compare | a/c\n///\n```\n\n/// record | a/b\n///\n"
    assert directives(text) == [("compare", "a/b", "One"), ("record", "a/b", None)]


def test_the_menu_is_read_at_any_depth():
    assert menu([{"Home": "index.md"}, {"A": [{"B": [{"C": "b/c.md"}]}, "a.md"]}]) == ["index.md", "b/c.md", "a.md"]
