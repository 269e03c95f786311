"""Runs: where the programs of a topic ran, how closely they agree, the proof; and the table of all programs."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

from headtohead.content.frameworks import FRAMEWORKS, PRIMARY
from headtohead.content.parity import SEEDS
from headtohead.content.topics import Topic, topics
from headtohead.records.model import Agreement, Record
from headtohead.site.comparisons import agreed, device
from headtohead.site.pages import Page
from headtohead.site.templates import render


def card(topic: Topic, records: list[Record], agreements: dict[str, Agreement | None], folder: str) -> str:
    """Where the programs of a topic ran, how to take them away, and how closely they agree, by label."""
    return render(
        "record",
        topic=topic,
        records=records,
        primary=PRIMARY,
        folder=f"{folder}/{topic.name}",
        frameworks=FRAMEWORKS,
        seeds=SEEDS,
        scores=list(over_seeds(topic, [record for record in records if record.label == PRIMARY])),
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


def spread(values: list[float]) -> str:
    low, high = f"{min(values):.3g}", f"{max(values):.3g}"
    return low if low == high else f"{low} to {high}"


def programs(page: Page) -> str:
    """The table of all programs."""
    shown = []
    for topic in [page.topic(each.name) for each in topics(page.library.root)]:
        records, agreement = page.library.ran(topic)
        shown.append((topic, page.link(f"{topic.name}/"), list(records.values()), agreed(agreement, topic)))
    return render("programs", topics=shown, frameworks=FRAMEWORKS, device=device)
