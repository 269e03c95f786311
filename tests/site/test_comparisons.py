"""Guards comparisons on a page: a cell says whether it is compared, and whether its output varies from CPU to CPU."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from headtohead.content.topics import Topic
from headtohead.site.extension import HeadToHead
from tests.support.records import agreed
from tests.support.texts import DRAWS, LEFT, NOTHING_TO_COMPARE, RIGHT, SCORES, VARIES


def test_a_page_says_what_varies(project):
    project.topic("a/b", DRAWS, DRAWS, SCORES + VARIES)
    project.verify("a/b")
    html = Markdown(extensions=[HeadToHead(root=str(project.root))]).convert("/// compare | a/b\n///\n")
    assert html.count("Another CPU gives another output here: rounding differs.") == 1


def words(project) -> list[str | None]:
    """What stands beside each cell of the topic in small on whether it is compared."""
    html = Markdown(extensions=[HeadToHead(root=str(project.root))]).convert("/// compare | a/b\n///\n")
    sections = BeautifulSoup(html, "html.parser").select("section.h2h")
    found = [each.select_one(".h2h-proved > span[title]") for each in sections]
    return [each and each.get_text() for each in found]


@pytest.mark.parametrize(
    ("compared", "expected"),
    [
        ({"pytorch": ["Show"], "tensorflow": ["Show"]}, ["ran", "compared"]),
        ({"pytorch": [], "tensorflow": ["Show"]}, ["ran", "compared in TensorFlow"]),
        ({}, [None, None]),
    ],
    ids=["both sides", "one side", "not noted"],
)
def test_a_page_says_which_cells_are_compared(project, compared, expected):
    topic = project.small()
    store = project.settle(topic)
    store.write_agreement(replace(agreed(store, topic), compared=compared))
    assert words(project) == expected


def test_where_nothing_is_compared_each_cell_ran(project):
    project.small()
    project.change("a/b", parity=NOTHING_TO_COMPARE)
    project.settle(Topic(project.root, "a/b"))
    assert words(project) == ["ran", "ran"]


def test_a_cell_of_comments_alone_has_no_word(project):
    project.small()
    project.change("a/b", *(each.replace('print("2 < 3 & 4")', "# Nothing to do.") for each in (LEFT, RIGHT)))
    project.settle(Topic(project.root, "a/b"))
    assert words(project) == ["ran", None]
