"""Guards `::: name`: of what is not there, its page and line are told, and no other page is lost over it."""

from __future__ import annotations

import pytest

from headtohead.errors import Problem
from headtohead.site.extension import PageError
from headtohead.site.reference import check, there
from tests.support.pages import shown
from tests.support.repository import ROOT


@pytest.mark.parametrize(
    "name",
    ["headtohead", "headtohead.content", "headtohead.errors", "headtohead.errors.Problem", "headtohead.errors.LONGEST"],
)
def test_what_is_there_may_be_asked_for(name):
    assert there(ROOT, name)
    check(ROOT, f"::: {name}")


@pytest.mark.parametrize(
    "line",
    [
        "::: os",
        "::: headtohead.nothing",
        "## ::: headtohead.errors.Nothing",
        "> ::: a b",
        "- ::: headtohead.errors.seen.x",
        ":::x",
    ],
)
def test_what_is_not_there_is_told_with_its_line(project, line):
    with pytest.raises(Problem, match=r"^reference: no module, class or function '"):
        check(ROOT, line)
    with pytest.raises(
        PageError, match=r"docs/a/b.md:3: reference: no module, class or function '.*; name one of this project"
    ):
        shown(project.root, f"# A\n\n{line}\n")


@pytest.mark.parametrize("text", ["```\n::: os\n```\n", "A ::: os.\n", "    ::: os\n", "<!--\n::: os\n-->\n"])
def test_what_asks_for_nothing_is_left_alone(project, text):
    assert shown(project.root, text)
