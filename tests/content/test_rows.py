"""Guards how rows of the API map are read: what each is about, and what is out of form, told with its line."""

from __future__ import annotations

import pytest

from headtohead.errors import Problem
from tests.support.projects import row
from tests.support.texts import AREA, ROW


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROW, r"api/a.toml:1: the area lacks 'title'"),
        (AREA + ROW + "[other]\n", r"api/a.toml:1: no key 'other'"),
        (AREA + ROW.replace("keras", "jax"), r"api/a.toml:3: no key 'jax' in the row: there are"),
        (AREA + '[[row]]\ntorch = "torch.abs(x)"\n', r"api/a.toml:3: a row needs keras or tf"),
        (AREA + ROW + 'random = "no"\n', r"api/a.toml:3: 'random' is text: 'no', and has to be true or false"),
        (AREA + ROW + 'rtol = "big"\n', r"api/a.toml:3: 'rtol' is text: 'big', and has to be a number"),
        (AREA + ROW + ROW, r"api/a.toml:6: the row of line 3 again"),
        (AREA + ROW.replace("abs(x)", "abs(x", 1), r"api/a.toml:3: no expression"),
        (AREA + ROW.replace("torch.abs(x)", "x", 1), r"api/a.toml:3: 'x' calls nothing that has a name"),
        (AREA + "[[row]\n", r"api/a.toml:3: not TOML"),
    ],
)
def test_rows_out_of_form_are_told_with_their_line(project, text, told):
    with pytest.raises(Problem, match=told):
        project.area("a", text)


def test_two_rows_of_the_same_names_have_their_own_anchors(project):
    area = project.area("a", AREA + ROW + ROW.replace("(x)", "(y)"))
    assert [each.id for each in area.rows] == ["torch-abs--keras-ops-abs", "torch-abs--keras-ops-abs-2"]


@pytest.mark.parametrize(
    ("text", "side", "name"),
    [
        ("F.gelu(x)", "torch", "torch.nn.functional.gelu"),
        ("nn.Linear(4, 5)(x)", "torch", "torch.nn.Linear"),
        ("nn.LSTM(4, 3)(seq)[0]", "torch", "torch.nn.LSTM"),
        ("x.masked_fill(b, 0)", "torch", "torch.Tensor.masked_fill"),
        ("torch.var(x) * 2", "torch", "torch.var"),
        ("tf.data.Dataset.from_tensor_slices(x).batch(2)", "tf", "tf.data.Dataset.batch"),
        ("layers.Dense(5)(x)", "keras", "keras.layers.Dense"),
    ],
)
def test_what_a_row_is_about_is_read_off_it(text, side, name):
    sides = {"torch": "torch.abs(x)", "keras": "ops.abs(x)"} | {side: text}
    assert row(**sides).names[side] == name
