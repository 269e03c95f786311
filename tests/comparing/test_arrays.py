"""Guards by which dtype two arrays are held against each other."""

from __future__ import annotations

import numpy as np
import pytest

from headtohead.comparing.arrays import closest, compare
from headtohead.content.tolerances import BY_DTYPE


@pytest.mark.parametrize(
    ("left", "right", "by"),
    [
        ("float64", "float32", "float32"),
        ("float32", "float64", "float32"),
        ("complex128", "complex64", "complex64"),
        ("float64", "float64", "float64"),
        ("float32", "int64", "float32"),
    ],
)
def test_of_two_floats_the_narrower_says_how_close(left, right, by):
    assert closest(np.dtype(left), np.dtype(right)) == BY_DTYPE[by]


def test_a_whole_number_is_no_narrower_float():
    assert closest(np.dtype("int64"), np.dtype("float32")) == (0.0, 0.0)
    assert not compare(np.int64([1]), np.float32([1.00001])).holds
