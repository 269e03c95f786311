"""Guards "Which one for what": every combination of answers has a recommendation that follows from its reasons."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from headtohead.content.evidence import CellEvidence
from headtohead.content.questions import BOTH, EITHER, OUTCOMES, Rules, read
from headtohead.errors import Problem
from headtohead.site.directives import PageError
from headtohead.site.evidence import check
from headtohead.site.library import Library
from tests.support.pages import page_of_docs
from tests.support.repository import STORE

ROOT = Path(__file__).parents[2]
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
    assert {rules().recommend(chosen)[0] for chosen in walk(rules())} == set(OUTCOMES)


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


def which_page(root: Path, text: str, store: str = ""):
    return page_of_docs(root, text, store, "choose/which.md")


@pytest.fixture(scope="module")
def shown():
    text = (ROOT / "docs/choose/which.md").read_text(encoding="utf-8")
    return BeautifulSoup(which_page(ROOT, text, str(STORE.folder)).convert(text), "html.parser")


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


# The reading, on made-up rules -----------------------------------------------------------------

PROOF = 'why = "So."\nevidence = [{ source = "https://a.org/", name = "A", date = "2025" }]\n'


def answer(question: str, name: str, points: str, more: str = "") -> str:
    head = f'[[answer]]\nquestion = "{question}"\nid = "{name}"\nsays = "{name}"\npoints = "{points}"\n'
    return head + more + PROOF


ONE = '[[question]]\nid = "one"\nasks = "One?"\n'
TWO = '[[question]]\nid = "two"\nasks = "Two?"\n'
FIRST = ONE + answer("one", "any", "either") + answer("one", "p", "pytorch", "decides = true\n")
SECOND = TWO + answer("two", "any", "either") + answer("two", "t", "tensorflow", "decides = true\n")
BRIDGE = '[[bridge]]\nanswers = ["one-p", "two-t"]\nsays = "Both"\n' + PROOF


def made(tmp_path: Path, text: str) -> Rules:
    path = tmp_path / "which.toml"
    path.write_text(text, encoding="utf-8")
    return read(path, "which.toml")


def test_what_decides_outweighs_what_leans(tmp_path):
    leaning = TWO + answer("two", "any", "either") + answer("two", "t", "tensorflow")
    third = leaning.replace("two", "three").replace("Two", "Three")
    given = made(tmp_path, FIRST + leaning + third)
    neutral, decides = given.answers["one"]
    two, three = given.answers["two"][1], given.answers["three"][1]
    assert given.recommend([decides, two, three])[0] == "pytorch"
    assert given.recommend([neutral, two, three]) == ("tensorflow", [two, three], [])


def test_as_many_on_each_side_is_either(tmp_path):
    given = made(tmp_path, (FIRST + SECOND).replace("decides = true\n", ""))
    left, right = given.answers["one"][1], given.answers["two"][1]
    assert given.recommend([left, right]) == (EITHER, [left, right], [])


def test_a_contradiction_takes_a_bridge(tmp_path):
    given = made(tmp_path, FIRST + SECOND + BRIDGE)
    left, right = given.answers["one"][1], given.answers["two"][1]
    assert given.recommend([left, right]) == (BOTH, [left, right], given.bridges)
    with pytest.raises(Problem, match=r"^which.toml:\d+: 'one-p' and 'two-t' contradict each other; write a"):
        made(tmp_path, FIRST + SECOND)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no question"),
        (ONE, "which.toml:1: question 'one' leaves no choice"),
        (ONE + answer("one", "p", "pytorch"), "the first answer is the neutral one"),
        (ONE + answer("one", "any", "either", "decides = true\n"), "it decides for either"),
        (ONE + answer("other", "any", "either"), "no question 'other': there are one"),
        (ONE + answer("one", "any", "jax"), "no side 'jax': there are pytorch, tensorflow, either"),
        (FIRST + answer("one", "p", "pytorch"), "a second answer to 'one' 'p'"),
        (FIRST + ONE, "a second question 'one'"),
        (FIRST + SECOND + BRIDGE + BRIDGE, "a bridge between 'one-p' and 'two-t', which needs none"),
        (FIRST + SECOND + BRIDGE.replace("one-p", "one-any"), "a bridge between 'one-any' and 'two-t', which"),
        (FIRST.replace(PROOF, 'why = "So."\n', 1), "no evidence"),
        (FIRST.replace("says", "say", 1), "no key 'say' in the answer"),
        (FIRST + "[[rule]]\na = 1\n", "no table 'rule'; there are question, answer, bridge"),
    ],
)
def test_rules_out_of_form_are_told(tmp_path, text, told):
    with pytest.raises(Problem) as error:
        made(tmp_path, text)
    assert told in str(error.value)


def test_evidence_that_is_gone_ends_the_build(tmp_path):
    proof = 'evidence = [{ cell = "a/gone", title = "Show", agrees = "sum" }]'
    text = re.sub("evidence = .*", proof, FIRST, count=1)
    (tmp_path / "docs/choose").mkdir(parents=True)
    (tmp_path / "docs/choose/which.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PageError, match=r"^docs/choose/which.md:1: docs/choose/which.toml:4: answer 'one-any': "):
        which_page(tmp_path, "/// which\n///\n").convert("/// which\n///\n")
