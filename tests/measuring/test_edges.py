"""Guards what is noted of edge inputs, and of axes counted from the end."""

from __future__ import annotations

import pytest


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
