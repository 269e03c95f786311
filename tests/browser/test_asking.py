"""How often the site's search, and the map's own, lead people's questions to a place that answers them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.support.asked import HALVES, PASTED, TOP, Shares, questions

from .conftest import BELOW, WIDE

# Types each question as a reader would, and notes what the list shows of it, from the top.
ASK = """async ([place, asked]) => {
    const room = document.querySelector(place), input = room.querySelector("input");
    const status = room.querySelector("[role=status]"), found = [];
    for (const text of asked) {
        status.textContent = "";
        input.value = text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        while (!status.textContent) await new Promise(done => setTimeout(done, 5));
        found.push([...room.querySelectorAll("li > a")].map(link => link.href));
    }
    return found;
}"""


def places(links: list[str]) -> list[str]:
    """Addresses within the site, each once."""
    parts = [urlsplit(link) for link in links]
    found = [each.path.removeprefix(BELOW) + (f"#{each.fragment}" if each.fragment else "") for each in parts]
    return list(dict.fromkeys(found))


def shares(asked, found) -> Shares:
    return Shares([(each, each.rank(places(links))) for each, links in zip(asked, found, strict=True)])


def asked_in(page, place: str, asked) -> Shares:
    page.locator(f"{place} input").click()
    return shares(asked, page.evaluate(ASK, [place, [each.asks for each in asked]]))


# What each half reached when it was last measured, in December 2026: of 75 questions, among the first three and first.
# The aim is 95 % and 75 %. Before anything was mended after it, the second half had 47 and 40.
FLOORS = {"first": (64, 55), "second": (67, 55)}


@pytest.mark.parametrize("half", HALVES)
def test_the_search_of_the_site_answers(half, site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + site.topic)
    answered = asked_in(page, ".h2h-box", questions(half))
    print(answered)
    in_sight, first = FLOORS[half]
    assert answered.within(TOP) >= in_sight
    assert answered.within(1) >= first


def test_a_message_that_is_pasted_is_explained(site, reader):
    """Each message has other paths, line numbers and shapes than the site's own, or the wording of another release."""
    page = reader(WIDE).new_page()
    page.goto(site.url + site.topic)
    answered = asked_in(page, ".h2h-box", questions(PASTED))
    print(answered)
    assert answered.within(TOP) == len(answered.ranks)
    assert answered.within(1) >= 20


def test_the_search_of_the_map_answers_names(site, reader):
    """The floors are what 22 names measured in December 2026: all that the map has, all first; it lacks two."""
    page = reader(WIDE).new_page()
    page.goto(site.url + "migrate/")
    answered = asked_in(page, ".h2h-find", [each for half in HALVES for each in questions(half) if each.names])
    print(answered)
    assert answered.within(TOP) >= 20
    assert answered.within(1) >= 20
