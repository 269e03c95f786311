"""Guards the notebooks that readers download: valid, the same bytes each time, the program's cells and its output."""

from __future__ import annotations

import dataclasses
import json

import nbformat
import pytest

from headtohead.records import freshness
from headtohead.site.notebooks import for_page, notebook
from tests.support.projects import Project
from tests.support.records import left
from tests.support.texts import LEFT, RIGHT, SVG

PROSE = '''"""Show a sum."""

# %% [markdown]
# # Why
#
# Because `{{ x }}`:
#     four spaces stay

# %% Setup
x = "é <b> \\\\ {{ y }}"

# %% Nothing to do
# No such thing here.
'''


def made(root, text: str = LEFT, printed: dict[str, str] | None = None, drawn: str | None = None) -> tuple:
    """A program, its record, and the notebook as text and as Jupyter reads it."""
    project = Project(root)
    found = project.small({"in_both.py": text})
    store = project.settle(found, printed=printed, drawn=drawn)
    program = left(found)
    record = freshness.program(store, program)
    folder = store.path("a/b", "both").parent
    text = notebook(program, record, {name: (folder / name).read_text() for name in record.files if "svg" in name})
    return program, record, text, nbformat.reads(text, as_version=nbformat.NO_CONVERT)


@pytest.mark.parametrize("text", [LEFT, RIGHT, PROSE])
@pytest.mark.parametrize("drawn", [None, SVG])
def test_a_notebook_is_valid(tmp_path, text, drawn):
    *_, written, found = made(tmp_path, text, drawn=drawn)
    nbformat.validate(found)
    assert (found.nbformat, found.nbformat_minor) == (4, 5)
    identities = [cell["id"] for cell in json.loads(written)["cells"]]  # nbformat mends them as it reads
    assert len(set(identities)) == len(identities)


def test_the_same_record_gives_the_same_bytes(tmp_path):
    assert made(tmp_path / "a", PROSE, drawn=SVG)[2] == made(tmp_path / "b", PROSE, drawn=SVG)[2]


@pytest.mark.parametrize("text", [LEFT, PROSE])
def test_its_code_is_the_programs_in_order(tmp_path, text):
    program, *_, found = made(tmp_path, text)
    install, *code = [cell.source for cell in found.cells if cell.cell_type == "code"]
    assert install.endswith("\n# %pip install torch==2.13.0 tensorflow==2.21.0 keras==3.15.1 numpy==2.4.6")
    assert code == [f"# {cell.title}\n{cell.body}" for cell in program.cells if not cell.markdown]
    counts = [cell.execution_count for cell in found.cells if cell.cell_type == "code"]
    assert counts == [None, *range(1, len(code) + 1)]


def test_its_outputs_are_the_records(tmp_path):
    printed = {"Setup": "", "Show": "2 < 3 & 4\n\n  {{ x }} × \x1b[1m\n"}
    _, record, _, found = made(tmp_path, printed=printed, drawn=SVG)
    _, setup, show = (cell for cell in found.cells if cell.cell_type == "code")
    assert setup.outputs == []
    assert [output.output_type for output in show.outputs] == ["stream", "display_data"]
    assert show.outputs[0] == {"output_type": "stream", "name": "stdout", "text": record.cell("Show").output}
    assert show.outputs[1].data["image/svg+xml"] == SVG


def test_of_a_page_it_shows_what_nobody_sees_and_links_to_its_figures(tmp_path):
    program, record, *_ = made(tmp_path, printed={"Show": "\x1b[1m\u202e2\r\n"}, drawn=SVG)
    found = nbformat.reads(for_page(program, record, "records/cpu/a/b"), as_version=nbformat.NO_CONVERT)
    nbformat.validate(found)
    printed, drawn = found.cells[-1].outputs
    assert printed["text"] == "␛[1m⟨U+202E⟩2␍\n"
    assert drawn["data"] == {"text/html": f'<img src="records/cpu/a/b/{record.cell("Show").figures[0]}">'}


def test_prose_is_markdown_and_a_program_without_opens_with_its_docstring(tmp_path):
    *_, found = made(tmp_path / "a")
    assert (found.cells[0].cell_type, found.cells[0].source) == ("markdown", "Show a sum.")
    *_, found = made(tmp_path / "b", PROSE)
    assert found.cells[0].source == "# Why\n\nBecause `{{ x }}`:\n    four spaces stay"
    assert [cell.cell_type for cell in found.cells] == ["markdown", "code", "code", "code"]


def test_it_says_what_it_ran_with(tmp_path):
    program, record, _, found = made(tmp_path)
    assert found.metadata.language_info.version == record.versions["python"]
    said = found.metadata.headtohead
    assert (said.topic, said.ran) == ("a/b", record.date)
    assert "torch 2.13.0+cpu" in said.versions
    other = dataclasses.replace(record, date="2026-11-23")
    assert '"ran": "2026-11-23"' in notebook(program, other, {})
