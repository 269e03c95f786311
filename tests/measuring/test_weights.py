"""Guards that a row's weights are carried from PyTorch to Keras."""

from __future__ import annotations


def test_weights_are_carried(measured):
    found = measured(torch="nn.Linear(4, 5)(x)", keras="layers.Dense(5)(x)")
    assert found["absolute"] < 1e-5
    other = measured(torch="nn.Linear(4, 5)(x)", keras="layers.Dense(5, activation='relu')(x)")
    assert "off by" in other["broken"]
