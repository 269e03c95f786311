"""The questions that the search is measured by: from public sources, none twice, evenly spread, with their places."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest

from headtohead.content.mistakes import groups
from headtohead.records import freshness
from headtohead.site.search import WORDS
from tests.support.asked import HALVES, KINDS, PASTED, SIDES, Question, Shares, questions
from tests.support.links import read
from tests.support.repository import BUILT, ROOT, STORE

ASKED = [each for half in HALVES for each in questions(half)]
MESSAGES = questions(PASTED)
LACKING = 10  # questions of a half that the site may leave unanswered

each_question = pytest.mark.parametrize("question", ASKED + MESSAGES, ids=lambda each: each.asks)


def plain(asks: str) -> str:
    """A question without what makes no other one of it: case, order of words and punctuation."""
    return " ".join(sorted(re.findall(r"\w+", asks.lower())))


def test_no_question_stands_there_twice():
    every = ASKED + MESSAGES
    assert [each for each, count in Counter(plain(each.asks) for each in every).items() if count > 1] == []
    assert [each for each, count in Counter(each.source for each in every).items() if count > 1] == []


def test_the_search_is_not_told_them():
    """What it knows besides was taken from other threads; otherwise it would be measured by what it was handed."""
    told = tomllib.loads((ROOT / WORDS).read_text(encoding="utf-8"))["also"]
    asked = {plain(each.asks) for each in ASKED + MESSAGES}
    assert [line for each in told for line in each["asked"] if plain(line) in asked] == []


def test_messages_are_of_both_sides_and_none_is_the_site_s_own():
    sides = Counter(each.side for each in MESSAGES)
    assert len(MESSAGES) >= 20
    assert abs(sides["pytorch"] - sides["tensorflow"]) <= 2
    gave = [each for group in groups(ROOT) for each in freshness.raised(STORE, group.name).values()]
    own = [text for each in gave for text in each.values()]
    assert [each.asks for each in MESSAGES if "(" in each.asks and any(each.asks in text for text in own)] == []


def test_there_are_enough():
    assert len(ASKED) >= 150


@pytest.mark.parametrize("half", HALVES)
def test_each_half_is_spread_evenly(half):
    asked = questions(half)
    kinds, sides = Counter(each.kind for each in asked), Counter(each.side for each in asked)
    assert set(kinds) == set(KINDS)
    assert max(kinds.values()) - min(kinds.values()) <= 1
    assert set(sides) == set(SIDES)
    assert abs(sides["pytorch"] - sides["tensorflow"]) <= 2
    assert sum(each.lacking for each in asked) <= LACKING


@each_question
def test_its_places_are_there(question):
    """In the built site, page and anchor; where an answer is lacking, the place that ought to have it."""
    if not (BUILT / "index.html").exists():
        pytest.skip(f"no site is built in {BUILT}: run 'nox -s site', or 'nox -s tests'")
    assert question.places
    for place in question.places:
        name, _, anchor = place.partition("#")
        page = BUILT / name / "index.html"
        assert page.is_file(), place
        assert not anchor or anchor in read(page).ids, place


def test_the_first_right_place_counts():
    question = Question("what", "row", "both", "https://example.org", ["there/", "here/#anchor"])
    assert question.rank(["here/", "here/#anchor", "there/"]) == 2
    assert question.rank(["here/", "there/#anchor"]) is None


def test_what_is_lacking_is_never_found():
    question = Question("what", "row", "both", "https://example.org", ["there/"], lacking=True)
    assert question.rank(["there/"]) is None


def test_shares_count_each_question_once():
    first, second, third = (Question(each, "row", "both", "https://example.org", []) for each in ("a", "b", "c"))
    shares = Shares([(first, 1), (second, 3), (third, None)])
    assert (shares.within(1), shares.within(3), shares.within(3, "row"), shares.within(3, "claim")) == (1, 2, 2, 0)
    assert str(shares).splitlines() == ["2 of 3 in the first 3, 1 first", "  row: 2 of 3, 1 first", "  missed: c"]
