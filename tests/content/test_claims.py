"""Guards how claims are read: what is out of form is told with its line."""

from __future__ import annotations

import re

import pytest

from headtohead.content.claims import read
from headtohead.errors import Problem
from tests.support.projects import CLAIMS
from tests.support.texts import CLAIM


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('verdict = "holds"', 'verdict = "true"', "no verdict 'true': there are holds, held once, depends, never held"),
        ('part = "code"', 'part = "codes"', "no part 'codes'"),
        ('id = "one"', 'id = "One"', "'One' is no id"),
        ('why = "It does."', "", "the claim lacks 'why'"),
        ('why = "It does."', 'why = " "', "'why' is empty"),
        ("claim = ", "claims = ", "no key 'claims' in the claim"),
        (', shows_pytorch = "2 < 3"', "", "'Show' is evidence that cannot fail"),
        ('date = "2025"', 'date = "2999"', "'2999' is later than today in 'date'"),
        ('date = "2025"', "date = 2025-08-07", "'date' is a date without quotes, 2025-08-07, and has to be text"),
        ('id = "one"', "id = 1", "'id' is a whole number: 1, and has to be text"),
        ("evidence = [", "evidence = 'https://a.org/'\nother = [", "'evidence' has to be a list of tables"),
        ('part = "code"', "part = ['code']", "'part' is a list, and has to be text"),
        ("https://a.org/", "http://a.org/", "'http://a.org/' is no https address"),
        ("https://a.org/", "https://a..org/", "'https://a..org/' is no https address in 'source': its host"),
        ("https://a.org/", "https://pytоrch.org/", "'https://pytоrch.org/' is no https address in 'source': its host"),
        ("https://a.org/", "https://a.local/", "'https://a.local/' is no https address in 'source': its host"),
        ('date = "2025"', 'date = "lately"', "'lately' is no date"),
        ('date = "2025"', 'date = "2025-13"', "'2025-13' is no date in 'date': month must be in 1..12"),
        (', name = "A"', "", "the source lacks 'name'"),
        ("evidence = [", "evidence = []\nother = [", "no evidence"),
    ],
)
def test_a_row_out_of_form_is_told_with_its_line(project, old, new, told):
    with pytest.raises(Problem, match=f"^{CLAIMS}:2: {re.escape(told)}"):
        project.claims(CLAIM.replace(old, new))


def test_what_is_wrong_with_one_claim_does_not_hide_the_others(project):
    problems = []
    wrong = CLAIM.replace('"one"', '"two"').replace("holds", "hold")
    project.write({CLAIMS: wrong + CLAIM + wrong.replace('"two"', '"Two"')})
    found = read(project.root / CLAIMS, CLAIMS, problems.append)
    assert [claim.id for claim in found] == ["one"]
    assert [problem.line for problem in problems] == [2, 24]
    assert "no verdict 'hold': did you mean 'holds'? there are" in str(problems[0])


def test_a_file_that_is_no_list_of_claims_is_told(project):
    with pytest.raises(Problem, match=f"^{CLAIMS}: no such file"):
        read(project.root / CLAIMS, CLAIMS)
    wrong = {"": ":1: no claim", "a = 1\nb ?\n": ":2: not TOML", CLAIM + CLAIM: ":13: a second claim 'one'"}
    again = CLAIM.replace('"one"', '"two"').replace("The", "the")
    wrong[CLAIM + again] = ":13: a second claim 'the `same` & <more>': write what is another in it"
    for text, told in wrong.items():
        with pytest.raises(Problem, match=f"^{CLAIMS}{told}"):
            project.claims(text)
