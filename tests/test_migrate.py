"""Guards the reader of programs: names are found through imports, counterparts in the map, and nothing else is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from headtohead.errors import Problem
from headtohead.migrate import Lookup, Use, lookup, report, uses
from headtohead.programs import topics

ROOT = Path(__file__).parents[1]


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


def test_methods_are_guesses_and_own_names_are_none():
    found = uses("import torch\nclass A:\n    pass\nx.masked_fill(b, 0)\nA.torch()\nprint(x)")
    assert Use(4, "torch.Tensor.masked_fill", sure=False) in found
    assert all(not use.sure for use in found)


def test_other_packages_are_left_alone():
    assert names("import numpy as np\nfrom .torch import nn\nnp.abs(nn.x)") == []


def test_what_does_not_parse_is_told_with_its_line():
    with pytest.raises(Problem, match=r"^a.py:2: no Python: .*; mend it, then ask again"):
        uses("x = 1\ny = (", "a.py")


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
                    if known.name(use) is None:
                        left.add(use.name)
    assert said > 900
    assert len(left) < 80


def test_a_report_says_counterpart_note_and_line(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("import torch\nfrom torch import nn\n\nnet = nn.Linear(4, 5)\ntorch.no_such_name(net)\n")
    lines, missing = report(path, lookup(ROOT))
    assert lines[0].startswith(f"{path}:4: torch.nn.Linear: layers.Dense(5)(x) | The kernels are transposed")
    assert lines[1:] == [f"{path}:5: torch.no_such_name: not in the map"]
    assert missing == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "no such file; name a Python file"), (b"\xff", "no text in UTF-8"), (b"x = (", "no Python")],
)
def test_the_command_tells_bad_input_in_one_line(tmp_path, content, told):
    path = tmp_path / "model.py"
    if content is not None:
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "headtohead.migrate", str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith(str(path))
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_command_needs_no_framework(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("import torch\ntorch.abs(1)\n")
    code = (
        "import sys; from headtohead.migrate import main; code = main(sys.argv[1:]); "
        "assert not {'torch', 'tensorflow', 'keras', 'numpy'} & set(sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ops.abs" in done.stdout


def test_every_alias_leads_to_a_row_or_a_reason():
    known = Lookup(ROOT)
    assert not {name for name, other in known.alias.items() if other not in known.rows and other not in known.only}
