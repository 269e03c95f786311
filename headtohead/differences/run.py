"""Runs the programs of the differences and writes what they printed: one record a group.

    python -m headtohead.differences.run SIDE SECONDS ASLEEP

is one framework imported once: it reads programs as JSON lines, forks a process for each, and answers with a line. A
program may use that many seconds of CPU time, and be asleep for that many.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import deque
from pathlib import Path
from typing import Any, TextIO

from headtohead import devices
from headtohead.differences.entries import FOLDER, Group, groups
from headtohead.pins import pinned
from headtohead.programs import sha256
from headtohead.progress import Progress
from headtohead.records import Store
from headtohead.runner import answering
from headtohead.watch import Allowance, adopt_orphans, end_children, ending, wait

ALLOWED = Allowance(seconds=120, asleep=120)  # what one program may use
PACKAGES = ("keras", "numpy", "tensorflow", "torch")
MODULES = {"pytorch": ("torch", "torch._dynamo"), "tensorflow": ("tensorflow", "keras")}


def depends(root: Path, group: str) -> str:
    """The hash of all that the record of a group depends on."""
    pins = pinned(root, PACKAGES, f"{FOLDER}/{group}.toml")
    engine = [(Path(__file__).parent / name).read_bytes() for name in ("entries.py", "run.py")]
    return sha256((root / FOLDER / f"{group}.toml").read_bytes(), *engine, json.dumps(pins, sort_keys=True).encode())


def run(store: Store, chosen: list[str], out: TextIO | None = None) -> list[str]:
    """Runs groups, the two frameworks side by side; writes those without a fault. Returns the faults."""
    cache = store.root / ".cache"
    cache.mkdir(exist_ok=True)
    found = [group for group in groups(store.root) if group.name in chosen]
    jobs = [
        (f"{group.name}/{entry.id}", name, text)
        for group in found
        for entry in group.entries
        for name, text in entry.programs.items()
    ]
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    progress = Progress({f"{where} {name}": 1.0 for where, name, _ in jobs}, out)
    # As many processes as cores for each side: one side alone would leave a core idle at the end.
    sides = []
    for side in MODULES:
        todo = deque(job for job in jobs if job[1].startswith(side))
        arguments = (side, todo, cache, answers, progress)
        sides += [threading.Thread(target=_side, args=arguments) for _ in range(devices.cores())]
    started = time.monotonic()
    for each in sides:
        each.start()
    for each in sides:
        while each.is_alive():
            each.join(timeout=1)
            progress.tick()
    progress.close()
    problems: list[str] = []
    for group in found:
        faults, printed = _judge(group, answers)
        problems += faults
        if not faults:
            store.write_data(FOLDER, group.name, depends(store.root, group.name), printed)
    progress.line(
        f"{len(jobs)} programs of {sum(len(each.entries) for each in found)} differences in "
        f"{time.monotonic() - started:.1f} s: {len(problems)} broken"
    )
    return problems


def _judge(group: Group, answers: dict) -> tuple[list[str], dict[str, dict[str, str]]]:
    faults, printed = [], {}
    for entry in group.entries:
        where = f"{FOLDER}/{group.name}.toml:{entry.line}: {entry.id}"
        found = {
            name: answers.get((f"{group.name}/{entry.id}", name), {"failed": "did not run"}) for name in entry.programs
        }
        failed = {name: each["failed"] for name, each in found.items() if "failed" in each}
        if failed:
            faults += [f"{where}: {name}: {why}" for name, why in failed.items()]
            continue
        printed[entry.id] = {name: each["printed"] for name, each in found.items()}
        wrong = entry.verdict(printed[entry.id])
        faults += [f"{where}: {wrong}"] if wrong else []
    return faults, printed


def _side(side: str, todo: deque[tuple[str, str, str]], cache: Path, answers: dict, progress: Progress) -> None:
    """Has a process of one side run programs one after the other for as long as there are any."""
    limits = (str(ALLOWED.seconds), str(ALLOWED.asleep))
    with (
        tempfile.TemporaryFile() as log,
        answering("headtohead.differences.run", side, *limits, cache=cache, log=log) as process,
        contextlib.suppress(BrokenPipeError, IndexError),  # it has died, or another one took the last program
    ):
        while True:
            where, name, text = todo.popleft()
            progress.start(f"{where} {name}")
            print(json.dumps({"key": [where, name], "text": text}), file=process.stdin, flush=True)
            line = next((line for line in process.stdout if line.startswith('{"key"')), None)
            if line is None:
                break
            answers[where, name] = json.loads(line)
            progress.end(f"{where} {name}")


# In the process of one framework ---------------------------------------------------------------


def serve(side: str, allowed: Allowance) -> None:
    adopt_orphans()
    for module in MODULES[side]:
        importlib.import_module(module)
    for line in sys.stdin:
        job = json.loads(line)
        answer = {"key": job["key"]} | _forked(job["text"], allowed)
        print(json.dumps(answer), flush=True)


def _forked(text: str, allowed: Allowance) -> dict[str, str]:
    """Runs a program in a fork of its own; its output, or why it failed."""
    with tempfile.TemporaryFile("w+") as file:
        child = os.fork()
        if child == 0:
            file.write(json.dumps(_executed(text)))
            file.flush()
            os._exit(0)
        code, over = wait(child, allowed)
        end_children(grace=0)
        file.seek(0)
        data = file.read()
    if over or not data:
        return {"failed": over or ending(code)}
    return json.loads(data)


def _executed(text: str) -> dict[str, str]:
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        path = Path(folder, "program.py")  # AutoGraph reads the source
        path.write_text(text, encoding="utf-8")
        try:
            with contextlib.redirect_stdout(out), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(text, str(path), "exec"), {"__name__": "__main__", "__file__": str(path)})
        except BaseException as error:
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
            message = " ".join(str(error).split())[:200]
            return {"failed": f"line {lines[-1] if lines else '?'}: {type(error).__name__}: {message}"}
        finally:
            os.chdir("/")
    return {"printed": re.sub(r"[ \t]+\n", "\n", out.getvalue())}


if __name__ == "__main__":
    serve(sys.argv[1], Allowance(*map(float, sys.argv[2:])))
