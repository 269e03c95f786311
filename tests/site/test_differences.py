"""Guards the differences on a page: what is shown is what ran, and a title is text."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from headtohead.content.differences import FOLDER, groups
from headtohead.records import freshness
from headtohead.site.differences import shown
from headtohead.site.extension import PageError
from headtohead.site.html import Heading
from tests.support import pages
from tests.support.pages import bare_page
from tests.support.repository import ROOT, STORE
from tests.support.texts import AREA, DIFFERENCE, GROUP, ROW


@pytest.mark.parametrize("group", groups(ROOT), ids=lambda group: group.name)
def test_a_page_shows_what_ran(group):
    parts = shown(bare_page(), group.name)
    headings = [part for part in parts if isinstance(part, Heading)]
    assert headings == [Heading(entry.title, entry.id) for entry in group.entries]
    soup = BeautifulSoup("".join(part for part in parts if isinstance(part, str)), "html.parser")
    codes = [code.get_text().rstrip("\n") for code in soup.select("pre > code")]
    outputs = [output.get_text() for output in soup.select("samp")]
    assert codes == [text for entry in group.entries for text in entry.programs.values()]
    found = freshness.data(STORE, FOLDER, group.name)
    assert outputs == [text.rstrip("\n") for entry in group.entries for text in found[entry.id].values()]


def grouped(project, change=("", "")) -> BeautifulSoup:
    """The page of a group with one difference, as if it had run."""
    project.small()
    project.area("a", AREA + ROW)
    project.group("a", GROUP + DIFFERENCE.replace(*change))
    printed = {"pytorch": "1\n", "tensorflow": "2\n", "pytorch_fixed": "2\n"}
    project.store.write_data(FOLDER, "a", freshness.of_data(project.root, FOLDER, "a"), {"one": printed})
    return pages.shown(project.root, "# A\n\n/// differences | a\n///\n", uri="migrate/differences/a.md")


def test_a_title_is_text_and_a_heading_of_the_page(project):
    odd = "List<int> <script>alert(1)</script> [a](b) *c* ![d](e) {: #f } `g<h>` \\\\ &lt; #"
    heading = grouped(project, ('title = "one"', f'title = "{odd}"')).h2
    assert heading["id"] == "one"
    assert heading.get_text() == odd.replace("`", "").replace("\\\\", "\\")
    assert [tag.get_text() for tag in heading.find_all(True)] == ["g<h>"]


def test_a_topic_to_lead_to_has_a_page(project):
    more = ('title = "one"', 'title = "one"\ntopics = ["a/b"]')
    soup = grouped(project, more)
    assert soup.select_one(".h2h-evidence a")["href"] == "../../../a/b/"
    (project.root / "docs/a/b.md").rename(project.root / "docs/a/c.md")
    with pytest.raises(
        PageError, match=r"^docs/migrate/differences/a.md:3: differences/a.toml:5: 'one': snippets/a/b: "
    ):
        pages.shown(project.root, "# A\n\n/// differences | a\n///\n", uri="migrate/differences/a.md")


@pytest.mark.parametrize("page", [None, "# A\n", "<!--\n/// differences | a\n///\n-->\n", "/// differences | b\n///\n"])
def test_a_group_that_no_page_shows_is_told_where_it_would_be_led_to(project, page):
    project.group("a", GROUP + DIFFERENCE)
    said = {"one": {"pytorch": "1\n", "tensorflow": "2\n", "pytorch_fixed": "2\n"}}
    project.store.write_data(FOLDER, "a", freshness.of_data(project.root, FOLDER, "a"), said)
    if page:
        project.write({"docs/migrate/differences/a.md": page})
    told = r"^docs/all\.md:1: differences/a\.toml: no page shows it, to lead to; write docs/migrate/differences/a\."
    with pytest.raises(PageError, match=told):
        pages.shown(project.root, "/// differences\n///\n", uri="all.md")
    project.write({"docs/migrate/differences/a.md": "/// differences | a\n///\n"})
    soup = pages.shown(project.root, "/// differences\n///\n", uri="all.md")
    assert "../migrate/differences/a/#one" in [link["href"] for link in soup.select("a")]
