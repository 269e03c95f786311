"""Guards the command line of `verify`: wrong arguments, which programs it takes, where records go, shards."""

from __future__ import annotations

import functools
import io
import json
import os
import shutil

import pytest

from headtohead.cli import main
from headtohead.content import differences, mistakes
from headtohead.records.store import lock
from headtohead.running import listings, rows
from tests.support.texts import AREA, NUMPY, ROW, proof


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(arguments, expected, id=arguments)
        for arguments, expected in [
            ("--shard 3/2", "argument --shard: '3/2' is no shard: write 2/5 for the second of five"),
            ("--shard 0/2", "argument --shard: '0/2' is no shard: write 2/5 for the second of five"),
            ("--shard two", "argument --shard: 'two' is no shard: write 2/5 for the second of five"),
            ("--shard 1/2/3", "argument --shard: '1/2/3' is no shard: write 2/5 for the second of five"),
            ("--shard ²/³", "argument --shard: '²/³' is no shard: write 2/5 for the second of five"),
            ("--shard 1/9999999", "argument --shard: '1/9999999' is no shard: write 2/5 for the second of five"),
            ("--shard 1/2 --shard 2/2", "argument --shard: given twice: give it once"),
            ("--framework pytorch --framework pytorch", "argument --framework: given twice: give it once"),
            ("--records a --rec b", "argument --records: given twice: give it once"),
            ("--check --all", "argument --all: not allowed with argument --check"),
            ("--records=", "argument --records: '' is no folder"),
            ("--jobs 1000000000", "argument --jobs: '1000000000' is too much: 1024 is the most"),
            ("--jobs 1.5", "argument --jobs: '1.5' is no number above zero"),
            ("--seconds inf", "argument --seconds: 'inf' is too much: 604800 is the most"),
            ("--seconds 1e300", "argument --seconds: '1e300' is too much: 604800 is the most"),
            ("--asleep 1e300", "argument --asleep: '1e300' is too much: 604800 is the most"),
            ("--label=", "--label: '' is no label; write lower-case letters, digits and dashes, as in nvidia-h200"),
            ("--jobs 0", "argument --jobs: '0' is no number above zero"),
            ("--jobs -1", "argument --jobs: '-1' is no number above zero"),
            ("--seconds nan", "argument --seconds: 'nan' is no number above zero"),
            ("--framework jax", "argument --framework: invalid choice: 'jax'"),
            ("a/goad", "snippets/a/goad: no such topic; did you mean a/good?"),
            ("--device cuda", "--device cuda: no NVIDIA GPU answers here; leave it out, or mend the driver"),
        ]
    ],
)
def test_wrong_arguments(project, arguments, expected):
    """Nothing can be tried: exit code 2, the last line says why, and nothing is written."""
    if "cuda" in arguments and shutil.which("nvidia-smi"):
        pytest.skip("a GPU answers here")
    project.topic("a/good")
    assert expected in project.verify(*arguments.split(), code=2).splitlines()[-1]
    assert project.records() == {}


@pytest.mark.parametrize("label", [".work", "../../escape", "a/b", "/tmp/x", "CPU", "größe", "a--b", "a_b", ".", ".."])
def test_a_label_is_the_name_of_a_folder(project, capsys, label):
    project.topic("a/good")
    before = sorted(project.root.parent.rglob("*"))
    assert main(["verify", "--root", str(project.root), "--label", label]) == 2
    remedy = "write lower-case letters, digits and dashes, as in nvidia-h200"
    assert capsys.readouterr().err == f"--label: {label!r} is no label; {remedy}\n"
    assert sorted(project.root.parent.rglob("*")) == before


@pytest.mark.parametrize("command", ["verify", "rows", "differences", "errors", "portable", "newest", "versions"])
def test_records_do_not_go_where_other_files_lie(project, capsys, command):
    project.topic("a/good")
    before = sorted(project.root.parent.rglob("*"))
    place = project.root / "snippets/a"
    assert main([command, "--root", str(project.root), "--records", str(place)]) == 2
    what = "it lies in snippets/, where other files have their place"
    assert capsys.readouterr().err == f"snippets/a: {what}; name a folder of its own\n"
    assert sorted(project.root.parent.rglob("*")) == before


def test_newest_removes_no_folder_but_one_of_records(project, capsys):
    project.topic("a/good")
    project.write({"mine/letter.txt": "Dear"})
    assert main(["newest", "--root", str(project.root), "--records", str(project.root / "mine")]) == 2
    assert capsys.readouterr().err.startswith("mine: there is 'letter.txt' in it, which is no record; ")
    assert (project.root / "mine/letter.txt").exists()


@pytest.mark.parametrize("option", ["--records", "--root"])
def test_links_that_lead_to_each_other(project, capsys, option):
    project.topic("a/good")
    link = project.root / "link"
    link.symlink_to(link)
    root = ["--root", str(project.root)] if option != "--root" else []
    assert main(["verify", *root, "--check", option, str(link)]) in (1, 2)
    assert capsys.readouterr().err


def test_only_what_is_named_is_looked_at(project, capsys):
    """Others may be stale, or out of form; all of them are told where none is named."""
    project.area("a", AREA + ROW)
    project.area("b", AREA + ROW)
    project.write({"api/c.toml": "title ="})

    def check(*names: str) -> list[str]:
        assert main(["rows", "--check", "--root", str(project.root), *names]) == 1
        return [line.partition(": ")[0] for line in capsys.readouterr().err.splitlines()]

    assert check("a") == ["records/cpu/api/a.json"]
    assert check("c") == ["api/c.toml:1"]
    assert check() == ["api/c.toml:1", *(f"records/cpu/api/{name}.json" for name in ("a", "b", "count"))]
    for name in ("d", "../api/a", "../requirements/programs"):
        assert main(["rows", "--check", "--root", str(project.root), name]) == 2
        assert capsys.readouterr().err == f"api/{name}.toml: no such area; there are a, b, c, count\n"


def test_what_has_no_room_for_its_record_hides_nothing(project, capsys, monkeypatch):
    project.area("a", AREA + ROW)
    project.area("b", AREA + ROW)
    project.store.data_path("api", "a").mkdir(parents=True)
    ran = []
    monkeypatch.setattr("headtohead.running.rows.run", lambda store, chosen: ran.extend(chosen) or [])
    assert main(["rows", "--root", str(project.root)]) == 1
    assert capsys.readouterr().err == "records/cpu/api/a.json: a folder, where a file belongs; remove it\n"
    assert ran == ["b", "count"]


RUNS = [rows.run, *(functools.partial(listings.run, form) for form in (differences.FORM, mistakes.FORM))]


@pytest.mark.parametrize("run", RUNS)
def test_a_data_file_out_of_form_keeps_no_other_from_running(project, run):
    """Who asks has told of it."""
    project.write({"api/c.toml": "title =", "differences/c.toml": "title =", "errors/c.toml": "title ="})
    assert run(project.store, [], io.StringIO()) == []


def test_a_folder_of_data_files_that_is_a_link_is_told(project, capsys, tmp_path):
    """Its files are left out, as it is not followed: that is no run without a fault."""
    project.area("a", AREA + ROW)
    (project.root / "api").rename(tmp_path / "elsewhere")
    (project.root / "api").symlink_to(tmp_path / "elsewhere")
    for names in ((), ("a",)):
        assert main(["rows", "--check", "--root", str(project.root), *names]) == 1
        told = capsys.readouterr().err.splitlines()[0]
        assert told == "api: a symbolic link, which is not followed; put there what it points to"


def test_two_commands_at_once(project, capsys):
    project.area("a", AREA + ROW)
    with lock(project.store):
        assert main(["rows", "--root", str(project.root)]) == 2
        expected = f"records: another run (process {os.getpid()}) is writing these records; wait until it has ended\n"
        assert capsys.readouterr().err == expected
        assert main(["rows", "--check", "--root", str(project.root)]) == 1, "looking waits for nobody"


def test_no_program_at_all(project):
    assert project.verify(code=2) == "snippets: no programs below it; write the first one\n"


def test_a_topic_named_twice_runs_once(project):
    project.topic("a/good")
    assert project.verify("--all", "--jobs", "4", "a/good", "a/good/") == ""


def test_a_folder_that_nobody_may_write(project):
    project.topic("a/good")
    (project.root / "records").write_text("a file where the folder should be")
    expected = "records: no folder: records would not fit in it; remove it, or name another one\n"
    assert project.verify(code=2) == expected


def test_two_shards_are_one_run(project):
    """Each writes a folder of its own; both copied into one are what a single run writes."""
    for name in ("a/one", "b/two", "c/three"):
        project.topic(name, NUMPY, NUMPY, proof())
    folders = [project.root / name for name in ("first", "second", "whole")]
    assert project.verify("--shard", "1/2", "--records", str(folders[0])) == ""
    assert project.verify("--shard", "2/2", "--records", str(folders[1])) == ""
    assert project.verify("--records", str(folders[2])) == ""
    merged = project.root / "records"
    for folder in folders[:2]:
        shutil.copytree(folder, merged, dirs_exist_ok=True)
    assert project.verify("--check") == ""

    def content(folder):
        files = {}
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.suffix == ".json":
                files[name] = json.loads(path.read_text())
                for changing in ("date", "duration", "seal"):
                    files[name].pop(changing, None)
            elif path.is_file() and name != ".lock":
                files[name] = path.read_bytes()
        return files

    assert content(merged) == content(folders[2])
    assert len(content(merged)) == 15
