"""Guards the templates: text arrives as text, what is not given is an error, and each is in the package."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from jinja2 import TemplateSyntaxError, UndefinedError

from headtohead.content.claims import Claim
from headtohead.content.evidence import Source
from headtohead.content.questions import EITHER, POINTS
from headtohead.records.model import Agreement, Quantity
from headtohead.site import api_map, differences
from headtohead.site.comparisons import provenance
from headtohead.site.runs import card
from headtohead.site.templates import ENVIRONMENT, render
from tests.support.pages import COMPARE, bare_page, shown
from tests.support.records import left, ran
from tests.support.repository import ROOT
from tests.support.texts import LEFT, PROOF, QUESTIONS, RIGHT, SVG

TEMPLATES = sorted((ROOT / "headtohead/site/templates").iterdir())
ODD = """<b>1</b> < 2 && "three" or 'four'"""
HIDDEN = f"{ODD} \x00\x1b[31m\x08\r\u202e\ufeff \x02wzxhzdk:0\x03 \x02amp\x03lt;"
SEEN = f"{ODD} ␀␛[31m␈␍⟨U+202E⟩⟨U+FEFF⟩ ␂wzxhzdk:0␃ ␂amp␃lt;"


def parsed(html: str) -> BeautifulSoup:
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.select("b")
    return soup


def test_a_claim_is_text():
    source = Source('https://example.org/?a=1&b="2"', HIDDEN, "2025")
    claim = Claim("odd", "basics", HIDDEN, "holds", HIDDEN, (source,), line=1)
    row = parsed(render("claims", heading=HIDDEN, claims=[claim], to_cell=str)).select_one("#claim-odd")
    assert row.th.get_text().startswith(f"{SEEN} ")
    assert row.select_one("td > p").get_text() == row.select_one(".h2h-evidence a").get_text() == SEEN
    assert row.select_one(".h2h-evidence a")["href"] == source.source


def test_a_row_of_the_map_is_text():
    page = bare_page()
    area = next(iter(page.library.areas.values()))
    rows = [replace(area.rows[0], note=f"{HIDDEN} and `a < b`")]
    soup = parsed(api_map.rows(page, replace(area, title=HIDDEN, rows=rows, only={HIDDEN: HIDDEN})))
    assert f"{SEEN} and a < b" in [each.get_text() for each in soup.select("td > p")]
    assert [each.get_text() for each in soup.select("tr[id] > *")] == [SEEN, SEEN]
    assert soup.select_one("[role=group]")["aria-label"] == SEEN


def test_a_difference_is_text():
    page = bare_page()
    name, group = next(iter(page.library.groups.items()))
    entry = replace(group.entries[0], title=HIDDEN)
    page.library.groups = {name: replace(group, title=HIDDEN, about=HIDDEN, entries=[entry])}
    soup = parsed(differences.summary(page))
    assert [soup.th.find_next(kind).get_text() for kind in ("li", "p")] == [SEEN, SEEN]


def test_a_cell_is_text(project):
    files = {"in_pytorch.py": LEFT, "in_tensorflow.py": RIGHT}
    files = {name: text.replace("Show\n", f"{ODD}\n") for name, text in files.items()}
    project.settle(project.small(files | {"parity.py": '"""None."""\nWHY_NOT = "<b>nothing</b>"\n'}), drawn=SVG)
    soup = parsed(str(shown(project.root, COMPARE)))
    cell = soup.select(".h2h")[1]
    assert cell["data-cell"] == cell.select_one(".h2h-title").get_text() == ODD
    assert cell.img["alt"] == f"Figure drawn by the PyTorch program in “{ODD}”"
    assert "<b>nothing</b>" in soup.select_one(".h2h-provenance").get_text()


def test_a_question_is_text(project):
    rules = project.rules(QUESTIONS)
    answers = [replace(each, says=HIDDEN, why=HIDDEN) for each in rules.answers["one"]]
    html = render("question", asks=HIDDEN, answers=answers, points=POINTS, either=EITHER, to_cell=str)
    for named in parsed(html).select("[aria-label]"):
        assert named["aria-label"] == SEEN
        assert set(named.attrs) <= {"class", "role", "aria-label", "tabindex"}
    assert [label.get_text().strip() for label in parsed(html).select("label")] == [SEEN, SEEN]


def test_a_record_and_its_agreement_are_text(project):
    found = project.small({"in_pytorch.py": LEFT, "in_tensorflow.py": RIGHT, "parity.py": f"{PROOF}# <b>é</b>\n"})
    record = replace(ran(left(found)), device={"kind": "cuda", "name": HIDDEN, "system": HIDDEN})
    record.versions["torch"] = HIDDEN
    quantities = [Quantity(HIDDEN, HIDDEN, [2], 1.0, 1.0, 0.0, 0.0, HIDDEN)]
    agreement = Agreement("a/b", "cpu", "", quantities)
    soup = parsed(card(found, [record], {"cpu": agreement, HIDDEN: agreement}, "programs", "record"))
    text = soup.get_text(" | ")
    assert text.count(SEEN) == 7
    assert "# <b>é</b>" in text
    line = render("compare", topic=found, cells=[], record="", ran=provenance(found, {"": record}, None, {}))
    assert parsed(line).get_text().count(SEEN) == 2


def test_what_is_not_given_is_an_error():
    with pytest.raises(UndefinedError, match="'message' is undefined"):
        render("error")


def test_a_line_break_beside_a_tag_is_none_of_the_page():
    text = "<ul>\n  {% for each in those %}\n  <li>{{ each }}</li>\n  {% endfor %}\n</ul>\n"
    assert ENVIRONMENT.from_string(text).render(those=["a\n", " b"]) == "<ul><li>a\n</li><li> b</li></ul>"
    with pytest.raises(TemplateSyntaxError) as caught:
        ENVIRONMENT.from_string("<p>\n</p>\n\n{% nothing %}")
    assert caught.value.lineno == 4


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_says_what_it_is_for_and_is_in_the_package(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("{# ")
    assert max(map(len, lines)) <= 120
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert any(path.relative_to(ROOT / "headtohead/site").match(each) for each in stated["headtohead.site"])
