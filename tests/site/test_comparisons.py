"""Guards comparisons on a page: a cell whose output varies from CPU to CPU says so."""

from __future__ import annotations

from markdown import Markdown

from headtohead.site.extension import HeadToHead
from tests.support.texts import DRAWS, SCORES, VARIES


def test_a_page_says_what_varies(project):
    project.topic("a/b", DRAWS, DRAWS, SCORES + VARIES)
    project.verify("a/b")
    html = Markdown(extensions=[HeadToHead(root=str(project.root))]).convert("/// compare | a/b\n///\n")
    assert html.count("Another CPU gives another output here: rounding differs.") == 1
