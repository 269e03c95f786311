"""Guards the claims on a page: each becomes a row that leads to its evidence, and none outlives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from headtohead.site.extension import PageError
from tests.support.pages import COMPARE, page, shown
from tests.support.projects import CLAIMS, Project
from tests.support.texts import CLAIM

PAGE = "choose/claims.md"


def made(project: Project, row: str = CLAIM) -> Path:
    """A project with a topic, its records, and one claim that rests on them; gives its root."""
    project.settle(project.small(), printed={"Show": "2 < 3 & 4\n"})
    project.write({CLAIMS: row})
    return project.root


def test_a_row_becomes_html_and_leads_to_its_evidence(project):
    root = made(project)
    text = "/// claims\n///\n"
    soup = shown(root, text, uri=PAGE)
    row = soup.select_one("tr#claim-one")
    assert row.th.get_text().startswith("The same & <more>")
    assert row.th.code.get_text() == "same"
    assert [link["href"] for link in row.select(".h2h-evidence a")] == ["../../a/b/#cell-show", "https://a.org/"]


def test_other_directives_and_code_are_left_alone(project):
    root = made(project)
    text = "```\n/// claims\n///\n```\n\n" + COMPARE
    html = page(root, text, PAGE).convert(text)
    assert "claim-one" not in html
    assert "data-topic" in html


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2 < 3", "2 < 4", r"'Show' no longer prints '2 < 4' in PyTorch; judge anew what rests on it"),
        ('title = "Show"', 'title = "Gone"', r"no cell 'Gone'; its cells are"),
        ("a/b", "a/gone", r"no such topic"),
        ("shows_pytorch = ", "agrees = ", r"no quantity '2 < 3' that agrees"),
        ("shows_pytorch = ", "differs = ", r"no quantity '2 < 3' that differs"),
        ('shows_pytorch = "2 < 3"', 'agrees = "seed"', r"no quantity 'seed' that agrees; judge anew what rests on it"),
        ('shows_pytorch = "2 < 3"', 'differs = "sum"', r"no quantity 'sum' that differs; judge anew what rests on it"),
    ],
)
def test_a_claim_whose_evidence_is_gone_ends_the_build(project, old, new, told):
    root = made(project, CLAIM.replace(old, new))
    text = "# Claims\n\n/// claims\n///\n"
    with pytest.raises(PageError, match=r"^docs/choose/claims.md:3: docs/choose/claims.toml:2: claim 'one': ") as error:
        page(root, text, PAGE).convert(text)
    assert re.search(told, str(error.value))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/// claims", "never closed"),
        ("/// claims\ncell: One\n///\n", "no option 'cell: One'; it takes none"),
        ("/// claims | x\n///\n", "it takes nothing, and not 'x'"),
    ],
)
def test_a_directive_that_is_not_whole_ends_the_build(project, text, told):
    root = made(project)
    with pytest.raises(PageError, match=f"^docs/choose/claims.md:1: claims: {told}"):
        page(root, text, PAGE).convert(text)
