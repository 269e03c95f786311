"""Groups: data files of entries that have programs of a few lines, each with a title, an about and an order."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headtohead.content.kinds import Line, Place, Prose
from headtohead.content.toml_file import Stamps, data_files, head, identified, load, named, stamps, told, unread
from headtohead.content.topics import exists
from headtohead.errors import Problem, Tell, quoted


@dataclass(frozen=True)
class Form:
    """How the groups of one folder are written.

    Attributes:
        folder: Where they lie.
        table: What an entry is called, in messages and in `[[table]]`.
        group: The class of a group, which has `entries`.
        entry: Makes an entry of a group's name, of what stands in it and of its line; raises `ValueError`.
    """

    folder: str
    table: str
    group: type[Any]
    entry: Callable[[str, dict[str, Any], int], Any]

    def groups(self, root: Path, tell: Tell | None = None) -> list[Any]:
        """Every group in its order.

        Args:
            root: The repository.
            tell: Called with each `Problem`; a group with one is left out. Without it the first one is raised.
        """
        found, problems = _groups(self, root, stamps(root, self.folder))
        problems = problems + [each for group in found for each in _strangers(root, group)]
        told(problems + unread(root, self.folder), tell)
        wrong = {problem.where for problem in problems}
        return [group for group in found if group.where not in wrong]

    def read(self, root: Path, name: str) -> Any:
        """One group; raises the first `Problem` in its form, with its line."""
        problems: list[Problem] = []
        found = _read(self, root, name, problems.append)
        told([*problems, *(_strangers(root, found) if found else [])], None)
        assert found
        return found


@dataclass(frozen=True)
class Headed:
    """What a group says of itself: the base of each class of groups, which names its folder."""

    name: str
    title: Line
    about: Prose
    order: Place
    folder = ""

    @property
    def where(self) -> str:
        return f"{self.folder}/{self.name}.toml"


@functools.lru_cache(maxsize=8)  # a build asks for them on every page
def _groups(form: Form, root: Path, changed: Stamps) -> tuple[list[Any], list[Problem]]:
    problems: list[Problem] = []
    read_each = [_read(form, root, path.stem, problems.append) for path in data_files(root / form.folder)]
    found = [group for group in read_each if group]
    seen: dict[str, str] = {}
    titles: dict[str, str] = {}
    for group in found:
        for entry in group.entries:
            if entry.id in seen:
                what = f"{entry.id!r} stands in {seen[entry.id]} too"
                problems.append(Problem(group.where, what, line=entry.line, remedy="give it its own id"))
            seen.setdefault(entry.id, f"{group.name}.toml")
            if (title := entry.title.casefold()) in titles:
                what = f"the title {quoted(entry.title)} stands in {titles[title]} too"
                problems.append(Problem(group.where, what, line=entry.line, remedy="write what is another in it"))
            titles.setdefault(title, f"{group.name}.toml")
    return sorted(found, key=lambda group: (group.order, group.name)), problems


def _strangers(root: Path, group: Any) -> list[Problem]:
    """The entries of a group that name topics that are not there."""
    remedy = "name a folder below snippets/, or take it out"
    return [
        Problem(group.where, f"{entry.id}: no topic {', '.join(map(repr, odd))}", line=entry.line, remedy=remedy)
        for entry in group.entries
        if (odd := [name for name in entry.topics if not exists(root, name)])
    ]


def _read(form: Form, root: Path, group: str, tell: Tell) -> Any:
    """One group; tells each `Problem` in its form, and then gives None."""
    try:
        name = named(root / form.folder, group, "group")
        rest, entries = load(root / name, name, form.table, what="group")
        remedy = "a group has a title, an about and an order"
        found = head(form.group, root / name, name, rest, remedy, name=group, entries=[])
        if not entries:
            raise Problem(name, f"no {form.table}", line=1, remedy=f"write each as [[{form.table}]]")
    except Problem as problem:
        tell(problem)
        return None
    for _, entry, line in entries:
        try:
            read_entry = form.entry(group, entry, line)
            identified(read_entry.id, [each.id for each in found.entries], form.table)
            found.entries.append(read_entry)
        except ValueError as error:
            tell(Problem(name, str(error), line=line, remedy=f"correct the {form.table} that begins here"))
    return found if len(found.entries) == len(entries) else None
