"""Guards what is noted of a proof: the cells whose values and functions it used, and no others."""

from __future__ import annotations

import pytest

from headtohead.records.store import Store
from tests.support.projects import Project
from tests.support.texts import DRAWS, NUMPY, SCORES, TITLES, proof
from tests.support.texts import program as cells

# A value, a function that reads another name, a class, an instance of it, and something that no proof asks for.
PROGRAM = cells(
    "rate = 2.0",
    "def double(x):\n    return [rate * each for each in (x,)][0]",
    "class Net:\n    def __call__(self):\n        return double(3.0)",
    "net = Net()\nsize = 1.0",
    "rest = double(1.0)\ntext = 'a text'\nplace = 'cpu'",
)
RATE, DOUBLE, NET, INSTANCE, REST = TITLES
USES = {
    "a value": ('{"a": program.size}', [INSTANCE]),
    "a function, and what it reads": ('{"a": program.double(2.0)}', [RATE, DOUBLE]),
    "an instance, its class, and what that reads": ('{"a": program.net()}', [RATE, DOUBLE, NET, INSTANCE]),
    "a class": ('{"a": program.Net()()}', [RATE, DOUBLE, NET]),
    "by getattr": ('{"a": getattr(program, "rest")}', [REST]),
    "a text that is compared": ('{"a": np.array(program.text)}', [REST]),
    "a text that says where": ('{"a": float(program.place == "cpu")}', []),
    "nothing": ('{"a": np.float64(1.0)}', []),
}


def used(
    project: Project, left: str, right: str = '{"a": np.float64(1.0)}', text: str = PROGRAM
) -> dict[str, list[str]]:
    project.topic("a/b", text, text, proof(f"return {left}", f"return {right}"))
    project.verify("a/b")
    return {side: Store(project.root).read("a/b", side).used for side in ("pytorch", "tensorflow")}


@pytest.mark.parametrize(("left", "expected"), USES.values(), ids=USES)
def test_the_cells_that_a_proof_uses_are_noted(project, left, expected):
    assert used(project, left, left) == dict.fromkeys(("pytorch", "tensorflow"), expected)
    agreement = Store(project.root).read_agreement("a/b")
    assert agreement.compared == dict.fromkeys(("pytorch", "tensorflow"), expected)


def test_each_side_is_noted_by_itself(project):
    assert used(project, '{"a": program.size}', '{"a": 1.0 + 0 * program.rest}') == {
        "pytorch": [INSTANCE],
        "tensorflow": [REST],
    }


def test_what_a_proof_puts_in_the_place_of_the_program_s_own_is_none_of_it(project):
    instead = "(setattr(program, 'rate', 5.0), {'a': program.double(2.0) + program.rate})[1]"
    assert used(project, instead, instead)["pytorch"] == [DOUBLE]


def test_the_cell_that_sets_a_name_last_has_it(project):
    text = cells("a = 1.0\nb = a", "a = 2.0", "for c in range(3):\n    pass")
    assert used(project, '{"a": program.a, "c": program.c}', '{"a": program.a, "c": program.c}', text)["pytorch"] == [
        "Two",
        "Three",
    ]


def test_a_score_over_seeds_is_compared(project):
    project.topic("a/b", DRAWS, DRAWS, SCORES)
    project.verify("a/b")
    assert Store(project.root).read_agreement("a/b").compared["pytorch"] == ["Two"]


def test_inputs_that_are_others_each_time_are_told_as_the_cause(project):
    """And not a program that would be at fault; where nothing parts, what they were does not matter."""
    project.topic(
        "a/b", NUMPY, NUMPY, proof(*['return {"x": np.array(given["x"])}'] * 2, inputs="{'x': np.random.rand(3)}")
    )
    told = "snippets/a/b/parity.py: inputs() gives each side other numbers, and x at ["
    assert project.verify("a/b", code=1).startswith(told)
    project.change("a/b", parity=proof(*['return {"x": np.array(given["x"])}'] * 2, inputs="{'x': np.ones(3)}"))
    assert project.verify("a/b") == ""
    left, right = (project.store.read("a/b", side).given for side in ("pytorch", "tensorflow"))
    assert left == right != ""


SAYS = "import sys, warnings; warnings.warn('old'); "


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (
            f"{SAYS}return {{'a': np.ones(3)}}",
            "parity.py:11: the proof of PyTorch warns: UserWarning: old; mend it, or ",
        ),
        (
            "program.rate = 7.0; return {'a': program.rate * np.ones(3)}",
            "it sets 'rate', and compares nothing that the ",
        ),
    ],
)
def test_what_a_proof_says_unheard_and_what_it_compares_of_its_own_is_told(project, left, told):
    project.topic("a/b", PROGRAM, PROGRAM, proof(left))
    said = project.verify("a/b", code=1)
    assert said.startswith("snippets/a/b/parity.py")
    assert told in said
