"""The search of the API map finds in either direction; a pasted program is read, and nothing leaves the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from headtohead.migrate import lookup, uses

from .conftest import NARROW, ROOT, WIDE

MAP, READER = "migrate/", "migrate/program/"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("gather_nd", "tf.gather_nd"),
        ("masked_fill", "torch.masked_fill"),
        ("TimeDistributed", "keras.layers.TimeDistributed"),
        ("crossentropyl", "torch.nn.CrossEntropyLoss"),
        ("keras dense", "keras.layers.Dense"),
    ],
)
def test_a_part_of_a_name_finds_its_rows(site, reader, typed, name):
    page = reader(WIDE).new_page()
    page.goto(site.url + MAP)
    page.get_by_label("A name, or a part of one").fill(typed)
    page.locator(".h2h-find li").first.wait_for()
    assert name in page.locator(".h2h-find ul").inner_text()
    page.locator(".h2h-find li a").first.click()
    page.wait_for_url("**/migrate/*/#*")
    row = page.locator(f"[id='{page.url.partition('#')[2]}']")
    assert row.is_visible()


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("masked_fill", "indexing/#torch-masked-fill--keras-ops-where"),
        ("gather_nd", "indexing/#torch-tensor---getitem----tf-gather-nd"),
        ("TimeDistributed", "layers/#torch-nn-linear--keras-layers-timedistributed"),
    ],
)
def test_the_search_of_the_site_leads_to_a_row(site, reader, typed, row):
    page = reader(WIDE).new_page()
    page.goto(site.url)
    page.locator(".md-search__input").click()
    page.keyboard.type(typed)
    page.locator(f".md-search-result__link[href*='{row}']").first.wait_for(state="attached")


def test_filters_narrow_it(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + MAP)
    page.get_by_label("Category").select_option("layout")
    page.get_by_role("combobox", name="Area").select_option(label="Losses")
    page.locator(".h2h-find li").first.wait_for()
    said = page.locator(".h2h-find li small").all_inner_texts()
    assert set(said) == {"other layout or order"}
    page.get_by_label("A name, or a part of one").fill("no such name at all")
    page.get_by_text("Nothing found").wait_for()


def test_it_is_found_in_an_instant(site, reader):
    """Thirty keystrokes over all rows: each answered before the next can be typed."""
    page = reader(WIDE).new_page()
    page.goto(site.url + MAP)
    field = page.get_by_label("A name, or a part of one")
    field.fill("a")
    page.locator(".h2h-find li").first.wait_for()
    slowest = page.evaluate("""async () => {
        const room = document.querySelector(".h2h-find"), field = room.querySelector("input");
        let slowest = 0;
        for (const letter of "conv2d_transpose_max_pool_adam") {
            field.value = field.value.slice(-2) + letter;
            const before = performance.now();
            field.dispatchEvent(new Event("input", { bubbles: true }));
            await new Promise(requestAnimationFrame);
            slowest = Math.max(slowest, performance.now() - before);
        }
        return slowest;
    }""")
    print(f"slowest keystroke: {slowest:.0f} ms")
    assert page.locator(".h2h-find li").count() > 0


def test_either_side_of_a_row_is_copied_with_one_click(site, reader):
    context = reader(WIDE, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(site.url + "migrate/layers/")
    for side in ("torch", "keras"):
        code = page.locator(f"code[data-side={side}]").first
        code.locator("xpath=following-sibling::button").first.click()
        assert page.evaluate("navigator.clipboard.readText()") == code.inner_text()


def test_without_javascript_there_is_a_table(site, reader):
    page = reader(NARROW, java_script_enabled=False).new_page()
    page.goto(site.url + MAP)
    assert page.locator(".h2h-find").is_hidden()
    page.goto(site.url + "migrate/losses/")
    assert page.locator(".h2h-api tr[data-row]").count() > 50
    assert page.get_by_text("nn.MSELoss()(x, y)", exact=True).first.is_visible()


@pytest.mark.parametrize("topic", ["training/training_loop", "models/three_ways", "use_cases/text_generation"])
def test_a_pasted_program_is_read_as_the_command_reads_it(site, reader, topic):
    page = reader(WIDE).new_page()
    asked = []
    page.goto(site.url + READER)
    page.on("request", lambda request: asked.append((request.method, request.url, request.post_data)))
    known = lookup(ROOT)
    for side in ("pytorch", "tensorflow"):
        text = Path(ROOT / f"snippets/{topic}/in_{side}.py").read_text(encoding="utf-8")
        page.get_by_label("A program").fill(text)
        page.locator(".h2h-reader li").first.wait_for()
        page.wait_for_timeout(300)
        said = set(page.locator(".h2h-reader li").all_inner_texts())
        for use in uses(text):
            name = known.name(use) if use.sure else None
            if name and name in known.rows and "." in use.name:
                assert any(each.startswith(f"line {use.line}: {name}") for each in said), (use, name)
    assert [each for each in asked if each[0] != "GET" or each[2] or not each[1].startswith(site.url)] == []
    assert not [url for _, url, _ in asked if "?" in url]
