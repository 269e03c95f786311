"""Guards the categories of rows: each follows from what has to be written."""

from __future__ import annotations

import pytest

from headtohead.content.categories import categorise
from tests.support.projects import row


@pytest.mark.parametrize(
    ("torch", "keras", "category"),
    [
        ("torch.abs(x)", "ops.abs(x)", "same"),
        ("torch.sum(x, dim=1)", "ops.sum(x, axis=1)", "renamed"),
        ("F.leaky_relu(x)", "ops.leaky_relu(x, negative_slope=0.01)", "defaults"),
        ("torch.logspace(0, 2, 5)", "ops.geomspace(1, 100, 5)", "converted"),
        ("torch.special.hermite_polynomial_he(x, 3)", "tf.math.polyval([1.0, 0.0, -3.0, 0.0], x)", "converted"),
        ("F.pad(x, (1, 2))", "ops.pad(x, ((0, 0), (1, 2)))", "converted"),
        ("torch.masked_fill(x, b, 0)", "ops.where(b, 0.0, x)", "layout"),
        ("torch.zeros(2, 3)", "ops.zeros((2, 3))", "renamed"),
        ("x.type(torch.int32)", "ops.cast(x, 'int32')", "renamed"),
        ("x.dim()", "ops.ndim(x)", "renamed"),
        ("nn.Linear(4, 5)(x)", "layers.Dense(5)(x)", "same"),
        ("nn.MSELoss()(x, y)", "keras.losses.MeanSquaredError()(y, x)", "layout"),
        ("F.max_pool2d(images, 2)", "ops.max_pool(images, 2)", "layout"),
        ("torch.logit(u)", "ops.log(u / (1 - u))", "composed"),
    ],
)
def test_a_category_follows_from_what_has_to_be_written(torch, keras, category):
    assert categorise(row(torch=torch, keras=keras), needed=category == "defaults") == category
