"""Building a large site: the compare directive against plain tabs and fences with the same code and outputs."""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
from pathlib import Path

from bench import made_up
from bench.tools import PYTHON, Ran, Void, folder, medians, process, show, target


def site(options: argparse.Namespace) -> bool:
    """Time and memory of `mkdocs build` by number of topics, for each side."""
    sides = ["plain", "compare", *(["cards"] if options.cards else [])]
    built: dict[int, dict[str, Ran]] = {}
    for count in sorted(options.topics):
        with folder() as root:
            made_up.realistic(root, count)
            pages = {side: made_up.pages(root, count, side) for side in sides}
            repeat = options.repeat or (3 if count <= 200 else 1)
            built[count] = medians(repeat, {side: lambda side=side: _build(root, side) for side in sides})
            for side in sides:
                _whole(pages[side])
    head = ["topics", *(f"{side} {unit}" for side in sides for unit in ("s", "MB", "ms/topic")), "compare/plain"]
    rows = []
    for count, ran in built.items():
        figures = [[each.seconds, round(each.megabytes), round(each.seconds / count * 1000)] for each in ran.values()]
        ratio = ran["compare"].seconds / ran["plain"].seconds
        rows.append([count, *(figure for each in figures for figure in each), ratio])
    show("site: mkdocs build, made-up topics of two programs in six cells", head, rows)
    met = [
        target(
            f"compare takes of plain, {count} topics",
            ran["compare"].seconds / ran["plain"].seconds,
            most=1.25,
            unit="x",
        )
        for count, ran in built.items()
    ]
    sizes = list(built)
    for few, many in itertools.pairwise(sizes):
        for side in sides:
            more = (built[many][side].megabytes - built[few][side].megabytes) / (many - few) * 1024
            print(f"  {side}, from {few} to {many} topics: {more:.0f} KB of memory for each more topic")
    if len(sizes) > 1:
        few, many = sizes[-2:]
        growth = (built[many]["compare"].seconds / many) / (built[few]["compare"].seconds / few)
        met.append(target(f"time a topic at {many}, of that at {few}", growth, most=1.3, unit="x"))
    return all(met)


def _build(root: Path, side: str) -> Ran:
    shutil.rmtree(root / f"site-{side}", ignore_errors=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith("HEADTOHEAD_")}
    # Not -q: together with --strict it hides warnings, and their exit status too.
    command = [PYTHON, "-m", "mkdocs", "build", "--strict", "-f", f"{side}.yml"]
    return process(command, root, env | {"NO_MKDOCS_2_WARNING": "1"})


def _whole(pages: list[Path]) -> None:
    """A build that shows less than all the code would be fast for the wrong reason."""
    for page in pages:
        shown = page.read_text(encoding="utf-8").count("# Made-up topic")  # once in each piece of code
        if shown != 2 * made_up.CELLS:
            raise Void(f"{page} shows {shown} pieces of code, not {2 * made_up.CELLS}")
