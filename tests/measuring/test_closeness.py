"""Guards how close two arrays of a row have to be."""

from __future__ import annotations

import numpy as np

from headtohead.content.inputs import FIRST
from headtohead.content.tolerances import BY_DTYPE, GRADIENT
from headtohead.measuring.closeness import ROUNDING, closeness
from headtohead.measuring.inputs import SETS
from tests.support.projects import row

ROW = {"torch": "torch.abs(x)", "keras": "ops.abs(x)"}


def allowed(set_name, largest, usual=None, dtype="float32", **stated):
    array = np.array([0, largest, np.inf], dtype)
    return closeness(row(**ROW, **stated), array, array, usual, SETS[set_name].scaled)


def test_it_goes_by_what_is_compared_unless_the_row_states_it():
    rtol, atol = BY_DTYPE["float32"]
    assert allowed(FIRST, 200) == {"rtol": rtol, "atol": atol}
    assert allowed(FIRST, 200, GRADIENT) == dict(zip(("rtol", "atol"), GRADIENT))
    assert allowed(FIRST, 200, atol=1e-3) == {"rtol": rtol, "atol": 1e-3}
    assert allowed(FIRST, 200, atol=0.0)["atol"] == 0


def test_an_absolute_tolerance_is_that_of_numbers_of_one_where_a_set_is_scaled():
    atol = BY_DTYPE["float32"][1]
    assert np.isclose(allowed("large numbers", 200)["atol"], 200 * atol)
    assert np.isclose(allowed("small numbers", 0.5)["atol"], 0.5 * atol)
    assert allowed("small numbers", 1e-6)["atol"] == ROUNDING * np.finfo("float32").eps
    assert allowed("large numbers", 200, dtype="complex64")["atol"] > 100 * atol
