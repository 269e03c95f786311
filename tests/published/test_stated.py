"""Guards what the text of pages states beside the programs: each is measured here."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from tests.support.repository import ROOT

torch = pytest.importorskip("torch")
pytest.importorskip("torch._dynamo")  # before TensorFlow, which it does not bear to come after
tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

# What is called and compiled once in a process, and what its checks do before and after.
ENDS = """
import torch
import pyro
def checks(**how):
    try:
        torch.distributions.Normal(0.0, -1.0, **how)
    except ValueError:
        return True
    return False
before = checks()
torch.compile(lambda x: x * 2, backend="eager")(torch.ones(2))
after, asked = checks(), checks(validate_args=True)
pyro.enable_validation()
print(before, after, asked, checks())
"""


def page(name):
    return " ".join((ROOT / f"docs/{name}.md").read_text(encoding="utf-8").split())


def test_a_keras_optimizer_adds_gradients_up_to_their_mean():
    assert "with the mean of the four gradients" in page("basics/autograd")
    variable, optimizer = keras.Variable([1.0]), keras.optimizers.SGD(1.0, gradient_accumulation_steps=2)
    optimizer.build([variable])
    optimizer.apply([tf.constant([1.0])])
    assert float(variable.numpy()[0]) == 1
    optimizer.apply([tf.constant([3.0])])
    assert float(variable.numpy()[0]) == -1


def test_a_keras_model_is_fitted_by_two_optimizers():
    assert "keras.optimizers.MultiOptimizer" in page("use_cases/transfer")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="features"), keras.layers.Dense(1)])
    model.compile(
        keras.optimizers.MultiOptimizer(lambda each: keras.optimizers.SGD(0.0 if "features" in each.path else 0.1)),
        "mse",
    )
    before = [np.array(each) for each in model.get_weights()]
    model.fit(np.ones((8, 3)), np.full((8, 1), 5.0), verbose=0)
    assert [bool((old != new).any()) for old, new in zip(before, model.get_weights(), strict=True)] == [False] * 2 + [
        True
    ] * 2


def test_a_data_set_that_can_be_read_anywhere_has_places():
    assert "`tf.data.experimental.at(dataset, 5)`" in page("data/preparation")
    assert tf.data.experimental.at(tf.data.Dataset.range(10), 5).numpy() == 5


def test_torchrun_restarts_nothing_by_default():
    run = pytest.importorskip("torch.distributed.run")
    assert run.get_args_parser().get_default("max_restarts") == 0
    assert "`--max-restarts=3`" in page("training/distributed")


def test_a_batch_of_numbers_takes_its_dtype_from_the_first():
    collate = torch.utils.data.default_collate
    assert collate([1, 2.5]).dtype == torch.float32
    assert collate([1.5, 2]).dtype == torch.float64
    assert collate([1, 2]).dtype == torch.int64


def test_the_checks_of_distributions_end_with_the_first_use_of_compile():
    assert "end for the whole process with the first use of `torch.compile`" in page("libraries/probabilistic")
    assert "or call `pyro.enable_validation()` afterwards" in page("libraries/probabilistic")
    ran = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.split() == ["True", "False", "True", "True"]


PAGES = [each for each in sorted((ROOT / "docs").rglob("*.md")) if "/// compare |" in each.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_slice_that_prose_names_is_one_of_the_programs(path):
    """As `windows[:, 24:]`: where the name is a variable of the programs and the slice none of theirs, it is wrong."""
    text = path.read_text(encoding="utf-8")
    topics = set(re.findall(r"^/// compare \| (\S+)", text, re.MULTILINE))
    programs = [
        each.read_text(encoding="utf-8") for topic in topics for each in (ROOT / "snippets" / topic).glob("in_*.py")
    ]
    code = "".join(programs)
    for found in re.findall(r"`(?:\w+ = )?(\w+\[[^`\]]*:[^`\]]*\])`", text):
        assert found in code or not re.search(rf"^{found.split('[')[0]} = ", code, re.MULTILINE), found
