"""The claims of the article, read from a TOML file: what each says, how it was judged, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headtohead.content.build import among, build
from headtohead.content.evidence import Evidence, entries, evidence
from headtohead.content.kinds import Id, Line, Prose
from headtohead.content.toml_file import identified, once, told
from headtohead.errors import Problem, Tell

# What a verdict is called, and what it means.
VERDICTS = {
    "holds": "true today",
    "held once": "true when it was first said, not today",
    "depends": "true on a condition, in part, or a matter of judgement",
    "never held": "not true, and was not",
}
# The parts of the article, in its order.
PARTS = {
    "basics": "What it says of the basics",
    "uses": "What each is used for",
    "history-pytorch": "The history of PyTorch",
    "pros-pytorch": "Pros of PyTorch",
    "cons-pytorch": "Cons of PyTorch",
    "history-tensorflow": "The history of TensorFlow",
    "pros-tensorflow": "Pros of TensorFlow",
    "cons-tensorflow": "Cons of TensorFlow",
    "code": "The code and its remarks",
    "table": "The feature table",
    "conclusion": "The conclusion",
    "questions": "The four questions",
}


@dataclass(frozen=True)
class Claim:
    """One claim of the article; `line` is where its entry begins in the file."""

    id: Id
    part: str
    claim: Line
    verdict: str
    why: Prose
    evidence: Evidence
    line: int


def read(path: Path, name: str, tell: Tell | None = None) -> list[Claim]:
    """The claims of a file.

    Args:
        path: The file.
        name: What messages call it.
        tell: Called with each `Problem` in an entry, which is left out. Without it the first one is raised.
    """
    claims: dict[str, Claim] = {}
    problems = []
    for _, entry, line in entries(path, name, "claim"):
        try:
            claim = build(Claim, entry, evidence=evidence(entry), line=line)
            identified(claim.id, claims, "claim")
            once(claim.claim, [each.claim for each in claims.values()], "claim")
            among("part", claim.part, PARTS)
            among("verdict", claim.verdict, VERDICTS)
            claims[claim.id] = claim
        except ValueError as error:
            problems.append(Problem(name, str(error), line=line, remedy="correct the entry that begins here"))
    told(problems, tell)
    return list(claims.values())
