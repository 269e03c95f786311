"""The search finds rows in either direction; a pasted program is read, and nothing leaves the page."""

from __future__ import annotations

import json

import pytest

from headtohead.content.topics import topics
from headtohead.reading.lookup import lookup
from headtohead.reading.names import uses
from tests.support.repository import ROOT

from .conftest import NARROW, WIDE

MAP, READER, DATA = "migrate/", "migrate/program/", "migrate/api.json"


def wait_for_clipboard(page, text: str) -> None:
    page.wait_for_function("text => navigator.clipboard.readText().then(held => held === text)", arg=text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("gather_nd", "tf.gather_nd"),
        ("masked_fill", "torch.masked_fill"),
        ("TimeDistributed", "keras.layers.TimeDistributed"),
        ("crossentropyloss", "torch.nn.CrossEntropyLoss"),
        ("keras dense", "keras.layers.Dense"),
    ],
)
def test_a_part_of_a_name_finds_its_rows(site, reader, typed, name):
    page = reader(WIDE).new_page()
    page.goto(site.url + MAP)
    page.get_by_label("A name, or a part of one").fill(typed)
    page.locator(".h2h-find li").first.wait_for()
    assert name in page.locator(".h2h-find ul").inner_text()
    page.locator(".h2h-find li a").first.click(delay=200)  # as long as a finger stays
    page.wait_for_url("**/migrate/*/#*")
    page.locator(f"[id='{page.url.partition('#')[2]}']").wait_for()


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("masked_fill", "#torch-masked-fill--keras-ops-where"),
        ("gather_nd", "#torch-tensor---getitem----tf-gather-nd"),
        ("TimeDistributed", "#torch-nn-linear--keras-layers-timedistributed"),
    ],
)
def test_the_search_of_the_site_leads_to_a_row(site, reader, typed, row):
    page = reader(WIDE).new_page()
    page.goto(site.url + READER)
    page.locator(".h2h-box").wait_for()
    page.keyboard.press("/")
    page.keyboard.type(typed)
    page.locator(f".h2h-box li > a[href$='{row}']").first.wait_for()


def test_filters_narrow_it(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + MAP)
    page.get_by_label("Category").select_option("layout")
    page.get_by_role("combobox", name="Area").select_option(label="Losses")
    page.locator(".h2h-find li").first.wait_for()
    said = page.locator(".h2h-find li small").all_inner_texts()
    assert set(said) == {"API map › Losses › other layout"}
    page.get_by_label("A name, or a part of one").fill("nosuchnameatall")
    page.get_by_text("Nothing found").wait_for()


def test_it_is_found_in_an_instant(site, reader):
    """Thirty keystrokes over all rows: each answered before the next can be typed."""
    page = reader(WIDE).new_page()
    page.goto(site.url + MAP)
    field = page.get_by_label("A name, or a part of one")
    field.fill("adam")
    page.locator(".h2h-find li").first.wait_for()
    slowest = page.evaluate("""async () => {
        const room = document.querySelector(".h2h-find"), field = room.querySelector("input");
        let slowest = 0;
        for (const letter of "conv2d_transpose_max_pool_adam") {
            field.value = field.value.slice(-9) + letter;
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
        wait_for_clipboard(page, code.inner_text())


def test_a_line_that_was_found_is_copied_with_one_click(site, reader):
    page = reader(WIDE, permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(site.url + MAP)
    page.get_by_label("A name, or a part of one").fill("masked_fill")
    page.get_by_role("button", name="Copy torch.masked_fill(x, b, 0)").click()
    wait_for_clipboard(page, "torch.masked_fill(x, b, 0)")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_row_is_found_with_the_keyboard_alone(site, reader, width):
    page = reader(width).new_page()
    page.goto(site.url + MAP)
    page.get_by_label("A name, or a part of one").focus()
    page.keyboard.type("gather_nd")
    page.locator(".h2h-find li").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for _ in range(3):  # category, area, the first row
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/migrate/indexing/#torch-tensor---getitem----tf-gather-nd")
    row = page.locator("tr:has(h2:target)")
    row.wait_for()
    assert "tf.gather_nd(" in row.inner_text()


def test_on_a_phone_each_side_of_a_row_has_the_width_of_the_page(site, reader):
    page = reader(NARROW).new_page()
    page.goto(site.url + "migrate/losses/")
    cells = page.locator(".h2h-api tr[data-row] > td")
    widths = cells.evaluate_all("cells => cells.slice(0, 12).map((cell) => cell.getBoundingClientRect().width)")
    assert min(widths) > 0.8 * NARROW


def test_without_javascript_there_is_a_table(site, reader):
    page = reader(NARROW, java_script_enabled=False).new_page()
    page.goto(site.url + MAP)
    assert page.locator(".h2h-find").is_hidden()
    page.goto(site.url + "migrate/losses/")
    assert page.locator(".h2h-api tr[data-row]").count() > 50
    assert page.get_by_text("nn.MSELoss()(x, y)", exact=True).first.is_visible()


def test_a_pasted_program_is_read_and_nothing_is_sent(site, reader):
    page = reader(WIDE).new_page()
    asked = []
    page.goto(site.url + READER)
    page.on("request", lambda request: asked.append((request.method, request.url, request.post_data)))
    page.get_by_label("A program").fill(
        "from torch import nn\n\nnet = nn.BatchNorm2d(3)\nnet.eval()\nnn.no_such(net)\n"
    )
    items = page.locator(".h2h-reader ol > li")
    items.first.wait_for()
    first, second, third = items.all_inner_texts()
    assert first.startswith("line 3: torch.nn.BatchNorm2d: layers.BatchNormalization(epsilon=1e-5)(images)")
    assert "bites: " in first
    assert second.startswith("line 4: torch.nn.Module.eval: layers.Dropout(0.5)(x). A Keras layer has no mode")
    assert third == "line 5: torch.nn.no_such is not in the map"
    assert page.get_by_text("3 uses, 1 not in the map").is_visible()
    for link in items.first.locator("a").all():
        address = link.evaluate("link => link.href")
        page_, _, anchor = address.removeprefix(site.url).partition("#")
        assert f'id="{anchor}"' in (site.folder / page_ / "index.html").read_text(encoding="utf-8")
    assert [each for each in asked if each[0] != "GET" or each[2] or not each[1].startswith(site.url)] == []
    assert not [url for _, url, _ in asked if "?" in url]


def test_a_pasted_notebook_is_read_cell_by_cell(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + READER)
    cells = [
        {"cell_type": "markdown", "source": "# A"},
        {"cell_type": "code", "source": ["import torch\n", "torch.no(x)"]},
    ]
    page.get_by_label("A program").fill(json.dumps({"nbformat": 4, "cells": cells}))
    item = page.locator(".h2h-reader ol > li").first
    item.wait_for()
    assert item.inner_text() == "cell 2, line 2: torch.no is not in the map"


def test_a_long_program_is_read_in_an_instant(site, reader):
    """Five thousand lines; that it takes no more than it is long, `tests.fuzz.test_twins` holds without a browser."""
    page = reader(WIDE).new_page()
    page.goto(site.url + READER)
    lines = [f"x{i} = nn.Linear({i}, 4).to('cpu')\ny = x{i}(torch.ones(3)).view(2)[a, b]" for i in range(2500)]
    text = "\n".join(["import torch", "from torch import nn", *lines])
    took = page.evaluate(
        """async (text) => {
            const { answer } = await import(new URL("../../assets/js/reader/room.js", location.href));
            const room = document.querySelector(".h2h-reader");
            await answer(room); // the map is there
            room.querySelector("textarea").value = text;
            const before = performance.now();
            await answer(room);
            return performance.now() - before;
        }""",
        text,
    )
    print(f"read in {took:.0f} ms")
    assert page.locator(".h2h-reader ol > li").count() > 10_000


def test_neither_the_map_nor_what_reads_it_is_fetched_before_something_is_typed(site, reader):
    page = reader(WIDE).new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site.url)))

    def fetched() -> set[str]:
        return {name for name in asked if name in (DATA, "assets/js/find.js") or name.startswith("assets/js/reader/")}

    for name in (READER, MAP, site.topic):
        page.goto(site.url + name, wait_until="networkidle")
        assert "assets/js/site.js" in asked
        assert fetched() == set()
    page.goto(site.url + READER)
    page.get_by_label("A program").fill("import torch\ntorch.abs(x)\n")
    page.locator(".h2h-reader li").first.wait_for()
    assert {DATA, "assets/js/reader/room.js"} <= fetched()
    assert "assets/js/find.js" not in asked
    assert asked.count(DATA) == 1


def test_what_is_read_fits_on_a_phone(site, reader):
    page = reader(NARROW).new_page()
    page.goto(site.url + READER)
    page.get_by_label("A program").fill((ROOT / "snippets/use_cases/transfer/in_tensorflow.py").read_text("utf-8"))
    page.locator(".h2h-reader li").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


MADE_UP = {
    "a match": "import torch\nmatch x.dtype:\n    case torch.float32: x.sum()\n    case y if y.any(): torch.abs(y)\n",
    # Names that every object of JavaScript has are names like any other.
    "JavaScript's own": """import torch


def constructor(size):
    return torch.ones(size)


x = constructor(3)
valueOf = toString(x)
valueOf.view(3)
print(x.hasOwnProperty.shape)
""",
    "the same under another name": """import tensorflow as tf
import torch
from torch.nn.modules.conv import Conv2d

Conv2d(3, 4, 3)
torch.Tensor.exp(x)
tf.ceil(x)
tf.math.zeros_like(x)
""",
}


def test_it_reads_as_the_command_does(site, reader):
    """Every program of the site, and some made up, use by use: the two are written in two languages."""
    page = reader(WIDE).new_page()
    page.goto(site.url + READER)
    known = lookup(ROOT)
    texts = {program.name: program.text for topic in topics(ROOT) for program in topic.programs.values()}
    texts |= MADE_UP
    told = page.evaluate(
        """async (texts) => {
            const part = (name) => import(new URL(`../../assets/js/reader/${name}.js`, location.href));
            const parts = ["lookup", "tables", "uses", "program", "source"];
            const [{ Lookup }, { Tables }, { uses }, { Program }, { Source }] = await Promise.all(parts.map(part));
            const data = await (await fetch("../api.json")).json();
            const tables = new Tables(data.reading), known = new Lookup(data, tables);
            return texts.map((text) => uses(new Program(new Source(text, tables), tables)).map((use) => {
                const name = known.name(use);
                const row = name && known.rows.has(name) ? known.row(name, use.given).page : null;
                return [use.line, use.name, use.sure, use.member, [...use.given].sort(), name, row];
            }));
        }""",
        list(texts.values()),
    )
    total = 0
    for (title, text), found in zip(texts.items(), told, strict=True):
        expected = []
        for use in uses(text):
            name = known.name(use)
            row = known.counterparts(name, use.given)[0][1] if name in known.rows else None
            place = f"{row.area}/#{row.id}" if row else None
            expected.append([use.line, use.name, use.sure, use.member, sorted(use.given), name, place])
        assert found == expected, title
        total += len(found)
    assert total > 2000
