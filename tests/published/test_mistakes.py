"""Guards the errors: each was raised, each mend ran, both frameworks have their share, none stands there twice."""

from __future__ import annotations

from collections import Counter

import pytest

from headtohead.content.mistakes import FOLDER, groups, holds
from headtohead.records import freshness
from tests.support.pages import offers
from tests.support.repository import ROOT, STORE

GROUPS = groups(ROOT)
ENTRIES = [entry for group in GROUPS for entry in group.entries]
KNOWN = {entry.id: freshness.data(STORE, FOLDER, group.name)[entry.id] for group in GROUPS for entry in group.entries}
each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def test_there_are_as_many_as_promised_of_both_sides():
    counts = Counter(entry.side("raises").name for entry in ENTRIES)
    assert len(ENTRIES) >= 80
    assert min(counts.values()) >= 0.4 * len(ENTRIES)
    assert sum(entry.silent for entry in ENTRIES) >= 20


@each_entry
def test_an_error_is_still_raised_and_its_mend_still_runs(entry):
    assert set(KNOWN[entry.id]) == set(entry.programs)
    assert entry.verdict(KNOWN[entry.id]) == ""


@each_entry
def test_an_error_is_told_in_sentences(entry):
    for text in filter(None, (entry.means, entry.cause, entry.fix, entry.there)):
        assert text.endswith("."), text
    assert not entry.title.endswith(" ")


@each_entry
def test_a_title_fits_the_message_of_no_other_mistake(entry):
    """But where one message holds another, or both frameworks let somebody else word it."""
    others = [each for each in ENTRIES if each != entry and holds(entry.title, KNOWN[each.id]["raises"])]
    assert {each.id for each in others} <= SHARED.get(entry.id, set())


SHARED = {
    "incompatible-shapes": {"incompatible-shapes-in-a-graph"},
    "missing-keys-in-state-dict": {"unexpected-keys-in-state-dict"},
    "weights-only-load-failed": {"weights-unpickler-unsupported-operand"},
}


@each_group
def test_a_group_has_a_page(group):
    assert offers(f"errors/{group.name}.md", f"errors | {group.name}")
