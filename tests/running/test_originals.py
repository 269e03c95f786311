"""Guards what programs share with the code that runs them: what is replaced is told, of the cell that did it."""

from __future__ import annotations

import pytest

from tests.support.faults import pattern
from tests.support.texts import GOOD, NUMPY, program, proof

TOLD = "{py}:7: cell 'Two': Replaced: …, which the code that runs programs and proofs uses: leave it as it is; …"
CELLS = {
    "import": "import builtins\nbuiltins.__import__ = None",
    "len": "import builtins\nbuiltins.len = builtins.isinstance = builtins.getattr = None",
    "exec": "__builtins__['exec'] = __builtins__['compile'] = print",
    "asarray": "numpy.asarray = lambda *a, **k: numpy.ones(3, 'float32')",
    "write": "import numpy.lib.format\n\nnumpy.lib.format.write_array = lambda *a, **k: None",
    "zip": "import zipfile\n\nzipfile.ZipFile = None",
    "modules": "import sys\n\nsys.modules['numpy'] = sys",
}


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    from tests.support.projects import Project

    project = Project(tmp_path_factory.mktemp("originals") / "project")
    for name, cell in CELLS.items():
        text = program("import numpy", cell, "print('three')")
        project.topic(f"a/{name}", text, GOOD, proof())
    project.topic("b/torch", program("import torch", "torch.Tensor.numpy = None"), NUMPY, proof())
    project.topic("b/proof", NUMPY, NUMPY, proof("np.asarray = None; return {'a': np.ones(3)}"))
    project.topic("b/ragged", NUMPY, NUMPY, proof('return {"b": np.ones(3),\n    "a": [np.int64(1), [2, 3]]}'))
    project.topic(
        "b/adds", program("import builtins", "builtins.mine = 1\nprint(mine)"), GOOD.partition("# %% Three")[0]
    )
    return project.verify("--framework", "pytorch", code=1).splitlines()


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_replaces_what_others_use_is_named(lines, name):
    assert [line for line in lines if pattern(TOLD, f"a/{name}").fullmatch(line)], "\n".join(lines)


def test_so_is_a_method_by_which_a_proof_gets_at_numbers(lines):
    assert [line for line in lines if pattern(TOLD, "b/torch").fullmatch(line)], "\n".join(lines)


def test_so_is_a_proof_that_does(lines):
    told = "{parity}:…the proof failed in PyTorch: Replaced: numpy.asarray, which …"
    assert [line for line in lines if pattern(told, "b/proof").fullmatch(line)], "\n".join(lines)


def test_what_is_no_array_is_told_by_name_and_line(lines):
    told = "{parity}:12: the proof failed in PyTorch: TypeError: 'a' is no array of numbers or text but list, of …"
    assert [line for line in lines if pattern(told, "b/ragged").fullmatch(line)], "\n".join(lines)


def test_what_is_added_harms_nobody(lines):
    assert len(lines) == len(CELLS) + 3, "\n".join(lines)
