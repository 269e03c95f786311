"""Guards freshness: what a fingerprint is made of; a record of what has changed is stale, and one line says why."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

import headtohead
from headtohead.content import differences, mistakes, rows, settings, tolerances
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness
from tests.support.projects import Project
from tests.support.records import REMEDY, left, reseal
from tests.support.repository import ROOT
from tests.support.texts import LEFT, PINS, PROOF

# Each: what changes after the run, and what is said about it.
STALE = {
    "a cell": ("snippets/a/b/in_pytorch.py", LEFT.replace("4", "5"), "changed since it ran"),
    "a title": ("snippets/a/b/in_pytorch.py", LEFT.replace("Show\n", "Tell\n"), "changed since it ran"),
    "a new cell": ("snippets/a/b/in_pytorch.py", LEFT + "\n# %% More\nx = 1\n", "changed since it ran"),
    "the docstring": ("snippets/a/b/in_pytorch.py", LEFT.replace("Show a", "Show the"), "is stale: the program, its"),
    "blank lines": ("snippets/a/b/in_pytorch.py", LEFT.replace("\n\n", "\n\n\n"), "is stale: the program, its"),
    "the proof": ("snippets/a/b/parity.py", PROOF.replace("Same", "The same"), "is stale: the program, its"),
    "a file beside it": ("snippets/a/b/data.csv", "1", "is stale: the program, its"),
    "a pin": ("requirements/programs.txt", PINS.replace("2.13.0", "2.14.0"), "ran with torch 2.13.0+cpu, pinned"),
    "a lost pin": (
        "requirements/programs.txt",
        PINS.replace("torch", "torque"),
        "imports 'torch', which is not pinned",
    ),
}


@pytest.mark.parametrize(("path", "text", "what"), STALE.values(), ids=STALE)
def test_a_change_after_the_run_makes_a_record_stale(project, path, text, what):
    found = project.small()
    store = project.settle(found)
    freshness.program(store, left(found))
    project.write({path: text})
    os.utime(project.root / path, ns=(len(text), len(text)))
    with pytest.raises(Problem, match=r"^snippets/a/b/in_pytorch\.py(:\d+)?: ") as caught:
        freshness.program(store, left(found))
    assert what in caught.value.what
    assert caught.value.remedy


def test_versions_that_ran_are_held_to_the_pins(project):
    found = project.small()
    store = project.settle(found)
    reseal(store.path("a/b", "pytorch"), lambda content: content["versions"].update(torch="2.12.1"))
    with pytest.raises(Problem, match=r"ran with torch 2\.12\.1, pinned is 2\.13\.0" + REMEDY):
        freshness.program(store, left(found))


def test_another_device_has_versions_of_its_own(project):
    found = project.small()
    store = project.settle(found, label="nvidia-h200")
    project.pin(PINS.replace("2.13.0", "2.14.0"))
    os.utime(project.pins, ns=(1, 1))
    freshness.program(store, left(found), "nvidia-h200")
    project.write({"snippets/a/b/in_pytorch.py": LEFT.replace("4", "5")})
    with pytest.raises(Problem, match=r"changed since it ran: records/nvidia-h200/a/b/pytorch\.json is stale"):
        freshness.program(store, left(found), "nvidia-h200")


def test_no_record_is_a_problem_with_the_command_that_makes_it(project):
    found = project.small()
    with pytest.raises(Problem, match="^records/cpu/a/b/pytorch.json: no such record" + REMEDY):
        freshness.program(project.store, left(found))


def test_a_program_that_failed_is_not_fresh_until_it_changes(project):
    found = project.small()
    store = project.settle(found)
    store.write_failure(left(found), "cpu", freshness.of_program(left(found), "cpu"), "cell 'Show': ValueError")
    with pytest.raises(Problem, match="failed when it last ran: cell 'Show': ValueError; mend and verify it"):
        freshness.program(store, left(found))
    project.write({"snippets/a/b/in_pytorch.py": LEFT.replace("4", "5")})
    with pytest.raises(Problem, match="changed since it ran"):
        freshness.program(store, left(found))
    project.settle(found)
    project.write({"snippets/a/b/in_pytorch.py": LEFT})
    project.settle(found)
    freshness.program(store, left(found))


def test_an_agreement_is_stale_when_the_proof_or_a_side_changes(project):
    found = project.small()
    store = project.settle(found)
    record = store.read("a/b", "tensorflow")
    store.write(record, {record.arrays: b"other numbers"})
    with pytest.raises(Problem, match="agreement.json: stale: the proof or a side has changed" + REMEDY):
        freshness.agreement(store, found)
    project.settle(found)
    project.write({"snippets/a/b/parity.py": PROOF + "RTOL = 1e-3\n"})
    with pytest.raises(Problem, match=r"agreement\.json: stale"):
        freshness.agreement(store, Topic(project.root, "a/b"))


def test_a_broken_agreement_is_a_problem_of_the_proof(project):
    found = project.small()
    store = project.settle(found)
    agreement = freshness.agreement(store, found)
    agreement.broken = ["sum: off by 1"]
    store.write_agreement(agreement)
    with pytest.raises(Problem, match=r"^snippets/a/b/parity\.py: broken agreement: sum: off by 1"):
        freshness.agreement(store, found)


def test_no_proof_is_asked_of_a_topic_that_compares_nothing(project):
    found = project.small({"in_both.py": LEFT})
    assert freshness.agreement(project.settle(found), found) is None


def test_other_scores_make_an_agreement_stale(project):
    found, records = project.scored([0.8, 0.9], [0.85, 0.95])
    store, hashes = project.store, set()
    for scores in ([0.8, 0.9], [0.8, 0.91]):
        for record in records:
            store.write(replace(record, arrays=None, seeds={"score": scores}), {})
        hashes.add(freshness.of_agreement(store, found, "cpu"))
    assert len(hashes) == 2


def test_what_a_proof_used_makes_an_agreement_stale_where_it_is_another_cell(project):
    found = project.small()
    store = project.settle(found)
    assert freshness.agreement(store, found)
    record = store.read("a/b", "pytorch")
    files = {name: store.path("a/b", "pytorch").with_name(name).read_bytes() for name in record.files}
    store.write(replace(record, used=["Show"]), files)
    with pytest.raises(Problem, match=r"agreement\.json: stale"):
        freshness.agreement(store, found)


def test_a_record_from_before_it_was_noted_what_a_proof_uses_loads_and_is_stale(project):
    found = project.small()
    store = project.settle(found)
    path = project.record("a/b", "pytorch.json")
    reseal(path, lambda content: content.pop("used"))
    assert store.read("a/b", "pytorch").used is None
    with pytest.raises(Problem, match="from before what a proof uses was noted" + REMEDY):
        freshness.program(store, left(found))


# Fingerprints ----------------------------------------------------------------------------------

MACHINERY = Path(headtohead.__file__).parent


def fingerprints(root: Path) -> dict[str, str]:
    """One of each kind that needs no record."""
    return {
        "programs": freshness.of_program(left(Project(root).small()), "cpu"),
        rows.FOLDER: freshness.of_data(ROOT, rows.FOLDER, "losses"),
        differences.FOLDER: freshness.of_data(ROOT, differences.FOLDER, "losses"),
        mistakes.FOLDER: freshness.of_data(ROOT, mistakes.FOLDER, "shapes"),
    }


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        (tolerances.BY_DTYPE, "float32", (1.0, 1.0)),
        (tolerances.ALL, "gradient", (1.0, 1.0)),
        (settings.ON_A_CPU, "OMP_NUM_THREADS", "4"),
        (settings.EVERYWHERE, "PYTHONHASHSEED", "1"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_another_tolerance_or_setting_makes_everything_stale(tmp_path, monkeypatch, place, name, value):
    before = fingerprints(tmp_path)
    monkeypatch.setitem(place, name, value)
    after = fingerprints(tmp_path)
    assert all(before[kind] != after[kind] for kind in before)


@pytest.mark.parametrize("kind", ["programs", rows.FOLDER, differences.FOLDER, mistakes.FOLDER])
def test_an_edition_makes_its_own_kind_stale(tmp_path, monkeypatch, kind):
    before = fingerprints(tmp_path)
    monkeypatch.setitem(freshness.EDITIONS, kind, freshness.EDITIONS[kind] + 1)
    after = fingerprints(tmp_path)
    assert [each for each in before if before[each] != after[each]] == [kind]


def test_the_code_of_the_machinery_is_not_read(tmp_path, monkeypatch):
    opened = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read(path))
    fingerprints(tmp_path)
    assert ROOT / "api/losses.toml" in opened
    assert not [path for path in opened if MACHINERY in path.resolve().parents]
