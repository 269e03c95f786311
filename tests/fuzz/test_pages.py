"""Pages: any Markdown with directives."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given

from headtohead.site.extension import PageError
from headtohead.site.library import Library
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import real, texts
from tests.fuzz.words import PAGE
from tests.support.pages import page
from tests.support.texts import SVG

LIMIT = 5.0  # of CPU time: Python-Markdown is slow where much is left open, and that is not ours
PAGES = [text for text in real("docs/*/*.md", most=4000) if len(text) < 4000]
# The rows of the API map and the claims take tenths of a second each time.
SLOW = re.compile(r"^/// (?:api|claims|which|records|differences) ?.*$", re.MULTILINE)
INNER = re.compile(r"^(/// (?:compare|record) \| )\S+", re.MULTILINE)


@pytest.fixture(scope="module")
def library(place):
    """Of the topic in small, as if it had run."""
    store = place.settle(place.small(), drawn=SVG)
    return Library(place.root, store, problems={})


@given(
    text=texts(
        [INNER.sub(r"\1a/b", SLOW.sub("/// compare | a/b", each)) for each in PAGES],
        [INNER.sub(r"\1a/b", SLOW.sub("///", each)) for each in PAGE],
        deepest=30,  # Python-Markdown takes the cube of how many brackets are open
    )
)
@example(text="/// compare | a/b\n" * 300)
@example(text="/// compare | ../../a\n///\n")
@example(text="/// compare | \0\n///\n")
@example(text="/// compare | a/b\ncell: \x02wzxhzdk:0\x03\n///\n")
@example(text="/// compare | " + "a/" * 2000 + "\n///\n")
@example(text="```\n" * 3 + "/// compare | a/b\n///")
def test_a_page(place, library, text):
    library.problems.clear()
    made = page(place.root, text, "fuzz.md", library=library)

    def read() -> str:
        try:
            return made.convert(text)
        except PageError as error:
            return str(error)

    html = outcome(read, LIMIT)
    for message in (each for found in library.problems.values() for each in found):
        assert re.match(r"docs/fuzz\.md:\d+: ", message), message
        assert len(message.splitlines()) == 1
    assert isinstance(html, str)
    assert "Traceback" not in html
