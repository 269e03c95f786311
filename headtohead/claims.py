"""A Python-Markdown extension: `/// claims` on a page becomes the claims of an article, examined.

```markdown
/// claims
///
```

shows every claim of the `claims.toml` beside the page, a table a part, with its verdict and its evidence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from headtohead import render
from headtohead.errors import Problem
from headtohead.evidence import Block, BlockExtension, Evidence, among, entries, evidence, made
from headtohead.tables import identified

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

    id: str
    part: str
    claim: str
    verdict: str
    why: str
    evidence: Evidence
    line: int


def read(path: Path, name: str) -> list[Claim]:
    """The claims of a file that is called `name` in messages; raises the first `Problem` in their form."""
    claims: dict[str, Claim] = {}
    for _, entry, line in entries(path, name, "claim"):
        try:
            claim: Claim = made(Claim, entry | {"evidence": evidence(entry), "line": line})
            identified(claim.id, claims, "claim")
            among("part", claim.part, PARTS)
            among("verdict", claim.verdict, VERDICTS)
        except ValueError as error:
            raise Problem(name, str(error), line=line, remedy="correct the entry that begins here") from None
        claims[claim.id] = claim
    return list(claims.values())


class Claims(Block):
    """Replaces the block by a heading and a table for each part."""

    name, uri = "claims", "choose/claims.md"

    def shown(self, path: Path, name: str) -> list[str]:
        claims = read(path, name)
        for claim in claims:
            self.prove(name, claim.line, f"claim {claim.id!r}", claim.evidence)
        result = ["", self.stash(tally(claims)), ""]
        for part, heading in PARTS.items():
            rows = [self.row(claim) for claim in claims if claim.part == part]
            if rows:
                table = render.table(heading, "h2h-claims", ("Claim", "Verdict", "Why, and the evidence"), rows)
                result += ["", f"## {heading}", "", self.stash(table), ""]
        return result

    def row(self, claim: Claim) -> str:
        anchor = f"claim-{claim.id}"
        return (
            f'<tr id="{anchor}"><th scope=row>{render.prose(claim.claim)} '
            f'<a class=headerlink href="#{anchor}" title="Link to this claim">¶</a></th>'
            f"<td><span class=h2h-verdict data-verdict={render.slug(claim.verdict)}>{claim.verdict}</span></td>"
            f"<td><p>{render.prose(claim.why)}</p>{self.links(claim.evidence)}</td></tr>"
        )


def tally(claims: list[Claim]) -> str:
    """How many there are, and what the verdicts mean."""
    counts = Counter(claim.verdict for claim in claims)
    rows = [
        f"<tr><th scope=row><span class=h2h-verdict data-verdict={render.slug(verdict)}>{verdict}</span></th>"
        f"<td>{counts[verdict]}</td><td>{meaning}</td></tr>"
        for verdict, meaning in VERDICTS.items()
    ]
    heads = ("Verdict", f"Of {len(claims)} claims", "It means")
    return render.table("Verdicts", "h2h-claims", heads, rows)


def makeExtension(**options: object) -> BlockExtension:
    return BlockExtension(Claims, **options)
