"""The library: all that pages show, read once for a whole build."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

from headtohead.content import mistakes, pictures
from headtohead.content.differences import Group, groups
from headtohead.content.frameworks import PRIMARY
from headtohead.content.pins import LOCK, pinned
from headtohead.content.programs import Program
from headtohead.content.released import FILE as RELEASED
from headtohead.content.released import Release, check_pins, released
from headtohead.content.rows import Area, areas
from headtohead.content.toml_file import Stamps
from headtohead.content.topics import Topic, topic
from headtohead.errors import Problem
from headtohead.reading.lookup import Lookup, lookup
from headtohead.reading.related import Related, related
from headtohead.records import freshness, mutants, pairs
from headtohead.records.model import Agreement, Measurement, Record
from headtohead.records.pairs import Pair
from headtohead.records.place import DATA, FOLDER, VERSIONS
from headtohead.records.store import Store
from headtohead.site.html import anchors


class Library:
    """What stands in the repository and its records; each method raises `Problem` for what is not of now.

    Args:
        root: The repository.
        store: Its records.
        problems: Where what is wrong with a page goes, by its address, so that one stale program does not hide
            everything else; without it the first problem is raised.
    """

    def __init__(self, root: Path, store: Store, problems: dict[str, list[str]] | None = None):
        self.root, self.store, self.problems = root, store, problems
        self._known: dict[Any, Any] = {}
        self._faults: dict[str, Problem] = {}

    @classmethod
    def of(cls, root: str = "", records: str = "", problems: dict[str, list[str]] | None = None) -> Library:
        """That of a setting: this repository and its own records where it is empty."""
        store = Store.of(root, records)
        return cls(store.root, store, problems)

    def stamps(self) -> Stamps:
        """When each file last changed that anything here may rest on."""
        places = [self.root / name for name in ("snippets", *DATA)]
        found = [(str(self.root), 0)]
        for place in dict.fromkeys((*places, self.store.folder, self.root / FOLDER / PRIMARY / VERSIONS)):
            for folder, inner, files in os.walk(place):
                inner[:] = [name for name in inner if not name.startswith(".")]  # a `verify` works in one, meanwhile
                found += [(path, _changed(path)) for path in (os.path.join(folder, name) for name in files)]
        return *sorted(found), *((name, _changed(str(self.root / name))) for name in (LOCK, RELEASED))

    def _once(self, key: Any, make: Any) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def topic(self, name: str) -> Topic:
        """A topic in form."""

        def checked() -> Topic:
            found = topic(self.root, name)
            found.check()
            return found

        return self._once(("topic", name), checked)

    def anchors(self, found: Topic) -> dict[str, str]:
        """The id of each cell of a topic on its own page, by title."""
        cells = next(iter(found.programs.values())).cells
        return self._once(("anchors", found.name), lambda: anchors(cell.title for cell in cells))

    def record(self, program: Program, label: str = PRIMARY) -> Record:
        key = ("record", program.topic, program.framework.name, label)
        return self._once(key, lambda: freshness.program(self.store, program, label))

    def figures(self, record: Record) -> dict[str, bytes]:
        """What a program drew, by file name; raises `Problem` for what is more than a picture."""

        def read() -> dict[str, bytes]:
            folder = self.store.path(record.topic, record.framework, record.label).parent
            found = {name: (folder / name).read_bytes() for name in record.files if name.endswith(".svg")}
            for name, drawn in found.items():
                if odd := pictures.odd(drawn):
                    where = self.store.name(folder / name)
                    raise Problem(where, f"a figure that {odd}", remedy="draw it with Matplotlib alone")
            return found

        return self._once(("figures", record.topic, record.framework, record.label), read)

    def agreement(self, found: Topic, label: str = PRIMARY) -> Agreement | None:
        return self._once(("agreement", found.name, label), lambda: freshness.agreement(self.store, found, label))

    def ran(self, found: Topic) -> tuple[dict[str, Record], Agreement | None]:
        """The records of all sides and their agreement."""
        records = {side: self.record(program) for side, program in found.programs.items()}
        return records, self.agreement(found)

    @cached_property
    def released(self) -> dict[str, Release]:
        """The newest release of each framework, by package."""
        found = released(self.root)
        check_pins(found, pinned(self.root, tuple(found), RELEASED) if found else {})
        return found

    @cached_property
    def pairs(self) -> list[Pair]:
        """How rows and differences fared on other releases: those that are committed, whatever else is shown."""
        return pairs.pairs(Store(self.root))

    @cached_property
    def tried(self) -> dict[str, mutants.Tried]:
        """What became of the mutants of each program, by its path: as committed, whatever else is shown."""
        return mutants.read(Store(self.root))

    @cached_property
    def areas(self) -> dict[str, Area]:
        return {area.name: area for area in areas(self.root, self._fault)}

    def measured(self, area: str) -> dict[str, Measurement]:
        """What the rows of an area gave, by id."""
        return self._once(("measured", area), lambda: freshness.measured(self.store, area))

    def counted(self) -> dict[str, dict[str, list[str]]]:
        """For each namespace the names that are accounted for, by how, and those that are left."""
        return self._once("counted", lambda: freshness.counted(self.store))

    @cached_property
    def groups(self) -> dict[str, Group]:
        return {group.name: group for group in groups(self.root, self._fault)}

    @cached_property
    def mistakes(self) -> dict[str, mistakes.Group]:
        return {group.name: group for group in mistakes.groups(self.root, self._fault)}

    def faults(self) -> list[Problem]:
        """What is wrong with data files; those are left out everywhere else."""
        _ = self.areas, self.groups, self.mistakes
        return list(self._faults.values())

    def _fault(self, problem: Problem) -> None:
        self._faults.setdefault(problem.where, problem)

    def check_data(self, folder: str, name: str) -> None:
        """Raises what is wrong with a data file, if anything is."""
        if problem := self._faults.get(f"{folder}/{name}.toml"):
            raise problem

    @cached_property
    def known(self) -> Lookup:
        """The rows of the API map by their names."""
        return lookup(self.root)

    @cached_property
    def related(self) -> Related:
        """Which differences touch which rows."""
        return related(self.root)

    def printed(self, group: str) -> dict[str, dict[str, str]]:
        """What the programs of a group printed, by id of the difference and by name of the program."""
        return self._once(("printed", group), lambda: freshness.printed(self.store, group))

    def raised(self, group: str) -> dict[str, dict[str, str]]:
        """What the programs of a group of errors raised and printed, likewise."""
        return self._once(("raised", group), lambda: freshness.raised(self.store, group))


def _changed(path: str) -> int:
    """When a file last changed; 0 where it is gone, or leads nowhere."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
