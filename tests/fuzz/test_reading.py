"""The reader of programs: any file of Python or notebook."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headtohead.errors import Problem
from headtohead.reading.lookup import lookup
from headtohead.reading.related import related
from headtohead.reading.report import report
from tests.fuzz.properties import outcome
from tests.fuzz.strategies import files, real, texts
from tests.fuzz.words import PYTHON
from tests.support.repository import ROOT

PROGRAMS = real("snippets/*/*/in_*.py", "snippets/*/*/parity.py", "headtohead/reading/*.py")


@pytest.fixture(scope="module")
def known():
    found = lookup(ROOT)
    related(ROOT)
    return found


@given(data=files(PROGRAMS, PYTHON))
@example(data=b"# coding: hex\n")
@example(data=b"\0")
@example(data=b"x = '\\ud800'")
def test_a_program(tmp_path_factory, known, data):
    path = tmp_path_factory.getbasetemp() / "model.py"
    path.write_bytes(data)
    found = outcome(lambda: report(path, known))
    if isinstance(found, Problem):
        assert found.where.startswith(str(path))


CELLS = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "code", "markdown", "raw", 5]),
        "source": st.one_of(
            texts(PROGRAMS, PYTHON), st.lists(st.one_of(st.text(), st.sampled_from(PYTHON), st.none())), st.none()
        ),
    }
)


@given(cells=st.lists(CELLS, max_size=4), cut=st.integers(0, 20), format=st.sampled_from([3, 4, None]))
def test_a_notebook(tmp_path_factory, known, cells, cut, format):
    path = tmp_path_factory.getbasetemp() / "model.ipynb"
    content = {"worksheets": [{"cells": cells}]} if format == 3 else {"cells": cells}
    text = json.dumps(content | ({} if format is None else {"nbformat": format}))
    path.write_text(text[: len(text) - cut if cut < 5 else len(text)])
    found = outcome(lambda: report(path, known))
    if isinstance(found, Problem):
        assert found.where.startswith(str(path))
