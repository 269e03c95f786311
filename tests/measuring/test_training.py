"""Guards that optimizers are held step by step."""

from __future__ import annotations

import pytest

from headtohead.content.rows import read
from tests.support.repository import ROOT

MUON = [row for row in read(ROOT, "optimizers").rows if "Muon" in row.torch]


def test_an_optimizer_takes_the_same_steps_or_is_broken(measured):
    good = {"torch": "optim.SGD([x], lr=0.1)", "keras": "keras.optimizers.SGD(learning_rate=0.1)"}
    assert measured(**good)["steps"] == 5
    assert "after step 1 off by" in measured(**good | {"keras": "keras.optimizers.SGD(learning_rate=0.2)"})["broken"]


@pytest.mark.parametrize("row", MUON, ids=lambda row: row.keras)
def test_the_tolerance_of_muon_tells_another_momentum(measured, row):
    texts = {"torch": row.torch, "atol": row.atol, "why": row.why, "holds": row.holds, "parts": row.parts}
    assert measured(keras=row.keras, **texts)["steps"] == 5
    other = row.keras.replace("weight_decay", "momentum=0.9, weight_decay")
    assert "off by" in measured(keras=other, **texts)["broken"]
