"""The two readers of programs, in Python and on the page: whatever one can read, both read in the same way."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from headtohead.errors import Problem
from headtohead.reading.lookup import lookup
from headtohead.reading.names import uses_of
from headtohead.reading.source import WORDS, Source, notebook
from headtohead.site.library import Library
from headtohead.site.map_json import as_json
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import contents, real, texts
from tests.fuzz.words import BUILDS, LEAVES, PYTHON, STATEMENTS
from tests.support.repository import ROOT, STORE

PROGRAMS = real("snippets/*/*/in_*.py", "snippets/*/*/parity.py", "headtohead/reading/*.py")
IMPORTS = [
    "import torch\n",
    "from torch import nn\n",
    "import tensorflow as tf, keras\n",
    "import torch, numpy as np, os\n",
    "",
]
NAME = "model.py"
LIMIT = 2.0  # of CPU time


class Twin:
    """The reader of the pages, under Node."""

    def __init__(self, folder: Path):
        node = shutil.which("node")
        if not node:
            pytest.skip("no Node on this machine: the reader of the pages is not held against the one in Python here")
        map = folder / "api.json"
        map.write_text(as_json(Library(ROOT, STORE)), encoding="utf-8")
        command = [node, str(Path(__file__).with_name("reader.mjs")), str(ROOT / "docs/assets/js/reader"), str(map)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def read(self, text: str) -> tuple[list[Any], list[list[str]]]:
        """What it finds, and what it says that it cannot read, by its place."""
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the reader of the pages has ended"
        told = json.loads(line)
        assert "error" not in told, told["error"]
        assert told["seconds"] < LIMIT, f"{told['seconds']:.1f} s for {len(text)} characters"
        return told["found"], told["odd"]


@pytest.fixture(scope="module")
def twin(tmp_path_factory) -> Iterator[Twin]:
    found = Twin(tmp_path_factory.mktemp("twin"))
    yield found
    found.process.stdin.close()
    found.process.stdout.close()
    found.process.wait()


def told(text: str) -> list[Any] | Problem:
    """What the reader in Python finds, in the words of the other."""
    known, found = lookup(ROOT), []
    program = (notebook(NAME, text) if text.lstrip()[:1] == "{" else None) or Source(NAME, text)
    for use in uses_of(program, [].append):  # what of it cannot be read is asked about below
        (where, line), name = program.place(use.line), known.name(use)
        row = known.counterparts(name, use.given)[0][1] if name in known.rows else None
        at = f"{where}, line {line}".removeprefix(f"{NAME}, ")
        found.append([at, use.name, use.sure, use.member, sorted(use.given), name, row and f"{row.area}/#{row.id}"])
    return found


def alike(twin: Twin, text: str) -> bool:
    """Asserts that both find the same; returns whether it is a program at all."""
    expected, (found, _) = outcome(lambda: told(text), 2 * LIMIT), twin.read(text)
    if isinstance(expected, Problem):
        return False
    assert sorted(map(json.dumps, found)) == sorted(map(json.dumps, expected))
    return True


@given(imports=st.sampled_from(IMPORTS), text=texts(PROGRAMS, PYTHON))
def test_a_program(twin, imports, text):
    alike(twin, imports + text)


# Parts of programs that are put together as the grammar has it: most of them are no nonsense.
EXPRESSIONS = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.builds(lambda form, *parts: form.format(*parts), st.sampled_from(BUILDS), inner, inner, inner),
    max_leaves=12,
)


@given(
    imports=st.sampled_from(IMPORTS),
    text=st.lists(
        st.builds(lambda form, *parts: form.format(*parts), st.sampled_from(STATEMENTS), *[EXPRESSIONS] * 3), max_size=6
    ).map("".join),
)
def test_a_program_that_is_one(twin, imports, text):
    assume(alike(twin, imports + text))


CELLS = [
    {"cell_type": "code", "source": ["import torch\n", "torch.abs(x)"]},
    {"cell_type": "markdown", "source": "# A", "metadata": {"x": [float("nan"), float("inf")]}},
    {"cell_type": "code", "input": "%%time\nx = torch.ones(3)\nx.sum()", "outputs": [{"text": '"NaN \\'}]},
]
NOTEBOOKS = [{"nbformat": 4, "cells": CELLS}, {"nbformat": 3, "worksheets": [{"cells": CELLS}, {"cells": CELLS[:1]}]}]


@given(content=contents(NOTEBOOKS))
@example(content={"nbformat": 4, "cells": [[], 5, *CELLS]})
@example(content={"nbformat": 4, "cells": [CELLS[0] | {"source": None, "input": "import torch; torch.abs(x)"}]})
@example(content={"nbformat": 4, "cells": CELLS, "worksheets": None})
def test_a_notebook(twin, content):
    alike(twin, json.dumps(content))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffimport torch\r\ntorch.abs(x)\rtorch.exp(x)\n",
        "import torch\nx = torch.ones(3)\nｔｏｒｃｈ.abs(x)\n",
        "import torch\n%matplotlib inline\n!ls don't (\nfiles = !ls\ntorch.abs?\ntorch.abs(files)\n",
        json.dumps(
            {
                "nbformat": 4,
                "cells": [{"cell_type": "raw"}, {"cell_type": "code", "source": ["import torch\n", "torch.abs(x)"]}],
            }
        ),
        json.dumps(
            {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "import torch\n\ntorch.abs(x)"}]}]}
        ),
        json.dumps(
            {
                "nbformat": 4,
                "cells": [
                    {"cell_type": "code", "source": each}
                    for each in ("%%html\n'", "import torch", "%%time\ntorch.abs(x)")
                ],
            }
        ),
        "import torch\nif x:\n\tclass A(torch.nn.Module):\n\t    def f(self): self.eval()\n\t\t\n\tself.eval()\n",
        "import torch\nf'''\n{x.sum()}\n{torch.abs(x):{torch.exp(x)}} {{x.cos()}} \\N{EN DASH} {x!r} {x.sin()=}'''\n",
        "import torch\nx = torch.nn.Linear(1, 2); y = x.to(3).to(4); y.weight; self.a = y\nx = 3\nx.weight\n",
    ],
)
def test_what_was_pasted_in_another_form(twin, text):
    assert alike(twin, text)


@pytest.mark.parametrize(
    "text",
    [
        "import torch\n"
        + "".join(
            f"x{i} = torch.nn.Linear({i}, 4).to('cpu')\ny = x{i}(torch.ones(3)).view(2)[a, b]\n" for i in range(2500)
        ),
        "import torch\nx = [" + "torch.abs(x).sum(dim=1), " * 4000 + "]",
        "import torch\nx" + ".a().to()" * 500,
        "import torch\n" + "".join(f"class A{i}(A{i + 1}): x = self.eval()\n" for i in range(2000)),
        "import torch\nx = f'" + "{torch.abs(x)}" * 5000 + "'",
        "import torch\nwith (" + "(a), " * 5000 + "b as c): pass",
    ],
    ids=["5000 lines", "a long line", "methods", "classes", "braces", "brackets"],
)
def test_what_is_long(twin, text):
    assert alike(twin, text)


R = {"kernelspec": {"name": "ir", "language": "R"}}
CODE = {"cell_type": "code", "source": "import torch; torch.abs(x)"}


@pytest.mark.parametrize(
    ("text", "odd", "used"),
    [
        (json.dumps({"nbformat": 4, "metadata": R, "cells": [CODE]}), ["the notebook"], 0),
        (
            json.dumps({"nbformat": 4, "metadata": {"language_info": {"name": "julia"}}, "cells": []}),
            ["the notebook"],
            0,
        ),
        (json.dumps({"nbformat": 4, "cells": 5}), ["the notebook"], 0),
        (json.dumps({"nbformat": 4}), ["the notebook"], 0),
        (json.dumps({"nbformat": 3, "worksheets": 5}), ["the notebook"], 0),
        (json.dumps({"nbformat": 4, "cells": [CODE]})[:-9], ["the notebook"], 0),
        (json.dumps({"nbformat": 4, "cells": [5, CODE, CODE | {"source": [5]}]}), ["cell 1", "cell 3"], 1),
        (json.dumps({"nbformat": 4, "cells": [CODE | {"source": "x = ('"}, CODE]}), [], 1),
        ("import os\nfrom torch.nn import *\nimport keras\nkeras.ops.abs(x)", ["line 2"], 1),
        ("from tensorflow import (*)", ["line 1"], 0),
        ("from os import *\n", [], 0),
    ],
)
def test_what_the_page_cannot_read_is_said_and_the_rest_is_read(twin, text, odd, used):
    found, said = twin.read(text)
    assert [place for place, _ in said] == odd
    assert len(found) == used
    known = [*WORDS.values()]
    assert all(any(word in what for word in known) for _, what in said)


NO_PROGRAMS = (
    """class|class A[|def f(|import|from|with|@|as|from . import|with (a as|match x:\n case|x = %|lambda|for|except"""
)
LONG = [
    "(",
    "f'{",
    "f\"{f'{",
    "lambda x=",
    "-",
    '"""\\',
    "x.",
    "x[",
    "{",
    ":",
    "not ",
    "x if ",
    "\0",
    "\ud800",
    "\U0010ffff",
    "\x0c",
]


@pytest.mark.parametrize("text", [*NO_PROGRAMS.split("|"), *(each * 20_000 for each in LONG)])
def test_what_is_no_program_is_read_all_the_same(twin, text):
    alike(twin, "import torch\n" + text)
