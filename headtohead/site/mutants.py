"""Mutants: how many changes to its programs each topic notices, as last tried, and which it does not."""

from __future__ import annotations

from headtohead.content.topics import topics
from headtohead.records import mutants as kept
from headtohead.site.pages import Page
from headtohead.site.templates import render


def mutants(page: Page) -> str:
    """The directive: a line a topic, with the share of mutants that are noticed and those that are not."""
    library = page.library
    tried = library.tried
    lines, every = [], []
    for topic in [page.topic(each.name) for each in topics(library.root)]:
        found = kept.of_topic(tried, topic)
        every += found or []
        lines.append((topic, page.to_topic(topic), found, kept.noticed(found or [])))
    return render("mutants", topics=lines, all=kept.noticed(every))
