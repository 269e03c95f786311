"""Says what is wrong with the agreements of topics whose programs have run, and computes those still to do."""

from __future__ import annotations

from headtohead.errors import Problem
from headtohead.programs import Topic
from headtohead.records import Store, broken_agreement


def ran(topic: Topic, store: Store, label: str) -> bool:
    """Whether every side of the topic has run as it stands now."""
    try:
        return all(store.fresh(program, label) for program in topic.programs.values())
    except Problem:
        return False


def unproved(topic: Topic, store: Store, label: str) -> str | None:
    """What is wrong with the agreement of a topic whose programs are fresh, in one line, or None."""
    try:
        if ran(topic, store, label):
            store.agreement(topic, label)
        return None
    except Problem as problem:
        return str(problem)


def agreements(chosen: list[Topic], store: Store, label: str) -> list[str]:
    """Compares the sides of each topic where that is still to do; says what is broken."""
    failures = []
    for each in chosen:
        # A side that has not run as it stands has failed and said so, or runs in another environment.
        if not ran(each, store, label):
            continue
        try:
            store.agreement(each, label)
            continue
        except Problem as problem:
            if "broken agreement" in problem.what:
                failures.append(str(problem))
                continue
        from headtohead.agreement import agree

        try:
            agreement = agree(each, store, label)
            store.write_agreement(agreement)
            failures += [str(broken_agreement(each, line)) for line in agreement.broken]
        except Problem as problem:
            failures.append(str(problem))
        except OSError as error:
            where = f"snippets/{each.name}/parity.py"
            what = f"the agreement could not be written: {error.strerror}"
            failures.append(str(Problem(where, what, remedy="free some room, then verify again")))
    return failures
