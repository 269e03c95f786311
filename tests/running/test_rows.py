"""Guards how areas of the API map run: each apart, each row to its end, and faults name their row."""

from __future__ import annotations

import io

import pytest

from headtohead.content.rows import FOLDER
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.running.limits import Limits
from headtohead.running.rows import COUNT, run
from tests.support.guards import guards
from tests.support.texts import AREA, ROW


def test_areas_run_apart_and_faults_name_their_row(project):
    broken = ROW.replace("ops.abs(x)", "ops.negative(x)")
    wrong = "[only]\n'torch.nn.Linear.no_such' = 'No name of either package.'\n'torch.nn.Linear.weight' = 'A name.'\n"
    dies = ROW.replace("torch.abs(x)", "torch.abs(x) + [torch][0].os._exit(3)")
    project.area("a", AREA + ROW + wrong)
    project.area("b", AREA + ROW + broken)
    project.area("c", AREA + ROW + dies + broken)
    store, said = project.store, io.StringIO()
    gone, *problems = sorted(run(store, ["a", "b", "c", COUNT], said))
    assert gone == "api/a.toml: torch.nn.Linear.no_such is not there; take it out, or correct it"
    assert [line.partition(": ")[0] for line in problems] == ["api/b.toml:6", "api/c.toml:6"]
    assert "off by" in problems[0]
    assert "this row ended with 3; mend it, or take it out" in problems[1]
    assert said.getvalue().count("  api/") == 4  # and how far it is, where that takes long
    assert list(freshness.data(store, FOLDER, "a")) == ["torch-abs--keras-ops-abs"]
    for name in "bc":
        with pytest.raises(Problem, match="no such record"):
            freshness.data(store, FOLDER, name)
    project.area("a", AREA + ROW + "\n# Another byte.\n")
    with pytest.raises(Problem, match="stale: the rows"):
        freshness.data(store, FOLDER, "a")


def test_a_row_that_never_ends_is_ended(project, monkeypatch):
    monkeypatch.setattr("headtohead.running.rows.LIMITS", Limits(seconds=60, asleep=2))
    hangs = ROW.replace("torch.abs(x)", "torch.abs(x) + torch.futures.Future().wait()")
    project.area("a", AREA + hangs)
    assert run(project.store, ["a"]) == [
        "api/a.toml:3: this row slept for 2 s and was stopped; mend it, or take it out"
    ]


def test_a_record_that_cannot_be_written_hides_no_other(project):
    project.area("a", AREA + ROW)
    project.area("b", AREA + ROW)
    project.store.data_path(FOLDER, "a").mkdir(parents=True)
    assert run(project.store, ["a", "b"]) == ["records/cpu/api/a.json: a folder, where a file belongs; remove it"]
    record = project.store.read_data(FOLDER, "b")
    assert list(record.gave) == ["torch-abs--keras-ops-abs"]
    assert record.guards == guards()


def test_an_area_that_changes_while_it_waits_is_told(project, monkeypatch):
    """Its record would be of rows that nobody has written any more."""
    monkeypatch.setattr("headtohead.running.devices.cores", lambda: 1)
    changed = AREA + ROW.replace("torch.abs(x)", "torch.abs(y)").replace("ops.abs(x)", "ops.abs(y)")
    project.area("a", AREA + ROW + ROW.replace("abs", "sin"))  # the longer one runs first
    project.area("b", AREA + ROW)

    class Said(io.StringIO):
        """Whoever edits once the first area has ended."""

        def write(self, text: str) -> int:
            if "api/a" in text:
                project.write({"api/b.toml": changed})
            return super().write(text)

    problems = run(project.store, ["a", "b"], Said())
    assert problems == ["api/b.toml: changed while it waited to be measured; run 'nox -s rows -- b'"]
