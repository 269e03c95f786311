"""Guards the record of a topic on its page: each run, each score and its bar, the agreement and the proof."""

from __future__ import annotations

import pytest

from headtohead.site.runs import card
from tests.support.pages import COMPARE, shown
from tests.support.texts import LEFT, RIGHT


def test_the_page_shows_each_score_and_its_bar(project):
    found, records = project.scored([0.8, 0.9], [0.85, 0.95])
    html = card(found, records, {"cpu": None}, "", "record-a-b")
    assert "<th scope=row>score, PyTorch</th><td>0.8, 0.9</td><td>0.85</td><td>above baseline, 0.5</td>" in html
    assert "score, TensorFlow</th><td>0.85, 0.95</td><td>0.9</td>" in html


def test_a_record_shows_runs_agreement_and_proof(project):
    found = project.small()
    project.settle(found)
    project.settle(found, label="nvidia-h200")
    text = shown(project.root, "/// record | a/b\n///\n").get_text(" ")
    for said in ("2.13.0+cpu", "0.50 s", "22 November 2026", "Same sums: both add.", "1.5e-07", "each has <its own>"):
        assert said in text
    runs = shown(project.root, "/// record | a/b\n///\n").select(".h2h-runs tbody tr")
    assert [row.th.get_text() for row in runs] == ["PyTorch", "TensorFlow"] * 2
    assert [bool(row.select("a[download]")) for row in runs] == [True, True, False, False]


@pytest.mark.parametrize(("url", "page_of"), [("programs/", "../a/b/"), ("", "a/b/"), ("x/programs/", "../../a/b/")])
def test_all_programs_link_to_their_pages(project, url, page_of):
    project.settle(project.small())
    soup = shown(project.root, "/// records\n///\n", uri="programs.md", url=url)
    assert [tag["href"] for tag in soup.select(".h2h-programs a")] == [page_of]
    assert "agree within 1.5e-07, 1 documented difference" in soup.get_text(" ")


def test_a_topic_that_compares_nothing_says_why(project):
    reason = 'WHY_NOT = "it draws <a picture>"\n'
    files = {"in_pytorch.py": LEFT, "in_tensorflow.py": RIGHT, "parity.py": f'"""None."""\n{reason}'}
    project.settle(project.small(files))
    assert "it draws <a picture>" in shown(project.root, COMPARE + "/// record | a/b\n///\n").get_text()
