"""Guards the differences: each was run and still differs, each fix was run and helps, each leads somewhere."""

from __future__ import annotations

from functools import cache

import pytest

from headtohead.content.differences import FOLDER, groups
from headtohead.content.programs import MAX_COLUMNS
from headtohead.content.rows import areas
from headtohead.reading.related import related
from headtohead.records import freshness
from tests.support.pages import offers
from tests.support.repository import ROOT, STORE

GROUPS = groups(ROOT)
ENTRIES = [entry for group in GROUPS for entry in group.entries]
each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


@cache
def printed(group: str) -> dict:
    return freshness.data(STORE, FOLDER, group)


def test_there_are_as_many_as_promised():
    assert sum(not entry.agrees for entry in ENTRIES) >= 100
    assert sum(entry.agrees for entry in ENTRIES) >= 10


@each_entry
def test_a_difference_is_still_there_and_its_fix_still_helps(entry):
    found = printed(entry.group)[entry.id]
    assert set(found) == set(entry.programs)
    assert entry.verdict(found) == ""


@each_entry
def test_a_difference_is_short_and_leads_somewhere(entry):
    assert not entry.title.endswith(".")
    assert entry.bites.endswith(".")
    for text in entry.programs.values():
        assert max(map(len, text.splitlines())) <= MAX_COLUMNS
    for topic in entry.topics:
        assert any((ROOT / "snippets" / topic).glob("in_*.py")), topic
    assert not entry.source or entry.source.startswith("https://")


@each_group
def test_a_group_has_a_page(group):
    assert offers(f"migrate/differences/{group.name}.md", f"differences | {group.name}")


def test_differences_and_rows_lead_to_each_other():
    """Nearly each difference touches a name of the map, and the row of that name names it."""
    led = {
        place.partition("#")[2] for area in areas(ROOT) for row in area.rows for _, place in related(ROOT).of_row(row)
    }
    assert led <= {entry.id for entry in ENTRIES}
    assert len(led) > 0.8 * len(ENTRIES)


COLUMNS = "training/training_loop training/evaluation models/simple_network choose/first_network use_cases/forecasting"


@pytest.mark.parametrize("name", [*COLUMNS.split(), "migrate/losses", "choose/questions"])
def test_a_page_that_meets_a_loss_names_the_column(name):
    """(N,) against (N, 1) raises nothing in a squared error, so each of these pages leads to what it does."""
    assert "losses.md#mean-squared-error-of-a-column" in (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
