"""Guards what the search finds besides the pages: every row, every name without one, other words."""

from __future__ import annotations

import json

import pytest

from headtohead.content.rows import areas
from headtohead.site.api_map import anchor
from headtohead.site.library import Library
from headtohead.site.search import as_json
from tests.support.found import entries
from tests.support.repository import ROOT, STORE

AREAS = areas(ROOT)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "migrate/porting_weights").mkdir(parents=True)
    (folder / "migrate/porting_weights/index.html").write_text("<article><h1>Porting</h1></article>", encoding="utf-8")
    (folder / "migrate/layers").mkdir()
    (folder / "migrate/layers/index.html").write_text("<article><h1>Layers</h1></article>", encoding="utf-8")
    return json.loads(as_json(Library(ROOT, STORE), folder))


def test_every_row_and_every_name_without_one_is_found_with_both_lines(content):
    rows = [entry for entry in entries(content) if entry["kind"] == "row"]
    names = [entry for entry in entries(content) if entry["kind"] == "name"]
    assert len(rows) == sum(len(area.rows) for area in AREAS)
    assert len(names) == sum(len(area.only) for area in AREAS)
    assert all(len(row["lines"]) >= 2 and row["category"] in content["categories"] for row in rows)
    assert all("title" not in entry for entry in (*rows, *names))


def test_a_place_that_names_tell_is_not_fetched_and_found_again(content):
    places = {each["place"] for each in entries(content) if each["kind"] in ("row", "name")}
    rows = {f"migrate/{area.name}/#{row.id}" for area in AREAS for row in area.rows}
    assert places == rows | {f"migrate/{area.name}/#{anchor(name)}" for area in AREAS for name in area.only}
    assert sum(each is None for each in content["entries"]["place"]) > 0.9 * len(places)


def test_the_plainest_row_of_a_name_is_behind_none(content):
    found = [each for each in entries(content) if each.get("names") == ["torch.nn.Linear", "keras.layers.Dense"]]
    assert "behind" not in found[0]
    assert any("behind" in each for each in entries(content))


def test_pages_are_found_with_other_ways_to_ask_and_pages_of_rows_are_not(content):
    pages = {each["place"]: each for each in entries(content) if each["kind"] == "page"}
    assert list(pages) == ["migrate/porting_weights/"]
    assert "transferring weights" in pages["migrate/porting_weights/"]["also"]
    assert content["synonyms"]["tflite"]
    assert content["sides"]["keras"] == "tf"
