"""Guards the API map on a page: every row with both sides and its links, its inputs and defaults, and what edges do."""

from __future__ import annotations

from bs4 import BeautifulSoup

from headtohead.content.inputs import ABOUT_SETS
from headtohead.content.rows import areas
from headtohead.site import api_map
from tests.support.pages import bare_page
from tests.support.repository import ROOT

AREAS = areas(ROOT)


def test_a_table_shows_every_row_with_both_sides_and_links():
    area = AREAS[0]
    soup = BeautifulSoup(api_map.shown(bare_page(), area.name), "html.parser")
    for row in area.rows:
        assert row.names["torch"] in soup.find("h2", id=row.id).get_text()
        shown = soup.find("tr", {"data-row": row.id})
        assert [code.get_text() for code in shown.select("code[data-side]")] == list(row.sides.values())
        begin = ("https://", "#", "../differences/", "versions/")
        assert all(link["href"].startswith(begin) for link in shown.select("a"))
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    page = bare_page()
    api_map.shown(page, area.name)
    assert set(ids) == page.made


def test_a_table_says_what_its_inputs_are_and_what_defaults_were_tried():
    soup = BeautifulSoup(api_map.shown(bare_page(), "activations"), "html.parser")
    assert "x: float32, 3 × 4" in soup.select_one(".h2h-fold").get_text()
    row = next(row for row in AREAS[0].rows if row.torch == "nn.LeakyReLU()(x)")
    shown = soup.find("tr", {"data-row": row.id}).get_text(" ", strip=True)
    assert "Unless given: negative_slope=0.3 in Keras" in shown
    assert "PyTorch: negative_slope=0.01, inplace=False" in shown


def test_other_inputs_are_counted_over_all_rows_and_a_row_says_when_it_holds():
    soup = BeautifulSoup(api_map.shown(bare_page(), "sets"), "html.parser")
    counts = {tr.th.get_text(): [int(td.get_text()) for td in tr.select("td")[1:]] for tr in soup.select("tbody tr")}
    assert list(counts) == list(ABOUT_SETS)
    assert all(held > 500 and held > 4 * parted for held, parted, _ in counts.values())
    area = next(area for area in AREAS if any(row.holds for row in area.rows))
    row = next(row for row in area.rows if row.holds)
    soup = BeautifulSoup(api_map.shown(bare_page(), area.name), "html.parser")
    shown = soup.find("tr", {"data-row": row.id}).get_text(" ", strip=True)
    assert f"Holds {row.holds.replace('`', '')}." in shown
    assert f"not on {row.parts[0]}: " in shown
    assert "other inputs" in shown


def test_edges_are_counted_over_all_rows():
    soup = BeautifulSoup(api_map.shown(bare_page(), "edges"), "html.parser")
    counts = {tr.th.get_text(): [int(td.get_text()) for td in tr.select("td")] for tr in soup.select("tbody tr")}
    for edge in ("empty", "no dimension", "a NaN", "an infinity", "integers", "a negative axis"):
        tried, part = counts[edge]
        assert tried > 50
        assert part < tried
        assert part or edge == "a negative axis"  # which both take alike
