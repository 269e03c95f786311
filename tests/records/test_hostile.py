"""Guards against records that are sealed and no records: each field with other values, other places, other files.

Whatever stands there, looking and building say so in one line with the command that mends it, and show all else.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from dataclasses import fields

import pytest

from headtohead.cli import main
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness, sealed
from headtohead.records.model import Agreement, CellRun, DataRecord, Gradient, Measurement, OtherSets, Quantity, Record
from headtohead.records.store import Store, lock
from headtohead.site.generated import generated
from headtohead.site.library import Library
from tests.support.pages import page
from tests.support.projects import Project
from tests.support.records import reseal
from tests.support.texts import AREA, DIFFERENCE, GROUP, LEFT, PROOF, RIGHT, ROW, SVG

PYTORCH, AGREEMENT = "cpu/a/b/pytorch.json", "cpu/a/b/agreement.json"
ROWS, COUNTED, PRINTED = "cpu/api/a.json", "cpu/api/count.json", "cpu/differences/a.json"
PAGES = {  # each shows one kind, and `c/good` what is never harmed
    "a/b": "/// compare | a/b\n///\n\n/// record | a/b\n///\n",
    "migrate/a": "/// api | a\n///\n\n/// api | areas\n///\n\n/// api | edges\n///\n",
    "left": "/// api | left\n///\n",
    "migrate/differences/a": "/// differences | a\n///\n\n/// differences\n///\n",
    "c/good": "/// compare | c/good\n///\n\n/// record | c/good\n///\n",
}
GAVE = Measurement(
    [[2]],
    [["float32", "float32"]],
    0.5,
    Gradient(off={"x": 0.5}),
    3,
    {"torch": "torch.abs", "keras": "keras.ops.abs"},
    sets=OtherSets(held=["ties"], unrun={"float64": "float32 in Keras"}),
)
PLACES = {  # of each class: the record, where in it an instance stands, the command that mends it
    Record: (PYTORCH, [], "verify -- a/b"),
    CellRun: (PYTORCH, ["cells", 1], "verify -- a/b"),
    Agreement: (AGREEMENT, [], "verify -- a/b"),
    Quantity: (AGREEMENT, ["quantities", 0], "verify -- a/b"),
    DataRecord: (ROWS, [], "rows -- a"),
    Measurement: (ROWS, ["gave", "torch-abs--keras-ops-abs"], "rows -- a"),
    Gradient: (ROWS, ["gave", "torch-abs--keras-ops-abs", "gradient"], "rows -- a"),
    OtherSets: (ROWS, ["gave", "torch-abs--keras-ops-abs", "sets"], "rows -- a"),
}
VALUES = {
    "nothing": None,
    "true": True,
    "a number": 5,
    "below zero": -1,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "huge": 10**400,
    "empty": "",
    "text": "1",
    "markup": '"><script>\n',
    "a list": [],
    "a list of it": [[], {}, 5],
    "a table": {},
    "a table of it": {"cpu": {}},
    "a way out": "../../../out",
}
# What may stand there all the same, besides what stood there.
GOOD = {
    ("Record", "duration"): {"a number"},
    ("Record", "guards"): {"a list"},
    ("Record", "seeds"): {"a table"},
    ("Record", "seeds_of"): {"nothing"},
    ("Record", "used"): {"a list"},
    ("Record", "given"): {"nothing"},  # as of a topic that compares nothing
    ("Agreement", "compared"): {"a table"},  # as in a record from before it was noted
    ("CellRun", "output"): {"empty", "text", "markup", "a way out"},
    ("CellRun", "figures"): {"a list"},
    ("Agreement", "broken"): {"a list"},
    ("DataRecord", "guards"): {"a list"},
    ("Agreement", "quantities"): {"a list"},
    ("Quantity", "name"): {"text", "markup", "a way out"},
    ("Quantity", "dtype"): {"text", "markup", "a way out"},
    ("Quantity", "shape"): {"a list"},
    ("Quantity", "differs"): {"nothing", "text", "markup", "a way out"},
    ("Measurement", "shape"): {"a list"},
    ("Measurement", "dtype"): {"a list"},
    ("Measurement", "gradient"): {"nothing", "a table"},
    ("Measurement", "steps"): {"nothing", "a number"},
    ("Measurement", "names"): {"a table"},
    ("Measurement", "edges"): {"a table"},
    ("Measurement", "defaults"): {"a table"},
    ("Measurement", "unless"): {"a table"},
    ("Measurement", "sets"): {"a table"},
    ("OtherSets", "held"): {"a list"},
    ("OtherSets", "parted"): {"a table"},
    ("OtherSets", "unrun"): {"a table"},
    ("Gradient", "why"): {"empty", "text", "markup", "a way out"},
} | {("Quantity", name): {"a number"} for name in ("absolute", "relative")}
GOOD[("Measurement", "absolute")] = {"a number"}


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A project with two topics, an area and a group, whose records are made up."""
    project = Project(tmp_path_factory.mktemp("hostile") / "project")
    project.settle(project.small(), drawn=SVG)
    project.topic("c/good", LEFT, RIGHT, PROOF)
    project.settle(Topic(project.root, "c/good"))
    (row,) = project.area("a", AREA + ROW).rows
    project.group("a", GROUP + DIFFERENCE)
    gave = GAVE.to_json() | {"category": "same"}
    names = {"torch.nn": {kind: ["A"] for kind in ("row", "alias", "only", "left")}}
    said = {"one": {"pytorch": "1\n", "tensorflow": "2\n", "pytorch_fixed": "2\n"}}
    for folder, name, entries in (("api", "a", {row.id: gave}), ("api", "count", names), ("differences", "a", said)):
        project.store.write_data(folder, name, freshness.of_data(project.root, folder, name), entries)
    return project


@pytest.fixture
def project(settled, tmp_path):
    shutil.copytree(settled.root, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


def looked(project, capsys, *commands: str) -> list[str]:
    """What every command says that only looks; it leaves everything as it is."""
    lines, before = [], sorted(project.root.rglob("*"))
    for command in commands or ("verify", "rows", "differences"):
        code = main([command, "--check", "--root", str(project.root), *["--device", "cpu"] * (command == "verify")])
        said = capsys.readouterr().err.splitlines()
        assert code == bool(said), said
        lines += said
    assert sorted(project.root.rglob("*")) == before
    return lines


def built(project, *pages: str) -> dict[str, list[str]]:
    """What is wrong with each page, and with what is generated."""
    library = Library.of(str(project.root), problems={})
    for name in pages or PAGES:
        page(project.root, PAGES[name], uri=f"{name}.md", library=library).convert(PAGES[name])
    for _ in generated(library, lambda uri, problem: library.problems.setdefault(uri, []).append(str(problem))):
        pass
    return library.problems


def refused(project, capsys, record: str, command: str) -> list[str]:
    """Asserts that a record is refused, and nothing else; returns what is said of it."""
    lines = looked(project, capsys)
    assert lines, "nothing is said"
    problems = built(project)
    assert problems
    assert "c/good.md" not in problems
    for line in [*lines, *(line for each in problems.values() for line in each)]:
        assert f"records/{record}" in line, line
        assert line.endswith(f"run 'nox -s {command}'"), line
        assert len(line) < 700
    return lines


def put(content, way: list, name: str, value) -> None:
    for step in way:
        content = content[step]
    content[name] = value


def test_the_project_is_good(project, capsys):
    assert looked(project, capsys) == []
    assert built(project) == {}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, each.name) for kind in PLACES for each in fields(kind)],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_a_field_of_another_value(project, capsys, kind, name):
    record, way, command = PLACES[kind]
    path = project.root / "records" / record
    whole, taken, shows = path.read_text(), set(), "migrate/a" if record == ROWS else "a/b"
    for what, value in VALUES.items():
        if kind is Gradient:  # as it stands in a record: why, or by input
            value = {"why": value} if name == "why" else {"x": value}  # noqa: PLW2901
            reseal(path, lambda content, value=value: put(content, way[:-1], way[-1], value))
        else:
            reseal(path, lambda content, value=value: put(content, way, name, value))
        lines, problems = looked(project, capsys, command.split()[0]), built(project, shows, "c/good")
        assert bool(lines) == bool(problems), (what, lines, problems)
        if not lines:
            taken.add(what)
        for line in [*lines, *(line for each in problems.values() for line in each)]:
            assert f"records/{record}" in line or "broken agreement" in line, (what, line)
            assert f"run 'nox -s {command}'" in line or "broken agreement" in line, (what, line)
        assert "c/good.md" not in problems
        path.write_text(whole)
    by_input = {"a number"} if kind is Gradient and name == "off" else set()
    assert taken == GOOD.get((kind.__name__, name), by_input)


@pytest.mark.parametrize(
    "name", sorted({each.name for each in fields(Record)} - {"seeds", "seeds_of", "arrays", "guards", "given"})
)
def test_a_field_that_is_missing(project, capsys, name):
    reseal(project.root / "records" / PYTORCH, lambda content: content.pop(name))
    refused(project, capsys, PYTORCH, "verify -- a/b")


FORMS = [
    (PYTORCH, "verify -- a/b", lambda content: content.update(date="2999-01-01"), "the date 2999-01-01 is in the fu"),
    (PYTORCH, "verify -- a/b", lambda content: content.update(date="20261122"), "the date '20261122' is no day"),
    (PYTORCH, "verify -- a/b", lambda content: content["device"].pop("name"), "'device' lacks 'name'"),
    (PYTORCH, "verify -- a/b", lambda content: content["device"].update(kind="tpu"), "no kind of device 'tpu'"),
    (PYTORCH, "verify -- a/b", lambda content: content["versions"].pop("python"), "'versions' lacks 'python'"),
    (PYTORCH, "verify -- a/b", lambda content: content["files"].update({"../x.svg": "0"}), "'../x.svg' is no file"),
    (PYTORCH, "verify -- a/b", lambda content: content.update(files={}), "is none of its files"),
    (PYTORCH, "verify -- a/b", lambda content: content["cells"].pop(), "stale"),
    (PYTORCH, "verify -- a/b", lambda content: content.update(topic="c/good"), "a record of the topic 'c/good'"),
    (PYTORCH, "verify -- a/b", lambda content: content.update(label="gpu"), "a record of the label 'gpu'"),
    (PYTORCH, "verify -- a/b", lambda content: content.update(seeds_of="2026-11-21"), "the seeds of 2026-11-21 are no"),
    (AGREEMENT, "verify -- a/b", lambda content: content.update(topic="c/good"), "a record of the topic 'c/good'"),
    (PYTORCH, "verify -- a/b", lambda content: content.update(used=["None"]), "'None' is no cell, or stands twice"),
    (PYTORCH, "verify -- a/b", lambda content: content.update(used=["Show"] * 2), "'Show' is no cell, or stands twice"),
    (AGREEMENT, "verify -- a/b", lambda content: content.update(compared={"pytorch": []}), "nothing of the side 'tens"),
    (AGREEMENT, "verify -- a/b", lambda content: content["compared"].update(both=[]), "no side 'both' is known"),
    (ROWS, "rows -- a", lambda content: content.update(gave={}), "nothing of the row 'torch-abs--keras-ops-abs'"),
    (ROWS, "rows -- a", lambda content: content["gave"].update(more={}), "no row 'more' is known"),
    (ROWS, "rows -- a", lambda content: content.update(date="2999-01-01"), "the date 2999-01-01 is in the future"),
    (COUNTED, "rows -- count", lambda content: content["gave"].update({"torch.nn": {}}), "nothing of the kind"),
    (COUNTED, "rows -- count", lambda content: content["gave"].update(torch=[]), "a namespace has lists of names"),
    (COUNTED, "rows -- count", lambda content: content["gave"]["torch.nn"].update(row=[1]), "a name is no text"),
    (PRINTED, "differences -- a", lambda content: content.update(gave={}), "nothing of the difference 'one'"),
    (PRINTED, "differences -- a", lambda content: content["gave"].update(two={}), "no difference 'two' is known"),
    (PRINTED, "differences -- a", lambda content: content["gave"].update(one=[]), "what 'one' printed is no text"),
    (PRINTED, "differences -- a", lambda content: content["gave"]["one"].pop("pytorch_fixed"), "nothing of the progr"),
    (PRINTED, "differences -- a", lambda content: content["gave"]["one"].update(more="1"), "no program of 'one' 'more"),
    (PRINTED, "differences -- a", lambda content: content["gave"]["one"].update(pytorch=1), "is no text"),
    (PRINTED, "differences -- a", lambda content: content["gave"]["one"].update(pytorch="2\n"), "the difference is go"),
]


@pytest.mark.parametrize("form", FORMS, ids=[each[3] for each in FORMS])
def test_a_record_that_cannot_be(project, capsys, form):
    record, command, change, said = form
    reseal(project.root / "records" / record, change)
    lines = refused(project, capsys, record, command)
    assert any(said in line for line in lines), lines


# Files that are none -----------------------------------------------------------------------------


def replaced(path, make) -> None:
    path.unlink()
    make(path)


FILES = {
    "a folder": (lambda path: replaced(path, os.mkdir), "a folder, where a file belongs; remove it, then "),
    "a pipe": (lambda path: replaced(path, os.mkfifo), "a pipe, where a file belongs; remove it, then "),
    "a link": (
        lambda path: replaced(path, lambda path: path.symlink_to(path.parents[1] / "b/tensorflow.json")),
        "a link, where a file belongs; remove it, then ",
    ),
    "a link to itself": (lambda path: replaced(path, lambda path: path.symlink_to(path)), "a link, where a file "),
    "100 MB": (lambda path: os.truncate(path, 100 * 1024**2), "100 MB, more than the 16 MB that there is room for; "),
    "no text": (lambda path: path.write_bytes(b"\xff\xfe"), "not a whole record; "),
    "another encoding": (lambda path: path.write_text(path.read_text(), encoding="utf-16"), "not a whole record; "),
    "a mark before it": (lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()), "not a whole record; "),
    "half a letter": (lambda path: path.write_text('{"seal": "\\ud800", "x": "\\ud800"}'), "not a whole record; "),
    "nested deep": (lambda path: path.write_text('{"a":' * 10**5 + "1" + "}" * 10**5), "not a whole record; "),
    "a long number": (lambda path: path.write_text('{"a": ' + "9" * 10**4 + "}"), "not a whole record; "),
}


@pytest.mark.parametrize("record", [PYTORCH, AGREEMENT, ROWS, PRINTED])
@pytest.mark.parametrize(("make", "said"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_record(project, capsys, record, make, said):
    commands = {PYTORCH: "verify -- a/b", AGREEMENT: "verify -- a/b", ROWS: "rows -- a", PRINTED: "differences -- a"}
    make(project.root / "records" / record)
    lines = refused(project, capsys, record, commands[record])
    assert f"records/{record}: {said}" in lines[0], lines


def test_a_file_that_nobody_may_read(project, capsys, monkeypatch):
    """Whoever runs the tests may read everything, perhaps."""
    real = os.open

    def guarded(path, *arguments, **options):
        if str(path).endswith(PYTORCH):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", guarded)
    lines = refused(project, capsys, PYTORCH, "verify -- a/b")
    assert lines[0].startswith(f"records/{PYTORCH}: cannot be read: Permission denied; ")


@pytest.mark.parametrize("make", ["a folder", "a pipe", "a link", "100 MB"])
def test_a_figure_that_is_no_file(project, capsys, make):
    (figure,) = project.record("a/b", "").glob("pytorch-*.svg")
    FILES[make][0](figure)
    refused(project, capsys, f"cpu/a/b/{figure.name}", "verify -- a/b")


def test_a_figure_that_is_no_text(project, capsys):
    (figure,) = project.record("a/b", "").glob("pytorch-*.svg")
    figure.write_bytes(b"\xff")
    reseal(project.record("a/b", "pytorch.json"), lambda content: content["files"].update({figure.name: H_FF}))
    lines = refused(project, capsys, f"cpu/a/b/{figure.name}", "verify -- a/b")
    assert "a figure that is not UTF-8" in lines[0]


H_FF = sealed.sha256(b"\xff")


@pytest.mark.parametrize("make", [lambda path, other: path.symlink_to(other), lambda path, other: path.write_text("")])
def test_records_behind_a_link_or_a_file(project, tmp_path, make):
    """They are neither read nor written: names stay inside."""
    folder, other = project.root / "records/cpu/a", tmp_path / "other"
    folder.rename(other)
    make(folder, other)
    before = {path: path.read_bytes() for path in other.rglob("*.json")}
    said = r"^records/cpu/a: no folder, where one of records belongs; remove it$"
    with pytest.raises(Problem, match=said):
        project.store.read("a/b", "pytorch")
    with pytest.raises(Problem, match=said):
        project.settle(Topic(project.root, "a/b"), printed={"Show": "new"})
    with lock(project.store):
        pass
    assert {path: path.read_bytes() for path in other.rglob("*.json")} == before


def test_a_record_in_the_place_of_another(project, capsys):
    shutil.copy(project.record("c/good", "pytorch.json"), project.record("a/b", "pytorch.json"))
    lines = refused(project, capsys, PYTORCH, "verify -- a/b")
    assert lines[0].startswith(f"records/{PYTORCH}: a record of the topic 'c/good'; ")


@pytest.mark.parametrize("folder", ["api", "differences"])
def test_what_is_no_record_is_written_anew(project, folder):
    """Though it says the same within rounding."""
    path, store = project.store.data_path(folder, "a"), project.store
    depends, gave = (json.loads(path.read_text())[name] for name in ("depends", "gave"))
    inode = path.stat().st_ino
    store.write_data(folder, "a", depends, gave)
    assert path.stat().st_ino == inode
    for change in (lambda content: content.update(date="2999-01-01"), lambda content: content.update(weight=1)):
        reseal(path, change)
        store.write_data(folder, "a", depends, gave)
        assert freshness.data(store, folder, "a") == gave
    path.unlink()
    path.mkdir()
    with pytest.raises(Problem, match=f"^records/cpu/{folder}/a.json: a folder, where a file belongs; remove it$"):
        store.write_data(folder, "a", depends, gave)


NOTES = [b"\xff", b"[]", b"{}", b'{"depends": 1, "failure": 2}', b"[" * 10**5, b"1"]


@pytest.mark.parametrize("note", NOTES, ids=lambda note: repr(note[:20]))
def test_a_note_of_a_failure_that_is_none(project, capsys, note):
    project.record("a/b", "pytorch.failed").write_bytes(note)
    assert looked(project, capsys) == []
    assert built(project) == {}


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_something_in_the_place_of_a_note(project, capsys, make):
    make(project.record("a/b", "pytorch.failed"))
    assert looked(project, capsys) == []


STRAYS = {
    "cpu/a/gone/pytorch.json": "verify",
    "cpu/a/b/both-2.json": "verify",
    "gpu-1/c/gone/agreement.json": "verify",
    "cpu/api/gone.json": "rows",
    "cpu/differences/gone.json": "differences",
}
NO_LABELS = ["CPU/a/b/pytorch.json", "gpu_1/a/b/agreement.json", ".cpu/a", "old.zip"]


def test_records_of_what_is_no_more(project, capsys):
    """No page would show them, and no run would write or remove them."""
    for name, command in STRAYS.items():
        project.write({f"records/{name}": "{}"})
        assert looked(project, capsys) == [f"records/{name}: a record of what is not there; remove it"]
        assert looked(project, capsys, command), command
        (project.root / "records" / name).unlink()


def test_what_became_of_mutants_is_of_something(project, capsys):
    project.write({"records/cpu/mutants.json": "{}"})
    assert looked(project, capsys) == []


@pytest.mark.parametrize("name", NO_LABELS)
def test_what_no_label_names(project, capsys, name):
    """A site shows nothing of it, and whoever put it there would not know why."""
    path = project.root / "records" / name
    project.write({f"records/{name}": "{}"})
    where = f"records/{name.partition('/')[0]}"
    assert looked(project, capsys) == [f"{where}: a record of what is not there; remove it"]
    assert path.exists()


# The whole folder --------------------------------------------------------------------------------

ODD = {
    "the repository": ("", "the repository lies in it, and no records"),
    "above it": ("..", "the repository lies in it, and no records"),
    "programs": ("snippets/new", "it lies in snippets/, where other files have their place"),
    "pages": ("docs", "it lies in docs/, where other files have their place"),
    "other records": ("records/cpu/new", "it lies in records/, where other files have their place"),
    "a file": ("requirements/programs.txt", "no folder: records would not fit in it"),
    "somebody's": ("../somebody", "there is 'Letters' in it, which is no record"),
}


@pytest.mark.parametrize(("at", "said"), ODD.values(), ids=ODD)
def test_a_folder_that_is_not_for_records(project, at, said):
    """Nothing is written there, and nothing swept."""
    project.write({"../somebody/.work/thesis": "1", "../somebody/Letters/.writing-1": "2"})
    folder = (project.root / at).resolve()
    before = sorted(project.root.parent.rglob("*"))
    with pytest.raises(Problem, match=said), lock(Store(project.root, folder)):
        pass
    assert sorted(project.root.parent.rglob("*")) == before


@pytest.mark.parametrize("at", ["new", "build/records", "../new", "empty", "records"])
def test_a_folder_for_records(project, at):
    (project.root / "empty").mkdir()
    for _ in range(2):
        with lock(Store(project.root, (project.root / at).resolve())):
            pass


def test_labels_are_folders_of_their_own(project, tmp_path):
    for name in ("gpu-1", "Odd", "a_b", ".hidden"):
        (project.root / "records" / name).mkdir()
    (project.root / "records/link").symlink_to(tmp_path)
    (project.root / "records/file").write_text("")
    assert project.store.labels() == ["cpu", "gpu-1"]


LOCKS = {
    "a folder": (os.mkdir, "no file, and no lock of these records; remove it"),
    "a link": (lambda path: path.symlink_to("/etc/hostname"), "no file, and no lock of these records; remove it"),
    "a letter": (lambda path: path.write_text("Dear"), "no lock of these records; remove it"),
}


@pytest.mark.parametrize(("make", "said"), LOCKS.values(), ids=LOCKS)
def test_a_lock_that_is_none(project, make, said):
    make(project.root / "records/.lock")
    with pytest.raises(Problem, match=f"^records/.lock: {said}$"), lock(project.store):
        pass


def test_a_working_folder_that_is_a_link(project, tmp_path):
    """It goes, and not what it leads to."""
    (tmp_path / "kept").write_text("")
    (project.root / "records/.work").symlink_to(tmp_path)
    with lock(project.store), project.store.work() as folder:
        assert not folder.is_symlink()
    assert (tmp_path / "kept").exists()


def test_a_day_that_has_begun_somewhere_is_no_future(project):
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=14))).date()
    path = project.record("a/b", "pytorch.json")
    reseal(path, lambda content: content.update(date=today.isoformat()))
    project.store.read("a/b", "pytorch")
    reseal(path, lambda content: content.update(date=(today + datetime.timedelta(days=1)).isoformat()))
    with pytest.raises(Problem, match="is in the future"):
        project.store.read("a/b", "pytorch")


def test_a_lock_that_was_left_is_taken(project):
    (project.root / "records/.lock").write_text("999999999")
    with lock(project.store):
        assert (project.root / "records/.lock").read_text() == str(os.getpid())
