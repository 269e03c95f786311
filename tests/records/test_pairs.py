"""Guards what is kept of other releases: whole, of what ran, and nothing of what has changed since."""

from __future__ import annotations

import json

import pytest

from headtohead.errors import Problem
from headtohead.records import pairs
from headtohead.records.pairs import Fall, Pair
from tests.support.records import reseal
from tests.support.texts import AREA, DIFFERENCE, GROUP, ROW

VERSIONS = {"python": "3.11.7", "torch": "2.12.1", "tensorflow": "2.19.1", "keras": "3.13.2", "numpy": "2.1.3"}
FALL = Fall("missing", "torch.abs is not there", "pytorch")


def kept(project, fell=("torch-abs--keras-ops-abs",), **versions) -> Pair:
    """A pair on which one area and one group ran, written; what fell by id."""
    area, group = project.area("a", AREA + ROW), project.group("a", GROUP + DIFFERENCE)
    pair = Pair("2026-11-30", VERSIONS | versions)
    for entries in (area.rows, group.entries):
        pair.take(entries, dict.fromkeys(fell, FALL))
    pairs.write(project.store, pair)
    return pair


def test_a_pair_comes_back_as_it_was_and_the_newest_first(project):
    older, newer = kept(project), kept(project, fell=(), torch="2.13.0+cpu")
    assert pairs.pairs(project.store) == [newer, older]
    assert newer.name == "torch-2.13.0-tensorflow-2.19.1"
    assert pairs.read(project.store, "torch-1.0-tensorflow-1.0") is None


def test_an_entry_falls_where_it_fell_and_counts_as_run_as_long_as_it_is_the_same(project):
    pair = kept(project)
    (row,), (entry,) = project.area("a", AREA + ROW).rows, project.group("a", GROUP + DIFFERENCE).entries
    assert (pair.fall(row), pair.fall(entry), pair.has(entry)) == (FALL, None, True)
    (noted,) = project.area("a", AREA + ROW + 'note = "Another word."\n').rows
    assert pair.fall(noted) == FALL
    (looser,) = project.area("a", AREA + ROW + 'rtol = 0.001\nwhy = "So."\n').rows
    assert (pair.has(looser), pair.fall(looser)) == (False, None)
    (printed,) = project.group("a", GROUP + DIFFERENCE.replace("print(1)", "print(3)")).entries
    assert not pair.has(printed)
    pair.take([row], {})
    assert pair.fall(row) is None


def test_what_is_gone_is_forgotten(project):
    pair = kept(project)
    pairs.drop_gone(pair, project.group("a", GROUP + DIFFERENCE).entries)
    assert (pair.ran["api/a"], pair.fell["api/a"]) == ({}, {})
    assert list(pair.ran["differences/a"]) == ["one"]


def test_what_was_edited_is_refused(project):
    path = project.store.data_path(pairs.FOLDER, kept(project).name)
    path.write_text(path.read_text().replace("2.1.3", "2.1.4"))
    with pytest.raises(Problem, match="edited by hand: its seal does not match; run 'nox -s versions'"):
        pairs.pairs(project.store)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda said: said["versions"].pop("keras"), "'versions' lacks 'keras'"),
        (lambda said: said["versions"].update(torch="2.13.0"), "it is of torch-2.13.0-tensorflow-2.19.1"),
        (lambda said: said.update(date="2026-13-01"), "the date|month must be"),
        (lambda said: said.update(more=1), "no key 'more' in a pair"),
        (lambda said: said.update(ran=[]), "'ran' has to be a table of tables"),
        (lambda said: said["ran"].update({"snippets/a": {}}), "no folder 'snippets'"),
        (lambda said: said["ran"]["api/a"].update(b=1), "a digest is no text"),
        (lambda said: said["fell"]["api/a"].update(b={"how": "parts", "what": "a"}), "'b' fell, and did not run"),
        (lambda said: next(iter(said["fell"]["api/a"].values())).update(how="odd"), "no way to fall 'odd'"),
        (lambda said: next(iter(said["fell"]["api/a"].values())).update(side="both"), "no side 'both'"),
        (lambda said: next(iter(said["fell"]["api/a"].values())).pop("what"), "lacks 'what'"),
        (lambda said: said["fell"].update({"api/a": {"b": 1}}), "a fall has to be a table"),
    ],
)
def test_what_can_be_no_pair_is_refused(project, change, told):
    path = project.store.data_path(pairs.FOLDER, kept(project).name)
    reseal(path, change)
    with pytest.raises(Problem, match=f"records/cpu/versions/.*a record of another form: .*({told})"):
        pairs.pairs(project.store)


def test_what_holds_is_named_once(project):
    path = project.store.data_path(pairs.FOLDER, kept(project, fell=()).name)
    assert json.loads(path.read_text())["fell"] == {}
