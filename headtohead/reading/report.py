"""The report on a reader's program: by line what it uses, the counterpart, and what will bite."""

from __future__ import annotations

import sys
from pathlib import Path

from headtohead.content.differences import groups
from headtohead.content.rows import areas
from headtohead.errors import Problem, Tell
from headtohead.reading.lookup import OWNERS, Lookup, lookup
from headtohead.reading.names import uses_of
from headtohead.reading.related import related
from headtohead.reading.source import source


def report(path: Path, known: Lookup, tell: Tell | None = None) -> tuple[list[str], int]:
    """The lines to print about a program, and how many names have no row.

    Args:
        path: The program.
        known: The map.
        tell: Called with the `Problem` of each part that cannot be read. Without it the first one is raised.
    """
    program = source(path)
    lines, missing, told, will_bite = [], 0, set[str](), related(known.root).bites()
    for use in uses_of(program, tell):
        name, (where, line) = known.name(use), program.place(use.line)
        if name is None:
            if use.sure and not use.member and use.name.count(".") and not use.name.rpartition(".")[2].startswith("_"):
                missing += 1
                lines.append(f"{where}:{line}: {use.name}: not in the map")
            continue
        guess = "" if use.sure else f" (if this is a {OWNERS[name.rpartition('.')[0]]})"
        if name in known.only and name not in known.rows:
            lines.append(f"{where}:{line}: {name}{guess}: {known.only[name]}")
        else:
            (other, row), *more = known.counterparts(name, use.given)
            note = f" | {row.note}" if row.note else ""
            rest = f" | {len(more)} more in the map" if more else ""
            lines.append(f"{where}:{line}: {name}{guess}: {other}{note}{rest}")
        if use.sure and name not in told:  # once a program
            told.add(name)
            lines += [f"    bites: {title} (docs/migrate/{place})" for title, place in will_bite.get(name, [])]
    return lines, missing


def main(names: list[str]) -> int:
    """Prints the report on each file; returns 0, or 2 where one of them cannot be read, which is told in its line."""
    status = 0
    try:
        root = Path(__file__).parents[2]
        areas(root)
        groups(root)
    except Problem as problem:  # with the map itself: there is nothing to say of any file
        print(problem, file=sys.stderr)
        return 2
    known = lookup(root)
    for name in names:
        problems: list[Problem] = []
        try:
            if not name:
                raise Problem("''", "an empty name", remedy="name a Python file or a notebook")
            lines, missing = report(Path(name), known, problems.append)
        except Problem as problem:
            lines, missing = [], 0
            problems.append(problem)
        for problem in problems:
            print(shown(str(problem)), file=sys.stderr)
            status = 2
        nothing = "" if problems else f"{shown(name)}: uses nothing of PyTorch, Keras or TensorFlow"
        if said := "\n".join(map(shown, lines)) or nothing:
            print(said)
        if missing:
            print(f"{shown(name)}: {missing} names are not in the map", file=sys.stderr)
    return status


def shown(line: str) -> str:
    """A line as a terminal shows it: a file may have any name, line breaks and colours among it."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)
