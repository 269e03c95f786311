"""Guards what pages say of other releases: a list of what does not hold, what was run, and a word in its place."""

from __future__ import annotations

import pytest

from headtohead.content import differences, rows
from headtohead.records import freshness, pairs
from headtohead.records.pairs import Fall, Pair
from headtohead.site.extension import PageError
from tests.records.test_news import PRINTED, measurement
from tests.support.pages import shown
from tests.support.texts import AREA, DIFFERENCE, GROUP, ROW

ROW_ID, OLD = "torch-abs--keras-ops-abs", {"python": "3.11.7", "numpy": "2.1.3"}
PAIRS = (
    {"torch": "2.12.1", "tensorflow": "2.19.1", "keras": "3.13.2"},
    {"torch": "2.13.0", "tensorflow": "2.21.0", "keras": "3.14.1"},
)
PINS = "torch==2.14.1\ntensorflow==2.21.0\nkeras==3.15.1\nnumpy==2.4.6\n"


def made(project, *falls: dict[str, Fall]) -> None:
    """A project with a row and a difference that ran here, and on pairs, the older first; what fell on each by id."""
    project.pin(PINS)
    area, group = project.area("a", AREA + ROW), project.group("a", GROUP + DIFFERENCE)
    for folder, gave in ((rows.FOLDER, {ROW_ID: measurement(area.rows[0])}), (differences.FOLDER, {"one": PRINTED})):
        project.store.write_data(folder, "a", freshness.of_data(project.root, folder, "a"), gave)
    project.write(
        {"docs/migrate/a.md": "/// api | a\n///\n", "docs/migrate/differences/a.md": "/// differences | a\n///\n"}
    )
    for versions, fell in zip(PAIRS, falls):
        pair = Pair("2026-11-30", OLD | versions)
        for entries in (area.rows, group.entries):
            pair.take(entries, fell)
        pairs.write(project.store, pair)


def table(project, name: str) -> list[list[str]]:
    soup = shown(project.root, f"/// versions | {name}\n///\n", uri="versions.md")
    return [[cell.get_text(" ", strip=True) for cell in tr.select("th, td")] for tr in soup.select("tr")]


def answer(project) -> str:
    soup = shown(project.root, "/// versions | fell\n///\n", uri="versions.md")
    return soup.select_one(".h2h-since-all").get_text(" ", strip=True)


def word(project, uri: str) -> list[str]:
    soup = shown(project.root, (project.root / "docs" / uri).read_text(), uri=uri)
    assert {link["href"] for link in soup.select(".h2h-since a")} <= {"../../versions/", "../../../versions/"}
    return [each.get_text(" ", strip=True) for each in soup.select(".h2h-since")]


def test_what_does_not_hold_is_listed_and_has_a_word_in_its_place(project):
    missing, gone = Fall("missing", "torch.abs is not <there>", "pytorch"), Fall("parts", "both print 1")
    made(project, {ROW_ID: missing, "one": gone}, {ROW_ID: missing})
    assert answer(project).startswith(
        "1 row and 1 difference hold with PyTorch 2.14.1, TensorFlow 2.21.0, Keras 3.15.1"
    )
    heads, row, one = table(project, "fell")
    older = "PyTorch 2.12.1, TensorFlow 2.19.1, Keras 3.13.2"
    assert heads == ["Row or difference", "PyTorch 2.13.0, Keras 3.14.1", older]
    assert row == ["torch.abs · keras.ops.abs", *["lacks a name: torch.abs is not <there>"] * 2]
    assert one == ["one", "holds", "gives something else: both print 1"]
    assert word(project, "migrate/a.md") == ["Not with PyTorch 2.13.0; PyTorch 2.12.1: torch.abs is not <there>"]
    assert word(project, "migrate/differences/a.md") == [f"Not with {older}: both print 1"]


def test_what_has_not_run_everywhere_says_so(project):
    fall = Fall("parts", "off by 1")
    made(project, {ROW_ID: fall}, {ROW_ID: fall})
    newer = pairs.pairs(project.store)[0]
    newer.ran.pop("api/a"), newer.fell.pop("api/a")
    pairs.write(project.store, newer)
    assert table(project, "fell")[1][1:] == ["not run as it stands", "gives something else: off by 1"]


@pytest.mark.parametrize(
    ("what", "side", "releases"),
    [
        ("keras.ops.abs is not there", "tensorflow", "Keras 3.13.2"),
        ("AttributeError: module 'keras.ops' has no attribute 'abs'", "tensorflow", "Keras 3.13.2"),
        ("tensorflow: line 3: AttributeError: module 'keras' has no attribute 'a'", "tensorflow", "Keras 3.13.2"),
        ("tf.abs is not there", "tensorflow", "TensorFlow 2.19.1, Keras 3.13.2"),
        ("AttributeError: module 'torch' has no attribute 'abs'", "pytorch", "PyTorch 2.12.1"),
    ],
)
def test_a_name_is_missing_in_the_package_that_it_is_of(project, what, side, releases):
    made(project, {ROW_ID: Fall("missing", what, side)})
    assert word(project, "migrate/a.md") == [f"Not with {releases}: {what}"]


def test_what_holds_everywhere_has_no_word(project):
    made(project, {}, {})
    assert answer(project).endswith("holds there too.")
    assert table(project, "fell") == []
    assert word(project, "migrate/a.md") == word(project, "migrate/differences/a.md") == []


def test_without_another_release_the_page_says_so(project):
    made(project)
    assert answer(project).startswith("No other releases than PyTorch 2.14.1, ")
    assert len(table(project, "ran")) == 2


def test_what_was_run_is_counted_and_what_changed_since_is_not(project):
    made(project, {ROW_ID: Fall("parts", "off by 1")})
    _, pinned, pair = table(project, "ran")
    assert pinned[-4:] == ["1", "1", "0", "0"]
    assert pair == ["2.12.1", "2.19.1", "3.13.2", "2.1.3", "3.11.7", "30 November 2026", "1", "1", "1", "0"]
    area = project.area("a", AREA + ROW.replace("(x)", "(y)"))
    depends = freshness.of_data(project.root, rows.FOLDER, "a")
    project.store.write_data(rows.FOLDER, "a", depends, {ROW_ID: measurement(area.rows[0])})
    assert table(project, "ran")[2][-4:] == ["0", "1", "0", "1"]
    assert table(project, "fell") == []


def test_a_list_that_there_is_not_is_refused(project):
    made(project)
    with pytest.raises(PageError, match=r"^docs/versions.md:1: versions: no list 'felt'; there are fell, ran"):
        shown(project.root, "/// versions | felt\n///\n", uri="versions.md")
