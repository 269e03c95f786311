"""Guards the editions: what was just measured is what is committed, or the edition of its kind has to be raised."""

from __future__ import annotations

import json
import os

import pytest

from headtohead.comparing.agreement import moved
from headtohead.content import differences, mistakes, rows
from headtohead.content.topics import topics
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.changes import changes, same_text
from headtohead.records.store import Store
from tests.support.repository import ROOT, STORE

COMMITTED = Store(ROOT)
TOPICS = topics(ROOT)
PROGRAMS = [program for topic in TOPICS for program in topic.programs.values()]
DATA = [(rows.FOLDER, area.name) for area in rows.areas(ROOT)] + [(rows.FOLDER, rows.COUNT)]
DATA += [(form.folder, group.name) for form in (differences.FORM, mistakes.FORM) for group in form.groups(ROOT)]
RAISE = "raise EDITIONS[{!r}] in headtohead/records/freshness.py, and verify what is stale then"

pytestmark = pytest.mark.skipif(
    "HEADTOHEAD_RECORDS" not in os.environ, reason="nothing was measured afresh: 'nox -s tests' does that"
)


def committed(read):
    """A record as it is committed; what is stale or new has been told, and is nobody's edition."""
    try:
        return read()
    except Problem as problem:
        pytest.skip(f"committed is no record of now: {problem.what}")


def steady(gave):
    """What of an entry every CPU gives: its kernels decide how a NaN or an infinity goes through a softmax.

    So it is with how far two sides part on another set of inputs; on which sets they do is the same everywhere.
    """
    if "edges" not in gave:
        return gave
    return gave | {"edges": sorted(gave["edges"]), "sets": {name: sorted(each) for name, each in gave["sets"].items()}}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.label)
def test_a_program_gives_what_is_committed(program):
    old, new = committed(lambda: freshness.program(COMMITTED, program)), freshness.program(STORE, program)
    topic = next(topic for topic in TOPICS if topic.name == program.topic)
    side = program.framework.name
    before, after = (store.path(topic.name, side).parent for store in (COMMITTED, STORE))
    files = {name: (after / name).read_bytes() for name in new.files}
    found = changes(old, new, before, files, topic.varies)
    if old.arrays and new.arrays:
        found += moved(topic, before / old.arrays, files[new.arrays])
    assert not found, f"{', '.join(found)}: {RAISE.format('programs')}"


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic.compares], ids=lambda topic: topic.name)
def test_an_agreement_compares_what_is_committed(topic):
    """How far apart two sides are is another number on another CPU; what is compared, and how closely, is not."""
    old, new = committed(lambda: freshness.agreement(COMMITTED, topic)), freshness.agreement(STORE, topic)
    stated = [
        [(each.name, each.dtype, each.shape, each.rtol, each.atol, each.differs) for each in found.quantities]
        for found in (old, new)
    ]
    assert stated[0] == stated[1], RAISE.format("agreements")


@pytest.mark.parametrize(("folder", "name"), DATA, ids=lambda each: each)
def test_a_data_file_gives_what_is_committed(folder, name):
    old = committed(lambda: freshness.data(COMMITTED, folder, name))
    new = freshness.data(STORE, folder, name)
    assert list(old) == list(new)
    found = [key for key in old if not same_text(json.dumps(steady(old[key])), json.dumps(steady(new[key])))]
    assert not found, f"{', '.join(found[:5])}: {RAISE.format(folder)}"
