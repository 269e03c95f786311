"""Guards the numbers in prose: each was printed, compared or run, stands beside its source, or is a fact worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from headtohead.content.topics import Topic
from tests.published.test_snippets import TOPICS, said
from tests.support import evidence
from tests.support.facts import Fact, borne_out, facts, true
from tests.support.numbers import VERSION, amounts, plain, shown, values, written
from tests.support.repository import ROOT

FACTS = facts(ROOT / "tests/published/numbers.toml")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.)\s)")
SENTENCE = re.compile(r"(?<=[.!?])[*\"”)]*\s+(?=[*“\"(]*[A-Z`\[])")
DEFINED = re.compile(r"^\[([^\]]+)\]: https?:", re.MULTILINE)
INSIDE = re.compile(r"\]\((?P<page>[\w./-]*)#(?P<id>[\w-]+)\)")

each_topic = pytest.mark.parametrize("found", TOPICS, ids=lambda found: found.name)
each_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.says)


@cache
def held(fact: Fact) -> set[float]:
    return borne_out(fact)


@cache
def known_of(place: Topic | str) -> set[float]:
    """The numbers of what ran for a topic, or of what a difference or a row, by id, has and gave."""
    return values(evidence.of_topic(place) if isinstance(place, Topic) else evidence.by_id()[place])


def flat(text: str) -> str:
    return " ".join(text.split())


def unknown(sentence: str, known: set[float], source: str = "") -> list[str]:
    """The numbers of a sentence that neither what is known bears out, nor a fact, nor the source that one names."""
    left = []
    for match in written(sentence):
        mine = [fact for fact in FACTS if plain(match) in fact.says and within(match.start(), fact.says, sentence)]
        rests = any(fact.source and fact.source == source for fact in mine)
        worked_out = (set(amounts(match)) <= held(fact) | known for fact in mine if fact.given <= known)
        if not (shown(match, known) or rests or any(worked_out)):
            left.append(f"{plain(match)}: {sentence}")
    return left


def within(place: int, part: str, sentence: str) -> bool:
    """Whether a place of a sentence is in a part of it."""
    return sentence.find(part) <= place < sentence.find(part) + len(part) and part in sentence


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a page with its paragraph, but those that name their source."""
    outside = rf"\]\(https?:|\]\[(?:{'|'.join(map(re.escape, DEFINED.findall(text))) or '^'})\]"
    for paragraph in map(flat, PARAGRAPH.split(DEFINED.sub("", FENCE.sub("", text)))):
        yield from ((each, paragraph) for each in SENTENCE.split(paragraph) if not re.search(outside, each))


def of_page(found: Topic, text: str) -> list[str]:
    """The numbers in the prose of a topic that nothing bears out, each with its sentence."""
    known, versions, left = known_of(found), set(VERSION.findall(evidence.of_topic(found))), []
    for sentence, paragraph in sentences(text):
        led = [link["id"] for link in INSIDE.finditer(paragraph) if link["id"] in evidence.by_id()]
        left += unknown(sentence, known.union(*map(known_of, led)))
        left += [f"{each}: {sentence}" for each in VERSION.findall(sentence) if each not in versions]
    return left


@each_topic
def test_each_number_of_a_page_is_borne_out(found):
    assert of_page(found, said(found)) == []


@pytest.mark.parametrize("group", evidence.LIBRARY.groups.values(), ids=lambda group: group.name)
def test_each_number_of_a_difference_is_borne_out(group):
    left = []
    for entry in group.entries:
        known = known_of(entry.id)
        texts = entry.title, entry.bites, entry.fix
        left += [f"{entry.id}: {each}" for text in texts for each in unknown(text, known, entry.source)]
    assert left == []


@pytest.mark.parametrize("group", evidence.LIBRARY.mistakes.values(), ids=lambda group: group.name)
def test_each_number_of_an_error_is_borne_out(group):
    left = []
    for entry in group.entries:
        known = values(evidence.of_mistake(entry))
        texts = entry.means, entry.cause, entry.fix, entry.there
        left += [f"{entry.id}: {each}" for text in texts for each in unknown(text, known, entry.source)]
    assert left == []


@pytest.mark.parametrize("area", evidence.LIBRARY.areas.values(), ids=lambda area: area.name)
def test_each_number_of_a_note_is_borne_out(area):
    assert [f"{row.id}: {each}" for row in area.rows for each in unknown(row.note, known_of(row.id))] == []


# Facts -----------------------------------------------------------------------------------------


@cache
def prose() -> list[tuple[str, set[float], str]]:
    """All that may say a fact, with what is known there, and the source of a difference."""
    found = [(flat(said(each)), known_of(each), "") for each in TOPICS]
    for entry in evidence.differences():
        known = known_of(entry.id)
        found += [(text, known, entry.source) for text in (entry.title, entry.bites, entry.fix)]
    return found + [(row.note, known_of(row.id), "") for row in evidence.rows()]


@each_fact
def test_a_fact_holds_and_is_said(fact):
    said_in = [(known, source) for text, known, source in prose() if fact.says in text]
    assert said_in, "nobody says so"
    if fact.source:
        assert not fact.holds
        assert fact.source in [source for _, source in said_in]
        return
    assert true(fact.tree)
    assert any(fact.given <= known for known, _ in said_in), "arithmetic on what nothing gave"
    assert held(fact)


# The reading of prose, on sentences made up ------------------------------------------------------


def test_a_number_that_nothing_bears_out_is_found():
    found = next(each for each in TOPICS if each.name == "training/training_loop")
    assert of_page(found, "It takes 987,654 steps, and 12.3456 s.") == [
        "987,654: It takes 987,654 steps, and 12.3456 s.",
        "12.3456: It takes 987,654 steps, and 12.3456 s.",
    ]
    assert of_page(found, "It takes 987654 steps, [as they say](https://example.org).") == []
    assert of_page(found, "It is [said](https://example.org). Here it takes 987654 steps.") != []
    assert of_page(found, "It takes 987654 steps ([they][1]).\n\n[1]: https://example.org\n") == []
    assert of_page(found, "It takes 987654 steps ([they][1]).\n\n[1]: #below\n") != []
    assert of_page(found, "PyTorch 0.987.6 does.") == ["0.987.6: PyTorch 0.987.6 does."]


def test_what_is_known_is_rounded_as_it_is_written():
    for text in ("12.3 s", "1,234 steps", "6.0e-8 apart", "57 % of it", "2²⁴ of them", "10⁻³", "about −1234"):
        assert unknown(text, {12.34, 1234, 5.96e-8, 0.571, 2, 24, 1e-3}) == [], text
    for text in ("12 s", "12.4 s", "1,235 steps", "6.1e-8 apart", "58 % of it", "2²⁵ of them", "10⁻⁴"):
        assert unknown(text, {12.34, 1234, 5.96e-8, 0.571, 2, 24, 1e-3}) != [], text


def test_names_code_dates_and_addresses_hold_no_numbers():
    text = "`x[77]`, float77, conv2d77, a77, [it](#77), on 7 March 1977"
    assert written(text) == []


def test_a_fact_bears_out_what_would_make_it_false():
    fact = Fact("a row of 3 and 4 numbers", "np.zeros((3, 4)).shape == (3, 4)")
    assert borne_out(fact) == set()  # the same number on both sides
    fact = replace(fact, holds="len([0, 0, 0]) == 3")
    assert borne_out(fact) == {3}
    assert not borne_out(replace(fact, holds="len([0, 0, 0]) < 100 + 4"))
    assert not true(replace(fact, holds="len([0, 0]) == 3").tree)


def test_arithmetic_takes_only_what_is_known():
    fact = Fact("three times 5 is 15", "3 * 5 == 15")
    assert fact.given == {3}
    assert replace(fact, holds="torch.tensor(3) * 5 == 15").given == set()
