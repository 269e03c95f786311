"""Guards the look-up of names in the API map: the counterpart that a reader needs comes first."""

from __future__ import annotations

import pytest

from headtohead.content.topics import topics
from headtohead.reading.lookup import lookup
from headtohead.reading.names import Use, uses
from tests.support.repository import ROOT


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("torch.nn.Linear", "layers.Dense"),
        ("torch.nn.CrossEntropyLoss", "SparseCategoricalCrossentropy(from_logits=True)"),
        ("torch.gather", "batch_dims=1"),
        ("keras.layers.Dense", "nn.Linear"),
        ("tf.gather_nd", "torch."),
        ("keras.layers.TimeDistributed", "nn.Linear"),
    ],
)
def test_the_first_counterpart_is_the_plain_one(name, other):
    known = lookup(ROOT)
    assert known.name(Use(1, name)) == name
    assert other in known.counterparts(name)[0][0]


@pytest.mark.parametrize(
    ("name", "given", "other"),
    [
        ("torch.nn.Conv2d", (), "layers.Conv2D"),
        ("torch.nn.Conv2d", ("groups",), "layers.DepthwiseConv2D"),
        ("torch.nn.CrossEntropyLoss", ("ignore_index",), "ignore_class=0"),
        ("torch.nn.CrossEntropyLoss", ("device",), "SparseCategoricalCrossentropy(from_logits=True)(k, x)"),
        ("torch.nn.functional.mse_loss", (), "mean_squared_error"),
        ("torch.Tensor.view", (), "ops.reshape"),
        ("keras.ops.cast", (), "i.to(torch.float32)"),
    ],
)
def test_the_row_whose_arguments_are_given_comes_first(name, given, other):
    assert other in lookup(ROOT).counterparts(name, frozenset(given))[0][0]


def test_a_method_is_looked_up_as_the_function_of_its_name():
    assert lookup(ROOT).name(Use(1, "torch.Tensor.sum", sure=False)) == "torch.sum"
    assert lookup(ROOT).name(Use(1, "torch.Tensor.no_such_thing", sure=False)) is None


def test_the_programs_of_this_site_are_read_without_much_left():
    known, said, left = lookup(ROOT), 0, set()
    for topic in topics(ROOT):
        for program in topic.programs.values():
            for use in uses(program.text):
                if use.sure and "." in use.name:
                    said += 1
                    if known.name(use) is None and not use.member:  # which may be the program's own
                        left.add(use.name)
    assert said > 2000
    assert len(left) < 0.02 * said  # names that the map lacks, each once
