"""Guards records against kills and a full disk, at a few moments; `python -m tests.support.crashes` tries 200."""

from __future__ import annotations

import pytest

from tests.support.crashes import FAILS, WRITERS, Ground, begin, command, full, killed
from tests.support.disk import disk
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return Ground(tmp_path_factory.mktemp("crashes"))


MOMENTS = [("verify", 0.4), ("verify", 0.6), ("verify", 0.8), ("rows", 0.7), ("differences", 0.8), ("build", 0.6)]


@pytest.mark.parametrize(("kind", "moment"), MOMENTS)
def test_killed_at_a_moment(ground, kind, moment):
    assert killed(ground, kind, moment).harm == []


@pytest.mark.skipif(disk("64k") is None, reason="this system lets nobody mount a disk of its own")
@pytest.mark.parametrize(("kind", "moment"), [("verify", 0.6), ("rows", 0.7), ("differences", 0.7)])
def test_the_disk_is_full_from_a_moment_on(ground, kind, moment):
    assert full(ground, kind, moment).harm == []


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 13])
def test_the_disk_is_full_from_a_call_on(ground, kind, number):
    """As above, where nobody may mount a disk: each call that needs room fails from one of them on."""
    with ground.case(kind) as project:
        process = begin(command(kind, project, before=FAILS.format(number=number)))
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode in (0, 1, 2)
        assert "Traceback" not in said
        assert bool(process.returncode) == bool(said.strip())
        assert ground.judged(kind, project).harm == []
