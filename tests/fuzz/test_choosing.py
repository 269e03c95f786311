"""The claims and the questionnaire: any data file beside their pages, and any date in them."""

from __future__ import annotations

import contextlib

from hypothesis import example, given
from hypothesis import strategies as st

from headtohead.content import claims, questions
from headtohead.content.evidence import when
from headtohead.errors import Problem
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import files, real
from tests.fuzz.words import TOML
from tests.support.projects import CLAIMS, RULES
from tests.support.texts import CLAIM, QUESTIONS


def recommended(rules: questions.Rules) -> list[object]:
    chosen = [answers[-1] for answers in rules.answers.values()]
    return [rules.recommend(chosen), rules.recommend([]), [answer.key for answer in chosen]]


@given(data=files([*real(CLAIMS, most=6000), CLAIM], TOML))
@example(data=CLAIM.replace('date = "2025"', "date = 2025-08-07").encode())
@example(data=CLAIM.replace('date = "2025"', 'date = "2025-13"').encode())
@example(data=CLAIM.replace('date = "2025"', 'date = "0000"').encode())
@example(data=CLAIM.replace('id = "one"', "id = 1").encode())
@example(data=CLAIM.replace("evidence = [", "evidence = [[], ").encode())
def test_claims(place, data):
    place.write({CLAIMS: data})
    found = outcome(lambda: claims.read(place.root / CLAIMS, CLAIMS))
    assert not isinstance(found, Problem) or found.where == CLAIMS


@given(data=files([*real(RULES, most=8000), QUESTIONS], TOML))
@example(data=QUESTIONS.replace('"either"', "5").encode())
@example(data=QUESTIONS.replace('id = "p"', 'id = "p"\ndecides = 1').encode())
@example(data=(QUESTIONS + "[[bridge]]\nanswers = 5\n").encode())
def test_a_questionnaire(place, data):
    place.write({RULES: data})
    found = outcome(lambda: recommended(questions.read(place.root / RULES, RULES)))
    assert not isinstance(found, Problem) or found.where == RULES


@given(date=st.one_of(st.text(), st.from_regex(r"(read )?\d{1,5}(-\d\d?(-\d\d?)?)?", fullmatch=True)))
@example(date="٢٠٢٥")
@example(date="2025-02-30")
def test_a_date(date):
    def read() -> str:
        with contextlib.suppress(ValueError):  # whoever reads an entry makes it a problem with its line
            return when(date)
        return ""

    outcome(read)
