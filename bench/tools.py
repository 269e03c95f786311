"""What the benchmarks share: a timed process, a copy of the repository, a table, a target."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headtohead.running.environment import KEPT
from tests.support.repository import ROOT

PYTHON = sys.executable


class Void(Exception):
    """A measurement that would mean nothing, and why."""


@dataclass(frozen=True)
class Ran:
    """A process that has ended: how long it took, the most memory it held, what it said."""

    seconds: float
    megabytes: float
    output: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """The reader's surroundings: default threads, no personal settings, and caches that start empty.

    Args:
        home: An empty folder, which takes the place of the home folder and of every cache.
        more: Variables to add.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    caches = {"HOME": str(home), "TORCHINDUCTOR_CACHE_DIR": str(home / "inductor")}
    # The benchmarks are about two cores; a GPU in this machine stays out of both sides.
    return kept | caches | {"CUDA_VISIBLE_DEVICES": "-1"} | more


def process(command: list[str], cwd: Path, env: dict[str, str] | None = None) -> Ran:
    """Runs a command to its end; one that fails makes the measurement void."""
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        # Not RUSAGE_CHILDREN: that is the largest of all children so far, and here there are many.
        # Memory below this process's own 50 MB is not told apart: a child begins as its copy.
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        output = log.read().decode("utf-8", "replace")
    if child.returncode:
        tail = "\n".join(output.splitlines()[-15:])
        raise Void(f"{' '.join(command[1:])} ended with {child.returncode}:\n{tail}")
    return Ran(seconds, usage.ru_maxrss / 1024, output)


def medians(repeat: int, sides: dict[str, Callable[[], Ran]]) -> dict[str, Ran]:
    """Each side's run of median duration; the sides take turns, so that a busy minute hits all of them."""
    runs: dict[str, list[Ran]] = {name: [] for name in sides}
    for _ in range(repeat):
        for name, side in sides.items():
            runs[name].append(side())
    middle = {name: statistics.median_low([run.seconds for run in each]) for name, each in runs.items()}
    return {name: next(run for run in each if run.seconds == middle[name]) for name, each in runs.items()}


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder that goes away at the end."""
    with tempfile.TemporaryDirectory(prefix="h2h-bench-", ignore_cleanup_errors=True) as path:
        yield Path(path).resolve()


def copy(to: Path, *names: str) -> Path:
    """Copies parts of the repository, without what was made by running it."""
    for name in names:
        source, target = ROOT / name, to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.failed"))
        else:
            shutil.copyfile(source, target)
    return to


@contextmanager
def chromium() -> Iterator[Any]:
    """The reader's browser, as Playwright drives it; a measurement without one is void."""
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if not path:
        raise Void("it needs a browser: install playwright, and chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def show(title: str, head: list[str], rows: list[list[object]]) -> None:
    """Prints a table: the first column to the left, figures to the right."""
    cells = [head, *[[f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(head))]
    print(f"\n{title}")
    for row in cells:
        figures = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join([row[0].ljust(widths[0]), *figures]).rstrip(), flush=True)


def target(what: str, value: float, *, most: float | None = None, least: float | None = None, unit: str = "") -> bool:
    """Prints a value beside its target; returns whether it is met."""
    met = (most is None or value <= most) and (least is None or value >= least)
    wanted = f"at most {most:g}{unit}" if most is not None else f"at least {least:g}{unit}"
    figure = f"{value:.2f}" if isinstance(value, float) else str(value)
    print(f"  {what}: {figure}{unit}   target: {wanted}   {'met' if met else 'MISSED'}", flush=True)
    return met
