"""Guards how rows of the API map are read: what each is about, and what is out of form, told with its line."""

from __future__ import annotations

import pytest

from headtohead.content.rows import areas, read
from headtohead.errors import Problem
from tests.support.projects import row
from tests.support.texts import AREA, ROW


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ROW, r"api/a.toml:1: the area lacks 'title'"),
        (AREA + ROW + "[other]\n", r"api/a.toml:6: no key 'other'"),
        (AREA + ROW.replace("keras", "jax"), r"api/a.toml:3: no key 'jax' in the row: there are"),
        (AREA + '[[row]]\ntorch = "torch.abs(x)"\n', r"api/a.toml:3: a row needs keras or tf"),
        (AREA + ROW + 'random = "no"\n', r"api/a.toml:3: 'random' is text: 'no', and has to be true or false"),
        (AREA + ROW + 'rtol = "big"\n', r"api/a.toml:3: 'rtol' is text: 'big', and has to be a number"),
        (AREA + ROW + ROW, r"api/a.toml:6: the row of line 3 again"),
        (AREA + ROW + ROW.replace("abs(x)", "abs( (x), )"), r"api/a.toml:6: the row of line 3 again"),
        (AREA + ROW.replace("abs(x)", "abs(x", 1), r"api/a.toml:3: no expression"),
        (AREA + ROW.replace("torch.abs(x)", "x", 1), r"api/a.toml:3: 'x' calls nothing that has a name"),
        (AREA, r"api/a.toml:1: no row; write each as"),
        (AREA + ROW + "tff = 'tf.abs(x)'\n", r"api/a.toml:3: no key 'tff' in the row: did you mean 'tf'\? there are"),
        (AREA + ROW + 'holds = "for odd counts"\n', r"api/a.toml:3: 'holds' says when a row holds, .* write both"),
        (AREA + ROW + 'parts = ["ties"]\n', r"api/a.toml:3: 'holds' says when a row holds, .* write both"),
        (
            AREA + ROW + 'holds = "a"\nparts = ["tie"]\n',
            r"api/a.toml:3: 'tie' is no set of inputs in 'parts': there are",
        ),
        (AREA + ROW + 'holds = "a"\nparts = ["ties", "ties"]\n', r"api/a.toml:3: 'parts' has 'ties' twice"),
        (AREA + ROW + "atol = 1e-4\n", r"api/a.toml:3: a tolerance of its own needs its reason in 'why'"),
        (AREA + ROW + 'why = "rounding"\n', r"api/a.toml:3: a tolerance of its own needs its reason in 'why'"),
        (AREA + ROW + "rtol = 0.5\n", r"api/a.toml:3: 0.5 is no tolerance in 'rtol': a number from 0 to 0.01"),
        (
            AREA + ROW.replace("(x)", "(\uff58)", 1),
            r"api/a.toml:3: torch uses '\uff58', which is not ASCII: write names",
        ),
        (AREA + ROW.replace("(x)", "(a)", 1), r"api/a.toml:3: torch uses 'a', which is no input: there are x, y"),
        (AREA + ROW.replace("torch.abs", "ops.abs"), r"api/a.toml:3: torch uses 'ops', which is of the other fr"),
        (AREA + ROW.replace("(x)", "(open('/x'))", 1), r"api/a.toml:3: torch uses 'open', which is no input"),
        (
            AREA + ROW.replace("(x)", "(x + np.random.rand())", 1),
            r"api/a.toml:3: torch uses np.random, which gives some",
        ),
        (AREA + ROW.replace("(x)", "(np.datetime64('now'))", 1), r"api/a.toml:3: torch uses np.datetime64, which give"),
        (AREA + ROW.replace("(x)", "(np.abs(x.numpy()))", 1), r"api/a.toml:3: torch hands its inputs to NumPy, which"),
        (AREA + ROW.replace("(x)", "(x.__class__)", 1), r"api/a.toml:3: torch uses '__class__', which is Python's own"),
        (AREA + ROW.replace("(x)", f"({'-' * 3000}x)", 1), r"api/a.toml:3: 'torch' has 3,012 characters, and 300 fit"),
        (AREA + ROW.replace("(x)", f"({'-' * 200}x)", 1), r"api/a.toml:3: no expression: .*: nested deeper than 100"),
        (AREA + ROW + "[only]\na = 1\n", r"api/a.toml:6: 'only' is a table, and has to be a table of text"),
        (AREA + ROW + "[only]\na = 'b'\n", r"api/a.toml:6: 'a' is no name of a framework in 'only': write it in full"),
        (AREA + "[[row]\n", r"api/a.toml:3: not TOML"),
    ],
)
def test_rows_out_of_form_are_told_with_their_line(project, text, told):
    with pytest.raises(Problem, match=told):
        project.area("a", text)


def test_every_fault_is_told_and_other_areas_are_read(project):
    project.area("b", AREA + ROW)
    broken = AREA + ROW + ROW.replace("(x)", "(a)", 1) + ROW.replace("keras", "jax") + ROW.replace("abs", "neg")
    project.write({"api/a.toml": broken, "api/.#a.toml": "", "api/count.toml": AREA + ROW, "api/A b.toml": AREA + ROW})
    problems: list[Problem] = []
    assert [area.name for area in areas(project.root, problems.append)] == ["b"]
    assert [(problem.where, problem.line) for problem in problems] == [
        ("api/A b.toml", None),
        ("api/a.toml", 6),
        ("api/a.toml", 9),
        ("api/count.toml", None),
    ]
    with pytest.raises(Problem, match=r"^api/A b.toml: 'A b' is no name: lower-case words with hyphens"):
        areas(project.root)


def test_a_data_file_that_nobody_reads_is_told(project):
    for name in ("a.TOML", "more/b.toml", "more/deep/c.Toml", "notes.txt", ".hidden.TOML", "more/.d.toml"):
        project.write({f"api/{name}": AREA + ROW})
    project.area("a", AREA + ROW)
    problems: list[Problem] = []
    assert [area.name for area in areas(project.root, problems.append)] == ["a"]
    assert [str(each) for each in problems] == [
        "api/a.TOML: a data file that is not read; call it api/a.toml",
        "api/more/b.toml: a data file that is not read; call it api/b.toml",
        "api/more/deep/c.Toml: a data file that is not read; call it api/c.toml",
    ]


def test_what_is_no_folder_of_data_files_is_told(project):
    project.write({"api": "x"})
    with pytest.raises(Problem, match=r"^api: no folder of data files; put a folder there, or take it away"):
        areas(project.root)


@pytest.mark.parametrize("name", ["c", "No Such", "../x", "a" * 300, "\udcff", "a\0"])
def test_an_area_that_is_not_there_is_told_with_those_that_are(project, name):
    project.area("a", AREA + ROW)
    with pytest.raises(Problem, match=r"\.toml: no such area; there are a$") as caught:
        read(project.root, name)
    assert str(caught.value).isprintable()


def test_an_alias_is_of_a_name_of_its_own_framework(project):
    project.area("a", AREA + ROW + "[alias]\n'torch.absolute' = 'torch.abs'\n'torch.b' = 'keras.ops.abs'\n")
    with pytest.raises(Problem, match=r"^api/a.toml:8: 'torch.b' is an alias of 'keras.ops.abs', which is of another "):
        areas(project.root)
    project.area("a", AREA + ROW + "[alias]\n'tf.absolute' = 'keras.ops.abs'\n")
    assert areas(project.root)


def test_an_alias_is_of_a_name_that_the_map_has(project):
    project.area("a", AREA + ROW + "[alias]\n'torch.absolute' = 'torch.abs'\n'torch.b' = 'torch.c'\n")
    with pytest.raises(Problem, match=r"^api/a.toml:8: 'torch.b' is an alias of 'torch.c', which the map does not"):
        areas(project.root)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("[only]\n'torch.abs' = 'b'\n", "", r"a.toml:7: 'torch.abs' stands in \[only\], and has a row in api/a.toml"),
        (
            "[alias]\n'keras.ops.abs' = 'keras.ops.abs'\n",
            "",
            r"a.toml:7: 'keras.ops.abs' stands in \[alias\], and has a row",
        ),
        ("[only]\n'tf.b' = 'c'\n", "[only]\n'tf.b' = 'c'\n", r"b.toml:7: .* a line in \[only\] of api/a.toml"),
        ("[only]\n'tf.b' = 'c'\n", "[alias]\n'tf.b' = 'keras.ops.abs'\n", r"b.toml:7: .* a line in \[only\]"),
    ],
)
def test_a_name_stands_in_one_place(project, first, second, told):
    project.area("a", AREA + ROW + first)
    project.area("b", AREA + ROW + second)
    with pytest.raises(Problem, match=f"^api/{told}"):
        areas(project.root)


def test_two_rows_of_the_same_names_have_their_own_anchors(project):
    area = project.area("a", AREA + ROW + ROW.replace("(x)", "(y)"))
    assert [each.id for each in area.rows] == ["torch-abs--keras-ops-abs", "torch-abs--keras-ops-abs-2"]


def test_an_anchor_is_the_anchor_of_one_row(project):
    """Also where a name ends in a number as another one's anchor does."""
    names = ("torch.ops.one", "torch.ops.one", "torch.ops.one_2", "torch.ops.One")
    rows = [ROW.replace("torch.abs", name).replace("ops.abs(x)", f"{at} + ops.abs(x)") for at, name in enumerate(names)]
    ids = [each.id for each in project.area("a", AREA + "".join(rows)).rows]
    assert ids[:2] == ["torch-ops-one--keras-ops-abs", "torch-ops-one--keras-ops-abs-2"]
    assert len(set(ids)) == len(ids)


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
