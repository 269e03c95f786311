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
        ("nn.Linear(4, 5)(x)", "layers.Dense(5)(x)", "same"),
        ("nn.MSELoss()(x, y)", "keras.losses.MeanSquaredError()(y, x)", "layout"),
        ("F.max_pool2d(images, 2)", "ops.max_pool(images, 2)", "layout"),
        ("torch.logit(u)", "ops.log(u / (1 - u))", "composed"),
    ],
)
def test_a_category_follows_from_what_has_to_be_written(torch, keras, category):
    assert categorise(row(torch=torch, keras=keras), needed=True) == category
