"""Claims on a page: every claim of the article as a table a part, with its verdict and its evidence."""

from __future__ import annotations

from collections import Counter

from headtohead.content.claims import PARTS, VERDICTS, read
from headtohead.site.evidence import prove
from headtohead.site.html import Heading
from headtohead.site.pages import Page
from headtohead.site.templates import render


def claims(page: Page) -> list[str | Heading]:
    """Headings and tables of the claims that lie beside a page; raises `Problem` for any that no longer holds."""
    path, name = page.beside("choose/claims.md")
    found = read(path, name)
    for claim in found:
        prove(page, name, claim.line, f"claim {claim.id!r}", claim.evidence)
    counts = Counter(claim.verdict for claim in found)
    result: list[str | Heading] = [render("verdicts", verdicts=VERDICTS, counts=counts)]
    for part, heading in PARTS.items():
        if those := [claim for claim in found if claim.part == part]:
            table = render("claims", heading=heading, claims=those, to_cell=page.to_cell)
            result += [Heading(heading), table]
    return result
