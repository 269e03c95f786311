"""Guards the report on a program: counterpart, note and what bites, by line."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from headtohead.content.differences import read
from headtohead.reading.lookup import lookup
from headtohead.reading.related import BITES
from headtohead.reading.report import report
from tests.support.repository import ROOT


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
