"""Guards how the file of a reader is read: encodings, notebooks, lines for IPython, and all that is no program."""

from __future__ import annotations

import json
import os

import pytest

from headtohead.errors import Problem
from headtohead.reading.lookup import lookup
from headtohead.reading.report import report
from headtohead.reading.source import Source, notebook, source, without_ipython
from tests.support.repository import ROOT

USES = "import torch\ntorch.abs(x)\n"


def code(*lines: str, kind: str = "code", **more) -> dict:
    return {"cell_type": kind, "source": [*lines], **more}


def in_cells(*cells: dict) -> str:
    return json.dumps({"nbformat": 4, "cells": cells})


@pytest.mark.parametrize(
    "data",
    [
        USES.encode(),
        b"\xef\xbb\xbf" + USES.encode(),
        USES.replace("\n", "\r\n").encode(),
        USES.replace("\n", "\r").encode(),
        b"# -*- coding: latin-1 -*- \xe9\n" + USES.encode(),
        b"# coding: utf-8-sig\n" + USES.encode(),
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n" + USES.encode(),
    ],
    ids=["plain", "byte order mark", "CRLF", "CR", "latin-1", "utf-8-sig", "cp1252"],
)
def test_a_program_is_read_in_any_form_that_python_takes(tmp_path, data):
    path = tmp_path / "model.py"
    path.write_bytes(data)
    lines, missing = report(path, lookup(ROOT))
    assert lines[0].startswith(f"{path}:{len(data.splitlines())}: torch.abs: ops.abs(x)")
    assert missing == 0


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"x = 1\ny = '\xe9'\n", r":2: no text in UTF-8; save it as UTF-8"),
        (b"# coding: klingon\n", r":1: no encoding 'klingon'"),
        (b"# coding: hex\n", r":1: no encoding 'hex'"),
        (b"# coding: undefined\n", r":1: no encoding 'undefined'"),
        (b"# coding: ascii\nx = '\xe9'\n", r":2: no text in ASCII"),
        (b"x = 1\n\0", r":2: no Python: "),
        (b"x = (\n" + b"-" * 100_000 + b"1)", r":1: nested too deep to be read; mend it"),
        (b"y = (\n)\nif y:\n    x = 1" + b" + 1" * 50_000, r":4: nested too deep to be read; mend it"),
        (b"import torch\nx = torch" + b".nn" * 200_000, r":2: nested too deep to be read; mend it"),
        (b"(" * 100_000, r":1: no Python: too many nested parentheses"),
        (b"x = " + b"9" * 10_000, r":1: no Python: Exceeds the limit"),
    ],
)
def test_what_is_no_program_is_told_in_one_line(tmp_path, data, told):
    path = tmp_path / "model.py"
    path.write_bytes(data)
    with pytest.raises(Problem, match=told) as found:
        report(path, lookup(ROOT))
    assert len(str(found.value).splitlines()) == 1


def test_what_is_no_file_is_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    for path, told in (
        (tmp_path / "pipe.py", "no file to be read"),
        (tmp_path, "a folder"),
        (tmp_path / "a\0b.py", "cannot be read"),
        (tmp_path / ("long" * 100), "cannot be read"),
        (tmp_path / "none.py", "no such file"),
    ):
        with pytest.raises(Problem, match=told):
            source(path)


def test_a_notebook_is_read_cell_by_cell(tmp_path):
    path = tmp_path / "model.ipynb"
    cells = (code("# Title", kind="markdown"), code("import torch\n", "\n"), code("x = 1\n", "torch.no_such(x)"))
    path.write_text(in_cells(*cells))
    lines, missing = report(path, lookup(ROOT))
    assert lines == [f"{path}, cell 3:2: torch.no_such: not in the map"]
    assert missing == 1
    path.write_text(in_cells(code("x = 1"), code("y = 1\n", "x = (")))
    with pytest.raises(Problem, match=r"model.ipynb, cell 2:2: no Python"):
        report(path, lookup(ROOT))


def test_a_cell_that_cannot_be_read_hides_no_other(tmp_path):
    path, told = tmp_path / "model.ipynb", []
    odd = [5, {}, {"cell_type": "code", "source": 5}, {"cell_type": "code", "source": ["x", None]}]
    cells = (
        code("import torch"),
        *odd,
        code("%pip list\n", "x = ("),
        code("!ls (\n", "torch.no_such(x)"),
        code("x = '"),
    )
    path.write_text(in_cells(*cells))
    lines, missing = report(path, lookup(ROOT), told.append)
    assert lines == [f"{path}, cell 7:2: torch.no_such: not in the map"]
    assert missing == 1
    assert [str(each).removeprefix(f"{path}, ")[:21] for each in told] == [
        "cell 2: no cell of a ",
        "cell 3: no cell of a ",
        "cell 4: a cell whose ",
        "cell 5: a cell whose ",
        "cell 6:2: no Python: ",
        "cell 8:1: no Python: ",
    ]


def test_a_star_is_told(tmp_path):
    path, told = tmp_path / "model.py", []
    path.write_text("from os import *\nfrom .torch import *\nimport torch\nfrom torch.nn import *\ntorch.no_such(x)\n")
    assert len(report(path, lookup(ROOT), told.append)[0]) == 1
    assert list(map(str, told)) == [
        f"{path}:4: 'from torch.nn import *' brings names that are not read: import them by name"
    ]


HALF = "no notebook: it is not JSON, or only half of it"
DEEP = "no notebook: nested too deep to be read"
NO_FORMAT = "no notebook: it does not say its format, in 'nbformat'"
OTHER = "a notebook in another language than Python: "
CELLS = "no notebook: its cells are no list, but "
NOTEBOOKS = {
    "": HALF,
    "{": HALF,
    "[" * 100_000: DEEP,
    '{"nbformat": 4, "cells": ' + "[" * 100_000 + "]" * 100_000 + "}": DEEP,
    '{"nbformat": 4': HALF,
    "9" * 5000: HALF,
    "[]": "no notebook: it is no object of JSON",
    '{"nbformat": 4}': f"{CELLS}NoneType",
    '{"nbformat": 4, "cells": 5}': f"{CELLS}int",
    '{"nbformat": 4, "cells": {"a": []}}': f"{CELLS}dict",
    '{"nbformat": 3, "worksheets": 5}': f"{CELLS}NoneType",
    '{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "R"}}}': f"{OTHER}'R'; name one in Python",
    '{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "julia"}}}': f"{OTHER}'julia'",
    "{}": NO_FORMAT,
    '{"cells": [{"cell_type": "code", "source": "import torch"}]}': NO_FORMAT,
}


@pytest.mark.parametrize(("text", "why"), NOTEBOOKS.items())
def test_what_is_no_notebook_is_told(tmp_path, text, why):
    path = tmp_path / "model.ipynb"
    path.write_text(text)
    with pytest.raises(Problem, match=why) as found:
        source(path)
    assert str(found.value).startswith(f"{path}: ")
    assert "; " in str(found.value)


@pytest.mark.parametrize("cells", [[], [code(kind="raw")], [code("%%html\n", "<b>")], [{"cell_type": "code"}]])
def test_a_notebook_may_have_no_code(cells):
    found = notebook("a.ipynb", json.dumps({"nbformat": 4, "cells": cells}))
    assert found is not None
    assert found.text.strip() == ""
    assert found.place(1)[1] >= 1


@pytest.mark.parametrize(
    "about",
    [
        5,
        {},
        {"kernelspec": 5},
        {"kernelspec": {"language": "python", "name": "x"}},
        {"language_info": {"name": "ipython3"}},
    ],
)
def test_a_notebook_in_python_is_read_however_it_says_so(about):
    assert notebook("a.ipynb", json.dumps({"nbformat": 4, "metadata": about, "cells": [code(USES)]})).text == USES


def test_a_notebook_of_format_3_has_code_too():
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": USES}]}]})
    assert notebook("a.ipynb", text).text == USES


def test_what_only_ipython_runs_counts_as_nothing():
    text = "%matplotlib inline\nif x:\n    !echo don't (\nfiles = !ls\ny = %time f()\n?torch\ntorch.abs??\n"
    text += "z = (a\n  % b)\n"
    plain = "pass\nif x:\n    pass\nfiles = None\ny = None\npass\npass\nz = (a\n  % b)\n"
    assert without_ipython(text) == plain
    assert without_ipython(plain) == plain
    kept = "'''\n%a\n'''\nx = a \\\n  % b\n'''\n"
    assert without_ipython(kept) == kept


def test_a_cell_in_another_language_counts_as_nothing(tmp_path):
    path = tmp_path / "model.ipynb"
    cells = (code("import torch"), code("%%html\n", "<b>'\n"), code("\n", "%%time\n", "torch.no_such(x)"))
    path.write_text(in_cells(*cells))
    assert report(path, lookup(ROOT))[0] == [f"{path}, cell 3:3: torch.no_such: not in the map"]


def test_a_place_in_a_program_is_a_line():
    assert Source("a.py", "x").place(3) == ("a.py", 3)
