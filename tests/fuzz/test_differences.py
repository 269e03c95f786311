"""The differences: any `differences/<group>.toml`."""

from __future__ import annotations

from hypothesis import example, given

from headtohead.content import differences
from headtohead.errors import Problem
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import files, real
from tests.fuzz.words import TOML
from tests.support.projects import Project
from tests.support.texts import DIFFERENCE, GROUP

GROUPS = real("differences/*.toml", most=6000)
GOOD = GROUP + DIFFERENCE


def read(place: Project) -> list[object]:
    found = differences.read(place.root, "a")
    return [(entry.programs, entry.verdict(dict.fromkeys(entry.programs, "1"))) for entry in found.entries]


def changed(old: str, new: str) -> bytes:
    return GOOD.replace(old, new).encode()


@given(data=files(GROUPS, TOML))
@example(data=changed('"print(1)"', '"print(\\u0000)"'))
@example(data=changed('"print(1)"', repr("-" * 5000 + "print(1)")))
@example(data=changed('"print(1)"', repr("(" * 500)))
@example(data=changed('"print(1)"', "5"))
@example(data=changed('id = "one"', "id = 5"))
@example(data=changed("order = 1", "order = '2'"))
@example(data=changed("order = 1", "order = 2025-08-07"))
@example(data=changed('fix = "Mend it."', "fix = 1.5\nwarns = 7"))
@example(data=changed('fix = "Mend it."', "warns = { pytorch_fixed = 5 }\ntopics = [1]"))
def test_a_group(place, data):
    place.write({"differences/a.toml": data})
    found = outcome(lambda: read(place))
    if isinstance(found, Problem):
        assert found.where == "differences/a.toml"
