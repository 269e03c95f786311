"""Guards the remedy that a line names: the command makes anew what was no record, and leaves all else as it is."""

from __future__ import annotations

import pytest

from headtohead.cli import main
from tests.support.records import reseal
from tests.support.texts import NUMPY, proof

BROKEN = {
    "a/date": ("pytorch", lambda path: reseal(path, lambda content: content.update(date="2999-01-01"))),
    "a/device": ("pytorch", lambda path: reseal(path, lambda content: content.update(device={}))),
    "a/text": ("tensorflow", lambda path: path.write_text(path.read_text(), encoding="utf-16")),
    "a/place": ("tensorflow", lambda path: reseal(path, lambda content: content.update(topic="a/good"))),
    "a/arrays": ("pytorch", lambda path: reseal(path, lambda content: content.update(arrays=None))),
    "a/agreed": (
        "agreement",
        lambda path: reseal(path, lambda content: content["quantities"][0].update(absolute=float("nan"))),
    ),
}


def test_the_command_that_a_line_names_mends_it(project):
    for name in [*BROKEN, "a/good"]:
        project.topic(name, NUMPY, NUMPY, proof())
    assert project.verify() == ""
    before = project.records()
    for name, (record, fault) in BROKEN.items():
        fault(project.record(name, f"{record}.json"))
    lines = project.verify("--check", code=1).splitlines()
    assert sorted(line.partition(": ")[0] for line in lines) == sorted(
        f"records/cpu/{name}/{record}.json" for name, (record, _) in BROKEN.items()
    )
    assert project.verify(*BROKEN) == ""
    assert project.verify("--check") == ""
    assert project.records().keys() == before.keys()
    assert [name for name in before if "a/good" in name and project.records()[name] != before[name]] == []
    project.unharmed()


@pytest.mark.parametrize("command", ["verify", "rows", "differences"])
def test_looking_at_what_is_no_folder(project, capsys, command):
    project.topic("a/good")
    (project.root / "records").write_text("a file where the folder should be")
    assert main([command, "--check", "--root", str(project.root)]) == (command != "differences")
    assert all("records" in line for line in capsys.readouterr().err.splitlines())
