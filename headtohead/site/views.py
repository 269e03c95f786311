"""The registry of directives: what each is called on a page, which options it takes, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headtohead.content.frameworks import PRIMARY
from headtohead.errors import Problem
from headtohead.records.model import Record
from headtohead.site import api_map, claims, comparisons, differences, questions, related, runs
from headtohead.site.pages import Page

Parts = str | list[str]  # HTML; a part that begins with # is a heading of the page


@dataclass(frozen=True)
class View:
    """What a directive becomes.

    Attributes:
        show: Gives the HTML of it on a page, from what stands behind the bar and its options.
        options: The options that it takes.
        takes: Whether anything may stand behind the bar.
    """

    show: Callable[..., Parts]
    options: frozenset[str] = frozenset()
    takes: bool = True


def compare(page: Page, name: str | None, cell: str | None = None) -> str:
    """One cell of both programs of a topic with what it printed; without `cell`, all cells in order."""
    found = page.topic(name)
    titles = [cell] if cell else [each.title for each in next(iter(found.programs.values())).cells]
    cells = {side: [program.cell(title) for title in titles] for side, program in found.programs.items()}
    records, agreement = page.library.ran(found)
    shown = []
    for index, title in enumerate(titles):
        page.comparisons += 1
        sides = [
            comparisons.Side(
                program.framework, cells[side][index], records[side].cell(title), _figures(page, records[side])
            )
            for side, program in found.programs.items()
        ]
        shown.append(comparisons.Comparison(page.comparisons, page.anchor(title), title, sides))
    own = page.file is None or page.file.src_uri == f"{found.name}.md"
    at = "" if own else page.link(f"{found.name}/")
    return comparisons.compare(found, shown, records, agreement, at)


def _figures(page: Page, record: Record) -> str:
    """Where the figures of a record lie, as seen from a page."""
    return page.link(f"records/{record.label}/{record.topic}")


def record(page: Page, name: str | None) -> str:
    """Where the programs of a topic ran and how closely they agree, with the proof; and what it has to do with."""
    found, store = page.topic(name), page.library.store
    records, agreement = page.library.ran(found)
    ran, agreements = list(records.values()), {PRIMARY: agreement}
    for label in store.labels()[1:]:
        there = [each for side, each in found.programs.items() if store.path(found.name, side, label).exists()]
        ran += [page.library.record(program, label) for program in there]
        if len(there) == len(found.programs) and store.agreement_path(found.name, label).exists():
            agreements[label] = page.library.agreement(found, label)
    return runs.card(found, ran, agreements, page.link("programs")) + related.related(page, found)


def records(page: Page, name: str | None) -> str:
    """Every program, with where it ran and how closely both sides agree."""
    if name:
        raise Problem("records", f"it takes no topic, and lists all; not {name!r}")
    return runs.programs(page)


VIEWS = {
    "compare": View(compare, frozenset({"cell"})),
    "record": View(record),
    "records": View(records),
    "api": View(api_map.shown),
    "differences": View(differences.shown),
    "claims": View(claims.claims, takes=False),
    "which": View(questions.which, takes=False),
}
