"""Guards the defaults of a row: read from signatures, tried, and not shown where they are not so."""

from __future__ import annotations

import inspect

import pytest


def test_defaults_are_read_and_tried(measured):
    found = measured(torch="F.leaky_relu(x)", keras="ops.leaky_relu(x, negative_slope=0.01)")
    assert found["defaults"] == {"torch": {"negative_slope": "0.01", "inplace": "False"}}
    assert found["unless"] == {"keras": {"negative_slope": "0.2"}}
    when = {"holds": "for gradients far above epsilon", "parts": ["small numbers"]}
    found = measured(torch="optim.Adam([x])", keras="keras.optimizers.Adam(epsilon=1e-8)", **when)
    assert found["unless"] == {"keras": {"epsilon": "1e-07"}}
    assert found["defaults"]["torch"]["lr"] == found["defaults"]["keras"]["learning_rate"] == "0.001"


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
