"""Serving the site: how long until it answers, and until a page that has changed is shown, of a whole build."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.tools import PYTHON, Void, copy, folder, process, show, target

PARTS = ("api", "differences", "docs", "errors", "headtohead", "overrides", "records", "requirements", "snippets")
PAGE = "basics/tensors"
PATIENCE = 600  # seconds: they pass only where nothing is served


def serving(options: argparse.Namespace) -> bool:
    """The real site: a build, then a server that answers, then a page of it that changes."""
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    answers, changed, built = [], [], []
    with folder() as root:
        copy(root, *PARTS, "hook.py", "mkdocs.yml")
        for number in range(options.repeat or 3):
            built.append(process([PYTHON, "-m", "mkdocs", "build", "--strict"], root, env).seconds)
            with served(root, env) as (address, seconds):
                answers.append(seconds)
                changed.append(_until_shown(root, address, f"Changed {number}."))
    whole, first, again = (median(each) for each in (built, answers, changed))
    rows = [
        ["mkdocs build", whole],
        ["mkdocs serve, until it answers", first],
        ["until a changed page is shown", again],
    ]
    show("serving: the site as it is", ["", "s"], rows)
    return all(
        [
            target("until it answers, of a build", first / whole, most=1.25, unit="x"),
            target("a changed page, of a build", again / whole, most=0.8, unit="x"),
        ]
    )


@contextmanager
def served(root: Path, env: dict[str, str]) -> Iterator[tuple[str, float]]:
    """A server of the site: its address, and the seconds until it answered."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    started = time.monotonic()
    command = [PYTHON, "-m", "mkdocs", "serve", "-q", "-a", address]
    server = subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _until(lambda: bool(_read(f"http://{address}/")))
        yield f"http://{address}/", time.monotonic() - started
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _until_shown(root: Path, address: str, text: str) -> float:
    page = root / "docs" / f"{PAGE}.md"
    started = time.monotonic()
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    _until(lambda: text in _read(f"{address}{PAGE}/"))
    return time.monotonic() - started


def _until(found) -> None:
    end = time.monotonic() + PATIENCE
    while not found():
        if time.monotonic() > end:
            raise Void("the server does not show the page")
        time.sleep(0.05)


def _read(address: str) -> str:
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.read().decode()
    return ""
