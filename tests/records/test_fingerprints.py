"""Guards what a fingerprint is made of: content, pins, tolerances, settings and an edition; and no code."""

from __future__ import annotations

from pathlib import Path

import pytest

import headtohead
from headtohead.content import differences, rows, settings, tolerances
from headtohead.records import freshness
from tests.support.projects import Project
from tests.support.records import left
from tests.support.repository import ROOT

MACHINERY = Path(headtohead.__file__).parent


def fingerprints(root: Path) -> dict[str, str]:
    """One of each kind that needs no record."""
    return {
        "programs": freshness.of_program(left(Project(root).small()), "cpu"),
        rows.FOLDER: freshness.of_data(ROOT, rows.FOLDER, "losses"),
        differences.FOLDER: freshness.of_data(ROOT, differences.FOLDER, "losses"),
    }


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        (tolerances.BY_DTYPE, "float32", (1.0, 1.0)),
        (tolerances.ALL, "gradient", (1.0, 1.0)),
        (settings.ON_A_CPU, "OMP_NUM_THREADS", "4"),
        (settings.EVERYWHERE, "PYTHONHASHSEED", "1"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_another_tolerance_or_setting_makes_everything_stale(tmp_path, monkeypatch, place, name, value):
    before = fingerprints(tmp_path)
    monkeypatch.setitem(place, name, value)
    after = fingerprints(tmp_path)
    assert all(before[kind] != after[kind] for kind in before)


@pytest.mark.parametrize("kind", ["programs", rows.FOLDER, differences.FOLDER])
def test_an_edition_makes_its_own_kind_stale(tmp_path, monkeypatch, kind):
    before = fingerprints(tmp_path)
    monkeypatch.setitem(freshness.EDITIONS, kind, freshness.EDITIONS[kind] + 1)
    after = fingerprints(tmp_path)
    assert [each for each in before if before[each] != after[each]] == [kind]


def test_the_code_of_the_machinery_is_not_read(tmp_path, monkeypatch):
    opened = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read(path))
    fingerprints(tmp_path)
    assert ROOT / "api/losses.toml" in opened
    assert not [path for path in opened if MACHINERY in path.resolve().parents]
