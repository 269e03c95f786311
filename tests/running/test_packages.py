"""Guards what is said of packages: the version that is pinned, here and newest, and what holds one back."""

from __future__ import annotations

import json
from subprocess import CompletedProcess

import pytest

from headtohead.running import packages

CONFLICT = """ERROR: Cannot install torch==9.9 because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested torch==9.9
    executorch 1.5.1 depends on torch<9
    The user requested (constraint) torch<=2.14.1

To fix this you could try to:
1. loosen the range of package versions you've specified
"""
NO_WHEEL = "ERROR: Could not find a version that satisfies the requirement torch==9.9 (from versions: 2.14.1)\n"


@pytest.mark.parametrize(
    ("status", "said", "held"),
    [
        (1, CONFLICT, "executorch 1.5.1 depends on torch<9; The user requested (constraint) torch<=2.14.1"),
        (1, NO_WHEEL, NO_WHEEL.strip().removeprefix("ERROR: ")),
        (1, "", "pip does not say"),
        (0, "", "nothing: installing again would bring it"),
    ],
)
def test_what_holds_a_package_back(project, monkeypatch, status, said, held):
    here = {"torch": "2.14.1+cpu", "numpy": "2.4.6"}
    project.write({packages.ASKED: "# What\ntorch==2.13.0\nNumPy[all]==2.4.6 # of all\nscikit-image==0.26.0\n"})
    asked = []

    def pip(*arguments: str) -> CompletedProcess[str]:
        asked.append(arguments)
        if arguments[0] == "list":
            return CompletedProcess([], 0, json.dumps([{"name": "torch", "latest_version": "9.9"}]), "")
        errors = [line for line in said.splitlines(keepends=True) if line.startswith("ERROR: ")]
        rest = [line for line in said.splitlines(keepends=True) if line not in errors]
        return CompletedProcess([], status, "".join(rest), "".join(errors))  # as pip parts them

    monkeypatch.setattr(packages, "_installed", lambda name: here.get(name.lower(), ""))
    torch, numpy, image = packages.packages(project.root, pip)
    assert torch == packages.Package("torch", "2.13.0", "2.14.1+cpu", "9.9", held)
    assert numpy == packages.Package("NumPy", "2.4.6", "2.4.6", "2.4.6")
    assert image == packages.Package("scikit-image", "0.26.0", "", "")
    assert asked[1:] == [("install", "--dry-run", "torch==9.9", "NumPy==2.4.6")]


def test_an_index_that_cannot_be_asked_is_no_failure(project):
    project.write({packages.ASKED: "numpy==2.4.6\n"})
    (numpy,) = packages.packages(project.root, lambda *_: CompletedProcess([], 1, "no such host", ""))
    assert numpy.newest == numpy.installed
