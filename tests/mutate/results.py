"""Results: what is known of the mutants of each program, what is still to try, and which are mutants in name alone."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from headtohead.content.programs import Program
from headtohead.content.topics import Topic
from headtohead.records import mutants as kept
from headtohead.records.mutants import Mutation, Tried
from headtohead.records.store import Store
from tests.mutate.mutants import Mutant, mutants
from tests.mutate.trials import Asked, Trial, chosen, line

Known = dict[tuple[str, str, str], str]  # why a mutant is none, by its program, its line and what it changes


PROOF = "the agreement"  # in what is said of a mutant, where a proof noticed it


class Results:
    """What became of mutants, beside the records of a repository.

    Args:
        store: The records.
        known: The mutants that are none.
    """

    def __init__(self, store: Store, known: Known):
        self.store, self.known = store, known
        self.tried = kept.read(store) if store.mutants_path().exists() else {}
        for name, each in self.tried.items():
            self.tried[name] = replace(each, mutations=[self._equal(name, one) for one in each.mutations])

    def forget(self, program: Program) -> None:
        """Forgets of a program as it stands what is no mutant any more, since others are made."""
        if found := kept.of_now(self.tried, program):
            made = {self._key(program, each) for each in mutants(program.text)}
            still = [each for each in found.mutations if (each.line, each.what) in made]
            self.tried[program.name] = replace(found, mutations=still)

    def untried(self, program: Program, asked: Asked) -> list[Mutant]:
        """The mutants to try: those asked for, and those whose proof has changed since, but for what is known."""
        told = [
            each for each in chosen(program, Asked(10**6), self.known) if self._key(program, each) in self.old(program)
        ]
        done = {(each.line, each.what) for each in self.kept(program)}
        wanted = {each.text: each for each in (*told, *chosen(program, asked, self.known))}
        return [each for each in wanted.values() if self._key(program, each) not in done]

    def kept(self, program: Program) -> list[Mutation]:
        """What is known of the program's mutants as it stands; where its proof has changed, what no proof noticed."""
        found = self.tried.get(program.name)
        if not found or found.program != kept.hashes(program)[0]:
            return []
        same = found.proof == kept.hashes(program)[1]
        return [each for each in found.mutations if same or each.equal or (each.noticed and PROOF not in each.noticed)]

    def old(self, program: Program) -> set[tuple[str, str]]:
        """The mutants that the proof noticed, or did not, before it changed."""
        found = self.tried.get(program.name)
        every = found.mutations if found and found.program == kept.hashes(program)[0] else []
        return {(each.line, each.what) for each in every} - {(each.line, each.what) for each in self.kept(program)}

    def add(self, program: Program, trials: list[Trial]) -> None:
        """Keeps what became of mutants, beside what is known of others of the same program."""
        made = [
            Mutation(line(program, each.mutant), each.mutant.kind, each.mutant.what, each.noticed, each.moved)
            for each in trials
        ]
        if before := self.kept(program):
            date = self.tried[program.name].date
        if made:
            date = datetime.date.today().isoformat()
        if before or made:
            self.tried[program.name] = Tried(*kept.hashes(program), date, before + made)

    def write(self) -> None:
        kept.write(self.store, self.tried)

    def of(self, topic: Topic) -> list[Tried]:
        """What became of the mutants of the programs of a topic as they stand."""
        found = [kept.of_now(self.tried, program) for program in topic.programs.values()]
        return [each for each in found if each]

    def survivors(self, topic: Topic) -> Iterator[str]:
        """A line for each mutant that nobody noticed."""
        for program in topic.programs.values():
            found = kept.of_now(self.tried, program)
            for each in found.survivors if found else ():
                yield f"{program.name}: {each.line}: {each.kind}: {each.what}; survived: {each.moved}"

    @staticmethod
    def _key(program: Program, mutant: Mutant) -> tuple[str, str]:
        return line(program, mutant), mutant.what

    def _equal(self, name: str, mutation: Mutation) -> Mutation:
        return replace(mutation, equal=self.known.get((name, mutation.line, mutation.what), ""))


def equivalent(path: Path) -> Known:
    """The mutants that are none, with the reason of each."""
    found = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return {(each["program"], each["line"], each["what"]): each["why"] for each in found if each["why"].strip()}


def gone(known: Known, found: list[Topic]) -> list[str]:
    """A line for each mutant that is said to be none, and that the programs of these topics do not have any more."""
    here = {program.name: program for one in found for program in one.programs.values()}
    there = {
        (name, line(program, mutant), mutant.what) for name, program in here.items() for mutant in mutants(program.text)
    }
    old = [each for each in sorted(known) if each[0] in here and each not in there]
    return [f"equivalent.toml: no such mutant any more: {each}" for each in old]
