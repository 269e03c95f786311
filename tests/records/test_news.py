"""Guards what is told of a newer run: each kind of change, made up once, and nothing where nothing changed."""

from __future__ import annotations

import pytest

from headtohead.content import differences, rows
from headtohead.content.topics import Topic
from headtohead.records import freshness, news
from headtohead.records.model import Measurement, OtherSets
from headtohead.records.news import News
from headtohead.records.pairs import Fall
from headtohead.records.store import Store
from tests.support.records import ran
from tests.support.texts import AREA, DIFFERENCE, GROUP, ROW, SVG

ROW_ID = "torch-abs--keras-ops-abs"
PRINTED = {"pytorch": "1\n", "tensorflow": "2\n", "pytorch_fixed": "2\n"}
NAMES = {"torch": {"row": ["torch.abs"], "alias": [], "only": [], "left": ["old"]}}


def told(news_: News) -> dict[str, list[str]]:
    return {kind: lines for kind, lines in news_.lines.items() if lines}


@pytest.mark.parametrize(
    ("printed", "drawn", "lines"),
    [
        ("1.0 a\n", SVG, []),
        ("1.001 a\n", SVG, []),  # rounding
        ("1.5 a\n", SVG, ["snippets/a/b/in_pytorch.py, 'Show': `1.5 a` where it was `1.0 a`"]),
        ("1.0 a\nb `c`\n", SVG, ["snippets/a/b/in_pytorch.py, 'Show': `b 'c'` where it was nothing"]),
        ("1.0 a\n", SVG.replace("1.25", "7.5"), ["snippets/a/b/in_pytorch.py, 'Show': another figure"]),
    ],
)
def test_outputs(project, tmp_path, printed, drawn, lines):
    found = project.small()
    base = project.settle(found, printed={"Show": "1.0 a\n"}, drawn=SVG)
    store, program = Store(project.root, tmp_path / "newest"), next(iter(found.programs.values()))
    record = ran(program, "newest", {"Show": printed}, drawn)
    store.write(record, {record.arrays: b"", record.cells[-1].figures[0]: drawn.encode()})
    into = News()
    news.of_topic(into, base, Topic(project.root, "a/b"), store, "newest")
    assert told(into) == ({"outputs": lines} if lines else {})


def test_a_program_without_a_fresh_record_has_nothing_to_compare_with(project, tmp_path):
    found = project.small()
    program = next(iter(found.programs.values()))
    record = ran(program, "newest")
    store = Store(project.root, tmp_path / "newest")
    store.write(record, {record.arrays: b""})
    into = News()
    news.of_topic(into, project.store, found, store, "newest")
    assert list(told(into)) == ["unknown"]


def measurement(row, **other) -> dict:
    given = {"shape": [[2]], "dtype": [["float32", "float32"]], "absolute": 0.5, "category": "same"} | other
    return Measurement(names=row.names, sets=OtherSets(["one row"]), **given).to_json()


@pytest.mark.parametrize(
    ("other", "kind", "said"),
    [
        ({}, "", ""),
        ({"absolute": 0.5001}, "", ""),
        ({"category": "renamed"}, "categories", f"{ROW_ID} is 'renamed' and was 'same'"),
        ({"edges": {"a NaN": ["0", "NaN"]}}, "measured", f"{ROW_ID}: edges {{'a NaN': ['0', 'NaN']}}, was {{}}"),
        ({"steps": 3}, "measured", f"{ROW_ID}: steps 3, was nothing"),
    ],
)
def test_rows(project, other, kind, said):
    area = project.area("a", AREA + ROW)
    (row,) = area.rows
    depends = freshness.of_data(project.root, rows.FOLDER, "a")
    project.store.write_data(rows.FOLDER, "a", depends, {row.id: measurement(row)})
    into = News()
    news.of_area(into, project.store, area, {row.id: measurement(row, **other)}, {})
    assert told(into) == ({kind: [f"api/a.toml: {said}"]} if kind else {})
    into = News()
    news.of_area(into, project.store, area, {}, {row.id: Fall("missing", "torch.abs is not there")})
    assert told(into) == {"rows": [f"api/a.toml: {ROW_ID} lacks a name: torch.abs is not there"]}
    assert into.ran == {"rows": 1}


def test_differences(project):
    group = project.group("a", GROUP + DIFFERENCE)
    depends = freshness.of_data(project.root, differences.FOLDER, "a")
    project.store.write_data(differences.FOLDER, "a", depends, {"one": PRINTED})
    same, other = News(), News()
    news.of_group(same, project.store, group, {"one": PRINTED}, {})
    assert told(same) == {}
    news.of_group(other, project.store, group, {"one": PRINTED | {"pytorch": "7\n"}}, {})
    assert told(other) == {"printed": ["differences/a.toml: one: pytorch '7\\n', was '1\\n'"]}
    ended = News()
    news.of_group(ended, project.store, group, {}, {"one": Fall("parts", "the difference is gone")})
    said = "differences/a.toml: one gives something else: the difference is gone"
    assert told(ended) == {"differences": [said]}


def test_names(project):
    project.area("a", AREA + ROW)
    project.store.write_data(rows.FOLDER, rows.COUNT, freshness.of_data(project.root, rows.FOLDER, rows.COUNT), NAMES)
    same, other = News(), News()
    news.of_names(same, project.store, NAMES, [])
    assert told(same) == {}
    counted = {"torch": NAMES["torch"] | {"left": ["new"]}, "tf": {"left": ["late"]}}
    news.of_names(other, project.store, counted, ["api/a.toml: torch.x is not there"])
    assert told(other) == {
        "came": ["torch.new", "tf.late"],
        "went": ["api/a.toml: torch.x is not there", "torch.old"],
    }
