"""Guards what pages say of newer releases: each provenance line, and the list of what ran."""

from __future__ import annotations

from headtohead.content.released import FILE
from tests.content.test_released import TORCH
from tests.support.pages import COMPARE, shown


def test_a_comparison_says_which_version_is_newer_than_the_one_that_ran(project):
    project.settle(project.small())
    line = ".h2h-provenance"
    assert "newest" not in shown(project.root, COMPARE).select_one(line).get_text()
    project.write({FILE: TORCH})
    assert "torch 2.13.0+cpu (2.15.0 is the newest)" in shown(project.root, COMPARE).select_one(line).get_text()
    project.write({FILE: TORCH.replace("2.15.0", "2.13.0")})
    assert "newest" not in shown(project.root, COMPARE).select_one(line).get_text()


def test_the_list_of_what_ran(project):
    project.small()
    project.write({FILE: TORCH + 'why = "it is too new"\n' + TORCH.replace("torch", "keras").replace("2.15", "3.16")})
    said = [item.get_text() for item in shown(project.root, "/// releases\n///\n").select(".h2h-releases li")]
    assert said[0] == "torch 2.13.0; the newest release is 2.15.0: it is too new (looked up 1 December 2026)"
    assert said[1].startswith("keras 3.15.1; the newest release is 3.16.0")
