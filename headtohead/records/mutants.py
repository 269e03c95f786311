"""Mutants: what became of each changed program that was tried, kept in one sealed file until the program changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from headtohead.content.build import build
from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.records import form, sealed
from headtohead.records.store import Store

REMEDY = "run 'nox -s mutate'"


@dataclass(frozen=True)
class Mutation:
    """What became of one mutant.

    Attributes:
        line: The changed line as it stands, without blanks around it.
        kind: Which sort of change.
        what: The change, in a line.
        noticed: Who noticed it, and where; empty of a survivor.
        moved: Of a survivor: whether anything moved at all.
        equal: Why it is a mutant in name alone; such are not counted.
    """

    line: str
    kind: str
    what: str
    noticed: str = ""
    moved: str = ""
    equal: str = ""


@dataclass(frozen=True)
class Tried:
    """What became of the mutants of one program.

    Attributes:
        program: The hash of its text.
        proof: That of its topic's proof; of nothing where nothing is compared.
        date: The day of the last trial, ISO 8601.
        mutations: One entry a mutant.
    """

    program: str
    proof: str
    date: str
    mutations: list[Mutation]

    @property
    def counted(self) -> list[Mutation]:
        """Those that are other programs."""
        return [each for each in self.mutations if not each.equal]

    @property
    def survivors(self) -> list[Mutation]:
        return [each for each in self.counted if not each.noticed]


def read(store: Store) -> dict[str, Tried]:
    """What became of the mutants of each program, by its path in the repository; raises `Problem` for another form."""
    place = store.mutants_path()
    return store.formed(place, REMEDY, _formed, sealed.read(place, store.name(place), REMEDY))


def write(store: Store, tried: dict[str, Tried]) -> None:
    store.check_room(store.mutants_path())
    programs = {name: _plain(each) for name, each in sorted(tried.items())}
    sealed.write(store.mutants_path(), {"programs": programs})


def _plain(tried: Tried) -> dict[str, Any]:
    """As it stands in the file, where nothing is said of what is empty."""
    mutations = [{name: text for name, text in asdict(each).items() if text} for each in tried.mutations]
    return {"program": tried.program, "proof": tried.proof, "date": tried.date, "mutations": mutations}


def _formed(content: dict[str, Any]) -> dict[str, Tried]:
    if list(content) != ["programs"] or not isinstance(content["programs"], dict):
        raise ValueError("it has to hold 'programs', by name")
    return {name: _tried(each) for name, each in content["programs"].items()}


def _tried(content: Any) -> Tried:
    if not isinstance(content, dict) or not isinstance(content.get("mutations"), list):
        raise ValueError("a program has to have 'mutations'")
    rest = {name: value for name, value in content.items() if name != "mutations"}
    mutations = [build(Mutation, each if isinstance(each, dict) else {}) for each in content["mutations"]]
    if any(not each.equal and bool(each.noticed) == bool(each.moved) for each in mutations):
        raise ValueError("a mutant is noticed by somebody, or something is said of what moved")
    made = build(Tried, rest, mutations=mutations)
    form.day(made.date)
    return made


def of_now(tried: dict[str, Tried], program: Program) -> Tried | None:
    """What became of the mutants of a program as it stands; None where it has changed since, or was never tried."""
    found = tried.get(program.name)
    return found if found and (found.program, found.proof) == hashes(program) else None


def hashes(program: Program) -> tuple[str, str]:
    """What decides who notices: the hash of a program's text, and that of its topic's proof."""
    found = Topic(program.root, program.topic)
    return sealed.sha256(program.bytes), sealed.sha256(found.parity_text.encode() if found.compares else b"")


def of_topic(tried: dict[str, Tried], topic: Topic) -> list[Tried] | None:
    """What became of the mutants of each program of a topic; None unless all were tried as they stand."""
    found = [of_now(tried, program) for program in topic.programs.values()]
    return [each for each in found if each] if all(found) else None


def noticed(tried: Iterable[Tried]) -> tuple[int, int]:
    """How many mutants were noticed, and how many there were."""
    counted = [mutation for each in tried for mutation in each.counted]
    return sum(bool(each.noticed) for each in counted), len(counted)
