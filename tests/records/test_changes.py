"""Guards what counts as a change between two runs: rounding does not, anything else does."""

from __future__ import annotations

import shutil

import pytest

from headtohead.records.changes import changes, same_text
from tests.support.records import left, ran
from tests.support.texts import SVG

SAME = [
    ("loss 0.123", "loss 0.123"),
    ("loss 0.1234", "loss 0.1251"),
    ("loss 1.00e-05", "loss 9.9e-06"),
    ("[-0.5  2.5]", "[-0.5   2.5]"),
    ("[-0.0001  2.5]", "[ 0.0001 2.5]"),
    ("1e5", "1.001e5"),
    ("tensor(100.)", "tensor(101.)"),
    ("nan inf", "nan inf"),
    ("", ""),
]
CHANGED = [
    ("loss 0.123", "loss 0.223"),
    ("epoch 3  loss 0.1", "epoch 4  loss 0.1"),
    ("1500 images", "1499 images"),
    ("accuracy 0.98", "precision 0.98"),
    ("0.5 0.5", "0.5"),
    ("0.5", "0.5 0.5"),
    ("0.5", "nan"),
    ("inf", "-inf"),
    ("1", "1.0"),
    ("-1", "1"),
    ("1.5", "-1.5"),
    ("True", "False"),
    ("(2, 3)", "(3, 2)"),
    ("2026-11-22", "2026-11-23"),
    ("int32", "int64"),
    ("", "0.0"),
    ("a\nb 0.1", "a b 0.1"),
    ("layer100.weight", "layer101.weight"),
    ("100each", "101each"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_rounding_is_no_change(one, other):
    assert same_text(one, other)
    assert same_text(other, one)


@pytest.mark.parametrize(("one", "other"), CHANGED)
def test_anything_else_is_a_change(one, other):
    assert not same_text(one, other)
    assert not same_text(other, one)


@pytest.mark.parametrize("digit", range(5))
def test_the_third_digit_may_move_and_the_second_not(digit):
    """From 0.50000, each digit in turn changed by 4: the first two count, the others are rounding."""
    changed = f"0.{'50000'[:digit]}{(int('50000'[digit]) + 4) % 10}{'50000'[digit + 1 :]}"
    assert same_text("0.50000", changed) is (digit >= 2)


def test_changes_are_told_by_cell(project):
    found = project.small()
    old = ran(left(found), printed={"Setup": "0.5", "Show": "1"}, drawn=SVG)
    project.write({old.cells[1].figures[0]: SVG})
    other = SVG.replace("1.25", "1.2501")
    for printed, drawn, expected in [
        ({"Setup": "0.5001", "Show": "1"}, SVG, []),
        ({"Setup": "0.5", "Show": "1"}, other, []),
        ({"Setup": "0.6", "Show": "1"}, SVG, ["Setup"]),
        ({"Setup": "0.5", "Show": "2"}, SVG, ["Show"]),
        ({"Setup": "0.5", "Show": "1"}, SVG.replace("path", "rect"), ["Show"]),
        ({"Setup": "0.5", "Show": "1"}, None, ["Show"]),
    ]:
        new = ran(left(found), printed=printed, drawn=drawn)
        files = {name: drawn.encode() for cell in new.cells for name in cell.figures}
        assert changes(old, new, project.root, files) == expected
    shutil.rmtree(project.root / "snippets")
