"""Guards records: whole, sealed, written at once, never shown stale, and compared with the right tolerance."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.changes import changes, same_text
from headtohead.records.store import lock
from tests.support.records import left, ran, reseal
from tests.support.texts import LEFT, PINS, PROOF, SVG

REMEDY = r"; run 'nox -s verify -- a/b'$"


# Whole and sealed ------------------------------------------------------------------------------


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


# Each: what happens to the text of a record, and what is said about it.
EDITS = {
    "a number": (
        lambda text: text.replace('"date": "2026', '"date": "2025').replace("1e-05", "2e-05"),
        "edited by hand",
    ),
    "half of it": (lambda text: text[: len(text) // 2], "not a whole record"),
    "all of it": (lambda text: "", "not a whole record"),
    "its seal": (lambda text: text.replace('"seal"', '"deal"'), "not a whole record"),
    "another value": (lambda text: "1.5", "not a whole record"),
    "a list": (lambda text: "[]", "not a whole record"),
}


@pytest.mark.parametrize(("edit", "what"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("name", ["pytorch", "agreement"])
def test_an_edited_or_torn_record_is_a_problem(project, name, edit, what):
    found = project.small()
    path = project.settle(found).path("a/b", name)
    path.write_text(edit(path.read_text()))
    with pytest.raises(Problem, match=f"^records/cpu/a/b/{name}.json: {what}.*{REMEDY}"):
        freshness.program(project.store, left(found)) if name == "pytorch" else freshness.agreement(
            project.store, found
        )


@pytest.mark.parametrize("name", ["pytorch", "agreement"])
def test_a_record_of_another_form_is_a_problem(project, name):
    found = project.small()
    reseal(project.settle(found).path("a/b", name), lambda content: content.update(weight=1))
    with pytest.raises(Problem, match=f"^records/cpu/a/b/{name}.json: an? (record|agreement) of another form{REMEDY}"):
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


def test_records_are_readable_by_everyone(project):
    folder = project.settle(project.small(), drawn=SVG).path("a/b", "pytorch").parent
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


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
        with pytest.raises(Problem, match=rf"^records: another verify \(process {os.getpid()}\)"), lock(store):
            pass
    with lock(store):
        pass


# Never stale -----------------------------------------------------------------------------------

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
    with pytest.raises(Problem, match=r"^snippets/a/b/in_pytorch\.py: ") as caught:
        freshness.program(store, left(found))
    assert what in caught.value.what
    assert caught.value.remedy


def test_versions_that_ran_are_held_to_the_pins(project):
    found = project.small()
    store = project.settle(found)
    for version in ("2.12.1", None):
        reseal(store.path("a/b", "pytorch"), lambda content, version=version: content["versions"].update(torch=version))
        if version is None:
            reseal(store.path("a/b", "pytorch"), lambda content: content["versions"].pop("torch"))
        with pytest.raises(Problem, match=f"ran with torch {version or 'none'}, pinned is 2.13.0" + REMEDY):
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
    project.write({"snippets/a/b/parity.py": PROOF + "RTOL = 1.0\n"})
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


def test_labels_begin_with_the_one_that_every_page_needs(project):
    assert project.store.labels() == []
    for label in ("amd", "cpu", "nvidia"):
        project.settle(project.small(), label=label)
    assert project.store.labels() == ["cpu", "amd", "nvidia"]


# Same text -------------------------------------------------------------------------------------


SAME = [
    ("loss 0.123", "loss 0.123"),
    ("loss 0.1234", "loss 0.1251"),
    ("loss 1.00e-05", "loss 9.9e-06"),
    ("[-0.5  2.5]", "[-0.5   2.5]"),
    ("[-0.0001  2.5]", "[ 0.0001 2.5]"),
    ("1e5", "1.001e5"),
    ("tensor(100.)", "tensor(101.)"),
    ("nan inf", "nan inf"),
    ("", ""),
]
CHANGED = [
    ("loss 0.123", "loss 0.223"),
    ("epoch 3  loss 0.1", "epoch 4  loss 0.1"),
    ("1500 images", "1499 images"),
    ("accuracy 0.98", "precision 0.98"),
    ("0.5 0.5", "0.5"),
    ("0.5", "0.5 0.5"),
    ("0.5", "nan"),
    ("inf", "-inf"),
    ("1", "1.0"),
    ("-1", "1"),
    ("1.5", "-1.5"),
    ("True", "False"),
    ("(2, 3)", "(3, 2)"),
    ("2026-11-22", "2026-11-23"),
    ("int32", "int64"),
    ("", "0.0"),
    ("a\nb 0.1", "a b 0.1"),
    ("layer100.weight", "layer101.weight"),
    ("100each", "101each"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_rounding_is_no_change(one, other):
    assert same_text(one, other)
    assert same_text(other, one)


@pytest.mark.parametrize(("one", "other"), CHANGED)
def test_anything_else_is_a_change(one, other):
    assert not same_text(one, other)
    assert not same_text(other, one)


@pytest.mark.parametrize("digit", range(5))
def test_the_third_digit_may_move_and_the_second_not(digit):
    """From 0.50000, each digit in turn changed by 4: the first two count, the others are rounding."""
    changed = f"0.{'50000'[:digit]}{(int('50000'[digit]) + 4) % 10}{'50000'[digit + 1 :]}"
    assert same_text("0.50000", changed) is (digit >= 2)


def test_changes_are_told_by_cell(project):
    found = project.small()
    old = ran(left(found), printed={"Setup": "0.5", "Show": "1"}, drawn=SVG)
    project.write({old.cells[1].figures[0]: SVG})
    other = SVG.replace("1.25", "1.2501")
    for printed, drawn, expected in [
        ({"Setup": "0.5001", "Show": "1"}, SVG, []),
        ({"Setup": "0.5", "Show": "1"}, other, []),
        ({"Setup": "0.6", "Show": "1"}, SVG, ["Setup"]),
        ({"Setup": "0.5", "Show": "2"}, SVG, ["Show"]),
        ({"Setup": "0.5", "Show": "1"}, SVG.replace("path", "rect"), ["Show"]),
        ({"Setup": "0.5", "Show": "1"}, None, ["Show"]),
    ]:
        new = ran(left(found), printed=printed, drawn=drawn)
        files = {name: drawn.encode() for cell in new.cells for name in cell.figures}
        assert changes(old, new, project.root, files) == expected
    shutil.rmtree(project.root / "snippets")
