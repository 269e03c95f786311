"""Guards what is kept of mutants: it comes back, another form is refused, a changed program was never tried."""

from __future__ import annotations

import pytest

from headtohead.errors import Problem
from headtohead.records import mutants, sealed
from headtohead.records.mutants import Mutation, Tried

NOTICED = Mutation("x = 1", "number", "1 became 2", "the output of 'One'")
SURVIVED = Mutation("y = f(3)", "number", "3 became 4", moved="nothing moved at all")
NONE = Mutation("z = 5", "number", "5 became 6", moved="nothing moved at all", equal="nobody reads it")
PLAIN = {"line": "x", "kind": "number", "what": "1 became 2", "noticed": "the output"}
ODD = {
    "no programs": {},
    "a list": {"programs": []},
    "a program without mutations": {"programs": {"a": {"program": "d", "proof": "e", "date": "2026-12-01"}}},
    "a mutation that is text": {
        "programs": {"a": {"program": "d", "proof": "e", "date": "2026-12-01", "mutations": ["x"]}}
    },
    "no day": {"programs": {"a": {"program": "d", "proof": "e", "date": "yesterday", "mutations": []}}},
    "noticed by nobody, and nothing said": {
        "programs": {"a": {"program": "d", "proof": "e", "date": "2026-12-01", "mutations": [PLAIN | {"noticed": " "}]}}
    },
    "noticed, and survived": {
        "programs": {
            "a": {"program": "d", "proof": "e", "date": "2026-12-01", "mutations": [PLAIN | {"moved": "nothing"}]}
        }
    },
}


def test_what_is_kept_comes_back(project):
    given = {"b": Tried("d", "e", "2026-12-01", [NOTICED, SURVIVED, NONE]), "a": Tried("e", "f", "2026-11-30", [])}
    mutants.write(project.store, given)
    assert mutants.read(project.store) == given
    assert given["b"].survivors == [SURVIVED]
    assert mutants.noticed(given.values()) == (1, 2)


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_what_is_of_another_form_is_told(project, content):
    sealed.write(project.store.mutants_path(), content)
    with pytest.raises(Problem, match=r"mutants.json: .*of another form.*nox -s mutate"):
        mutants.read(project.store)


def test_what_an_editor_changed_is_told(project):
    mutants.write(project.store, {"a": Tried("d", "e", "2026-12-01", [SURVIVED])})
    place = project.store.mutants_path()
    place.write_text(place.read_text().replace("3 became 4", "3 became 5"))
    with pytest.raises(Problem, match="edited by hand"):
        mutants.read(project.store)


@pytest.mark.parametrize("name", ["in_pytorch.py", "parity.py"])
def test_a_changed_program_or_proof_was_never_tried(project, name):
    topic = project.small()
    programs = list(topic.programs.values())
    tried = {each.name: Tried(*mutants.hashes(each), "2026-12-01", [NOTICED]) for each in programs}
    assert mutants.of_topic(tried, topic) == list(tried.values())
    file = project.file("a/b", name)
    file.write_text(file.read_text() + "\n# More.\n")
    again = type(topic)(topic.root, topic.name)
    assert mutants.of_now(tried, again.programs["pytorch"]) is None
    assert mutants.of_topic(tried, again) is None
