"""Guards what stands in HTML and is no structure of it: ids of any alphabet, and text."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from headtohead.site.html import anchors, free, highlighted, image, prose, slug, text


@pytest.mark.parametrize(
    "titles",
    [
        ["Loss", "Loss!", "Loss 2", "loss", "Loss 2-2"],
        ["損失", "損失!", "精度", "Потери", "Épôque", "E\u0301po\u0302que"],
        ["!", "?", "…", "-"],
        ["A b", "A_b", "A-b", "a  B"],
    ],
)
def test_each_cell_has_an_id_of_its_own(titles):
    made = anchors(titles)
    assert list(made) == titles
    assert len(set(made.values())) == len(titles)
    assert not any(set(each) & set(" \"'<>&#%") for each in made.values())


def test_an_id_says_what_it_leads_to():
    assert anchors(["The loop", "損失 を見る", "!"]) == {
        "The loop": "cell-the-loop",
        "損失 を見る": "cell-損失-を見る",
        "!": "cell",
    }
    assert anchors(["Loss", "Loss!", "Loss 2"]) == {
        "Loss": "cell-loss",
        "Loss!": "cell-loss-2",
        "Loss 2": "cell-loss-2-2",
    }
    assert slug("held once") == "held-once"


def test_a_name_that_is_taken_gets_a_number():
    assert [free("a", given) for given in ([], ["a"], ["a", "a-2"], ["a-2"])] == ["a", "a-2", "a-3", "a"]


def test_text_is_text():
    odd = "<b>\"'&`x<y`\x1b\r"
    for made, shown in (
        (prose(odd), "<b>\"'&x<y␛␍"),
        (highlighted(odd).rstrip("\n"), "<b>\"'&`x<y`␛␍"),
        (text(odd), "<b>\"'&`x<y`␛␍"),
    ):
        soup = BeautifulSoup(made, "html.parser")
        assert soup.get_text() == shown
        assert not soup.select("b")
    assert BeautifulSoup(image('a"b'), "html.parser").img["src"] == 'a"b'


def test_text_is_escaped_once():
    assert text("A &amp; B &lt;c&gt;") == text("A & B <c>") == "A &amp; B &lt;c&gt;"
