"""The built site on a loopback port, below a sub-path, and one Chromium that all tests of this folder share."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.repository import BUILT

BELOW = "/sub/path/"  # nothing may assume that the site has a host of its own
WIDE, NARROW = 1440, 400
PATIENCE = 600_000  # milliseconds, far more than a busy machine needs: they pass only where something is missing
SCROLLBAR = 15  # headless Chromium draws none; most readers' browsers do
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site below the sub-path, and nothing anywhere else."""

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(BELOW) if path.startswith(BELOW) else "no-such-file"
        return super().translate_path(f"/{inside}")

    def log_message(self, *_):
        pass


@dataclass
class Site:
    """The built site: its folder, its address, and the pages that show comparisons."""

    folder: Path
    url: str
    comparing: list[str] = field(default_factory=list)

    def __post_init__(self):
        for path in sorted(self.folder.glob("**/index.html")):
            if 'class="h2h"' in path.read_text(encoding="utf-8"):
                self.comparing.append(path.parent.relative_to(self.folder).as_posix() + "/")

    @property
    def topic(self) -> str:
        """A page with many cells, outputs, a note and a record."""
        return "training/training_loop/"

    @property
    def guided(self) -> list[str]:
        found = sorted(self.folder.glob("guided/*/index.html"))
        return [path.parent.relative_to(self.folder).as_posix() + "/" for path in found]


@pytest.fixture(scope="session")
def site():
    if not (BUILT / "index.html").exists():
        pytest.skip(f"no built site in {BUILT}: run mkdocs build, or set HEADTOHEAD_BUILT")
    handler = functools.partial(Handler, directory=str(BUILT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = Site(BUILT, f"http://127.0.0.1:{server.server_port}{BELOW}")
        assert found.topic in found.comparing, f"{found.topic} shows no comparison: was the site built with errors?"
        yield found
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    if not path:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=FLAGS, timeout=PATIENCE)
        yield browser
        browser.close()


VIOLATED = """addEventListener("securitypolicyviolation", event => noteViolation(
    `${location.pathname}: ${event.effectiveDirective} forbids ${event.blockedURI} ${event.sample}`));"""


@pytest.fixture
def violations():
    """What pages of this test tried that their policy forbids, a line each."""
    return []


@pytest.fixture
def reader(chromium, violations):
    """Makes a reader who was never here before: a fresh context of a width and a colour scheme.

    Whatever a test does, no page may have tried what its policy forbids.
    """
    made = []

    def new(width: int = WIDE, scheme: str = "light", **options):
        viewport = {"width": width, "height": 900}
        made.append(chromium.new_context(viewport=viewport, color_scheme=scheme, **options))
        made[-1].set_default_timeout(PATIENCE)
        made[-1].expose_binding("noteViolation", lambda source, line: violations.append(line))
        made[-1].add_init_script(VIOLATED)
        return made[-1]

    yield new
    for context in made:
        context.close()
    assert violations == []


SEEN = """() => [...document.querySelectorAll(".h2h")].map(cell => ({
    topic: cell.dataset.topic,
    cell: cell.dataset.cell,
    sides: [...cell.querySelectorAll(".h2h-side")].map(side => {
        const code = side.querySelector("pre > code"), output = side.querySelector(".h2h-outputs");
        const box = side.getBoundingClientRect();
        return {
            framework: side.dataset.framework,
            text: code.innerText,
            left: box.left, right: box.right, top: box.top,
            code: code.getBoundingClientRect().top,
            output: output && output.getBoundingClientRect().top,
            hidden: code.scrollWidth - code.clientWidth,
        };
    }),
}))"""


@pytest.fixture(scope="session")
def seen(site, chromium):
    """What every page that compares shows a new reader on a wide screen, page by page, cell by cell."""
    context = chromium.new_context(viewport={"width": WIDE - SCROLLBAR, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    found = {}
    for name in site.comparing:
        page.goto(site.url + name)
        found[name] = page.evaluate(SEEN)
    context.close()
    return found
