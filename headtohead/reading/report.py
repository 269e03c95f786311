"""The report on a reader's program: by line what it uses, the counterpart, and what will bite."""

from __future__ import annotations

import sys
from pathlib import Path

from headtohead.errors import Problem
from headtohead.reading.lookup import OWNERS, Lookup, lookup
from headtohead.reading.names import uses
from headtohead.reading.related import related


def report(path: Path, known: Lookup) -> tuple[list[str], int]:
    """The lines to print about a program, and how many names have no row."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Problem(path, "no such file", remedy="name a Python file") from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise Problem(path, "no text in UTF-8", remedy="name a Python file") from None
    lines, missing, told, will_bite = [], 0, set[str](), related(known.root).bites()
    for use in uses(text, str(path)):
        name = known.name(use)
        if name is None:
            if use.sure and not use.member and use.name.count(".") and not use.name.rpartition(".")[2].startswith("_"):
                missing += 1
                lines.append(f"{path}:{use.line}: {use.name}: not in the map")
            continue
        guess = "" if use.sure else f" (if this is a {OWNERS[name.rpartition('.')[0]]})"
        if name in known.only and name not in known.rows:
            lines.append(f"{path}:{use.line}: {name}{guess}: {known.only[name]}")
        else:
            (other, row), *more = known.counterparts(name, use.given)
            note = f" | {row.note}" if row.note else ""
            rest = f" | {len(more)} more in the map" if more else ""
            lines.append(f"{path}:{use.line}: {name}{guess}: {other}{note}{rest}")
        if use.sure and name not in told:  # once a program
            told.add(name)
            lines += [f"    bites: {title} (docs/migrate/{place})" for title, place in will_bite.get(name, [])]
    return lines, missing


def main(names: list[str]) -> int:
    """Prints the report on each file; returns 0, or 2 for a file that cannot be read."""
    try:
        known = lookup(Path(__file__).parents[2])
        for name in names:
            lines, missing = report(Path(name), known)
            print("\n".join(lines) or f"{name}: uses nothing of PyTorch, Keras or TensorFlow")
            if missing:
                print(f"{name}: {missing} names are not in the map", file=sys.stderr)
        return 0
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
