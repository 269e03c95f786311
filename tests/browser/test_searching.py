"""The search of the site: what it finds leads somewhere, and a keyboard, an address and a phone are enough."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from headtohead.site.search import FILE, WORDS
from tests.support.found import entries
from tests.support.repository import ROOT

from .conftest import BELOW, NARROW, WIDE
from .test_accessibility import violations

LIMIT = 300_000  # bytes of all that is found, gzipped
PROMPT = 150  # milliseconds of work for an answer, once the index is there
HIT = ".h2h-box li > a"


@pytest.fixture(scope="module")
def content(site):
    return json.loads((site.folder / FILE).read_text(encoding="utf-8"))


def test_what_is_found_is_light_and_has_no_marks(site, content):
    data = (site.folder / FILE).read_bytes()
    assert len(gzip.compress(data)) <= LIMIT
    found = entries(content)
    assert {each["kind"] for each in found} == {
        "page", "section", "row", "name", "difference", "error", "claim", "machinery",
    }  # fmt: skip
    assert [each for each in found if not (each.get("title") or each.get("names"))] == []
    raw = re.compile(r"</?(?:p|code|a|div|span)\b|&(?:amp|lt|gt|quot|#\d+);|¶")
    said = [" ".join(map(str, each.values())) for each in found]
    assert [each for each in said if raw.search(each)] == []


def test_every_place_exists(site, content):
    ids: dict[str, set[str]] = {}
    gone = []
    for entry in entries(content):
        page, _, anchor = entry["place"].partition("#")
        if page not in ids:
            html = (site.folder / page / "index.html").read_text(encoding="utf-8")
            ids[page] = set(re.findall(r"\bid=[\"']?([^\"'\s>]+)", html))
        if anchor and anchor not in ids[page]:
            gone.append(entry["place"])
    assert len(ids) > 50
    assert gone == []


def test_every_other_way_to_ask_leads_to_an_entry(content):
    import tomllib

    also = tomllib.loads((ROOT / WORDS).read_text(encoding="utf-8"))["also"]
    asked = {each["place"] for each in entries(content) if "also" in each}
    assert [each["place"] for each in also if each["place"] not in asked] == []


def typed(page, text: str) -> None:
    page.locator(".h2h-box").wait_for(state="attached")
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.locator(HIT).first.wait_for()


def test_nothing_is_fetched_before_the_box_is_used(site, reader):
    page = reader(WIDE).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(site.url + site.topic, wait_until="networkidle")
    assert not {"entries.json", "worker.js"} & set(asked)
    typed(page, "gradient")
    assert asked.count("entries.json") == 1


def test_the_keyboard_is_enough(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + site.topic)
    page.locator(".h2h-box").wait_for(state="attached")
    for key in ("/", "s"):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.matches('.h2h-box input')")
        page.keyboard.press("Escape")
    typed(page, "masked_fill")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(HIT).nth(1)
    assert second.evaluate("each => each === document.activeElement")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.matches('.h2h-box input')")
    page.keyboard.press("Escape")
    page.locator(".h2h-box .h2h-found").wait_for(state="hidden")
    page.keyboard.press("/")
    page.locator(HIT).first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/migrate/indexing/#torch-masked-fill--*")


def test_a_question_is_an_address_and_back_finds_it_again(site, reader):
    page = reader(WIDE).new_page()
    page.goto(f"{site.url}{site.topic}?q=early+stopping")
    page.locator(HIT).first.wait_for()
    assert page.locator(".h2h-box input").input_value() == "early stopping"
    page.locator(".h2h-box input").fill("gather_nd")
    page.locator(HIT, has_text="tf.gather_nd").first.click()
    page.wait_for_url(f"**{BELOW}migrate/**")
    page.go_back()
    page.locator(HIT, has_text="tf.gather_nd").first.wait_for()
    assert page.locator(".h2h-box input").input_value() == "gather_nd"


def test_both_lines_of_a_row_are_shown_and_what_is_typed_is_text(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + site.topic)
    typed(page, "<img src=x onerror=alert(1)> torch.masked_fill")
    first = page.locator(".h2h-box li").first
    assert first.locator("code").count() >= 2
    assert page.locator(".h2h-found img").count() == 0
    page.locator(".h2h-box input").fill("gradients add up")
    page.locator(".h2h-box li mark").first.wait_for()


def test_a_phone_opens_it_over_the_page(site, reader):
    page = reader(NARROW).new_page()
    page.goto(site.url + site.topic)
    assert not page.locator(".h2h-box").is_visible()
    page.get_by_role("banner").get_by_role("button", name="Search").click()
    page.keyboard.type("dropout")
    page.locator(HIT).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    page.get_by_role("button", name="close").click()
    page.locator(".h2h-box").wait_for(state="hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_list_that_is_open(site, reader, scheme):
    page = reader(WIDE, scheme).new_page()
    page.goto(site.url + site.topic)
    typed(page, "save model")
    assert violations(page) == []


def test_the_home_page_has_a_large_one(site, reader):
    page = reader(WIDE).new_page()
    page.goto(f"{site.url}?q=multi+gpu")
    page.locator(".h2h-ask li > a").first.wait_for()
    assert page.locator(".h2h-box .h2h-found").is_hidden()


def test_the_map_filters_by_category_and_area(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + "migrate/")
    page.get_by_label("A name, or a part of one").fill("relu")
    page.get_by_role("combobox", name="Area").select_option("Activations")
    page.locator(".h2h-find li", has_text="relu").first.wait_for()
    page.wait_for_function(
        """() => [...document.querySelectorAll(".h2h-find small")]
            .every(each => each.textContent.includes("Activations"))"""
    )


def test_without_scripts_there_is_no_box(site, reader):
    page = reader(WIDE, java_script_enabled=False).new_page()
    page.goto(site.url)
    assert not page.locator(".h2h-box").count()
    assert not page.locator(".h2h-ask").is_visible()


COST = """async () => {
    const { query, FIELDS, fields } = await import(`${BASE}query.js`);
    const { entries } = await import(`${BASE}entries.js`);
    const { term, words } = await import(`${BASE}words.js`);
    const { default: MiniSearch } = await import(`${BASE}minisearch.js`);
    const held = await fetch(ENTRIES).then(answer => answer.json());
    const index = new MiniSearch({ fields: FIELDS, tokenize: words, processTerm: term });
    held.entries = entries(held);
    index.addAll(held.entries.map(fields));
    const spent = [];
    for (let each = 0; each < 5; each++) {
        const begun = performance.now();
        index.search(query("how do i save a model and keep training it on several gpus", held));
        spent.push(performance.now() - begun);
    }
    return Math.min(...spent);
}"""


def test_an_answer_takes_little_work(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url)
    script = COST.replace("${BASE}", f"{site.url}assets/js/search/").replace("ENTRIES", f"'{site.url}{FILE}'")
    assert page.evaluate(script) <= PROMPT
