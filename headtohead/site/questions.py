"""The questionnaire on a page: a table of answers a question, and room for what it recommends.

That is all that a reader without JavaScript needs; with it, answers can be chosen and are weighed.
"""

from __future__ import annotations

from headtohead.content.questions import EITHER, POINTS, read
from headtohead.site.evidence import prove
from headtohead.site.html import Heading
from headtohead.site.pages import Page
from headtohead.site.templates import render

CONTRADICT = "Where two answers contradict each other"


def which(page: Page) -> list[str | Heading]:
    """Headings and tables of the questions that lie beside a page; raises `Problem` for any fault in them."""
    path, name = page.beside("choose/which.md")
    rules, says = read(path, name), {}
    result: list[str | Heading] = []
    for question in rules.questions.values():
        answers = rules.answers[question.id]
        for answer in answers:
            prove(page, name, answer.line, f"answer {answer.key!r}", answer.evidence)
            says[answer.key] = answer.says
        table = render(
            "question", asks=question.asks, answers=answers, points=POINTS, either=EITHER, to_cell=page.to_cell
        )
        result += [Heading(question.asks), table]
    for bridge in rules.bridges:
        prove(page, name, bridge.line, "bridge", bridge.evidence)
    if rules.bridges:
        table = render("bridges", heading=CONTRADICT, bridges=rules.bridges, says=says, to_cell=page.to_cell)
        result += [Heading(CONTRADICT), table]
    return [*result, "<div class=h2h-choice role=status hidden></div>"]
