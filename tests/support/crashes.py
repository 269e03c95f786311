"""Kills commands of a made-up project at random moments, or fills its disk, and says what was harmed.

    python -m tests.support.crashes [COUNT] [SEED]

kills at so many moments, and fills the disk at a quarter of them. Afterwards every record has to be the old or the new
one, whole, and the next run has to mend the rest. Programs really run, and pages are really built; what rows and
differences give is made up, since measuring takes long and what writes it is the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headtohead import commands
from headtohead.content import differences, rows
from headtohead.errors import Problem
from headtohead.records import freshness, sealed
from headtohead.records.model import Measurement
from headtohead.records.store import Store
from tests.support.disk import disk
from tests.support.projects import Project
from tests.support.repository import ROOT
from tests.support.texts import AREA, DIFFERENCE, GROUP, NUMPY, ROW, program, proof
from tests.support.waiting import PATIENCE, until

WRITERS = ("verify", "rows", "differences")
KINDS = (*WRITERS, "build")
FIGURE = program("import matplotlib.pyplot as plt", "plt.plot([1, {0}])\nplt.show()\nprint({0})")
SITE = """site_name: Made up
theme: {name: mkdocs}
plugins: []
hooks: [HOOK]
"""
PAGES = {
    "index": ("api | a", "differences | a"),
    "a/one": ("compare | a/one", "record | a/one"),
    "a/two": ("compare | a/two", "record | a/two"),
}
# Python that has every call which needs room fail from the Nth on, in the process of a command.
FAILS = """
import os
calls = 0
def failing(real):
    def call(*arguments, **options):
        global calls
        calls += 1
        if calls >= {number}:
            raise OSError(28, "No space left on device")
        return real(*arguments, **options)
    return call
for name in ("fsync", "replace", "mkdir"):
    setattr(os, name, failing(getattr(os, name)))
"""
CHANGING = ("date", "duration", "seal")  # from run to run


# What runs ---------------------------------------------------------------------------------------


def stand_in() -> None:
    """Has rows and differences give what their files say, and takes a while; called in the process of a command."""
    commands.run_rows.run = lambda store, chosen: _written(store, rows.FOLDER, chosen, _measured)
    commands.listings.run = lambda form, store, chosen: _written(store, form.folder, chosen, _printed)


def _written(store: Store, folder: str, chosen: list[str], made: Any) -> list[str]:
    with store.work() as work:
        for name in chosen:
            depends = freshness.of_data(store.root, folder, name)
            (work / name).write_text("in between")
            time.sleep(0.1)
            store.write_data(folder, name, depends, made(store.root, name))
    return []


def _measured(root: Path, name: str) -> dict[str, Any]:
    if name == rows.COUNT:
        names = [rows.areas(root)[0].about]
        return {"torch": dict.fromkeys(("row", "alias", "only", "left"), names)}
    area = rows.read(root, name)
    gave = Measurement([[2]], [["float32", "float32"]], float(len(area.about)), category="same")
    return {row.id: gave.to_json() for row in area.rows}


def _printed(root: Path, name: str) -> dict[str, dict[str, str]]:
    return {
        entry.id: {side: f"{text[6:-1]}\n" for side, text in entry.programs.items()}
        for entry in differences.read(root, name).entries
    }


def command(kind: str, project: Project, before: str = "") -> list[str]:
    """The command line of a kind; `before` is Python that runs in its process first."""
    if kind == "build":
        return [sys.executable, "-m", "mkdocs", "build", "-q", "-s", "-f", str(project.root / "mkdocs.yml")]
    start = "import sys\nfrom tests.support.crashes import stand_in\nstand_in()\n"
    start += f"{before}\nfrom headtohead.cli import main\nsys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", start, kind, "--root", str(project.root)]


def begin(arguments: list[str]) -> subprocess.Popen[str]:
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(arguments, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def whole_run(kind: str, project: Project) -> float:
    """Runs it to its end, which has to be a good one; returns the seconds."""
    started, process = time.monotonic(), begin(command(kind, project))
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, f"{kind}: {out}{err}"
    return time.monotonic() - started


# Before and after --------------------------------------------------------------------------------


@dataclass
class Ground:
    """A project before and after its content changed, and both times run.

    Attributes:
        folder: Where it lies.
        took: The seconds of each kind.
        old, new: What stands in each record before and after, by name.
        cases: How many there were.
    """

    folder: Path
    took: dict[str, float] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    cases: int = 0

    def __post_init__(self) -> None:
        before = Project(self.folder / "before")
        self._write(before, 1)
        before.write({"mkdocs.yml": SITE.replace("HOOK", str(ROOT / "hook.py"))})
        for name, shown in PAGES.items():
            before.write({f"docs/{name}.md": "# A page\n" + "".join(f"\n/// {each}\n///\n" for each in shown)})
        for kind in KINDS:
            whole_run(kind, before)
        shutil.rmtree(before.root / "site")
        shutil.copytree(before.root, self.folder / "after")
        after = Project(self.folder / "after")
        self._write(after, 2)
        self.took = {kind: whole_run(kind, after) for kind in KINDS}
        self.old, self.new = contents(before), contents(after)
        assert self.old.keys() == self.new.keys()
        assert all(self.old[name] != self.new[name] for name in self.old)

    @staticmethod
    def _write(project: Project, number: int) -> None:
        numbers = f'return {{"a": np.ones({number})}}'
        text = NUMPY.replace("good", f"good {number}")
        project.topic("a/one", text, text, proof(numbers, numbers))
        project.topic("a/two", FIGURE.replace("{0}", f"{number + 1}"), FIGURE.replace("{0}", f"{number + 1}"))
        project.area("a", AREA.replace("B.", "B" * number) + ROW)
        project.area("b", AREA.replace("B.", "B" * number) + ROW)
        project.group("a", GROUP + DIFFERENCE.replace("print(2)", f"print({number + 1})"))

    @contextlib.contextmanager
    def case(self, kind: str) -> Iterator[Project]:
        """The content of after with the records of before, for a command to write; a build has nothing stale."""
        self.cases += 1
        folder = self.folder / f"case-{self.cases}"
        shutil.copytree(self.folder / ("before" if kind == "build" else "after"), folder)
        shutil.rmtree(folder / "records")
        shutil.copytree(self.folder / "before/records", folder / "records")
        yield Project(folder)
        shutil.rmtree(folder)

    def judged(self, kind: str, project: Project) -> Case:
        """Holds records against those of before and after, then has the next run mend the rest."""
        found, harm = contents(project), []
        for name in self.old:
            if found.get(name) not in (self.old[name], self.new[name]):
                harm.append(f"{name} is neither the old nor the new one")
        harm += [f"{name} should not be" for name in found if name not in self.old]
        changed = sum(found.get(name) == self.new[name] for name in self.old)
        whole_run(kind, project)
        wanted, now = {name: (self.new if of(kind, name) else self.old)[name] for name in self.old}, contents(project)
        harm += [f"{name} is not mended" for name in wanted if now.get(name) != wanted[name]]
        harm += [f"{name} is left" for name in [*_unnamed(project), *project.leftovers()]]
        return Case(kind, changed, harm)


def of(kind: str, name: str) -> bool:
    """Whether a command of a kind writes a record."""
    folder = name.split("/")[1]
    return kind == {"api": "rows", "differences": "differences"}.get(folder, "verify")


def contents(project: Project) -> dict[str, Any]:
    """What stands in each record that is whole, with what lies beside it; what is not whole says so."""
    found: dict[str, Any] = {}
    for name in project.records("cpu"):
        if not name.endswith(".json"):
            continue
        path = project.root / "records" / name
        try:
            content = sealed.read(path, name, "")
            for file, digest in content.get("files", {}).items():
                assert sealed.sha256(path.with_name(file).read_bytes()) == digest, file
        except (Problem, AssertionError, OSError) as error:
            found[name] = f"{type(error).__name__}: {error}"
            continue
        found[name] = json.dumps({key: value for key, value in content.items() if key not in CHANGING})
    return found


def _unnamed(project: Project) -> list[str]:
    """Files beside records that none names, once a run has come to its end."""
    named = set()
    for name in project.records("cpu"):
        if name.endswith(".json"):
            files = json.loads((project.root / "records" / name).read_bytes()).get("files", {})
            named |= {name, *(f"{name.rpartition('/')[0]}/{file}" for file in files)}
    return [name for name in project.records("cpu") if name not in named]


# Crashes -----------------------------------------------------------------------------------------


@dataclass
class Case:
    """What became of one: how many records were the new ones already, and what was harmed."""

    kind: str
    changed: int
    harm: list[str]


def killed(ground: Ground, kind: str, moment: float) -> Case:
    """Kills a command at a moment, as a part of the time that it takes."""
    with ground.case(kind) as project:
        process = begin(command(kind, project))
        time.sleep(moment * ground.took[kind])
        process.kill()
        process.communicate()
        until(lambda: not project.processes())
        return ground.judged(kind, project)


def full(ground: Ground, kind: str, moment: float) -> Case:
    """Fills the disk of the records at a moment, and frees it when the command has ended."""
    with ground.case(kind) as project:
        records, kept = project.root / "records", project.root / "kept"
        records.rename(kept)
        records.mkdir()
        script = f"""
            cp -r {kept}/. {records}
            (sleep {moment * ground.took[kind]:.3f}; exec cat /dev/zero > {records}/full 2> /dev/null) &
            filler=$!
            {shlex.join(command(kind, project))}; code=$?
            kill $filler 2> /dev/null; wait $filler 2> /dev/null
            rm -f {records}/full; rm -r {kept}; cp -r {records} {kept}
            exit $code"""
        process = begin([*(disk("256k") or []), str(records), script])
        _, said = process.communicate(timeout=PATIENCE)
        records.rmdir()
        kept.rename(records)
        case = ground.judged(kind, project)
        if "Traceback" in said or process.returncode not in (0, 1, 2) or bool(process.returncode) != bool(said.strip()):
            case.harm.append(f"ended with {process.returncode}: {said}")
        return case


def main(count: int = 200, seed: int = 0) -> int:
    chance = random.Random(seed)
    harm, shares = [], {"verify": 0.4, "rows": 0.2, "differences": 0.2, "build": 0.2}
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground(Path(folder))
        for crash, kinds, part in ((killed, KINDS, 1), (full, WRITERS if disk("64k") else (), 4)):
            for kind in kinds:
                number = round(count * shares[kind] / part)
                found = [crash(ground, kind, chance.uniform(0.2, 1.1)) for _ in range(number)]
                states = Counter("old" if not case.changed else f"{case.changed} new" for case in found)
                harm += [line for case in found for line in case.harm]
                print(f"{crash.__name__:7} {kind:12} {len(found):4} moments: {dict(states)}", flush=True)
    print(*harm, f"{len(harm)} harmed (seed {seed})", sep="\n")
    return 1 if harm else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
