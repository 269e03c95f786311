"""Guards what the site knows of newer releases: the file is in form, and no pin is ahead of it."""

from __future__ import annotations

import pytest

from headtohead.content.pins import LOCK, pinned
from headtohead.content.released import FILE, check_pins, released
from headtohead.errors import Problem
from tests.support.repository import ROOT

TORCH = '[[release]]\npackage = "torch"\nnewest = "2.15.0"\nread = "2026-12-01"\n'
ODD = {
    "a package that is none": (TORCH.replace("torch", "touch"), "'package' is 'touch': there are torch, "),
    "no version": (TORCH.replace("2.15.0", "newest"), "'newest' is 'newest', which is no version"),
    "a date to come": (TORCH.replace("2026", "2999"), "'2999-12-01' is later than today in 'read'"),
    "twice": (TORCH * 2, "a second release 'torch'"),
    "another key": (f'{TORCH}whose = "a"\n', "no key 'whose' in the release"),
}


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def test_no_pin_is_ahead_of_what_is_said_to_be_the_newest():
    found = released(ROOT)
    assert list(found) == ["torch", "tensorflow", "keras"]
    for name, pin in pinned(ROOT, tuple(found), LOCK).items():
        assert version(pin) <= version(found[name].newest), f"{FILE}: {name} {pin} is pinned"
        assert bool(found[name].why) == (pin != found[name].newest), f"{FILE}: {name} wants a reason, or none"


@pytest.mark.parametrize(("text", "said"), ODD.values(), ids=ODD)
def test_a_file_out_of_form(project, text, said):
    project.write({FILE: text})
    with pytest.raises(Problem, match=rf"^{FILE}:\d+: {said}"):
        released(project.root)


def test_a_repository_need_not_say(project):
    assert released(project.root) == {}


def test_a_pin_that_is_ahead_is_told(project):
    project.write({FILE: TORCH})
    found = released(project.root)
    check_pins(found, {"torch": "2.15.0"})
    check_pins(found, {"torch": "2.9.9"})
    with pytest.raises(
        Problem, match=rf"^{FILE}: the newest torch is said to be 2.15.0, and 2.15.1 is pinned; look up"
    ):
        check_pins(found, {"torch": "2.15.1"})
