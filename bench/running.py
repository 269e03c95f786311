"""Running all programs: `verify` against one after another, and against the same programs as notebooks."""

from __future__ import annotations

import argparse
import asyncio
import functools
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from bench.tools import PYTHON, Void, copy, environment, folder, process, show, target
from headtohead.content.programs import Program
from headtohead.content.topics import Topic, topic, topics
from tests.support.repository import ROOT

THREADS = """  verify: one thread a program, as many programs at a time as there are cores; it proves agreement too.
  the others: the frameworks' default threads, as a reader runs them; no proof.
  Each program runs once on each side: repetitions over seeds are left out.
  All: warm disk, empty compile cache (TORCHINDUCTOR_CACHE_DIR) and empty home folder, no GPU."""


def run(options: argparse.Namespace) -> bool:
    """All programs through `verify` against `python in_*.py`, one after another."""
    chosen, repeat = _chosen(options), options.repeat or 1
    warm_disk()
    ours = verify_all(tuple(options.only), repeat)
    theirs = statistics.median(one_by_one(chosen) for _ in range(repeat))
    rows = [["python -m headtohead verify --all", ours], ["python in_*.py, one after another", theirs]]
    show(f"run: {len(chosen)} programs", ["", "seconds"], rows)
    print(THREADS)
    return target("verify is faster by", theirs / ours, least=2.5, unit="x")


def guards(options: argparse.Namespace) -> bool:
    """All programs through `verify`, with the sandbox and without."""
    chosen, repeat = _chosen(options), options.repeat or 1
    warm_disk()
    ours = verify_all(tuple(options.only), repeat)
    without = verify_all(tuple(options.only), repeat, guarded=False)
    rows = [["python -m headtohead verify --all", ours], ["without namespaces and Landlock", without]]
    show(f"guards: {len(chosen)} programs", ["", "seconds"], rows)
    return target("the sandbox costs", 100 * (ours / without - 1), most=5, unit=" %")


def notebooks(options: argparse.Namespace) -> bool:
    """All programs through `verify` against nbclient, two notebooks at a time."""
    chosen, repeat = _chosen(options), options.repeat or 1
    warm_disk()
    ours = verify_all(tuple(options.only), repeat)
    theirs = statistics.median(asyncio.run(as_notebooks(chosen, options.cores)) for _ in range(repeat))
    rows = [["python -m headtohead verify --all", ours], [f"nbclient, {options.cores} at a time", theirs]]
    show(f"notebooks: {len(chosen)} programs", ["", "seconds"], rows)
    print(THREADS)
    return target("verify is faster by", theirs / ours, least=2, unit="x")


def _chosen(options: argparse.Namespace) -> list[Program]:
    found = [topic(ROOT, name) for name in options.only] or topics(ROOT)
    return [program for each in found for program in each.programs.values()]


@functools.cache
def warm_disk() -> None:
    """Reads the packages once, so that the side that comes first does not pay for the disk."""
    for modules in ("torch._dynamo, matplotlib.pyplot", "tensorflow, keras, sklearn.datasets"):
        process([PYTHON, "-c", f"import {modules}"], ROOT)


@functools.cache  # asked for by two benchmarks
def verify_all(only: tuple[str, ...], repeat: int, guarded: bool = True) -> float:
    """Seconds for `verify --all` in a fresh copy, with no record and no cache to help it."""
    taken = []
    for _ in range(repeat):
        with folder() as root:
            copy(root, "headtohead", "snippets", "requirements")
            for proof in (root / "snippets").rglob("parity.py"):  # each program once, as on the other side
                text = proof.read_text(encoding="utf-8").replace("OVER_SEEDS =", "ONCE =")
                proof.write_text(text.replace("VARIES =", "HERE ="), encoding="utf-8")
            if not guarded:
                with (root / "headtohead/running/sandbox.py").open("a", encoding="utf-8") as sandbox:
                    sandbox.write("\n\ndef probe(job):\n    return Guards()\n")
            command = [PYTHON, "-m", "headtohead", "verify", "--all", "--device", "cpu"]
            taken.append(process([*command, "--records", str(root / "new"), *only], root).seconds)
    return statistics.median(taken)


def one_by_one(programs: list[Program]) -> float:
    """Seconds for plain Python, each program in a folder that holds its data and nothing else."""
    with folder() as home:
        env, taken = environment(home, MPLBACKEND="Agg"), 0.0
        for program in programs:
            taken += process([PYTHON, str(program.path)], _workplace(home, program), env).seconds
        return taken


async def as_notebooks(programs: list[Program], jobs: int) -> float:
    """Seconds for nbclient, so many notebooks at a time, each with a kernel of its own."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    free = asyncio.Semaphore(jobs)
    with folder() as home:
        env = environment(home)
        books = [(program, _notebook(program), _workplace(home, program)) for program in programs]

        async def execute(program: Program, book, place: Path) -> None:
            async with free:
                client = NotebookClient(book, timeout=600, kernel_name="python3")
                try:
                    # The kernels' own log says nothing about the programs.
                    await client.async_execute(env=env, cwd=str(place), stderr=subprocess.DEVNULL)
                except CellExecutionError as error:
                    raise Void(f"{program.name} fails as a notebook:\n{error}") from None

        started = time.perf_counter()
        await asyncio.gather(*(execute(*each) for each in books))
        return time.perf_counter() - started


def _notebook(program: Program):
    """The program's cells as a notebook without outputs."""
    from nbformat import v4

    cells = [
        v4.new_markdown_cell(each.body) if each.markdown else v4.new_code_cell(each.body) for each in program.cells
    ]
    return v4.new_notebook(cells=cells)


def _workplace(home: Path, program: Program) -> Path:
    """A folder for a program to run in, with the data files that lie beside it."""
    place = home / program.topic.replace("/", ".") / program.framework.name
    place.mkdir(parents=True)
    found = Topic(program.root, program.topic)
    for file in found.local_files:
        to = place / file.relative_to(found.folder)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to)
    return place
