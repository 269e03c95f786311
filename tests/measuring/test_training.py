"""Guards that optimizers are held step by step."""

from __future__ import annotations


def test_an_optimizer_takes_the_same_steps_or_is_broken(measured):
    good = {"torch": "optim.SGD([x], lr=0.1)", "keras": "keras.optimizers.SGD(learning_rate=0.1)"}
    assert measured(**good)["steps"] == 5
    assert "after step 1 off by" in measured(**good | {"keras": "keras.optimizers.SGD(learning_rate=0.2)"})["broken"]
