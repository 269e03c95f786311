"""The test command: runs every part to its end, then reports all that failed and what each part took.

    python tests/suite.py [pytest's own arguments]

`nox -s tests` calls it in an environment that has everything. A part that fails hides no other: what rests on it fails
in its turn, and says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"  # what is recorded and built here, apart from what is committed
FRESH = {
    "HEADTOHEAD_RECORDS": "build/records",
    "HEADTOHEAD_SITE": "build/site",
    "HEADTOHEAD_BUILT": "build/site",
    "NO_MKDOCS_2_WARNING": "1",  # MkDocs 2 is not used here
}
# Scores with raised seeds are taken from the committed records where a program is as it was when it ran.
SEEDS = ["--seeds"] if os.environ.get("HEADTOHEAD_SEEDS") == "all" else []
CORES = len(os.sched_getaffinity(0))


@dataclass
class Part:
    """One command of the whole.

    Attributes:
        name: What the report calls it.
        command: The arguments of this Python.
        faults: What of that it wrote is a failure, line by line; called once it has ended.
        clock: Seconds that it took.
        cpu: Seconds of CPU time, its children's included.
        ended: When it ended, on the clock that only goes on.
        status: Its exit status.
        said: What it wrote to stderr; with `quiet`, to stdout as well.
        quiet: Whether to show what it writes only when it has ended, since it runs beside another part.
    """

    name: str
    command: list[str]
    faults: Callable[[Part], list[str]]
    quiet: bool = False
    clock: float = 0.0
    ended: float = 0.0
    cpu: float = 0.0
    status: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        found = self.faults(self)
        if self.status and not found:
            found = [*[line for line in self.said if line.strip()][-1:], f"ended with {self.status}"][:1]
        return found

    def run(self) -> None:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *self.command],
            cwd=ROOT,
            env=os.environ | FRESH,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE if self.quiet else None,
            stderr=subprocess.STDOUT if self.quiet else subprocess.PIPE,
        )
        for line in process.stdout if self.quiet else process.stderr:
            self.said.append(line.rstrip("\n"))
            if not self.quiet:
                print(line, end="", file=sys.stderr, flush=True)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = self.status = os.waitstatus_to_exitcode(status)
        self.ended = time.monotonic()
        self.clock, self.cpu = self.ended - started, usage.ru_utime + usage.ru_stime


# What in a part's words is a failure ------------------------------------------------------------


def lines(part: Part) -> list[str]:
    """Every line on stderr of a command that failed: the machinery writes there what is wrong."""
    return [line for line in part.said if line.strip()] if part.status else []


def logged(part: Part) -> list[str]:
    """What MkDocs logs as an error or a warning."""
    found = [re.match(r"(?:ERROR|WARNING)\s+-\s+(.*)", line) for line in part.said]
    return [match[1] for match in found if match]


def results(name: str) -> Path:
    return BUILD / f"{name}.xml"


def cases(name: str) -> list[ElementTree.Element]:
    try:
        return list(ElementTree.parse(results(name)).iter("testcase"))
    except (FileNotFoundError, ElementTree.ParseError):
        return []


def failed_tests(part: Part) -> list[str]:
    """The tests that failed, each with the first line of its reason."""
    found = []
    for case in cases(part.name):
        for kind in ("failure", "error"):
            if (fault := case.find(kind)) is not None:
                why = (fault.get("message") or "").partition("\n")[0][:300]
                found.append(f"{case.get('classname')}::{case.get('name')}: {why}")
    return found


def skipped(name: str) -> list[str]:
    """Why tests of a part were skipped, one line a test."""
    found = [case.find("skipped") for case in cases(name)]
    return [each.get("message") or "" for each in found if each is not None]


def pytest(name: str, *arguments: str) -> list[str]:
    return ["-m", "pytest", f"--junitxml={results(name)}", "-o", "junit_family=xunit1", *arguments]


# The whole ---------------------------------------------------------------------------------------


def parts(arguments: list[str]) -> list[list[Part]]:
    """What runs one after the other; what stands together runs at once, since neither keeps all cores busy."""
    records = FRESH["HEADTOHEAD_RECORDS"]
    return [
        [Part("programs", ["-m", "headtohead", "verify", "--device", "cpu", *SEEDS, "--records", records], lines)],
        [Part("rows", ["-m", "headtohead", "rows", "--records", records], lines)],
        [Part("differences", ["-m", "headtohead", "differences", "--records", records], lines)],
        [Part("errors", ["-m", "headtohead", "errors", "--records", records], lines)],
        [Part("portable", ["-m", "headtohead", "portable", "--short", "--against", records], lines)],
        [
            Part("site", ["-m", "mkdocs", "build", "--strict"], logged, quiet=True),
            Part("fences", pytest("fences", "--codeblocks", "README.md", "docs"), failed_tests, quiet=True),
        ],
        [Part("checks", pytest("checks", "tests", "-n", str(CORES), "--dist", "loadfile", *arguments), failed_tests)],
    ]


def main(arguments: list[str]) -> int:
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir()
    return report(run(parts(arguments)))


def run(rounds: list[list[Part]]) -> list[Part]:
    """Runs every part to its end, whatever became of those before it."""
    done: list[Part] = []
    for together in rounds:
        print(f"\n== {' and '.join(part.name for part in together)}", flush=True)
        threads = [threading.Thread(target=part.run) for part in together]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for part in together:
            if part.quiet:
                print(*part.said, sep="\n", flush=True)
        done += together
    return done


def report(done: list[Part]) -> int:
    """Prints what each part took, what was skipped and all that failed; returns the exit status."""
    print(f"\n{'part':<12} {'CPU s':>7} {'clock s':>8}   on {CORES} cores")
    for part in done:
        verdict = f"{len(part.failures)} failed" if part.failures else "passed"
        print(f"{part.name:<12} {part.cpu:>7.0f} {part.clock:>8.0f}   {verdict}")
    print(f"{'all':<12} {sum(part.cpu for part in done):>7.0f} {done[-1].ended - done[0].ended + done[0].clock:>8.0f}")
    names = [part.name for part in done]
    left_out = [why for name in names for why in skipped(name)]
    for why in dict.fromkeys(left_out):
        print(f"skipped {left_out.count(why)}: {why}")
    failures = [f"{part.name}: {line}" for part in done for line in part.failures]
    if failures:
        print(f"\n{len(failures)} failures:", *failures, sep="\n")
    tests = sum(len(cases(name)) for name in names)
    wrong = sum(len(part.failures) for part in done if part.faults is failed_tests)
    print(f"\n{tests - wrong - len(left_out)} passed, {len(failures)} failed, {len(left_out)} skipped", flush=True)
    return 1 if failures or any(part.status for part in done) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
