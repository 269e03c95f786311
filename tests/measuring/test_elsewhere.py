"""Guards that a row is tried on other inputs: what holds on the first alone is broken, or says when it holds."""

from __future__ import annotations

import re

import pytest

from headtohead.content.inputs import ABOUT_SETS

VARIANCE = {"torch": "torch.var(x, dim=1)", "keras": "ops.multiply(ops.var(x, axis=1), 4 / 3)"}
MEDIAN = {"torch": "torch.nanmedian(r)", "keras": "ops.nanmedian(r)"}
ADAM = {"torch": "optim.Adam([x])", "keras": "keras.optimizers.Adam(epsilon=1e-8)"}
DRAWN = {"torch": "torch.rand(100000)", "tf": "tf.random.uniform([100000])", "random": True}


def test_a_row_that_holds_on_every_set_says_so(measured):
    assert measured(torch="torch.add(x, y)", keras="ops.add(x, y)")["sets"] == {"held": list(ABOUT_SETS)}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (VARIANCE, "on other shapes: off by"),
        (MEDIAN, "on other shapes: off by"),
        (ADAM, "on small numbers: after step 1 off by"),
        ({"torch": "F.hardtanh(x)", "keras": "ops.hard_tanh(x)"}, "on ties: gradient for x off by"),
        (
            {"torch": "torch.sum(x)", "keras": "ops.sum(ops.reshape(x, (2, 6)))"},
            "on more rows: raises .* in Keras alone",
        ),
        ({"torch": "torch.topk(x, 2, largest=False)", "keras": "ops.top_k(-x, 2)"}, "off by"),
    ],
)
def test_what_holds_on_the_first_set_alone_is_broken(measured, texts, told):
    assert re.search(told, measured(**texts)["broken"])


def test_written_generally_it_holds(measured):
    keras = "ops.multiply(ops.var(x, axis=1), x.shape[1] / (x.shape[1] - 1))"
    assert "other shapes" in measured(**VARIANCE | {"keras": keras})["sets"]["held"]


def test_a_row_that_says_when_it_holds_has_to_part_where_it_says_so(measured):
    odd = {"holds": "for an odd number of values, all different", "parts": ["other shapes", "ties"]}
    found = measured(**MEDIAN, **odd)["sets"]
    assert list(found["parted"]) == ["other shapes", "ties"]
    assert "more rows" in found["held"]
    for wrong, told in ((["more rows"], "do not part on more rows"), (["ties"], "on other shapes: off by")):
        parts = [*odd["parts"], *wrong] if "more" in told else wrong
        assert told in measured(**MEDIAN, **odd | {"parts": parts})["broken"]


@pytest.mark.parametrize(
    ("texts", "name", "why"),
    [
        (
            {"torch": "nn.Linear(4, 5)(x)", "keras": "layers.Dense(5)(x)"},
            "other shapes",
            "raises RuntimeError in PyTorch",
        ),
        ({"torch": "nn.Linear(4, 5)(x)", "keras": "layers.Dense(5)(x)"}, "float64", "raises RuntimeError in PyTorch"),
        (
            {"torch": "F.mse_loss(x, y)", "keras": "keras.losses.MeanSquaredError()(y, x)"},
            "float64",
            "float64 in PyTorch, float32 in Keras",
        ),
        (
            {"torch": "x.view(2, 6)", "keras": "ops.reshape(x, (2, 6))"},
            "more rows",
            "raises .* in PyTorch, .* in Keras",
        ),
    ],
)
def test_a_set_on_which_nothing_can_be_compared_is_none_that_holds(measured, texts, name, why):
    found = measured(**texts)["sets"]
    assert re.match(why, found["unrun"][name])
    assert name not in found["held"]


def test_what_has_no_inputs_is_tried_where_something_else_comes_of_it(measured):
    assert measured(torch="torch.eye(3)", keras="ops.eye(3)")["sets"] == {}
    seeds = ["other numbers", "more rows", "other shapes", "one row"]
    assert measured(**DRAWN)["sets"] == {"held": seeds}
    steps = measured(torch="optim.SGD([x], lr=0.1)", keras="keras.optimizers.SGD(learning_rate=0.1)")
    assert steps["sets"] == {"held": list(ABOUT_SETS)}
