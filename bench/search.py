"""The search of the API map: how long a keystroke takes with the rows of today, and with as many as are promised."""

from __future__ import annotations

import argparse
import json
import statistics
import threading
from pathlib import Path

from bench.tools import Void, chromium, show, target
from bench.weight import Server
from tests.support.repository import BUILT

ROWS = 2000
INSTANT = 100  # ms: what is felt as at once, https://www.nngroup.com/articles/response-times-3-important-limits/
TYPED = ("conv2d_transpose", "masked_fill", "batchnormalization", "a", "softmax cross", "gather_nd")

# Each letter as a reader types it: how long until the list that it changed has been laid out and painted.
TYPE = """async (words) => {
    const room = document.querySelector(".h2h-find"), field = room.querySelector("input"), found = [];
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    field.value = "a";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    while (!room.querySelector("li")) await painted();
    for (const word of words)
        for (let length = 1; length <= word.length; length += 1) {
            await painted();
            const before = performance.now();
            field.value = word.slice(0, length);
            field.dispatchEvent(new Event("input", { bubbles: true }));
            await Promise.resolve();
            room.getBoundingClientRect();
            await painted();
            found.push(performance.now() - before);
        }
    return found;
}"""


def search(options: argparse.Namespace) -> bool:
    """The same letters in a browser over the map as it is, and over one of `ROWS` rows."""
    data = BUILT / "migrate/api.json"
    if not data.exists():
        raise Void(f"no {data}: build the site first, or name another in HEADTOHEAD_BUILT")
    content = json.loads(data.read_text(encoding="utf-8"))
    rows = content["rows"]
    today = sum(row["category"] != "only" for row in rows)
    more = [row for row in rows if row["category"] != "only"]
    grown = content | {"rows": rows + [_again(more[n % today], n) for n in range(max(0, ROWS - today))]}
    repeat = options.repeat or 3
    figures = {
        f"{today} rows, today": _typed(BUILT, content, repeat),
        f"{ROWS} rows": _typed(BUILT, grown, repeat),
    }
    table = [[name, len(each), statistics.median(each), max(each)] for name, each in figures.items()]
    show("search: ms from a keystroke to the painted list", ["", "keystrokes", "median", "slowest"], table)
    now, then = (statistics.median(each) for each in figures.values())
    print(f"  {ROWS} rows take {then / now:.2f} times as long as {today}")
    return target(f"slowest keystroke over {ROWS} rows", max(table[1][3:]), most=INSTANT, unit=" ms")


def _again(row: dict, number: int) -> dict:
    """A row that was never there, under names of its own."""
    names = {side: f"{name}_{number}" for side, name in row["names"].items()}
    return row | {"names": names, "id": f"{row['id']}-{number}"}


def _typed(site: Path, data: dict, repeat: int) -> list[float]:
    """The median of some runs for each keystroke over other data than the site's, in milliseconds."""
    text = json.dumps(data)
    server = Server(site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    runs = []
    with chromium() as browser:
        for _ in range(repeat):
            tab = browser.new_page()
            tab.route("**/api.json", lambda route: route.fulfill(body=text, content_type="application/json"))
            tab.goto(f"{server.address}migrate/", wait_until="networkidle")
            runs.append(tab.evaluate(TYPE, list(TYPED)))
            tab.close()
    server.shutdown()
    return [statistics.median(each) for each in zip(*runs)]
