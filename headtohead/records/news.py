"""News: what another run gave otherwise than the committed records say, a line each, by kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, TypeVar

from headtohead.content import differences, mistakes
from headtohead.content.rows import Area
from headtohead.content.topics import Topic
from headtohead.errors import Problem, quoted, seen
from headtohead.records import freshness
from headtohead.records.changes import changes, same_text
from headtohead.records.model import Record
from headtohead.records.pairs import FALLS, Fall
from headtohead.records.store import COMMANDS, Store

T = TypeVar("T")
# What each kind of news is called, in the order of a report.
KINDS = {
    "failures": "Programs that fail",
    "outputs": "Outputs that changed",
    "agreements": "Agreements that broke, or appeared where the proof says that the two differ",
    "differences": "Differences that ended, or fail",
    "printed": "Differences that hold and print otherwise",
    "errors": "Errors that are raised no more, or whose mend fails",
    "raised": "Errors that hold and say something else",
    "rows": "Rows that do not hold",
    "categories": "Rows whose category changed",
    "measured": "Rows that hold and gave something else",
    "came": "Names that came",
    "went": "Names that went",
    "unknown": "Nothing to compare with",
}


@dataclass
class News:
    """What a run gave otherwise.

    Attributes:
        lines: By kind, one of `KINDS`.
        ran: How much ran, by what it is called.
    """

    lines: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    ran: dict[str, int] = field(default_factory=dict)

    def tell(self, kind: str, lines: Iterable[str]) -> None:
        self.lines[kind] += lines

    def count(self, what: str, number: int) -> None:
        self.ran[what] = self.ran.get(what, 0) + number


def of_topic(news: News, base: Store, topic: Topic, store: Store, label: str) -> None:
    """Compares the records of the programs of a topic, where they ran, with the committed ones."""
    for side, program in topic.programs.items():
        path = store.path(topic.name, side, label)
        if not path.exists():
            continue  # it failed, and whoever ran it says so
        try:
            old, new = freshness.program(base, program), store.read(topic.name, side, label)
        except Problem as problem:
            news.tell("unknown", [str(problem)])
            continue
        files = {name: path.with_name(name).read_bytes() for name in new.files}
        titles = changes(old, new, base.path(topic.name, side).parent, files, topic.varies)
        news.tell("outputs", [f"{program.name}, {_cell(old, new, title)}" for title in titles])


def _cell(old: Record, new: Record, title: str) -> str:
    """In which line a cell prints otherwise, or that it draws otherwise."""
    before, after = (record.cell(title).output.splitlines() for record in (old, new))
    for was, now in zip_longest(before, after, fillvalue=""):
        if not same_text(was, now):
            return f"{title!r}: {_code(now)} where it was {_code(was)}"
    return f"{title!r}: another figure"


def _code(text: str) -> str:
    """A line of output within Markdown; a backtick in it would end it."""
    return f"`{seen(text)[:200].replace('`', chr(39))}`" if text.strip() else "nothing"


def of_area(news: News, base: Store, area: Area, gave: Mapping[str, Any], fell: Mapping[str, Fall]) -> None:
    """Compares what the rows of an area gave, as JSON by id, with their record."""
    where = area.rows[0].where
    news.count("rows", len(gave) + len(fell))
    news.tell("rows", [f"{where}: {name} {FALLS[fall.how]}: {fall.what}" for name, fall in fell.items()])
    if (known := _known(news, lambda: freshness.measured(base, area.name))) is None:
        return
    for name, after in gave.items():
        before = _plain(known[name].to_json())
        if before["category"] != after["category"]:
            what = f"{where}: {name} is {after['category']!r} and was {before['category']!r}"
            news.tell("categories", [what])
        if odd := [key for key in {**before, **after} if key != "category" and not _same(before, after, key)]:
            said = "; ".join(f"{key} {_short(after, key)}, was {_short(before, key)}" for key in odd)
            news.tell("measured", [f"{where}: {name}: {said}"])


def _known(news: News, read: Callable[[], T]) -> T | None:
    """What was recorded; None where that cannot be read, which is told."""
    try:
        return read()
    except Problem as problem:
        news.tell("unknown", [str(problem)])
        return None


def _plain(content: dict[str, Any]) -> dict[str, Any]:
    """As it comes out of JSON."""
    return json.loads(json.dumps(content))


def _same(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> bool:
    """Whether a part of a measurement is the same, within rounding."""
    return same_text(*(json.dumps(each.get(key), sort_keys=True) for each in (before, after)))


def _short(content: Mapping[str, Any], key: str) -> str:
    return quoted(content[key]) if key in content else "nothing"


def of_group(
    news: News,
    base: Store,
    group: differences.Group | mistakes.Group,
    printed: Mapping[str, Any],
    fell: Mapping[str, Fall],
) -> None:
    """Compares what the programs of a group printed or raised, by id and by name, with their record."""
    what = COMMANDS[group.folder]
    news.count(what, len(group.entries))
    news.tell(what, [f"{group.where}: {name} {FALLS[each.how]}: {each.what}" for name, each in fell.items()])
    if (known := _known(news, lambda: freshness.data(base, group.folder, group.name))) is None:
        return
    for id_, texts in printed.items():
        odd = [name for name, text in texts.items() if not same_text(known[id_][name], text)]
        if odd and id_ not in fell:
            said = "; ".join(f"{name} {quoted(texts[name])}, was {quoted(known[id_][name])}" for name in odd)
            news.tell("raised" if group.folder == mistakes.FOLDER else "printed", [f"{group.where}: {id_}: {said}"])


def of_names(news: News, base: Store, counted: Mapping[str, Mapping[str, list[str]]], gone: Iterable[str]) -> None:
    """Compares the names that the packages export with those that were counted; `gone` are those that the map names."""
    news.tell("went", gone)
    if (known := _known(news, lambda: freshness.counted(base))) is None:
        return
    for namespace in {**known, **counted}:
        before, after = (
            {name for names in each.get(namespace, {}).values() for name in names} for each in (known, counted)
        )
        news.tell("came", [f"{namespace}.{name}" for name in sorted(after - before)])
        news.tell("went", [f"{namespace}.{name}" for name in sorted(before - after)])
