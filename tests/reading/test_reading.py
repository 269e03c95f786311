"""Guards the reader of programs: names are found through imports, counterparts in the map, and nothing else is said."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from headtohead.content.differences import read
from headtohead.content.topics import topics
from headtohead.errors import Problem
from headtohead.reading.lookup import Lookup, lookup
from headtohead.reading.names import Use, uses
from headtohead.reading.related import BITES
from headtohead.reading.report import report
from headtohead.reading.tables import tables

ROOT = Path(__file__).parents[2]


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
    assert said > 900
    assert len(left) < 40


def test_a_report_says_counterpart_note_and_line(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("import torch\nfrom torch import nn\n\nnet = nn.Linear(4, 5)\ntorch.no_such_name(net)\n")
    lines, missing = report(path, lookup(ROOT))
    assert lines[0].startswith(f"{path}:4: torch.nn.Linear: layers.Dense(5)(x) | The kernels are transposed")
    *bites, last = lines[1:]
    assert last == f"{path}:5: torch.no_such_name: not in the map"
    assert missing == 1
    assert 0 < len(bites) <= BITES
    for line in bites:
        assert line.startswith("    bites: ")
        group, _, anchor = line.rpartition("(docs/migrate/differences/")[2].rstrip(")").partition("/#")
        assert any(entry.id == anchor for entry in read(ROOT, group).entries)


def test_a_difference_is_told_once_a_program(tmp_path):
    path = tmp_path / "model.py"
    path.write_text("from torch import nn\n\na = nn.LayerNorm(4)\nb = nn.LayerNorm(4)\n")
    lines, _ = report(path, lookup(ROOT))
    assert sum("LayerNorm adds 1e-5" in line for line in lines) == 1


def test_the_program_that_was_migrated_is_read_whole():
    """It ships in a package that the tests have, and was not written for this site."""
    found = importlib.util.find_spec("torchao")
    if not found:
        pytest.skip("torchao is not installed")
    folder, known, text = Path(found.origin).parent / "_models/sam2/modeling", lookup(ROOT), ""
    for name in ("sam/mask_decoder.py", "sam/transformer.py", "sam2_utils.py"):
        lines, missing = report(folder / name, known)
        assert missing == 0, [line for line in lines if line.endswith("not in the map")]
        text += "\n".join(lines)
    for line in (
        "mask_decoder.py:78: torch.nn.Conv2d: layers.Conv2D(",
        "mask_decoder.py:150: torch.nn.Module.training: ",
        "mask_decoder.py:184: torch.nn.Embedding.weight: ",
        "mask_decoder.py:230: torch.Tensor.view (if this is a tensor): ops.reshape(",
        "mask_decoder.py:295: torch.Tensor.__getitem__ (if this is a tensor): tf.gather_nd(",
        "transformer.py:114: torch.flatten (if this is a tensor): ops.reshape(",
        "transformer.py:286: torch.nn.functional.scaled_dot_product_attention: ops.dot_product_attention(",
        "sam2_utils.py:149: torch.mean (if this is a tensor): ops.mean(",
    ):
        assert line in text


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
        "import sys; from headtohead.migrate import main; code = main(sys.argv[1:]); others = set(sys.modules); "
        "assert not {'torch', 'tensorflow', 'keras', 'numpy', 'markdown', 'pygments'} & others; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ops.abs" in done.stdout


def test_every_alias_leads_to_a_row_or_a_reason():
    known = Lookup(ROOT)
    assert not {name for name, other in known.alias.items() if other not in known.rows and other not in known.only}


# The reader on the page -------------------------------------------------------------------------

SCRIPTS = sorted((ROOT / "docs/assets/js").rglob("*.js"))


def strings(table: object) -> list[str]:
    """Every string in a table, keys too."""
    if isinstance(table, str):
        return [table]
    parts = [*table, *table.values()] if isinstance(table, dict) else table
    return [text for part in parts for text in strings(part)]


def copies(script: str, tables: dict[str, object]) -> list[str]:
    """What of the tables is written down in a script: a full name, a pattern, or four words of a list."""
    code, found = re.sub(r"//.*", "", script), []
    for table in tables.values():
        texts = strings(table)
        found += [text for text in texts if "." in text[:-1] and (text in code or json.dumps(text) in code)]
        words = "|".join(text for text in texts if text.isidentifier())
        if words:
            found += re.findall(rf"(?:\b(?:{words})\b[\s\"',:|+]{{1,6}}){{3}}\b(?:{words})\b", code)
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_has_a_table_of_its_own(path):
    assert copies(path.read_text(encoding="utf-8"), tables()) == []


def test_a_table_in_a_script_is_seen():
    known = tables()
    for table in known.values():
        assert copies(f"const TABLE = {json.dumps(table)};", known), table
    assert copies('words("to cuda cpu train")', known)
    assert copies("/^(to|cuda|cpu|train)$/", known)
    assert copies(f"/{known['inner']}/", known)
