"""Guards how programs are read: cells and their exact bytes, the form of a program and of a topic, proofs."""

from __future__ import annotations

import hashlib

import pytest

from headtohead.content.frameworks import FRAMEWORKS
from headtohead.content.parity import Parity
from headtohead.content.programs import MAX_COLUMNS, Program
from headtohead.content.topics import Topic, topic, topics
from headtohead.errors import Problem
from headtohead.records.sealed import sha256
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
    "an empty cell": ("# %% A\n\n# %% B\nx = 1\n", 2, "cell 'A' is empty"),
    "an empty last cell": ("# %% A\nx = 1\n# %% B\n", 4, "cell 'B' is empty"),
    "another notation": ("# %% A\nx = 1\n#%% B\ny = 1\n", 4, "'#%% B' opens no cell"),
    "a syntax error": ("# %% A\nx = (\n", 3, "syntax error"),
    "a null byte": ("# %% A\nx = '\0'\n", None, "null bytes"),
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


def test_an_unknown_cell_and_an_unknown_topic_name_what_there_is(project):
    found = project.topic("a/b", STEPS, STEPS)
    with pytest.raises(Problem, match="no cell 'Setpu'; did you mean 'Setup'\\? its cells are 'Setup', "):
        found.programs["pytorch"].cell("Setpu")
    with pytest.raises(Problem, match=r"^snippets/a/c: no such topic; did you mean a/b\?"):
        topic(project.root, "a/c")
    with pytest.raises(Problem, match="no such program"):
        _ = Program(project.root, "a/c", FRAMEWORKS["pytorch"]).bytes


def test_topics_are_found_and_caches_are_not(project):
    project.topic("a/b", STEPS, STEPS)
    project.write(
        {
            "snippets/a/a/in_both.py": STEPS,
            "snippets/a/b/.ipynb_checkpoints/in_pytorch.py": STEPS,
            "snippets/.trash/in_pytorch.py": STEPS,
        },
    )
    assert [each.name for each in topics(project.root)] == ["a/a", "a/b"]
    assert list(topic(project.root, "a/a").programs) == ["both"]
    assert list(topic(project.root, "a/b").programs) == ["pytorch", "tensorflow"]


def test_local_files_are_data_alone(project):
    more = ("data.csv", "more/data.csv", ".DS_Store", ".ruff_cache/0.17/1", "__pycache__/parity.pyc")
    project.write({f"snippets/a/b/{name}": "" for name in more})
    found = project.topic("a/b", STEPS, STEPS)
    assert [path.relative_to(found.folder).as_posix() for path in found.local_files] == ["data.csv", "more/data.csv"]


# Each: the cells of the other side, and what the message says.
OUT_OF_STEP = {
    "in_tensorflow.py:11: cells out of step: 'Step'": STEPS.replace('A "step" & more', "Step"),
    "in_tensorflow.py:15: cell 'Nothing to do' is missing": STEPS.partition("\n\n\n# %% Nothing")[0],
    "in_pytorch.py:19: cell 'More' is missing": STEPS + "\n# %% More\nx = 1\n",
}


@pytest.mark.parametrize(("what", "right"), OUT_OF_STEP.items())
def test_the_sides_keep_in_step(project, what, right):
    with pytest.raises(Problem) as caught:
        project.topic("a/b", STEPS, right).check()
    assert what in str(caught.value)


def test_a_topic_needs_a_proof_or_a_reason(project):
    with pytest.raises(Problem, match="no such proof"):
        project.topic("a/b", STEPS, STEPS, None).check()
    found = project.topic("a/b", STEPS, STEPS, '"""Shapes."""\nWHY_NOT = "nothing is computed"\n')
    found.check()
    assert (found.compares, found.parity.why_not) == (False, "nothing is computed")


def test_a_program_that_uses_both_needs_no_proof(project):
    project.write({"snippets/a/b/in_both.py": STEPS})
    found = Topic(project.root, "a/b")
    found.check()
    assert not found.compares
    assert found.parity.why_not


# Each: how a proof states a constant, and what is read.
STATED = {
    "RTOL, ATOL = 1e-5, 2e-5": {"rtol": 1e-5, "atol": 2e-5},
    "RTOL = ATOL = 1e-5": {"rtol": 1e-5, "atol": 1e-5},
    'DIFFERENT = {"a": "for " "this"}': {"different": {"a": "for this"}},
    "SIZE = 3 * 4\nATOL = 1e-3": {"atol": 1e-3},
    "a, b = f()\nx.y = 1\nx[0] = 1": {},
}


@pytest.mark.parametrize(("text", "expected"), STATED.items())
def test_constants_of_a_proof_are_read_without_running_it(project, text, expected):
    found = project.topic("a/b", STEPS, STEPS, f'"""Same weights.\n\nMore.\n"""\n{text}\n')
    assert found.parity == Parity("Same weights.", **expected)
    assert found.compares


@pytest.mark.parametrize(
    "text", ["ATOL = 10 * 1e-6", "RTOL, ATOL = TINY, 0", "DIFFERENT = dict(a='b')", "WHY_NOT = f'{1}'"]
)
def test_a_constant_that_cannot_be_read_is_a_problem(project, text):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:2: (ATOL|DIFFERENT|WHY_NOT) is no literal"):
        project.topic("a/b", STEPS, STEPS, f'"""Same."""\n{text}\n').check()


def test_a_proof_with_a_syntax_error_is_a_problem(project):
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py:2: syntax error"):
        project.topic("a/b", STEPS, STEPS, '"""Same."""\ndef :\n').check()


def test_a_hash_is_sha256sum_of_one_part_and_tells_parts_apart():
    assert sha256(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert len({sha256(b"ab", b"c"), sha256(b"a", b"bc"), sha256(b"abc", b""), sha256(b"abc")}) == 4
