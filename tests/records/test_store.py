"""Guards the folder of records: what is written is read, a record goes in place at once, and one writes at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.store import lock
from tests.support.records import REMEDY, left, reseal
from tests.support.texts import SVG


def test_what_is_written_is_read(project):
    found = project.small()
    store = project.settle(found, printed={"Show": "2 < 3 & 4\n×\n"}, drawn=SVG)
    record = freshness.program(store, left(found))
    assert record.cell("Show").output == "2 < 3 & 4\n×\n"
    figure = store.path("a/b", "pytorch").with_name(record.cell("Show").figures[0])
    assert figure.read_text() == SVG
    assert record == store.read("a/b", "pytorch")
    agreement = freshness.agreement(store, found)
    assert [row.name for row in agreement.agreeing] == ["sum"]
    assert [row.name for row in agreement.differing] == ["seed"]


def test_the_same_record_gives_the_same_bytes(project):
    found = project.small()
    path = project.settle(found).path("a/b", "pytorch")
    before = path.read_bytes()
    project.settle(found)
    assert path.read_bytes() == before
    assert before.endswith(b"}\n")


@pytest.mark.parametrize("name", ["pytorch", "agreement"])
def test_a_record_of_another_form_is_a_problem(project, name):
    found = project.small()
    reseal(project.settle(found).path("a/b", name), lambda content: content.update(weight=1))
    with pytest.raises(
        Problem, match=f"^records/cpu/a/b/{name}.json: a record of another form: no key 'weight' in the .*{REMEDY}"
    ):
        freshness.program(project.store, left(found)) if name == "pytorch" else freshness.agreement(
            project.store, found
        )


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text(SVG.replace("1", "2"))])
def test_a_figure_that_is_not_the_recorded_one_is_a_problem(project, damage):
    found = project.small()
    store = project.settle(found, drawn=SVG)
    damage(next(store.path("a/b", "pytorch").parent.glob("pytorch-*.svg")))
    with pytest.raises(Problem, match=r"pytorch-2-1-\w+\.svg: not the file that was recorded" + REMEDY):
        freshness.program(store, left(found))


def test_labels_begin_with_the_one_that_every_page_needs(project):
    assert project.store.labels() == []
    for label in ("amd", "cpu", "nvidia"):
        project.settle(project.small(), label=label)
    assert project.store.labels() == ["cpu", "amd", "nvidia"]


# Written at once -------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_write_that_fails_leaves_the_old_record(project, monkeypatch, call):
    found = project.small()
    store = project.settle(found, drawn=SVG)
    folder = store.path("a/b", "pytorch").parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(OSError, match="No space left"):
            project.settle(found, printed={"Show": "new"}, drawn=SVG)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    freshness.program(store, left(found))


def test_the_record_goes_in_place_after_its_files(project, monkeypatch):
    found = project.small()
    order, replace = [], os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (order.append(Path(b).suffix), replace(a, b)))
    project.settle(found, drawn=SVG)
    assert order[:3] == [".npz", ".svg", ".json"]


def test_files_that_no_record_names_any_more_go(project):
    found = project.small()
    folder = project.settle(found, drawn=SVG).path("a/b", "pytorch").parent
    project.settle(found)
    names = {path.name for path in folder.iterdir()}
    assert names == {"agreement.json", "pytorch.json", "pytorch-cpu.npz", "tensorflow.json", "tensorflow-cpu.npz"}


def test_an_agreement_that_stays_is_not_written_again(project):
    found = project.small()
    store = project.settle(found)
    path = store.path("a/b", "agreement")
    before = path.stat().st_ino
    store.write_agreement(freshness.agreement(store, found))
    assert path.stat().st_ino == before


def test_a_second_verify_waits_and_leftovers_are_swept(project):
    store = project.store
    project.write({"records/cpu/a/b/.writing-1": "half"})
    with lock(store):
        assert not list(store.folder.rglob(".writing-*"))
        with pytest.raises(Problem, match=rf"^records: another run \(process {os.getpid()}\)"), lock(store):
            pass
    with lock(store):
        pass
