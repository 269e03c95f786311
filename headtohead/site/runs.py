"""Runs: where the programs of a topic ran, how closely they agree, the proof; and the table of all programs."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

from headtohead.content.frameworks import FRAMEWORKS, PRIMARY
from headtohead.content.parity import SEEDS
from headtohead.content.topics import Topic, topics
from headtohead.errors import Problem
from headtohead.records.model import Agreement, Record
from headtohead.site.comparisons import agreed, device
from headtohead.site.pages import Page, record_anchor
from headtohead.site.related import related
from headtohead.site.templates import render


def record(page: Page, name: str | None) -> str:
    """The directive: where the programs of a topic ran and how closely they agree, with the proof; what it touches."""
    found, library = page.topic(name), page.library
    records, agreement = library.ran(found)
    ran, agreements = list(records.values()), {PRIMARY: agreement}
    at = library.store.path
    for label in [each for each in library.store.labels() if each != PRIMARY]:
        there = [each for side, each in found.programs.items() if at(found.name, side, label).exists()]
        ran += [library.record(program, label) for program in there]
        if len(there) == len(found.programs) and library.store.agreement_path(found.name, label).exists():
            agreements[label] = library.agreement(found, label)
    anchor = page.make(record_anchor(found))
    return card(found, ran, agreements, page.link("programs"), anchor) + related(page, found)


def card(topic: Topic, records: list[Record], agreements: dict[str, Agreement | None], folder: str, anchor: str) -> str:
    """Where the programs of a topic ran, how to take them away, and how closely they agree, by label."""
    primary = [each for each in records if each.label == PRIMARY]
    return render(
        "record",
        topic=topic,
        anchor=anchor,
        records=records,
        primary=PRIMARY,
        folder=f"{folder}/{topic.name}",
        frameworks=FRAMEWORKS,
        seeds=SEEDS,
        scores=list(over_seeds(topic, primary)),
        earlier=earlier_seeds(primary),
        agreement=agreements[PRIMARY],
        others={label: agreed(each, topic) for label, each in agreements.items() if label != PRIMARY},
    )


def over_seeds(topic: Topic, records: list[Record]) -> Iterator[tuple[str, str, str, str]]:
    """What each score was over several seeds, its mean, and what it had to beat; nothing where none depends on them."""
    for name, rule in topic.over_seeds.items():
        for record in records:
            scores, bar = record.seeds[name], spread(record.seeds[rule.bar])
            reached = ", ".join(f"{score:.3g}" for score in scores)
            label = FRAMEWORKS[record.framework].label
            yield f"{name}, {label}", reached, f"{mean(scores):.3g}", f"{rule.way} {rule.bar}, {bar}"


def earlier_seeds(records: list[Record]) -> dict[str, list[str]]:
    """The sides of which an earlier run had the raised seeds, by its day."""
    found: dict[str, list[str]] = {}
    for record in records:
        if record.seeds_of:
            found.setdefault(record.seeds_of, []).append(FRAMEWORKS[record.framework].label)
    return found


def spread(values: list[float]) -> str:
    low, high = f"{min(values):.3g}", f"{max(values):.3g}"
    return low if low == high else f"{low} to {high}"


def records(page: Page, name: str | None) -> str:
    """The directive: every program, with where it ran and how closely both sides agree."""
    if name:
        raise Problem("records", f"it takes no topic, and lists all; not {name!r}")
    shown = []
    for topic in [page.topic(each.name) for each in topics(page.library.root)]:
        ran, agreement = page.library.ran(topic)
        shown.append((topic, page.to_topic(topic), list(ran.values()), agreed(agreement, topic)))
    return render("programs", topics=shown, frameworks=FRAMEWORKS, device=device)
