"""The weight of a first visit: all that a topic page asks for as it loads, gzipped, as a real browser asks for it."""

from __future__ import annotations

import argparse
import gzip
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bench.tools import Void, chromium, show, target
from tests.support.repository import BUILT

KB = 1000
ICON = re.compile(r'<link rel="icon" href="([^"]+)"')


class Server(ThreadingHTTPServer):
    """Serves a folder and notes each path asked for: workers' requests too, which a page does not report."""

    def __init__(self, site: Path):
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(site)))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(SimpleHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(unquote(urlsplit(self.path).path))
        super().do_GET()

    def log_message(self, *arguments: object) -> None:
        pass


def weight(options: argparse.Namespace) -> bool:
    """Each topic page in a browser of its own, with nothing cached."""
    pages = sorted(page for page in BUILT.rglob("*.html") if "data-topic=" in page.read_text(encoding="utf-8"))
    if not pages:
        raise Void(f"no page in {BUILT} compares anything: build the site first, or name another in HEADTOHEAD_BUILT")
    visits, strangers = _visits(BUILT, pages)
    sums = {page: sum(files.values()) for page, files in visits.items()}
    heaviest = max(sums, key=sums.__getitem__)
    files = sorted(visits[heaviest].items(), key=lambda item: -item[1])
    show(f"weight: {heaviest}, the heaviest topic page, file by file", ["", "KB"], [[n, s / KB] for n, s in files])
    rows = [
        [page or "(home)", len(visits[page]), total / KB]
        for page, total in sorted(sums.items(), key=lambda item: -item[1])
    ]
    show("weight: every topic page", ["", "files", "KB"], rows)
    print(f"  asked of others than the site: {', '.join(sorted(strangers)) or 'nothing'}")
    return target("first visit to the heaviest, gzip -9", sums[heaviest] / KB, most=120, unit=" KB") and not strangers


def _visits(site: Path, pages: list[Path]) -> tuple[dict[str, dict[str, int]], set[str]]:
    """The gzipped bytes of each file by page, and what was asked of other hosts."""
    visits, strangers = {}, set()
    server = Server(site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with chromium() as browser:
        for page in pages:
            path = page.relative_to(site).as_posix().removesuffix("index.html")
            server.asked.clear()
            context = browser.new_context()  # an empty cache
            tab = context.new_page()
            tab.on("request", lambda request: None if _own(request.url, server) else strangers.add(request.url))
            tab.goto(server.address + path, wait_until="networkidle")
            # Figures load as a reader scrolls to them: count them all.
            tab.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(image => image.loading = 'eager')")
            tab.wait_for_load_state("networkidle")
            context.close()
            asked = set(server.asked)
            # A headless browser asks for no icon; the reader's does.
            asked |= {urljoin(f"/{path}", icon) for icon in ICON.findall(page.read_text(encoding="utf-8"))}
            visits[path] = {name: _gzipped(site, name) for name in asked}
    server.shutdown()
    return visits, strangers


def _own(url: str, server: Server) -> bool:
    return url.startswith((server.address, "data:", "blob:"))


def _gzipped(site: Path, name: str) -> int:
    file = site / name.strip("/")
    file = file / "index.html" if file.is_dir() else file
    if not file.exists():
        raise Void(f"a page asks for {name}, which is not there")
    return len(gzip.compress(file.read_bytes(), 9))
