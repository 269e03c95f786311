"""What numbers in prose may rest on: what ran and what it gave, for topics, differences and rows of the map."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache

import numpy as np

from headtohead.content.differences import Difference
from headtohead.content.mistakes import Mistake
from headtohead.content.rows import Row
from headtohead.content.topics import Topic
from headtohead.records.model import Record
from headtohead.site.library import Library
from tests.support.repository import ROOT, STORE

LIBRARY = Library(ROOT, STORE)
FEW = 16  # numbers of an array that anybody looks at one by one
STATED = ("sides", "name", "holds", "parts", "rtol", "atol", "why")  # of a row, beside its note


def compared(record: Record) -> list[str]:
    """The short arrays of what a side handed to its proof, by name."""
    folder = STORE.path(record.topic, record.framework, record.label).parent
    if not record.arrays:
        return []
    with np.load(folder / record.arrays) as arrays:
        return [f"{name}: {' '.join(map(str, arrays[name].flat))}" for name in arrays if arrays[name].size <= FEW]


@cache
def of_topic(found: Topic) -> str:
    """All that the programs of a topic are, printed and compared."""
    texts = [program.text for program in found.programs.values()]
    texts += [] if "both" in found.programs else [found.parity_text]
    records, agreement = LIBRARY.ran(found)
    for record in records.values():
        texts += compared(record)
        texts += [cell.output for cell in record.cells] + [*record.versions.values(), json.dumps(record.seeds)]
    for each in agreement.quantities if agreement else []:
        texts += [each.name, each.differs or "", f"{each.absolute} {each.relative} {each.atol} {each.rtol}"]
        texts.append(" ".join(map(str, each.shape)))
    return "\n".join(texts)


def of_difference(entry: Difference) -> str:
    """The programs of a difference, and what they printed."""
    return "\n".join([*entry.programs.values(), *LIBRARY.printed(entry.group)[entry.id].values()])


def of_mistake(entry: Mistake) -> str:
    """The programs of an error, and what they raised and printed."""
    return "\n".join([*entry.programs.values(), *LIBRARY.raised(entry.group)[entry.id].values()])


def of_row(row: Row) -> str:
    """The lines of a row and what measuring them gave, the defaults of what is called among it."""
    return "\n".join(
        [str({name: getattr(row, name) for name in STATED}), str(asdict(LIBRARY.measured(row.area)[row.id]))]
    )


@cache
def by_id() -> dict[str, str]:
    """What rows and differences are and gave, by the id to which pages lead; a few rows stand in two areas."""
    found = {entry.id: of_difference(entry) for entry in differences()}
    for row in rows():
        found[row.id] = found.get(row.id, "") + of_row(row)
    return found


def differences() -> Iterator[Difference]:
    return (entry for group in LIBRARY.groups.values() for entry in group.entries)


def mistakes() -> Iterator[Mistake]:
    return (entry for group in LIBRARY.mistakes.values() for entry in group.entries)


def rows() -> Iterator[Row]:
    return (row for area in LIBRARY.areas.values() for row in area.rows)
