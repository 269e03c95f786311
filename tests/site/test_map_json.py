"""Guards the API map as data for tools: every row is in it, and every name has its place."""

from __future__ import annotations

import json

from headtohead.content.rows import areas
from headtohead.reading.related import BITES
from headtohead.site.library import Library
from headtohead.site.map_json import as_json
from tests.support.repository import ROOT, STORE

AREAS = areas(ROOT)


def test_the_data_for_tools_is_whole():
    data = json.loads(as_json(Library(ROOT, STORE)))
    rows = [row for row in data["rows"] if row["category"] != "only"]
    assert len(rows) == sum(len(area.rows) for area in AREAS)
    assert {"torch", "keras", "tf"} >= {side for row in rows for side in row["code"]}
    places: dict[str, list[int]] = {}
    for row in rows:
        for name, place in row["place"].items():
            places.setdefault(name, []).append(place)
    assert all(sorted(each) == list(range(len(each))) for each in places.values())
    assert data["alias"]
    assert all(len(each) <= BITES and title and place for each in data["bites"].values() for title, place in each)
