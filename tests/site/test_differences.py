"""Guards the differences on a page: what is shown is what ran."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from headtohead.content.differences import FOLDER, groups
from headtohead.records import freshness
from headtohead.site.differences import shown
from tests.support.pages import bare_page
from tests.support.repository import ROOT, STORE


@pytest.mark.parametrize("group", groups(ROOT), ids=lambda group: group.name)
def test_a_page_shows_what_ran(group):
    parts = shown(bare_page(), group.name)
    headings = [part for part in parts if part.startswith("## ")]
    assert headings == [f"## {entry.title} {{: #{entry.id} }}" for entry in group.entries]
    soup = BeautifulSoup("".join(part for part in parts if not part.startswith("#")), "html.parser")
    codes = [code.get_text().rstrip("\n") for code in soup.select("pre > code")]
    outputs = [output.get_text() for output in soup.select("samp")]
    assert codes == [text for entry in group.entries for text in entry.programs.values()]
    found = freshness.data(STORE, FOLDER, group.name)
    assert outputs == [text.rstrip("\n") for entry in group.entries for text in found[entry.id].values()]
