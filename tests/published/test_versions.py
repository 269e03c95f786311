"""Guards what is kept of other releases here: it can be read, and is of the releases that are locked."""

from __future__ import annotations

from itertools import pairwise

import pytest

from headtohead.content.frameworks import PACKAGES
from headtohead.content.pins import LOCK, PIN, pinned
from headtohead.records.pairs import pairs
from headtohead.records.store import Store
from tests.support.repository import ROOT

BEFORE = ("before-1", "before-2")  # the newest first


def locked(name: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    return {pin["name"]: pin["version"] for pin in PIN.finditer(text) if pin["name"] in PACKAGES}


def order(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_earlier_releases_are_earlier():
    lines = [pinned(ROOT, PACKAGES, LOCK), *map(locked, BEFORE)]
    for newer, older in pairwise(lines):
        for package in ("torch", "tensorflow", "keras"):
            assert order(older[package]) < order(newer[package])


@pytest.mark.parametrize("pair", pairs(Store(ROOT)), ids=lambda pair: pair.name)
def test_a_pair_is_of_releases_that_are_locked(pair):
    lines = [{name: version.partition("+")[0] for name, version in pair.versions.items() if name in PACKAGES}]
    assert lines[0] in [{name: locked(each)[name] for name in PACKAGES} for each in BEFORE]
