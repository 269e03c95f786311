"""The questionnaire on a page: a table of answers a question, and room for what it recommends.

That is all that a reader without JavaScript needs; with it, answers can be chosen and are weighed.
"""

from __future__ import annotations

from headtohead.content.questions import EITHER, POINTS, Answer, Bridge, Rules, read
from headtohead.site.evidence import links, prove
from headtohead.site.html import prose, table
from headtohead.site.pages import Page

CONTRADICT = "Where two answers contradict each other"


def which(page: Page) -> list[str]:
    """Headings and tables of the questions that lie beside a page; raises `Problem` for any fault in them."""
    path, name = page.beside("choose/which.md")
    rules, result = read(path, name), []
    for question in rules.questions.values():
        answers = rules.answers[question.id]
        for answer in answers:
            prove(page, name, answer.line, f"answer {answer.key!r}", answer.evidence)
        rows = [_row(page, answer, first=answer is answers[0]) for answer in answers]
        shown = table(question.asks, "h2h-claims", ("Answer", "Points to", "Why, and the evidence"), rows)
        group = f'<div class=h2h-which role=radiogroup aria-label="{prose(question.asks)}">{shown}</div>'
        result += [f"## {question.asks}", group]
    for bridge in rules.bridges:
        prove(page, name, bridge.line, "bridge", bridge.evidence)
    if rules.bridges:
        heads = ("These answers", "Instead of one", "Why, and the evidence")
        rows = [_bridge(page, rules, bridge) for bridge in rules.bridges]
        result += [f"## {CONTRADICT}", table(CONTRADICT, "h2h-claims", heads, rows)]
    return [*result, "<div class=h2h-choice role=status hidden></div>"]


def _row(page: Page, answer: Answer, first: bool) -> str:
    says = "decides for" if answer.decides else "leans to" if answer.points != EITHER else ""
    return (
        f'<tr id="which-{answer.key}" data-points={answer.points}{" data-decides" * answer.decides}>'
        f"<th scope=row><label><input type=radio name=which-{answer.question} hidden{' checked' * first}> "
        f"<span>{prose(answer.says)}</span></label></th>"
        f"<td>{says} <span class=h2h-side-name data-framework={answer.points}>{POINTS[answer.points]}</span></td>"
        f"<td><p>{prose(answer.why)}</p>{links(page, answer.evidence)}</td></tr>"
    )


def _bridge(page: Page, rules: Rules, bridge: Bridge) -> str:
    says = {answer.key: answer.says for answers in rules.answers.values() for answer in answers}
    keys = " ".join(f"which-{key}" for key in bridge.answers)
    return (
        f'<tr id="which-{"-".join(bridge.answers)}" data-bridges="{keys}">'
        f"<th scope=row>{' and '.join(prose(says[key]) for key in bridge.answers)}</th>"
        f"<td>{prose(bridge.says)}</td><td><p>{prose(bridge.why)}</p>{links(page, bridge.evidence)}</td></tr>"
    )
