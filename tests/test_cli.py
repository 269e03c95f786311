"""Guards the command line of `verify`: wrong arguments, which programs it takes, where records go, shards."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.support.texts import NUMPY, proof


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(arguments, expected, id=arguments)
        for arguments, expected in [
            ("--shard 3/2", "argument --shard: '3/2' is no shard: write 2/5 for the second of five"),
            ("--shard 0/2", "argument --shard: '0/2' is no shard: write 2/5 for the second of five"),
            ("--shard two", "argument --shard: 'two' is no shard: write 2/5 for the second of five"),
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
