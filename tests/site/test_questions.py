"""Guards the questionnaire on a page: an answer does not outlive its evidence."""

from __future__ import annotations

import re

import pytest

from headtohead.site.extension import PageError
from tests.support.pages import shown
from tests.support.projects import RULES
from tests.support.texts import QUESTIONS


def test_evidence_that_is_gone_ends_the_build(project):
    proof = 'evidence = [{ cell = "a/gone", title = "Show", agrees = "sum" }]'
    text = re.sub("evidence = .*", proof, QUESTIONS, count=1)
    project.write({RULES: text})
    with pytest.raises(PageError, match=r"^docs/choose/which.md:1: docs/choose/which.toml:4: answer 'one-any': "):
        shown(project.root, "/// which\n///\n", uri="choose/which.md")
