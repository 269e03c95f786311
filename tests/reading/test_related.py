"""Guards which differences touch a name of the API map, and which of them comes first."""

from __future__ import annotations

import pytest

from headtohead.content.differences import groups
from headtohead.reading.related import related, speaks_of
from tests.support.repository import ROOT

ENTRIES = [entry for group in groups(ROOT) for entry in group.entries]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("torch.nn.Linear", "dense-bias-starts-at-zero"),
        ("torch.nn.BatchNorm3d", "normalisation-starts-alike"),  # shown with BatchNorm1d
        ("torch.optim.Adam", "adam-weight-decay-is-l2-or-adamw"),
        ("keras.layers.LSTM", "lstm-forget-bias"),
    ],
)
def test_what_speaks_of_a_name_comes_first(name, first):
    found = related(ROOT).touching[name]
    assert found[0][0].id == first
    assert all(place.startswith(f"differences/{entry.group}/#{entry.id}") for entry, place in found)


@pytest.mark.parametrize(
    ("name", "entry", "speaks"),
    [
        ("torch.nn.BatchNorm2d", "batch-norm-momentum-means-the-opposite", True),
        ("torch.nn.BatchNorm2d", "layer-norm-epsilon", False),
        ("torch.nn.ReLU", "parts-of-a-sequential", False),  # none of its words is long
        ("torch.nn.PReLU", "leaky-relu-slope", False),
    ],
)
def test_what_has_the_words_of_a_name_speaks_of_it(name, entry, speaks):
    assert speaks_of(next(each for each in ENTRIES if each.id == entry), name) is speaks
