"""Made-up projects, the one place to build them: what people write, records made up or really run, and the command.

    project.topic("a/b")                      a topic whose programs run in a moment; `verify` really runs them
    project.settle(project.small())           a topic in small, with records as if it had run
    project.area("a", AREA + ROW)             a data file, written and read; `group`, `claims` and `rules` likewise
    project.write({"docs/a.md": text})        any other file

Tests take it as the fixture `project`; the texts to put in are those of `tests.support.texts`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from headtohead.content import claims, differences, mistakes, questions, rows
from headtohead.content.frameworks import PRIMARY
from headtohead.content.pins import LOCK, PIN
from headtohead.content.topics import Topic
from headtohead.records.model import Record
from headtohead.records.store import Store
from tests.support.files import write
from tests.support.records import agreed, ran
from tests.support.repository import ROOT
from tests.support.texts import GOOD, LEFT, NOTHING_TO_COMPARE, PAGE, PINS, PROOF, RIGHT
from tests.support.waiting import ended, until

CLAIMS, RULES = "docs/choose/claims.toml", "docs/choose/which.toml"
Text = str | bytes | None


@cache
def pins() -> str:
    """The pins of this repository, without their hashes."""
    return "".join(f"{pin[0]}\n" for pin in PIN.finditer((ROOT / LOCK).read_text(encoding="utf-8")))


def row(**sides) -> rows.Row:
    """A row of the API map that stands in no file."""
    return rows.Row(area="a", line=1, **sides)


class Project:
    """A made-up repository. It begins with the pins of this one, and nothing else.

    Args:
        root: A folder, to be made; or that of a project, made before.
    """

    def __init__(self, root: Path):
        self.root = root
        if not self.pins.exists():
            self.pin(pins())

    # What people write -------------------------------------------------------------------------

    def write(self, files: dict[str, str | bytes]) -> None:
        """Writes files by their paths."""
        write(self.root, files)

    @property
    def pins(self) -> Path:
        return self.root / LOCK

    def pin(self, text: str) -> None:
        self.write({LOCK: text})

    def file(self, topic: str, name: str) -> Path:
        """The path of a file of a topic."""
        return self.root / "snippets" / topic / name

    def topic(
        self, name: str, pytorch: Text = GOOD, tensorflow: Text = GOOD, parity: Text = NOTHING_TO_COMPARE
    ) -> Topic:
        """Writes a whole topic, good unless told otherwise; what is None is left out."""
        self.change(name, pytorch, tensorflow, parity)
        return Topic(self.root, name)

    def change(self, topic: str, pytorch: Text = None, tensorflow: Text = None, parity: Text = None) -> None:
        """Writes the files of a topic that are given; leaves the others as they are."""
        texts = {"in_pytorch.py": pytorch, "in_tensorflow.py": tensorflow, "parity.py": parity}
        self.write({f"snippets/{topic}/{name}": text for name, text in texts.items() if text is not None})

    def small(self, files: dict[str, str] | None = None) -> Topic:
        """Writes the topic a/b in small, or other files of it, its page, and pins of its own; for made-up records."""
        if files is None:
            files = {"in_pytorch.py": LEFT, "in_tensorflow.py": RIGHT, "parity.py": PROOF}
        self.pin(PINS)
        self.write({f"snippets/a/b/{name}": text for name, text in files.items()} | {"docs/a/b.md": PAGE})
        return Topic(self.root, "a/b")

    def area(self, name: str, text: str) -> rows.Area:
        """An area of the API map, written and read."""
        self.write({f"{rows.FOLDER}/{name}.toml": text})
        return rows.read(self.root, name)

    def group(self, name: str, text: str) -> differences.Group:
        """A group of differences, written and read."""
        self.write({f"{differences.FOLDER}/{name}.toml": text})
        return differences.read(self.root, name)

    def errors(self, name: str, text: str) -> mistakes.Group:
        """A group of errors, written and read."""
        self.write({f"{mistakes.FOLDER}/{name}.toml": text})
        return mistakes.read(self.root, name)

    def claims(self, text: str) -> list[claims.Claim]:
        """The claims, written and read."""
        self.write({CLAIMS: text})
        return claims.read(self.root / CLAIMS, CLAIMS)

    def rules(self, text: str) -> questions.Rules:
        """The questionnaire, written and read."""
        self.write({RULES: text})
        return questions.read(self.root / RULES, RULES)

    # What machines write -----------------------------------------------------------------------

    @property
    def store(self) -> Store:
        return Store(self.root)

    def record(self, topic: str, name: str) -> Path:
        """The path of a file among a topic's records."""
        return self.root / "records/cpu" / topic / name

    def settle(
        self, found: Topic, label: str = PRIMARY, printed: dict[str, str] | None = None, drawn: str | None = None
    ) -> Store:
        """Makes up records: every program of a topic has run, and the two sides agree."""
        store = self.store
        for program in found.programs.values():
            record = ran(program, label, printed, drawn)
            files = {record.arrays: b"numbers of " + program.framework.name.encode()}
            files |= {name: drawn.encode() for cell in record.cells for name in cell.figures}
            store.write(record, files)
        if found.compares:
            store.write_agreement(agreed(store, found, label))
        return store

    def scored(
        self, left: list[float], right: list[float], rule: str = "{'within': 0.1, 'above': 'baseline'}"
    ) -> tuple[Topic, list[Record]]:
        """The topic in small with a rule for a score, and records of both sides in which it was noted; stores none."""
        self.small()
        self.change("a/b", parity=f"{PROOF}\nOVER_SEEDS = {{'score': {rule}}}\n")
        found = Topic(self.root, "a/b")
        return found, [
            replace(ran(program), seeds={"score": scores, "baseline": [0.5] * len(scores)})
            for program, scores in zip(found.programs.values(), (left, right))
        ]

    # Running it --------------------------------------------------------------------------------

    def command(self, *arguments: str, before: str = "") -> list[str]:
        """The command line of `verify`; `before` is Python that runs in its process first."""
        start = f"import sys; {before}\nfrom headtohead.cli import main\nsys.exit(main(sys.argv[1:]))"
        return [sys.executable, "-c", start, "verify", "--root", str(self.root), *arguments]

    def start(self, *arguments: str, before: str = "") -> subprocess.Popen[str]:
        """Starts a `verify` and does not wait for it."""
        return subprocess.Popen(
            self.command(*arguments, before=before),
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def verify(self, *arguments: str, code: int = 0, before: str = "") -> str:
        """Runs a `verify` that has to end with this code and without a traceback; returns its stderr."""
        return ended(self.start(*arguments, before=before), code)

    # What it left ------------------------------------------------------------------------------

    def records(self, within: str = "") -> dict[str, bytes]:
        """Every file below `records/`, its bytes by name; without the lock and without notes of failures."""
        folder = self.root / "records"
        files = (path for path in (folder / within).rglob("*") if path.is_file())
        kept = (path for path in files if path.name != ".lock" and path.suffix != ".failed")
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}

    def leftovers(self) -> list[str]:
        """Temporary files and folders of a run."""
        found = [*self.root.rglob(".writing-*"), *self.root.rglob(".work"), *self.root.rglob("result.tmp")]
        return [str(path.relative_to(self.root)) for path in found]

    def processes(self, folder: str = "") -> list[str]:
        """The command lines of living processes that work in this project, or in a folder of it, or for it."""
        place = str(self.root / folder)
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                works_in = os.readlink(process / "cwd")
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:  # it has ended
                continue
            if place in works_in or place in line:
                found.append(f"{process.name}: {line}")
        return found

    def unharmed(self) -> None:
        """Asserts that no temporary file and, after a moment, no process of a run is left."""
        until(lambda: not self.processes())
        assert self.leftovers() == []

    def unharmed_after_sweep(self) -> None:
        """Asserts that no process of a killed run is left, and that the next run, of what is good, sweeps its files."""
        until(lambda: not self.processes())
        self.verify()
        self.unharmed()
