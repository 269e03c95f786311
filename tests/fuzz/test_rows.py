"""The API map: any `api/<area>.toml`, and all that is made of its rows without running them."""

from __future__ import annotations

from hypothesis import example, given

from headtohead.content import rows
from headtohead.content.categories import categorise
from headtohead.errors import Problem
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import files, real
from tests.fuzz.words import TOML
from tests.support.projects import Project
from tests.support.texts import AREA

AREAS = real("api/*.toml", most=5000)


def read(place: Project) -> list[object]:
    found = rows.read(place.root, "a")
    said = [(row.id, row.names, categorise(row, True), categorise(row, False)) for row in found.rows]
    sides = [each for row in found.rows for each in row.expressions.values()]
    return [*said, *((each.calls, each.turns, each.inputs, each.given, each.arguments) for each in sides)]


def row(torch: str, more: str = "") -> bytes:
    return f"{AREA}[[row]]\ntorch = {torch}\nkeras = 'ops.abs(x)'\n{more}".encode()


@given(data=files(AREAS, TOML))
@example(data=row("'\\u0000'"))
@example(data=row("'torch.abs(x\\ud800)'"))
@example(data=row(repr("-" * 5000 + "torch.abs(x)")))
@example(data=row(repr("torch.abs(x)" + ".abs()" * 2000)))
@example(data=row(repr("x" + ".a" * 2000)))
@example(data=row(repr("(" * 300 + "x" + ")" * 300)))
@example(data=row(repr("torch.abs(" + "9" * 5000 + ")")))
@example(data=row("5"))
@example(data=row("'torch.abs(x)'", "rtol = nan\n"))
@example(data=row("'torch.abs(x)'", "[only]\na = {b = 1}\n"))
@example(data=b"x = " + b"[" * 5000)
@example(data=b"x = 1979-13-45\n")
@example(data=b'row = "' + b"[[row]]\\n" * 3 + b'"\n')
def test_an_area(place, data):
    place.write({"api/a.toml": data})
    found = outcome(lambda: read(place))
    if isinstance(found, Problem):
        assert found.where == "api/a.toml"
