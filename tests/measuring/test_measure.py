"""Guards how rows are measured: what agrees says how closely, what does not is broken, and its category follows."""

from __future__ import annotations

import re

import pytest

SMALL = {"holds": "for gradients far above epsilon", "parts": ["small numbers"]}


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
        ({"torch": "torch.abs(x)[:0]", "tf": "tf.square(x)[:0]"}, r"^gives no element: of nothing, everything holds"),
        ({"torch": "torch.abs(torch.os.getpid() + x)", "tf": "tf.abs(x)"}, r"^torch\.os is no part of a framework"),
    ],
)
def test_a_row_that_does_not_agree_is_broken(measured, texts, told):
    assert re.search(told, measured(**texts)["broken"])


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        ({"torch": "torch.abs(torch.set_default_dtype(torch.float64) or x)", "tf": "tf.abs(x)"}, "set_default_dtype"),
        ({"torch": "torch.abs(x)", "keras": "ops.abs(keras.config.set_epsilon(1e-3) or x)"}, "set_epsilon"),
        ({"torch": "torch.abs(torch.set_grad_enabled(False) and x)", "tf": "tf.abs(x)"}, "set_grad_enabled"),
    ],
)
def test_a_row_that_changes_what_the_next_ones_find_is_broken_and_they_find_it_as_it_was(measured, texts, what):
    assert what in measured(**texts)["broken"]
    assert measured(torch="F.gelu(x)", keras="keras.activations.gelu(x)")["category"] == "same"
    assert measured(torch="torch.ones(3)", tf="tf.ones(3)")["dtype"] == [["float32", "float32"]]


def test_a_row_about_tensors_without_an_element_gives_none(measured):
    assert measured(torch="torch.empty(2, 0)", keras="ops.empty((2, 0))")["shape"] == [[2, 0]]


def test_random_rows_are_held_by_their_distribution(measured):
    good = {"torch": "torch.rand(100000)", "tf": "tf.random.uniform([100000])"}
    assert measured(**good, random=True)["category"] == "distribution"
    other = good | {"tf": "tf.random.uniform([100000], 0, 1.1)"}
    assert "the distributions are apart" in measured(**other, random=True)["broken"]


@pytest.mark.parametrize(
    "texts",
    [
        {"torch": "nn.LayerNorm(4)(x)", "keras": "layers.LayerNormalization(epsilon=1e-5)(x)"},  # the numbers tell
        {"torch": "optim.Adam([x])", "keras": "keras.optimizers.Adam(epsilon=1e-8)"} | SMALL,  # the signature does
    ],
)
def test_another_epsilon_is_another_default(measured, texts):
    assert measured(**texts)["category"] == "defaults"
