"""Guards the test command: a part that fails hides no other, and the report has them all."""

from __future__ import annotations

import pytest

from tests import suite
from tests.suite import Part, failed_tests, lines, logged, report, run

SAYS = "import sys; print('on its way'); print({!r}, file=sys.stderr); sys.exit({})"


def part(name: str, said: str = "", status: int = 0, faults=lines, **more) -> Part:
    return Part(name, ["-c", SAYS.format(said, status)], faults, **more)


def test_every_part_runs_to_its_end_and_all_failures_are_told(capsys):
    spends = Part("spends", ["-c", "import time\nwhile time.process_time() < 0.5: pass"], lines)
    done = run(
        [[part("one", "a/b.py:3: wrong", 1)], [spends], [part("two", "c.py: wrong\nd.py: wrong", 2), part("three")]]
    )
    assert [each.status for each in done] == [1, 0, 2, 0]
    assert done[1].cpu >= 0.5
    assert report(done) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-6:-2] == ["3 failures:", "one: a/b.py:3: wrong", "two: c.py: wrong", "two: d.py: wrong"]
    assert said[-1] == "0 passed, 3 failed, 0 skipped"


def test_what_is_said_without_a_failure_is_none(capsys):
    assert report(run([[part("one", "a note")]])) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize("said", ["", "Traceback: KeyError"])
def test_a_part_that_fails_without_a_word_is_told_all_the_same(said):
    (done,) = run([[part("site", said, 1, logged)]])
    assert done.failures == [said or "ended with 1"]


def test_errors_and_warnings_of_the_site_are_its_failures():
    said = "INFO    -  Building\nERROR   -  docs/a.md:3: no record\nWARNING -  a link leads nowhere\nAborted"
    (done,) = run([[part("site", said, 1, logged, quiet=True)]])
    assert done.failures == ["docs/a.md:3: no record", "a link leads nowhere"]


def test_tests_that_failed_and_reasons_of_those_left_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(suite, "BUILD", tmp_path)
    file = tmp_path / "test_made_up.py"
    file.write_text(
        "import pytest\ndef test_one(): pass\ndef test_two(): assert 1 == 2\n"
        "def test_three(): pytest.skip('no such thing')\n@pytest.fixture\ndef broken(): raise ValueError('oh')\n"
        "def test_four(broken): pass\n"
    )
    command = suite.pytest("checks", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(file))
    (done,) = run([[Part("checks", command, failed_tests, quiet=True)]])
    assert report([done]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "skipped 1: no such thing" in said
    assert any(line.startswith("checks: test_made_up::test_two: assert 1 == 2") for line in said)
    assert any("test_four" in line and "ValueError: oh" in line for line in said)
    assert said[-1] == "1 passed, 2 failed, 1 skipped"
