"""Guards how the questionnaire is read and weighed, on made-up rules: what decides, what leans, what contradicts."""

from __future__ import annotations

import pytest

from headtohead.content.questions import BOTH, EITHER, read
from headtohead.errors import Problem
from tests.support.projects import RULES
from tests.support.texts import QUESTION, QUESTIONS, SOURCE, answer

TWO = '[[question]]\nid = "two"\nasks = "Two?"\n'
SECOND = TWO + answer("two", "any", "either") + answer("two", "t", "tensorflow", "decides = true\n")
BRIDGE = '[[bridge]]\nanswers = ["one-p", "two-t"]\nsays = "Both"\n' + SOURCE


def test_what_decides_outweighs_what_leans(project):
    leaning = TWO + answer("two", "any", "either") + answer("two", "t", "tensorflow")
    third = leaning.replace("two", "three").replace("Two", "Three")
    given = project.rules(QUESTIONS + leaning + third)
    neutral, decides = given.answers["one"]
    two, three = given.answers["two"][1], given.answers["three"][1]
    assert given.recommend([decides, two, three])[0] == "pytorch"
    assert given.recommend([neutral, two, three]) == ("tensorflow", [two, three], [])


def test_as_many_on_each_side_is_either(project):
    given = project.rules((QUESTIONS + SECOND).replace("decides = true\n", ""))
    left, right = given.answers["one"][1], given.answers["two"][1]
    assert given.recommend([left, right]) == (EITHER, [left, right], [])


def test_a_contradiction_takes_a_bridge(project):
    given = project.rules(QUESTIONS + SECOND + BRIDGE)
    left, right = given.answers["one"][1], given.answers["two"][1]
    assert given.recommend([left, right]) == (BOTH, [left, right], given.bridges)
    with pytest.raises(Problem, match=rf"^{RULES}:\d+: 'one-p' and 'two-t' contradict each other; write a"):
        project.rules(QUESTIONS + SECOND)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no question"),
        (QUESTION, "which.toml:1: question 'one' leaves no choice"),
        (QUESTION + answer("one", "p", "pytorch"), "the first answer is the neutral one"),
        (QUESTION + answer("one", "any", "either", "decides = true\n"), "it decides for either"),
        (QUESTION + answer("other", "any", "either"), "no question 'other': there are one"),
        (QUESTION + answer("one", "any", "jax"), "no side 'jax': there are pytorch, tensorflow, either"),
        (QUESTIONS + answer("one", "p", "pytorch"), "a second answer to 'one' 'p'"),
        (QUESTIONS + QUESTION, "a second question 'one'"),
        (QUESTIONS + QUESTION.replace('"one"', '"two"'), "a second question 'One?': write what is another in it"),
        (QUESTIONS + answer("one", "q", "pytorch").replace('says = "q"', 'says = "P"'), "a second answer to 'one' 'P'"),
        (QUESTIONS + SECOND + BRIDGE.replace("one-p", "one-q"), "no answer 'one-q': did you mean 'one-p'? there are"),
        (QUESTIONS + SECOND + BRIDGE.replace(', "two-t"', ""), "a bridge between 1 answers: it takes two"),
        (QUESTIONS + SECOND + BRIDGE.replace("two-t", "one-p"), "'answers' has 'one-p' twice"),
        (QUESTIONS + SECOND + BRIDGE.replace('["one-p", "two-t"]', "5"), "'answers' is a whole number: 5, and has to"),
        (
            QUESTION.replace('"one"', '"a-b"')
            + answer("a-b", "c", "either")
            + answer("a-b", "d", "pytorch")
            + QUESTION.replace('"one"', '"a"').replace("One?", "A?")
            + answer("a", "b-c", "either"),
            "'a-b-c' is the key of another answer too",
        ),
        (QUESTIONS + SECOND + BRIDGE + BRIDGE, "a bridge between 'one-p' and 'two-t', which needs none"),
        (QUESTIONS + SECOND + BRIDGE.replace("one-p", "one-any"), "a bridge between 'one-any' and 'two-t', which"),
        (QUESTIONS.replace(SOURCE, 'why = "So."\n', 1), "no evidence"),
        (QUESTIONS.replace("says", "say", 1), "no key 'say' in the answer"),
        (QUESTIONS + "[[rule]]\na = 1\n", "no table 'rule'; there are question, answer, bridge"),
    ],
)
def test_rules_out_of_form_are_told(project, text, told):
    with pytest.raises(Problem) as error:
        project.rules(text)
    assert told in str(error.value)


def test_every_fault_is_told(project):
    text = QUESTIONS + answer("one", "q", "jax") + answer("no", "r", "either") + "[[bridge]]\nsays = 'B'\n"
    project.write({RULES: text})
    problems: list[Problem] = []
    rules = read(project.root / RULES, RULES, problems.append)
    assert [each.id for each in rules.answers["one"]] == ["any", "p"]
    assert [problem.what.partition(":")[0] for problem in problems] == [
        "no side 'jax'",
        "no question 'no'",
        "no evidence",
    ]
