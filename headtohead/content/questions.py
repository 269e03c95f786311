"""The questionnaire, read from a TOML file: its questions, where each answer points and why, and what it recommends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from headtohead.content.build import among, build
from headtohead.content.evidence import Evidence, entries, evidence
from headtohead.content.frameworks import SIDES
from headtohead.content.kinds import Id, Line, Prose
from headtohead.content.toml_file import identified, once, told
from headtohead.errors import Problem, Tell

EITHER, BOTH = "either", "both"
POINTS = {side.name: side.label for side in SIDES} | {EITHER: "Either"}
OUTCOMES = POINTS | {BOTH: "Both, and a bridge"}


@dataclass(frozen=True)
class Question:
    """A question; `line` is where its entry begins in the file."""

    id: Id
    asks: Line
    line: int


@dataclass(frozen=True)
class Answer:
    """One answer to a question.

    Attributes:
        question: The id of the question.
        id: Its own, within the question.
        says: What the reader says with it.
        points: `pytorch`, `tensorflow` or `either`.
        why: One or two sentences.
        evidence: What they rest on.
        line: Where its entry begins.
        decides: Whether the other framework cannot do it; otherwise it leans.
    """

    question: str
    id: Id
    says: Line
    points: str
    why: Prose
    evidence: Evidence
    line: int
    decides: bool = False

    @property
    def key(self) -> str:
        return f"{self.question}-{self.id}"


@dataclass(frozen=True)
class Bridge:
    """What to do where two answers decide for different frameworks; `answers` are their keys."""

    answers: list[Id]
    says: Prose
    why: Prose
    evidence: Evidence
    line: int


@dataclass(frozen=True)
class Rules:
    """The questionnaire: `answers` by question, in the order of the file, the neutral one first."""

    questions: dict[str, Question]
    answers: dict[str, list[Answer]]
    bridges: list[Bridge]

    def bridge(self, one: Answer, other: Answer) -> Bridge:
        return next(each for each in self.bridges if set(each.answers) == {one.key, other.key})

    def recommend(self, chosen: Iterable[Answer]) -> tuple[str, list[Answer], list[Bridge]]:
        """Weighs one answer to each question.

        Answers that decide settle it; if they disagree, it takes both frameworks and a bridge. Otherwise the
        side to which more answers lean is recommended, and either one where as many lean to each.

        Returns:
            A key of `OUTCOMES`, the answers that speak for it, and the bridges that it takes.
        """
        chosen = list(chosen)
        for weighed in ([each for each in chosen if each.decides], chosen):
            sides = {side.name: [each for each in weighed if each.points == side.name] for side in SIDES}
            left, right = sides.values()
            if weighed is not chosen and left and right:
                return BOTH, left + right, [self.bridge(one, other) for one in left for other in right]
            if len(left) != len(right):
                name = max(sides, key=lambda each: len(sides[each]))
                return name, [each for each in chosen if each.points == name], []
        return EITHER, [each for each in chosen if each.points != EITHER] or chosen, []


def read(path: Path, name: str, tell: Tell | None = None) -> Rules:
    """The rules of a file.

    Args:
        path: The file.
        name: What messages call it.
        tell: Called with each `Problem`; what has one is left out. Without it the first one is raised.
    """
    rules, problems = Rules({}, {}, []), []
    for kind, entry, line in entries(path, name, "question", "answer", "bridge"):
        try:
            if kind == "question":
                question = build(Question, entry, line=line)
                identified(question.id, rules.questions, "question")
                once(question.asks, [each.asks for each in rules.questions.values()], "question")
                rules.questions[question.id] = question
                rules.answers[question.id] = []
            elif kind == "answer":
                _answer(rules, build(Answer, entry, evidence=evidence(entry), line=line))
            else:
                _bridge(rules, build(Bridge, entry, evidence=evidence(entry), line=line))
        except ValueError as error:
            problems.append(Problem(name, str(error), line=line, remedy="correct the entry that begins here"))
    told(problems or _whole(rules, name), tell)
    return rules


def _answer(rules: Rules, answer: Answer) -> None:
    among("question", answer.question, rules.questions)
    among("side", answer.points, POINTS)
    others = rules.answers[answer.question]
    identified(answer.id, {each.id for each in others}, f"answer to {answer.question!r}")
    once(answer.says, [each.says for each in others], f"answer to {answer.question!r}")
    if answer.key in _keys(rules):
        raise ValueError(f"{answer.key!r} is the key of another answer too: give it another id")
    if answer.decides and answer.points == EITHER:
        raise ValueError("it decides for either, which is no decision")
    if not others and answer.points != EITHER:
        raise ValueError("the first answer is the neutral one: let it point to either")
    others.append(answer)


def _bridge(rules: Rules, bridge: Bridge) -> None:
    if len(bridge.answers) != 2:
        raise ValueError(f"a bridge between {len(bridge.answers)} answers: it takes two")
    for key in bridge.answers:
        among("answer", key, _keys(rules))
    rules.bridges.append(bridge)


def _keys(rules: Rules) -> list[str]:
    return [answer.key for answers in rules.answers.values() for answer in answers]


def _whole(rules: Rules, name: str) -> Iterator[Problem]:
    """Tells of a question without a choice, a contradiction without a bridge, and a bridge without one."""
    for question in rules.questions.values():
        if len(rules.answers[question.id]) < 2:
            yield Problem(name, f"question {question.id!r} leaves no choice", line=question.line, remedy="add answers")
    deciding = [answer for answers in rules.answers.values() for answer in answers if answer.decides]
    opposed = {
        frozenset((one.key, other.key)): other
        for one, other in combinations(deciding, 2)
        if one.question != other.question and one.points != other.points
    }
    seen: set[frozenset[str]] = set()
    for bridge in rules.bridges:
        keys = frozenset(bridge.answers)
        if keys not in opposed or keys in seen:
            what = f"a bridge between {' and '.join(map(repr, bridge.answers))}, which needs none"
            yield Problem(name, what, line=bridge.line, remedy="name two answers that decide for different sides, once")
        seen.add(keys)
    for keys, answer in opposed.items():
        if keys not in seen:
            what = f"{' and '.join(map(repr, sorted(keys)))} contradict each other"
            yield Problem(name, what, line=answer.line, remedy="write a [[bridge]] for them")
