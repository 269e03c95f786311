"""Guards how programs are read: cells and their exact bytes, and the form of a program."""

from __future__ import annotations

import pytest

from headtohead.content.programs import MAX_COLUMNS, Program
from headtohead.errors import Problem
from tests.support.projects import Project
from tests.support.texts import STEPS


def program(project: Project, text: str | bytes) -> Program:
    return project.topic("a/b", text, None, None).programs["pytorch"]


def test_cells_keep_their_bytes_and_lines(project):
    found = program(project, STEPS)
    assert [(cell.title, cell.start) for cell in found.cells] == [
        ("Setup", 6),
        ('A "step" & more', 12),
        ("Nothing to do", 19),
    ]
    assert found.cells[0].body == "import torch\n\nx = torch.ones(2)"
    assert found.cells[1].body == "@torch.no_grad()\ndef step(x):\n\n    return x + 1"
    assert [cell.runs for cell in found.cells] == [True, True, False]
    lines = STEPS.splitlines()
    for cell in found.cells:
        assert lines[cell.start - 1] == cell.body.partition("\n")[0]
    assert found.cell("Setup") is found.cells[0]
    assert [found.cell_at(line) and found.cell_at(line).title for line in (1, 6, 11, 19, 99)] == [
        None,
        "Setup",
        "Setup",
        "Nothing to do",
        "Nothing to do",
    ]
    found.check()


@pytest.mark.parametrize("strange", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_a_newline_breaks_a_line(project, strange):
    found = program(project, f'"""Do."""\n\n# %% One\nx = "a{strange}b"\n\n# %% Two\ny = 1\n')
    assert found.cells[0].body == f'x = "a{strange}b"'
    assert found.cells[1].start == 7


def test_blank_lines_around_a_cell_are_no_part_of_it(project):
    found = program(project, '"""Do."""\n\n# %% One\n\n\nx = 1\n\n\n\n# %% Two\ny = 1')
    assert [(cell.start, cell.body) for cell in found.cells] == [(6, "x = 1"), (11, "y = 1")]


@pytest.mark.parametrize("opening", ["# %% [markdown] Why", "# %% [markdown]\n# ## Why\n#"])
def test_a_markdown_cell_is_prose(project, opening):
    found = program(project, f'"""Do."""\n\n{opening}\n# Because.\n\n# %% How\nx = 1\n')
    assert [(cell.title, cell.markdown) for cell in found.cells] == [("Why", True), ("How", False)]
    assert found.cells[0].body.endswith("# Because.")


# Each: what a program says below its docstring, the line of the problem, and what the message says.
BROKEN = {
    "no cell": ("x = 1\n", 1, "no cell"),
    "code above the first cell": ("x = 1\n# %% A\ny = 1\n", 2, "code before the first cell"),
    "a decorator above the first cell": ("@f\n# %% A\ndef g(): ...\n", 2, "code before the first cell"),
    "a cell inside a function": ("# %% A\ndef f():\n    x = 1\n# %% B\n    y = 1\n", 5, "inside a statement"),
    "a cell inside brackets": ("# %% A\nx = [\n# %% B\n]\n", 4, "inside a statement"),
    "a cell inside a string": ('# %% A\nx = """\n# %% B\n"""\n', 4, "inside a statement"),
    "a cell before else": ("# %% A\nif 1:\n    x = 1\n# %% B\nelse:\n    x = 2\n", 5, "inside a statement"),
    "a cell below a decorator": ("# %% A\nx = 1\n@f\n# %% B\ndef g(): ...\n", 5, "inside a statement"),
    "a title twice": ("# %% A\nx = 1\n# %% A\ny = 1\n", 4, "a second cell 'A'"),
    "no title": ("# %%\nx = 1\n", 2, "without a title"),
    "prose without a title": ("# %% [markdown]\n#\n# Why\n", 2, "without a title"),
    "prose of another notation": ("# %% [Markdown] A\n# Why\n", 2, "'[Markdown]' is no kind of cell"),
    "no kind of cell": ("# %% [raw]\n# Why\n", 2, "'[raw]' is no kind of cell"),
    "code in prose": ("# %% [markdown] Why\n# a\nx = 1\n", 3, "code in 'Why', a cell of prose"),
    "one title in two spellings": ("# %% caf\xe9\nx = 1\n# %% cafe\u0301\ny = 1\n", 4, "a second cell"),
    "an empty cell": ("# %% A\n\n# %% B\nx = 1\n", 2, "cell 'A' is empty"),
    "an empty last cell": ("# %% A\nx = 1\n# %% B\n", 4, "cell 'B' is empty"),
    "another notation": ("# %% A\nx = 1\n#%% B\ny = 1\n", 4, "'#%% B' opens no cell"),
    "a syntax error": ("# %% A\nx = (\n", 3, "syntax error"),
    "a null byte": ("# %% A\nx = '\0'\n", None, "null bytes"),
    "signs, 3000 deep": ("# %% A\nx = (" + "-\n" * 3000 + "1)\n", None, "nested too deep to be read"),
    "brackets, 150 deep": ("# %% A\nx = " + "\\\n".join(["[" * 50] * 3 + ["]" * 50] * 3) + "\n", None, "nested deeper"),
    "a form feed": ("# %% A\nx = 1\f\ny = 2\f\n", 3, "a form feed"),
    "tabs": ("# %% A\nif 1:\n" + "\t" * 6 + f"x = '{'a' * 20}'\n", 4, "line of 74 columns"),
    "a vertical tab": ("# %% A\nx = '\v'\n", 3, "U+000B"),
    "a line separator": ("# %% A\nx = 'a\u2028b'\n", 3, "U+2028, line separator"),
    "a next line": ("# %% A\nx = 'a\x85b'\n", 3, "U+0085"),
    "marks of direction": ("# %% A\nx = 'a\u202e b'  # \u2066\n", 3, "U+202E, right-to-left override"),
    "an invisible letter": ("# %% A\nx\u3164 = 1\n", 3, "U+3164, hangul filler"),
    "a blank that is none": ("# %% A\nx =\xa01\n", 3, "U+00A0, no-break space"),
    "a mark of direction in a title": ("# %% A\u202e\nx = 1\n", 2, "U+202E"),
    "wide letters": (f"# %% A\nx = '{'日' * 32}'\n", 3, "line of 70 columns"),
    "this project": ("# %% A\nimport headtohead.records\n", 3, "imports 'headtohead.records', a part of this project"),
    "a neighbour": ("# %% A\nfrom . import parity\n", 3, "imports '.', a part of this project"),
    "a long line": (f"# %% A\nx = '{'a' * MAX_COLUMNS}'\n", 3, f"line of {MAX_COLUMNS + 6} columns"),
}


@pytest.mark.parametrize(("text", "line", "what"), BROKEN.values(), ids=BROKEN)
def test_a_broken_form_is_a_problem_with_its_line(project, text, line, what):
    with pytest.raises(Problem, match=r"^snippets/a/b/in_pytorch\.py") as caught:
        program(project, f'"""Do."""\n{text}').check()
    assert what in caught.value.what
    assert caught.value.line == line or line is None


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b'"""Do."""\n# %% A\nx = "\xff"\n', 3, "not valid UTF-8"),
        (b'"""Do."""\r\n# %% A\r\nx = 1\r\n', 1, "a carriage return"),
        (b"# %% A\nx = 1\n", 1, "no docstring"),
        (b'\xef\xbb\xbf"""Do."""\n# %% A\nx = 1\n', 1, "a byte order mark"),
        ('"""Do."""\n# %% A\nx = 1\n'.encode("utf-16"), 1, "not valid UTF-8"),
        (b'# coding: latin-1\n"""Do."""\n# %% A\nx = 1\n', 1, "says that it is encoded as 'latin-1'"),
        (b"", 1, "no docstring"),
    ],
)
def test_the_bytes_of_a_program_have_a_form_too(project, content, line, what):
    with pytest.raises(Problem) as caught:
        program(project, content).check()
    assert (caught.value.line, caught.value.what) == (line, what)


def test_a_line_may_be_as_long_as_the_page_is_wide(project):
    program(project, f'"""Do."""\n# %% A\n# {"a" * (MAX_COLUMNS - 2)}\n').check()


def test_what_a_program_needs(project):
    text = "import os.path\nimport numpy as np\nfrom sklearn.svm import SVC\ndef f():\n    import torch.nn\n"
    found = program(project, f'"""Do."""\n# %% A\n{text}')
    assert found.imports == (("os.path", 3), ("numpy", 4), ("sklearn.svm", 5), ("torch.nn", 7))
    assert found.distributions == ("numpy", "scikit-learn", "torch")


def test_a_package_that_something_else_imports_is_named_in_the_docstring(project):
    found = program(project, '"""Do.\n\nNeeds the package onnxscript, for the export.\n"""\n# %% A\nimport torch\n')
    assert found.distributions == ("numpy", "onnxscript", "torch")


@pytest.mark.parametrize(
    "call",
    ['importlib.import_module("scipy.stats")', 'import_module(name="scipy.stats")', '__import__("scipy.stats")'],
)
def test_what_a_call_imports_by_its_name_is_imported(project, call):
    """So it has to be pinned, and the record names its version."""
    found = project.topic("a/b", f'"""A."""\n\n# %% A\nx = {call}\ny = import_module(x)\n').programs["pytorch"]
    assert found.imports == (("scipy.stats", 4),)
    assert "scipy" in found.distributions
