"""Guards how names are found in a program: through imports and classes, by line, and no other is."""

from __future__ import annotations

import time

import pytest

from headtohead.errors import Problem
from headtohead.reading.lookup import lookup
from headtohead.reading.names import Use, uses
from tests.support.repository import ROOT


def names(text: str) -> list[tuple[int, str]]:
    return [(use.line, use.name) for use in uses(text) if use.sure]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import torch\ntorch.abs(x)", "torch.abs"),
        ("import torch.nn.functional as F\nF.gelu(x)", "torch.nn.functional.gelu"),
        ("from torch import nn\nnn.Linear(4, 5)", "torch.nn.Linear"),
        ("from torch.nn import Linear as L\nL(4, 5)", "torch.nn.Linear"),
        ("import tensorflow as tf\ntf.nn.relu(x)", "tf.nn.relu"),
        ("import tensorflow as tf\ntf.keras.layers.Dense(5)", "tf.keras.layers.Dense"),
        ("from tensorflow import keras\nkeras.layers.Dense(5)", "keras.layers.Dense"),
        ("from tensorflow.keras.layers import Dense\nDense(5)", "keras.layers.Dense"),
        ("import keras\nkeras.ops.abs(x)", "keras.ops.abs"),
    ],
)
def test_a_name_is_found_through_its_import(text, name):
    assert names(text) == [(2, name)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import torch.nn.modules.conv as c\nc.Conv2d(3, 4, 3)", "torch.nn.Conv2d"),
        ("from torch.nn.parameter import Parameter\nParameter(x)", "torch.nn.Parameter"),
        ("from torch.optim.adam import Adam\nAdam(p)", "torch.optim.Adam"),
        ("from torch.optim import lr_scheduler\nlr_scheduler.StepLR(o, 10)", "torch.optim.lr_scheduler.StepLR"),
        ("from torch.utils.data.sampler import RandomSampler\nRandomSampler(d)", "torch.utils.data.RandomSampler"),
    ],
)
def test_a_class_is_found_where_it_lives_too(text, name):
    assert names(text) == [(2, name)]


NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        self.table = nn.Embedding(3, 4)
    def forward(self, x):
        return self.table.weight if self.training else self.own(x)
    def own(self, x: torch.Tensor) -> torch.Tensor:
        return x.view(2)

net = Net().to("cpu")
net.eval()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
opt.step()
opt = 3
"""


def test_the_class_of_what_the_program_makes_is_known():
    found = {(use.line, use.name) for use in uses(NET) if use.member}
    assert {(9, "torch.nn.Embedding.weight"), (9, "torch.nn.Module.training")} <= found
    assert (14, "torch.nn.Module.eval") in found
    assert (15, "torch.nn.Module.parameters") in found
    assert not [use for use in uses(NET) if use.line == 10]  # annotations
    # A name that is not always the same thing is a guess.
    assert Use(16, "torch.Tensor.step", sure=False) in uses(NET)
    known = lookup(ROOT)
    assert known.name(Use(9, "torch.nn.Embedding.weight", member=True)) == "torch.nn.Embedding.weight"
    assert known.name(Use(14, "torch.nn.Linear.eval", member=True)) == "torch.nn.Module.eval"
    assert known.name(Use(9, "torch.nn.Module.own", member=True)) is None


@pytest.mark.parametrize(
    "text",
    [
        "import torch, math\nmath.sqrt(2)",
        "import torch\nimport numpy as np\nnp.arange(3).sum()",
        "import torch\n'a b'.split()",
        "import torch\nwords.split(' ')",
        "import torch\nthings.append(x)",
        "import torch\nargs.lr",
        "import json\nx.sum()",
    ],
)
def test_what_is_no_tensor_is_not_taken_for_one(text):
    assert uses(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import torch\nx.split(2, dim=1)", "torch.Tensor.split"),
        ("import torch\nx.shape", "torch.Tensor.shape"),
        ("import tensorflow as tf\nx.numpy()", "tf.Tensor.numpy"),
        ("import torch\nx[rows, columns]", "torch.Tensor.__getitem__"),
    ],
)
def test_what_may_be_a_tensor_is_a_guess(text, name):
    assert uses(text) == [Use(2, name, sure=False)]


def test_methods_are_guesses_and_own_names_are_none():
    found = uses("import torch\nclass A:\n    pass\nx.masked_fill(b, 0)\nA.torch()\nprint(x)")
    assert Use(4, "torch.Tensor.masked_fill", sure=False) in found
    assert all(not use.sure for use in found)


def test_other_packages_are_left_alone():
    assert names("import numpy as np\nfrom .torch import nn\nnp.abs(nn.x)") == []


def test_what_does_not_parse_is_told_with_its_line():
    with pytest.raises(Problem, match=r"^a.py:2: no Python: .*; mend it, then ask again"):
        uses("x = 1\ny = (", "a.py")


IMPORT = "import torch\n"


@pytest.mark.parametrize(
    "text",
    [
        "x" + ".a().to()" * 600 + "\n",
        ("x" + ".a().to()" * 600 + "\n") * 10,
        "".join(f"class A{i}(A{i + 1}): x = self.eval()\n" for i in range(2000)),
        "".join(f"class A{i}(A{(i + 1) % 2000}): x = self.eval()\n" for i in range(2000)),
        ("torch" + ".a" * 900 + "\n") * 20,
    ],
)
def test_a_program_is_read_in_time_that_goes_with_its_length(text):
    """At most ten times that of a plain program of the same length: what squares takes far longer."""

    def spent(text: str) -> float:
        before = time.process_time()
        for use in uses(text):
            known.name(use)
        return time.process_time() - before

    known = lookup(ROOT)
    plain = IMPORT + "x.abs(y)\n" * (len(text) // 9 + 3000)
    assert spent(IMPORT + text) < 10 * spent(plain)


def test_each_name_is_told_once_a_line_as_it_stands_there_first():
    (found,) = (
        use for use in uses(IMPORT + "torch.sum(torch.ones(3), dim=1) + torch.sum(x)") if use.name == "torch.sum"
    )
    assert found.given == {"dim"}
    (found,) = (use for use in uses(IMPORT + "x.sum(dim=1).sum(keepdim=True)") if use.name == "torch.Tensor.sum")
    assert found.given == {"dim"}


def test_the_last_class_of_a_name_counts_and_imports_count_as_they_stand():
    text = "if x:\n    import torch as t\nimport tensorflow as t\nt.abs(x)"
    assert names(text) == [(4, "tf.abs")]


def test_a_name_that_begins_like_keras_is_none_of_keras():
    assert names("from tensorflow import keras_tuner\nkeras_tuner.x()") == [(2, "tf.keras_tuner.x")]


def test_what_python_warns_of_is_not_ours_to_tell(recwarn):
    uses("x = '\\d' is 'a'")
    assert not recwarn.list


@pytest.mark.parametrize("text", ["x = '\ud800'", "\0", "(" * 1000, "-" * 100_000 + "1", "x" + ".a" * 50_000])
def test_whatever_the_text_is_there_is_a_problem_and_no_other_exception(text):
    with pytest.raises(Problem):
        uses(text)
