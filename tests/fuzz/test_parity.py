"""Parity checks: what any `parity.py` states."""

from __future__ import annotations

from hypothesis import example, given

from headtohead.content.topics import Topic
from headtohead.errors import Problem
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import files, real
from tests.fuzz.words import PYTHON

PROOFS = real("snippets/*/*/parity.py")


def read(found: Topic) -> list[object]:
    return [found.parity, found.varies, found.over_seeds, found.scores, found.compares, found.check()]


@given(data=files(PROOFS, PYTHON))
@example(data=b"\0")
@example(data=b"\xe9")
@example(data=b"RTOL = " + b"-" * 5000 + b"1")
@example(data=b"WHY_NOT = [[1]]\n")
@example(data=b"DIFFERENT = {(1, 2): 'a'}\n")
@example(data=b"OVER_SEEDS = {1: {2: 3}, 'a': {'within': float('nan')}}\n")
@example(data=b"DIFFERENT, VARIES = 1, 2, 3\n")
@example(data=b"DIFFERENT = VARIES, *RTOL = {}, 5\n")
@example(data=b"VARIES = {[]: 1}\n")
@example(data=b"OVER_SEEDS = {'a': {'within': 0.1, 'above': []}}\n")
def test_a_parity_check(place, data):
    place.topic("a/b", parity=data)
    found = outcome(lambda: read(Topic(place.root, "a/b")))
    if isinstance(found, Problem):
        assert found.where == "snippets/a/b/parity.py"
