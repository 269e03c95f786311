"""Guards the sets of inputs: each is what its words say, and has something else for every row with floats."""

from __future__ import annotations

import numpy as np
import pytest

from headtohead.content.inputs import ABOUT, ABOUT_SETS, FIRST
from headtohead.measuring.inputs import SETS, Walk

ARRAYS = {name: each.arrays() for name, each in SETS.items()}


def test_each_set_has_every_input_and_words():
    assert list(SETS) == [FIRST, *ABOUT_SETS]
    assert all(set(arrays) == set(ABOUT) for arrays in ARRAYS.values())


@pytest.mark.parametrize("name", ABOUT_SETS)
def test_each_set_has_other_numbers_and_the_same_twice(name):
    given, first = ARRAYS[name], ARRAYS[FIRST]
    for each in "xyzpvwmnr":
        assert given[each].dtype != first[each].dtype or not np.array_equal(given[each], first[each]), each
    again = SETS[name].arrays()
    assert all(np.array_equal(given[each], again[each]) for each in ABOUT)


@pytest.mark.parametrize("name", SETS)
def test_inputs_are_what_their_words_say(name):
    given = ARRAYS[name]
    columns = given["x"].shape[1]
    assert (given["p"] > 0).all()
    assert ((given["u"] >= 0) & (given["u"] <= 1)).all()
    assert np.allclose(given["q"].sum(axis=1), 1)
    assert (given["j"] > 0).all()
    assert ((given["k"] >= 0) & (given["k"] < min(columns, 4))).all()
    assert np.array_equal(given["h"].argmax(axis=1), given["k"])
    assert (np.linalg.eigvalsh(given["s"]) > 0).all()
    assert np.linalg.cond(given["m"]) < 20
    assert (given["d"] < len(given["x"])).all()
    assert given["ids"].max() < 7


def test_sets_have_what_hurts():
    large, small, ties = (ARRAYS[name] for name in ("large numbers", "small numbers", "ties"))
    assert np.abs(large["x"]).max() > 15
    assert {0, 1} <= set(large["u"].ravel())
    assert (large["q"] == 0).any()
    assert np.abs(small["x"]).max() < 0.01
    assert all(len(np.unique(ties[name])) < ties[name].size for name in ("x", "r", "k", "p", "seq", "images"))
    assert any(not row.any() for row in ties["x"])
    assert (ties["x"] == ties["y"]).any()
    assert len(ARRAYS["one row"]["x"]) == len(ARRAYS["one row"]["images"]) == 1
    assert ARRAYS["float64"]["x"].dtype == "float64"


def test_an_optimizer_takes_other_steps():
    assert len(Walk(steps=25).gradients((2,))) == 25
    plain, small = (np.stack(Walk(scale=scale).gradients((2,))) for scale in (1, 1e-3))
    assert np.allclose(small, plain / 1000)
    whole = np.stack(Walk(whole=True).gradients((2,)))
    assert np.array_equal(whole, whole.round())
