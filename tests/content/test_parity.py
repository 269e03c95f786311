"""Guards how parity checks are read, and not run: constants, rules for seeds, and what is wrong with them."""

from __future__ import annotations

import pytest

from headtohead.content.parity import Parity
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from tests.support.texts import PROOF, STEPS

# Each: how a proof states a constant, and what is read.
STATED = {
    "RTOL, ATOL = 1e-5, 2e-5": {"rtol": 1e-5, "atol": 2e-5},
    "RTOL = ATOL = 1e-5": {"rtol": 1e-5, "atol": 1e-5},
    'DIFFERENT = {"a": "for " "this"}': {"different": {"a": "for this"}},
    "SIZE = 3 * 4\nATOL = 1e-3": {"atol": 1e-3},
    "a, b = f()\nx.y = 1\nx[0] = 1": {},
}


@pytest.mark.parametrize(("text", "expected"), STATED.items())
def test_constants_of_a_proof_are_read_without_running_it(project, text, expected):
    found = project.topic("a/b", STEPS, STEPS, f'"""Same weights.\n\nMore.\n"""\n{text}\n')
    assert found.parity == Parity("Same weights.", **expected)
    assert found.compares


@pytest.mark.parametrize(
    "text", ["ATOL = 10 * 1e-6", "RTOL, ATOL = TINY, 0", "DIFFERENT = dict(a='b')", "WHY_NOT = f'{1}'"]
)
def test_a_constant_that_cannot_be_read_is_a_problem(project, text):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:2: (ATOL|DIFFERENT|WHY_NOT) is no literal"):
        project.topic("a/b", STEPS, STEPS, f'"""Same."""\n{text}\n').check()


def test_a_proof_with_a_syntax_error_is_a_problem(project):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:2: syntax error"):
        project.topic("a/b", STEPS, STEPS, '"""Same."""\ndef :\n').check()


@pytest.mark.parametrize(
    "rule",
    [
        "0.1",
        "{'within': 0.1}",
        "{'within': 0, 'above': 'b'}",
        "{'within': 0.1, 'above': 'b', 'below': 'b'}",
        "{'above': 'b'}",
    ],
)
def test_a_rule_out_of_form_is_told(project, rule):
    project.small()
    project.change("a/b", parity=f"{PROOF}\nOVER_SEEDS = {{'score': {rule}}}\n")
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py: no rule for seeds in 'score'; write OVER_SEEDS = "):
        Topic(project.root, "a/b").check()
