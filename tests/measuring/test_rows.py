"""Guards the API map: every row ran and agrees, categories are measured, no name is forgotten, errors name a row."""

from __future__ import annotations

import inspect
import io
import json
import re
from collections import Counter
from functools import cache

import pytest
from bs4 import BeautifulSoup

from headtohead.content.categories import CATEGORIES, categorise
from headtohead.content.rows import FOLDER, Row, areas
from headtohead.errors import Problem
from headtohead.measuring.exports import COUNTED, WHOLE
from headtohead.reading.related import BITES
from headtohead.records import freshness
from headtohead.running.limits import Limits
from headtohead.running.rows import COUNT, run
from headtohead.site import api_map
from headtohead.site.documentation import documentation
from headtohead.site.library import Library
from headtohead.site.map_json import as_json
from tests.support.pages import bare_page
from tests.support.repository import ROOT, STORE
from tests.support.texts import AREA, ROW

AREAS = areas(ROOT)
each_area = pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)


@cache
def ran(area: str) -> dict:
    return freshness.data(STORE, FOLDER, area)


# The real rows ---------------------------------------------------------------------------------


@each_area
def test_every_row_ran_and_agrees(area):
    found = ran(area.name)
    assert list(found) == [row.id for row in area.rows]
    for row in area.rows:
        assert found[row.id]["category"] in CATEGORIES
        assert found[row.id]["names"] == row.names
        assert "broken" not in found[row.id]


def test_there_are_as_many_rows_as_promised():
    assert sum(len(area.rows) for area in AREAS) >= 600


@pytest.mark.parametrize("namespace", WHOLE)
def test_no_name_of_a_whole_namespace_is_left(namespace):
    kinds = ran(COUNT)[namespace]
    assert kinds["left"] == []
    assert sum(map(len, kinds.values())) > 5


def test_the_packages_export_what_is_counted():
    """Were the lists empty, nothing would be left either."""
    totals = {name: sum(map(len, kinds.values())) for name, kinds in ran(COUNT).items()}
    assert set(totals) == {*WHOLE, *COUNTED}
    assert totals["torch.nn"] > 160
    assert totals["torch.nn.functional"] > 140
    assert totals["keras.ops"] > 330
    assert totals["keras.layers"] > 170
    assert totals["torch.Tensor"] > 80


def test_categories_of_every_kind_came_out():
    counts = Counter(row["category"] for area in AREAS for row in ran(area.name).values())
    assert all(counts[kind] > 10 for kind in CATEGORIES if kind != "only")


def test_gradients_were_compared_where_there_are_any():
    compared = sum(bool(row.get("gradient")) for area in AREAS for row in ran(area.name).values())
    assert compared > 400


@each_area
def test_notes_and_reasons_are_short_sentences(area):
    for row in area.rows:
        assert len(row.note) <= 220, row.where
        assert not row.note or row.note.endswith((".", "?")), f"{row.where}:{row.line}"
    for name, why in area.only.items():
        assert 10 < len(why) <= 220, name


def test_a_name_without_a_counterpart_is_no_row():
    said = {name for area in AREAS for row in area.rows for name in row.names.values()}
    assert not {name for area in AREAS for name in area.only} & said


@each_area
def test_an_area_has_a_page(area):
    page = (ROOT / f"docs/migrate/{area.name}.md").read_text(encoding="utf-8")
    assert f"/// api | {area.name}\n///" in page
    assert f"migrate/{area.name}.md\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


# The pages -------------------------------------------------------------------------------------


def test_a_table_shows_every_row_with_both_sides_and_links():
    area = AREAS[0]
    soup = BeautifulSoup(api_map.shown(bare_page(), area.name), "html.parser")
    for row in area.rows:
        assert row.names["torch"] in soup.find("h2", id=row.id).get_text()
        shown = soup.find("tr", {"data-row": row.id})
        assert [code.get_text() for code in shown.select("code[data-side]")] == list(row.sides.values())
        assert all(link["href"].startswith(("https://", "#", "../differences/")) for link in shown.select("a"))
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    page = bare_page()
    api_map.shown(page, area.name)
    assert set(ids) == page.made


def test_a_table_says_what_its_inputs_are_and_what_defaults_were_tried():
    soup = BeautifulSoup(api_map.shown(bare_page(), "activations"), "html.parser")
    assert "x: float32, 3 × 4" in soup.select_one(".h2h-fold").get_text()
    row = next(row for row in AREAS[0].rows if row.torch == "nn.LeakyReLU()(x)")
    shown = soup.find("tr", {"data-row": row.id}).get_text(" ", strip=True)
    assert "Unless given: negative_slope=0.3 in Keras" in shown
    assert "PyTorch: negative_slope=0.01, inplace=False" in shown


def test_edges_are_counted_over_all_rows():
    soup = BeautifulSoup(api_map.shown(bare_page(), "edges"), "html.parser")
    counts = {tr.th.get_text(): [int(td.get_text()) for td in tr.select("td")] for tr in soup.select("tbody tr")}
    for edge in ("empty", "no dimension", "a NaN", "an infinity", "integers", "a negative axis"):
        tried, part = counts[edge]
        assert tried > 50
        assert part < tried
        assert part or edge == "a negative axis"  # which both take alike


def test_most_defaults_of_a_signature_are_shown():
    """One that the signature states and that changes something when it is given is left out: there are few."""
    rows = [row for area in AREAS for row in ran(area.name).values()]
    assert sum(len(each) for row in rows for each in row["defaults"].values()) > 2000
    assert sum(len(each) for row in rows for each in row["unless"].values()) > 200


def test_the_data_for_tools_is_whole():
    data = json.loads(as_json(Library(ROOT, STORE)))
    rows = [row for row in data["rows"] if row["category"] != "only"]
    assert len(rows) == sum(len(area.rows) for area in AREAS)
    assert {"torch", "keras", "tf"} >= {side for row in rows for side in row["code"]}
    places: dict[str, list[int]] = {}
    for row in rows:
        for name, place in row["place"].items():
            places.setdefault(name, []).append(place)
    assert all(sorted(each) == list(range(len(each))) for each in places.values())
    assert data["alias"]
    assert all(len(each) <= BITES and title and place for each in data["bites"].values() for title, place in each)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("torch.nn.Linear", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html"),
        ("torch.nn.init.zeros_", "https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_"),
        ("keras.layers.Dense", "https://www.tensorflow.org/api_docs/python/tf/keras/layers/Dense"),
        ("tf.nn.relu", "https://www.tensorflow.org/api_docs/python/tf/nn/relu"),
        ("tf.data.Dataset.batch", "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#batch"),
        (
            "torch.nn.Module.eval",
            "https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval",
        ),
        ("torch.Tensor.view", "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html"),
        ("torch.distributions.Normal", "https://docs.pytorch.org/docs/stable/distributions.html"),
        ("torch.nn.grad.conv2d_input", ""),
    ],
)
def test_a_name_leads_to_its_documentation(name, address):
    assert documentation(name) == address


# Reading, on made-up rows ----------------------------------------------------------------------


def row(**sides) -> Row:
    return Row(area="a", line=1, **sides)


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


@pytest.mark.parametrize(
    ("torch", "keras", "category"),
    [
        ("torch.abs(x)", "ops.abs(x)", "same"),
        ("torch.sum(x, dim=1)", "ops.sum(x, axis=1)", "renamed"),
        ("F.leaky_relu(x)", "ops.leaky_relu(x, negative_slope=0.01)", "defaults"),
        ("nn.Linear(4, 5)(x)", "layers.Dense(5)(x)", "same"),
        ("nn.MSELoss()(x, y)", "keras.losses.MeanSquaredError()(y, x)", "layout"),
        ("F.max_pool2d(images, 2)", "ops.max_pool(images, 2)", "layout"),
        ("torch.logit(u)", "ops.log(u / (1 - u))", "composed"),
    ],
)
def test_a_category_follows_from_what_has_to_be_written(torch, keras, category):
    assert categorise(row(torch=torch, keras=keras), needed=True) == category


# Measuring, with the frameworks ----------------------------------------------------------------


@pytest.fixture(scope="module")
def measured():
    pytest.importorskip("torch")
    pytest.importorskip("tensorflow")
    from headtohead.measuring.measure import measure, sides
    from headtohead.measuring.values import Disagree

    both = sides()

    def found(**texts):
        try:
            return measure(row(**texts), both).to_json()
        except Disagree as why:
            return {"broken": str(why)}

    return found


def test_a_row_that_agrees_says_how_closely(measured):
    found = measured(torch="F.gelu(x)", keras="keras.activations.gelu(x)")
    assert found["category"] == "same"
    assert 0 <= found["absolute"] < 1e-6
    assert found["gradient"]["x"] < 1e-5


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"torch": "F.gelu(x)", "keras": "ops.gelu(x)"}, r"^off by 0\.\d+ in keras"),
        ({"torch": "torch.sum(x, 0)", "keras": "ops.sum(x, 1)"}, r"^shape \[4\] in PyTorch, \[3\] in keras"),
        ({"torch": "torch.floor(x) + x.detach()", "tf": "tf.floor(x) + x"}, r"^gradient for x off by"),
        ({"torch": "F.relu(x, inplace=False)", "keras": "ops.relu(x)"}, r"^inplace=False changes nothing in torch"),
        ({"torch": "torch.no_such_name(x)", "keras": "ops.abs(x)"}, r"^torch.no_such_name is not there"),
        ({"torch": "torch.chunk(x, 3)", "tf": "tf.split(x, 1)"}, r"^gives 3 arrays in PyTorch, 1 in tf"),
        ({"torch": "torch.abs(x, 3)", "keras": "ops.abs(x)"}, r"^TypeError"),
    ],
)
def test_a_row_that_does_not_agree_is_broken(measured, texts, told):
    assert re.search(told, measured(**texts)["broken"])


def test_weights_are_carried(measured):
    found = measured(torch="nn.Linear(4, 5)(x)", keras="layers.Dense(5)(x)")
    assert found["absolute"] < 1e-5
    other = measured(torch="nn.Linear(4, 5)(x)", keras="layers.Dense(5, activation='relu')(x)")
    assert "off by" in other["broken"]


def test_an_optimizer_takes_the_same_steps_or_is_broken(measured):
    good = {"torch": "optim.SGD([x], lr=0.1)", "keras": "keras.optimizers.SGD(learning_rate=0.1)"}
    assert measured(**good)["steps"] == 5
    assert "after step 1 off by" in measured(**good | {"keras": "keras.optimizers.SGD(learning_rate=0.2)"})["broken"]


def test_random_rows_are_held_by_their_distribution(measured):
    good = {"torch": "torch.rand(100000)", "tf": "tf.random.uniform([100000])"}
    assert measured(**good, random=True)["category"] == "distribution"
    other = good | {"tf": "tf.random.uniform([100000], 0, 1.1)"}
    assert "the distributions are apart" in measured(**other, random=True)["broken"]


def test_edge_inputs_that_hurt_are_noted(measured):
    found = measured(torch="F.leaky_relu(x, 0.2)", tf="tf.nn.leaky_relu(x)")
    assert found["edges"]["integers"]
    assert found["edges"]["empty"] == []


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"torch": "torch.sum(x, dim=1)", "keras": "ops.sum(x, axis=1)"}, []),
        ({"torch": "torch.select(x, 1, 2)", "keras": "ops.take(x, 2, axis=1)"}, []),
        ({"torch": "torch.stack([x, y], dim=2)", "keras": "ops.stack([x, y], axis=2)"}, []),
        (
            {"torch": "torch.sum(x, dim=1)", "keras": "ops.sum(x, (lambda axis: 3 // (axis + 1) and axis)(axis=1))"},
            ["the same", "raises ZeroDivisionError"],
        ),
        (
            {
                "torch": "torch.slice_scatter(x, y[:, :2], 1, 1, 3)",
                "tf": "tf.concat([x[:, :1], y[:, :2], x[:, 3:]], 1)",
            },
            None,
        ),
        ({"torch": "torch.abs(x)", "keras": "ops.abs(x)"}, None),
    ],
)
def test_axes_are_counted_from_the_end(measured, texts, told):
    assert measured(**texts)["edges"].get("a negative axis") == told


def test_defaults_are_read_and_tried(measured):
    found = measured(torch="F.leaky_relu(x)", keras="ops.leaky_relu(x, negative_slope=0.01)")
    assert found["defaults"] == {"torch": {"negative_slope": "0.01", "inplace": "False"}}
    assert found["unless"] == {"keras": {"negative_slope": "0.2"}}
    found = measured(torch="optim.Adam([x])", keras="keras.optimizers.Adam(epsilon=1e-8)")
    assert found["unless"] == {"keras": {"epsilon": "1e-07"}}
    assert found["defaults"]["torch"]["lr"] == found["defaults"]["keras"]["learning_rate"] == "0.001"


@pytest.mark.parametrize(
    "texts",
    [
        {"torch": "nn.LayerNorm(4)(x)", "keras": "layers.LayerNormalization(epsilon=1e-5)(x)"},  # the numbers tell
        {"torch": "optim.Adam([x])", "keras": "keras.optimizers.Adam(epsilon=1e-8)"},  # the signature does
    ],
)
def test_another_epsilon_is_another_default(measured, texts):
    assert measured(**texts)["category"] == "defaults"


def test_a_default_that_is_not_so_is_not_shown(measured, monkeypatch):
    """The signature says 0.2, but 0.1 is what counts if nothing is given."""
    keras = pytest.importorskip("keras")
    real = keras.ops.leaky_relu

    def lying(x, negative_slope=None):
        return real(x, 0.1 if negative_slope is None else negative_slope)

    lying.__signature__ = inspect.signature(real)
    texts = {"torch": "F.leaky_relu(x, 0.2)", "keras": "ops.leaky_relu(x)"}
    assert measured(**texts)["defaults"]["keras"] == {"negative_slope": "0.2"}
    monkeypatch.setattr(keras.ops, "leaky_relu", lying)
    found = measured(**texts | {"torch": "F.leaky_relu(x, 0.1)"})
    assert "broken" not in found
    assert "keras" not in found["defaults"]


# Running ---------------------------------------------------------------------------------------


def test_areas_run_apart_and_faults_name_their_row(project):
    pytest.importorskip("torch")
    pytest.importorskip("tensorflow")
    broken = ROW.replace("ops.abs(x)", "ops.negative(x)")
    wrong = "[only]\n'torch.nn.Linear.no_such' = 'No name of either package.'\n'torch.nn.Linear.weight' = 'A name.'\n"
    dies = ROW.replace("torch.abs(x)", "torch.abs(x) + __import__('os')._exit(3)")
    project.area("a", AREA + ROW + wrong)
    project.area("b", AREA + ROW + broken)
    project.area("c", AREA + ROW + dies + broken)
    store, said = project.store, io.StringIO()
    gone, *problems = sorted(run(store, ["a", "b", "c", COUNT], said))
    assert gone == "api/a.toml: torch.nn.Linear.no_such is not there; take it out, or correct it"
    assert [line.partition(": ")[0] for line in problems] == ["api/b.toml:6", "api/c.toml:6"]
    assert "off by" in problems[0]
    assert "this row ended with 3; mend it, or take it out" in problems[1]
    assert said.getvalue().count("  api/") == 4  # and how far it is, where that takes long
    assert list(freshness.data(store, FOLDER, "a")) == ["torch-abs--keras-ops-abs"]
    for name in "bc":
        with pytest.raises(Problem, match="no such record"):
            freshness.data(store, FOLDER, name)
    project.area("a", AREA + ROW + "\n# Another byte.\n")
    with pytest.raises(Problem, match="stale: the rows"):
        freshness.data(store, FOLDER, "a")


def test_a_row_that_never_ends_is_ended(project, monkeypatch):
    pytest.importorskip("torch")
    pytest.importorskip("tensorflow")
    monkeypatch.setattr("headtohead.running.rows.LIMITS", Limits(seconds=60, asleep=2))
    hangs = ROW.replace("torch.abs(x)", "torch.abs(x) + __import__('time').sleep(10**6)")
    project.area("a", AREA + hangs)
    assert run(project.store, ["a"]) == ["api/a.toml:3: this row slept for 2 s; mend it, or take it out"]
