"""Agreements: computes those still to do of topics whose programs have run, and says what is wrong with them."""

from __future__ import annotations

from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.store import Store


def ran(topic: Topic, store: Store, label: str) -> bool:
    """Whether every side of the topic has run as it stands now."""
    try:
        return all(freshness.program(store, program, label) for program in topic.programs.values())
    except Problem:
        return False


def unproved(topic: Topic, store: Store, label: str) -> str | None:
    """What is wrong with the agreement of a topic whose programs are fresh, in one line, or None."""
    try:
        if ran(topic, store, label):
            freshness.agreement(store, topic, label)
        return None
    except Problem as problem:
        return str(problem)


def renew(chosen: list[Topic], store: Store, label: str) -> list[str]:
    """Compares the sides of each topic where that is still to do; says what is broken."""
    # A side that has not run as it stands has failed and said so, or runs in another environment.
    return [line for each in chosen if ran(each, store, label) for line in _renewed(each, store, label)]


def _renewed(topic: Topic, store: Store, label: str) -> list[str]:
    try:
        freshness.agreement(store, topic, label)
        return []
    except freshness.BrokenAgreement as problem:
        return [str(problem)]
    except Problem:
        pass  # there is none, or it is stale
    from headtohead.comparing.agreement import agree  # NumPy, which is not needed where nothing is to do

    try:
        agreement = agree(topic, store, label)
        store.write_agreement(agreement)
        return [str(freshness.BrokenAgreement(topic, line)) for line in agreement.broken]
    except Problem as problem:
        return [str(problem)]
    except OSError as error:
        where = f"snippets/{topic.name}/parity.py"
        what = f"the agreement could not be written: {error.strerror}"
        return [str(Problem(where, what, remedy="free some room, then verify again"))]
