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
        ("https://a.org/", "http://a.org/", "'http://a.org/' is no https address"),
        ('date = "2025"', 'date = "lately"', "'lately' is no date"),
        ('date = "2025"', 'date = "2025-13"', "month must be in 1..12"),
        (', name = "A"', "", "the source lacks 'name'"),
        ("evidence = [", "evidence = []\nother = [", "no evidence"),
    ],
)
def test_a_row_out_of_form_is_told_with_its_line(project, old, new, told):
    with pytest.raises(Problem, match=f"^{CLAIMS}:2: {re.escape(told)}"):
        project.claims(CLAIM.replace(old, new))


def test_a_file_that_is_no_list_of_claims_is_told(project):
    with pytest.raises(Problem, match=f"^{CLAIMS}: no such file"):
        read(project.root / CLAIMS, CLAIMS)
    wrong = {"": ": no claim", "a = 1\nb ?\n": ":2: not TOML", CLAIM + CLAIM: ":13: a second claim 'one'"}
    for text, told in wrong.items():
        with pytest.raises(Problem, match=f"^{CLAIMS}{told}"):
            project.claims(text)
