"""Guards the errors on a page: what is shown is what ran, and each can be found by what it says."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from headtohead.content.mistakes import FOLDER, groups
from headtohead.records import freshness
from headtohead.site.extension import PageError
from headtohead.site.html import Heading
from headtohead.site.mistakes import shown
from tests.support import pages
from tests.support.pages import bare_page
from tests.support.repository import ROOT, STORE
from tests.support.texts import GROUP, MISTAKE

SAID = {"raises": "ValueError: a message <b>that</b> is to be known by", "mend": "1\n", "counterpart": "2\n"}
PAGE = "# A\n\n/// errors | a\n///\n"


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
    assert outputs == [found[entry.id][name].rstrip("\n") for entry in group.entries for name in entry.programs]


def grouped(project, change=("", ""), said=SAID) -> BeautifulSoup:
    """The page of a group with one error, as if it had run."""
    project.small()
    project.errors("a", GROUP + MISTAKE.replace(*change))
    project.store.write_data(FOLDER, "a", freshness.of_data(project.root, FOLDER, "a"), {"one": said})
    return pages.shown(project.root, PAGE, uri="errors/a.md")


def test_a_message_is_text_and_its_head_a_heading(project):
    soup = grouped(project)
    assert (soup.h2["id"], soup.h2.get_text()) == ("one", "a message ... to be known by")
    assert soup.select_one("samp").get_text() == SAID["raises"]
    assert "TensorFlow lets it through." in soup.get_text()
    assert soup.select("[role=group]")[0]["aria-label"] == "PyTorch raises"


def test_what_the_other_framework_refuses_is_said(project):
    refused = 'refused = "is not to be had here"\n'
    said = SAID | {"counterpart": "E: it is not to be had here"}
    soup = grouped(project, ('mend = "print(1)"\n', f'mend = "print(1)"\n{refused}'), said)
    assert "TensorFlow raises too." in soup.get_text()


def test_what_an_error_leads_to_is_there(project):
    soup = grouped(project, ('mend = "print(1)"\n', 'mend = "print(1)"\ntopics = ["a/b"]\n'))
    assert soup.select_one(".h2h-evidence a")["href"] == "../../a/b/"
    with pytest.raises(PageError, match=r"errors/a.toml:5: 'one': differences: no difference 'no'"):
        grouped(project, ('mend = "print(1)"\n', 'mend = "print(1)"\ndifferences = ["no"]\n'))


def test_an_error_that_is_stale_or_unknown_is_not_shown(project):
    grouped(project)
    project.errors("a", GROUP + MISTAKE.replace("Mend", "Heal"))
    with pytest.raises(PageError, match="stale: the errors, what runs them or a pinned version has changed"):
        pages.shown(project.root, PAGE, uri="errors/a.md")
    with pytest.raises(PageError, match="no group 'b'"):
        pages.shown(project.root, PAGE.replace("| a", "| b"), uri="errors/b.md")


def test_the_list_leads_to_each_error(project):
    grouped(project)
    (project.root / "docs/errors/a.md").unlink()
    with pytest.raises(PageError, match=r"errors/a\.toml: no page shows it, to lead to; write docs/errors/a\.md"):
        pages.shown(project.root, "/// errors\n///\n", uri="all.md")
    project.write({"docs/errors/a.md": PAGE})
    soup = pages.shown(project.root, "/// errors\n///\n", uri="all.md")
    assert [link["href"] for link in soup.select("li a")] == ["../errors/a/#one"]
    assert "(silent in TensorFlow)" in soup.get_text()
