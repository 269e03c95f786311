"""What people type into a search box, with the places of the site that answer it, and where an answer was found."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from headtohead.content.build import build
from headtohead.content.kinds import Address, Line

FOLDER = Path(__file__).resolve().parents[1] / "browser" / "questions"
HALVES = ("first", "second")  # collected one after the other, so that each is measured by itself
PASTED = "pasted"  # messages of errors
KINDS = ("topic", "row", "difference", "name", "claim", "choosing", "machinery")  # of what answers
SIDES = ("pytorch", "tensorflow", "both")  # of what it asks about by name, or comes from
TOP = 3  # places of a list that a reader looks at


@dataclass(frozen=True)
class Question:
    """A question as it is typed.

    Attributes:
        asks: What is typed.
        kind: What answers it, one of `KINDS`; `error` of a message that is pasted.
        side: The framework that it comes from, one of `SIDES`.
        source: The public thread or article that it was taken from.
        places: Addresses within the site, each of which answers it by itself.
        names: Whether it is nothing but names.
        lacking: Whether nothing answers it yet; `places` then say where the answer ought to be.
    """

    asks: Line
    kind: str
    side: str
    source: Address
    places: list[Line]
    names: bool = False
    lacking: bool = False

    def rank(self, found: Iterable[str]) -> int | None:
        """At which place of what was found the first right one is, from 1; None if it is not among them."""
        if self.lacking:
            return None
        return next((rank for rank, place in enumerate(found, 1) if place in self.places), None)


def questions(part: str) -> list[Question]:
    """Those of one of `HALVES`, or of `PASTED`."""
    text = (FOLDER / f"{part}.toml").read_text(encoding="utf-8")
    return [build(Question, entry) for entry in tomllib.loads(text)["question"]]


@dataclass
class Shares:
    """Where the first right place of each question was.

    Attributes:
        ranks: Each question with its rank, from 1; None where it was not found.
    """

    ranks: list[tuple[Question, int | None]]

    def within(self, last: int, kind: str = "") -> int:
        """How many questions have it among the first so many, all or those of a kind."""
        return sum(1 for each, rank in self.ranks if kind in ("", each.kind) and rank and rank <= last)

    def __str__(self) -> str:
        lines = [f"{self.within(TOP)} of {len(self.ranks)} in the first {TOP}, {self.within(1)} first"]
        for kind in KINDS:
            if asked := sum(each.kind == kind for each, _ in self.ranks):
                lines.append(f"  {kind}: {self.within(TOP, kind)} of {asked}, {self.within(1, kind)} first")
        missed = [(each, rank) for each, rank in self.ranks if not rank or rank > TOP]
        lines += [f"  {'lacking' if each.lacking else rank or 'missed'}: {each.asks}" for each, rank in missed]
        return "\n".join(lines)
