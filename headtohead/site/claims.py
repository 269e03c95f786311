"""Claims on a page: every claim of the article as a table a part, with its verdict and its evidence."""

from __future__ import annotations

from collections import Counter

from headtohead.content.claims import PARTS, VERDICTS, Claim, read
from headtohead.site.evidence import links, prove
from headtohead.site.html import prose, slug, table
from headtohead.site.pages import Page


def claims(page: Page) -> list[str]:
    """Headings and tables of the claims that lie beside a page; raises `Problem` for any that no longer holds."""
    path, name = page.beside("choose/claims.md")
    found = read(path, name)
    for claim in found:
        prove(page, name, claim.line, f"claim {claim.id!r}", claim.evidence)
    result = [tally(found)]
    for part, heading in PARTS.items():
        if rows := [_row(page, claim) for claim in found if claim.part == part]:
            heads = ("Claim", "Verdict", "Why, and the evidence")
            result += [f"## {heading}", table(heading, "h2h-claims", heads, rows)]
    return result


def _row(page: Page, claim: Claim) -> str:
    anchor = f"claim-{claim.id}"
    return (
        f'<tr id="{anchor}"><th scope=row>{prose(claim.claim)} '
        f'<a class=headerlink href="#{anchor}" title="Link to this claim">¶</a></th>'
        f"<td><span class=h2h-verdict data-verdict={slug(claim.verdict)}>{claim.verdict}</span></td>"
        f"<td><p>{prose(claim.why)}</p>{links(page, claim.evidence)}</td></tr>"
    )


def tally(claims: list[Claim]) -> str:
    """How many there are, and what the verdicts mean."""
    counts = Counter(claim.verdict for claim in claims)
    rows = [
        f"<tr><th scope=row><span class=h2h-verdict data-verdict={slug(verdict)}>{verdict}</span></th>"
        f"<td>{counts[verdict]}</td><td>{meaning}</td></tr>"
        for verdict, meaning in VERDICTS.items()
    ]
    heads = ("Verdict", f"Of {len(claims)} claims", "It means")
    return table("Verdicts", "h2h-claims", heads, rows)
