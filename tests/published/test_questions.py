"""Guards "Which one for what": every combination of answers has a recommendation that follows from its reasons."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

from headtohead.content.evidence import CellEvidence, Source
from headtohead.content.questions import BOTH, EITHER, OUTCOMES, Rules, read
from headtohead.site.evidence import check
from headtohead.site.library import Library
from tests.support.pages import published
from tests.support.repository import ROOT, STORE

NAME = "docs/choose/which.toml"


@cache
def rules() -> Rules:
    return read(ROOT / NAME, NAME)


def walk(given: Rules):
    """Every combination of one answer to each question."""
    return product(*given.answers.values())


ANSWERS = [answer for answers in rules().answers.values() for answer in answers]
EVIDENCE = [(each.line, item) for each in [*ANSWERS, *rules().bridges] for item in each.evidence]


# What the rules say ----------------------------------------------------------------------------


def test_it_asks_what_people_weigh():
    assert list(rules().questions) == ["goal", "target", "team", "code", "constraint"]


def test_every_combination_has_a_recommendation_with_reasons():
    for chosen in walk(rules()):
        outcome, reasons, bridges = rules().recommend(chosen)
        assert outcome in OUTCOMES
        assert reasons
        assert bool(bridges) == (outcome == BOTH)


def test_no_recommendation_contradicts_its_reasons():
    """No reason points to the other side; none is recommended that cannot do what an answer asks."""
    for chosen in walk(rules()):
        outcome, reasons, bridges = rules().recommend(chosen)
        sides = {answer.points for answer in reasons}
        deciding = {answer.points for answer in chosen if answer.decides}
        if outcome == BOTH:
            assert deciding == {"pytorch", "tensorflow"}
            assert {key for bridge in bridges for key in bridge.answers} == {each.key for each in reasons}
        elif outcome == EITHER:
            assert not deciding
            assert sides in ({EITHER}, {"pytorch", "tensorflow"})
        else:
            assert sides == {outcome}
            assert deciding <= {outcome}


@pytest.mark.parametrize("answer", [each for each in ANSWERS if each.points != EITHER], ids=lambda each: each.key)
def test_no_answer_is_dead(answer):
    """It changes the recommendation of some combination, and never to the side that it speaks against."""
    neutral = rules().answers[answer.question][0]
    changed = 0
    for chosen in walk(rules()):
        if answer in chosen:
            without = [neutral if each is answer else each for each in chosen]
            before, after = rules().recommend(without)[0], rules().recommend(chosen)[0]
            changed += before != after
            assert after in (before, EITHER, BOTH, answer.points)
    assert changed


def test_every_recommendation_can_be_reached():
    """Both at once where answers decide for both, and only there."""
    deciding = {answer.points for answer in ANSWERS if answer.decides}
    reached = {rules().recommend(chosen)[0] for chosen in walk(rules())}
    assert reached == set(OUTCOMES) - ({BOTH} if len(deciding) < 2 else set())


@pytest.mark.parametrize("key", ["goal-published", "target-saved-model"])
def test_what_the_other_framework_can_do_by_a_detour_only_leans(key):
    """KerasHub loads checkpoints of Transformers on TensorFlow; converters make a SavedModel of ONNX."""
    answer = next(each for each in ANSWERS if each.key == key)
    assert not answer.decides
    assert any(isinstance(each, Source) for each in answer.evidence)


def test_nothing_is_recommended_that_was_given_up():
    """ONNX Runtime's server was deprecated in 2021: who names it says so."""
    server = next(each for each in ANSWERS if each.key == "target-server")
    assert "ONNX Runtime's server was deprecated in 2021" in server.why


def test_neutral_answers_recommend_either_one():
    assert rules().recommend(answers[0] for answers in rules().answers.values())[0] == EITHER


@pytest.mark.parametrize("question", rules().questions)
def test_each_question_has_an_answer_for_each_side(question):
    assert {"pytorch", "tensorflow", EITHER} <= {answer.points for answer in rules().answers[question]}


@pytest.mark.parametrize(
    ("line", "evidence"), EVIDENCE, ids=lambda each: getattr(each, "title", None) or str(each)[:40]
)
def test_evidence_holds(line, evidence):
    if isinstance(evidence, CellEvidence):
        check(Library(ROOT, STORE), evidence)
        shown = (ROOT / f"docs/{evidence.cell}.md").read_text(encoding="utf-8")
        assert f"cell: {evidence.title}\n" in shown
    else:
        assert evidence.source.startswith("https://")


# The page --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    return published("choose/which.md")


def test_the_page_is_a_table_of_every_answer_without_javascript(shown):
    rows = [row["id"] for row in shown.select(".h2h-which tr[id]")]
    assert rows == [f"which-{answer.key}" for answer in ANSWERS]
    assert all(row["hidden"] == "" for row in shown.select("input, .h2h-choice"))  # what only a script can work
    for answer in ANSWERS:
        row = shown.find(id=f"which-{answer.key}")
        assert row.select("td")[1].p.get_text()
        assert row.select(".h2h-evidence a")


def test_each_question_has_one_answer_chosen(shown):
    for question in rules().questions:
        group = shown.select(f"input[name=which-{question}]")
        assert [each.has_attr("checked") for each in group] == [True] + [False] * (len(group) - 1)
