"""Guards the rows of the API map: each ran and agrees, categories are measured, no name is forgotten."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from headtohead.content.categories import CATEGORIES
from headtohead.content.inputs import ABOUT
from headtohead.content.rows import COUNT, FOLDER, areas
from headtohead.measuring.exports import COUNTED, WHOLE
from headtohead.reading.lookup import Lookup
from headtohead.records import freshness
from tests.support.pages import offers
from tests.support.repository import ROOT, STORE

AREAS = areas(ROOT)
FLOATS = {name for name, about in ABOUT.items() if about.startswith("float32")}
each_area = pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)


@cache
def ran(area: str) -> dict:
    return freshness.data(STORE, FOLDER, area)


@each_area
def test_every_row_ran_and_agrees(area):
    found = ran(area.name)
    assert list(found) == [row.id for row in area.rows]
    for row in area.rows:
        assert found[row.id]["category"] in CATEGORIES
        assert found[row.id]["names"] == row.names
        assert "broken" not in found[row.id]


def test_there_are_as_many_rows_as_promised():
    assert sum(len(area.rows) for area in AREAS) >= 600


@pytest.mark.parametrize("namespace", WHOLE)
def test_no_name_of_a_whole_namespace_is_left(namespace):
    kinds = ran(COUNT)[namespace]
    assert kinds["left"] == []
    assert sum(map(len, kinds.values())) > 5


def test_the_packages_export_what_is_counted():
    """Were the lists empty, nothing would be left either."""
    totals = {name: sum(map(len, kinds.values())) for name, kinds in ran(COUNT).items()}
    assert set(totals) == {*WHOLE, *COUNTED}
    assert totals["torch.nn"] > 160
    assert totals["torch.nn.functional"] > 140
    assert totals["keras.ops"] > 330
    assert totals["keras.layers"] > 170
    assert totals["torch.Tensor"] > 80


def test_categories_of_every_kind_came_out():
    counts = Counter(row["category"] for area in AREAS for row in ran(area.name).values())
    assert all(counts[kind] > 10 for kind in CATEGORIES if kind != "only")


def test_gradients_were_compared_where_there_are_any():
    compared = sum(bool(row.get("gradient")) for area in AREAS for row in ran(area.name).values())
    assert compared > 400


def test_rows_with_inputs_hold_on_at_least_three_other_sets():
    """Of the others a line states a size or a side has no such dtype: there are few, and each is told."""
    few = []
    for area in AREAS:
        gave = ran(area.name)
        for row in area.rows:
            sets = gave[row.id]["sets"]
            assert list(sets.get("parted", {})) == row.parts
            inputs = set().union(*(each.inputs for each in row.expressions.values())) & FLOATS
            if inputs and not row.random and len(sets.get("held", [])) < 3:
                few.append(f"{row.where}:{row.line}")
    assert len(few) <= 20, few


def test_most_defaults_of_a_signature_are_shown():
    """One that the signature states and that changes something when it is given is left out: there are few."""
    rows = [row for area in AREAS for row in ran(area.name).values()]
    assert sum(len(each) for row in rows for each in row["defaults"].values()) > 2000
    assert sum(len(each) for row in rows for each in row["unless"].values()) > 200


@each_area
def test_notes_and_reasons_are_short_sentences(area):
    for row in area.rows:
        assert len(row.note) <= 220, row.where
        assert not row.note or row.note.endswith((".", "?")), f"{row.where}:{row.line}"
    for name, why in area.only.items():
        assert 10 < len(why) <= 220, name


def test_a_name_without_a_counterpart_is_no_row():
    said = {name for area in AREAS for row in area.rows for name in row.names.values()}
    assert not {name for area in AREAS for name in area.only} & said


@each_area
def test_an_area_has_a_page(area):
    assert offers(f"migrate/{area.name}.md", f"api | {area.name}")


def test_every_alias_leads_to_a_row_or_a_reason():
    known = Lookup(ROOT)
    assert not {name for name, other in known.alias.items() if other not in known.rows and other not in known.only}
