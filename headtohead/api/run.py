"""Runs the rows of the API map and writes what they gave: one record an area, and one of what is counted."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headtohead import devices
from headtohead.api.rows import FOLDER, Area, areas
from headtohead.errors import Problem
from headtohead.pins import pinned
from headtohead.programs import sha256
from headtohead.records import Store
from headtohead.runner import _environment

SECONDS = 170  # that one area may take
PACKAGES = ("keras", "numpy", "tensorflow", "torch")
ENGINE = ("carry.py", "count.py", "inputs.py", "measure.py", "rows.py")


@dataclass(frozen=True)
class Ran:
    """What became of one area: its rows by line, or the problems that it has."""

    area: str
    seconds: float
    rows: dict[str, Any]
    problems: list[str]


def depends(root: Path, area: str) -> str:
    """The hash of all that the record of an area depends on."""
    pins = pinned(root, PACKAGES, f"{FOLDER}/{area}.toml")
    engine = [(Path(__file__).parent / name).read_bytes() for name in ENGINE]
    texts = [(root / FOLDER / f"{area}.toml").read_bytes()] if area != COUNT else _all(root)
    return sha256(*texts, *engine, json.dumps(pins, sort_keys=True).encode())


COUNT = "count"


def _all(root: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((root / FOLDER).glob("*.toml"))]


def run(store: Store, chosen: list[str], tell: Any = print) -> list[str]:
    """Runs areas, as many at a time as there are cores; writes those without a fault. Returns the faults."""
    cache = store.root / ".cache"
    cache.mkdir(exist_ok=True)
    by_name = {area.name: area for area in areas(store.root)}
    problems: list[str] = []
    with ThreadPoolExecutor(devices.cores()) as pool:
        work = [
            pool.submit(_counted, store.root, cache) if name == COUNT else pool.submit(_area, by_name[name], cache)
            for name in chosen
        ]
        for each in work:
            ran = each.result()
            rows = "counted" if ran.area == COUNT else f"{len(ran.rows)} rows"
            verdict = f"{len(ran.problems)} broken" if ran.problems else rows
            tell(f"{ran.seconds:5.1f} s  {FOLDER}/{ran.area}  {verdict}")
            problems += ran.problems
            if not ran.problems:
                store.write_api(ran.area, depends(store.root, ran.area), ran.rows)
    return problems


def _process(arguments: list[str], cache: Path) -> tuple[int, str, float]:
    """Runs a module of this package in a process of its own; returns its exit status, output and seconds."""
    started = time.monotonic()
    command = [sys.executable, "-m", *arguments]
    try:
        done = subprocess.run(
            command,
            env=_environment(cache, "cpu"),
            cwd=cache,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        status, out = done.returncode, done.stdout
        if status > 0:
            out += done.stderr[-2000:]
    except subprocess.TimeoutExpired as error:
        status, out = -signal.SIGALRM, error.stdout or b""
    return status, out.decode("utf-8", "replace"), time.monotonic() - started


def _area(area: Area, cache: Path) -> Ran:
    status, text, seconds = _process(["headtohead.api.measure", area.name], cache)
    found = [json.loads(line) for line in text.splitlines() if line.startswith('{"area"')]
    problems = [f"{FOLDER}/{area.name}.toml:{row['line']}: {row['broken']}" for row in found if "broken" in row]
    if status:
        at = area.rows[min(len(found), len(area.rows) - 1)]
        why = f"was killed by {signal.Signals(-status).name}" if status < 0 else text.strip().splitlines()[-1][:200]
        if status == -signal.SIGALRM:
            why = f"still ran after {SECONDS} s"
        problems.append(str(Problem(at.where, f"this row {why}", line=at.line, remedy="mend it, or take it out")))
    rows = {row.pop("id"): {key: value for key, value in row.items() if key not in ("area", "line")} for row in found}
    return Ran(area.name, seconds, rows, problems)


def _counted(root: Path, cache: Path) -> Ran:
    status, text, seconds = _process(["headtohead.api.count", "--json"], cache)
    line = next((line for line in text.splitlines() if line.startswith('{"torch')), "")
    if status or not line:
        said = text.strip().splitlines()[-1:] or ["nothing"]
        return Ran(COUNT, seconds, {}, [f"{FOLDER}: the packages could not be counted: {said[0][:300]}"])
    return Ran(COUNT, seconds, json.loads(line), [])
