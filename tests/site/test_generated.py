"""Guards what is generated for the site: the bytes that ran, without an engine, and no stale file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from headtohead.site.generated import File, generated, lay
from headtohead.site.library import Library
from tests.support.repository import ROOT
from tests.support.texts import AREA, LEFT, ROW, SVG


def made(root: Path) -> tuple[dict[str, File], list[tuple[str, str]]]:
    """Every file by its address, and what was told."""
    told: list[tuple[str, str]] = []
    found = list(generated(Library.of(str(root)), lambda uri, problem: told.append((uri, str(problem)))))
    files = {file.address: file for file in found}
    assert len(files) == len(found)
    return files, told


def test_programs_notebooks_and_figures(project):
    found = project.small()
    project.settle(found, drawn=SVG)
    files, told = made(project.root)
    assert told == []
    assert sorted(address.partition("-")[0] for address in files) == [
        "programs/a/b/in_pytorch.ipynb",
        "programs/a/b/in_pytorch.py",
        "programs/a/b/in_tensorflow.ipynb",
        "programs/a/b/in_tensorflow.py",
        "records/cpu/a/b/pytorch",
        "records/cpu/a/b/tensorflow",
    ]
    for file in files.values():
        assert not file.page
        if file.address.endswith(".py"):
            assert file.data == (found.folder / Path(file.address).name).read_bytes()
        elif file.address.endswith(".svg"):
            assert file.data == (project.root / file.address).read_bytes()


def test_data_is_given_where_its_page_links_to_it(project):
    found = project.small()
    project.write({"snippets/a/b/books/words.txt": "one\ntwo\n"})
    project.settle(found)
    files, told = made(project.root)
    assert files["programs/a/b/books/words.txt"].data == b"one\ntwo\n"
    assert not any(address.endswith("parity.py") for address in files)
    assert told == []


def test_a_notebook_is_the_source_of_a_page_too(project):
    project.settle(project.small({"in_both.py": LEFT}))
    files, _ = made(project.root)
    assert [address for address, file in files.items() if file.page] == ["a/b.ipynb"]
    page, taken = (json.loads(files[name].data) for name in ("a/b.ipynb", "programs/a/b/in_both.ipynb"))
    assert page["metadata"] == taken["metadata"]
    assert [cell["source"] for cell in page["cells"]] == [cell["source"] for cell in taken["cells"]]


def test_a_stale_program_is_given_as_it_stands_and_no_stale_output(project):
    found = project.small()
    project.settle(found)
    project.write({"snippets/a/b/in_pytorch.py": LEFT.replace("Show", "Say")})
    files, told = made(project.root)
    assert "programs/a/b/in_pytorch.ipynb" not in files
    assert b"Say" in files["programs/a/b/in_pytorch.py"].data
    assert "programs/a/b/in_tensorflow.ipynb" in files
    assert told == [], "the page that shows it says so"


def test_a_page_that_cannot_be_made_is_told(project):
    project.small({"in_both.py": LEFT})
    files, told = made(project.root)
    assert list(files) == ["programs/a/b/in_both.py"]
    assert told == [("a/b.ipynb", "records/cpu/a/b/both.json: no such record; run 'nox -s verify -- a/b'")]


def test_a_map_that_cannot_be_read_is_left_out_and_nothing_else(project):
    project.settle(project.small())
    project.write({"api/layers.toml": "no = [map"})
    files, told = made(project.root)
    assert "migrate/api.json" not in files
    assert len(files) == 4
    assert told == [], "the pages of the map say so"


def test_laid_in_a_folder_are_all_but_pages(project, tmp_path):
    project.settle(project.small({"in_both.py": LEFT}), drawn=SVG)
    files, _ = made(project.root)
    lay(tmp_path / "out", Library.of(str(project.root)), lambda *_: pytest.fail("nothing is wrong"))
    laid = {path.relative_to(tmp_path / "out").as_posix(): path for path in (tmp_path / "out").rglob("*.*")}
    assert set(laid) == set(files) - {"a/b.ipynb"}
    assert all(path.read_bytes() == files[address].data for address, path in laid.items())


def test_no_engine_is_in_it():
    code = "import sys, headtohead.site.generated; print([name for name in sys.modules if 'mkdocs' in name])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True)
    assert done.stdout == "[]\n"


def test_an_area_without_a_record_and_a_page_is_told(project):
    """The map as data would be missing, and every script that asks for it, without a word."""
    project.area("a", AREA + ROW)
    library = Library.of(str(project.root), problems={})
    told: list[tuple[str, str]] = []
    list(generated(library, lambda address, problem: told.append((address, str(problem)))))
    assert told == [("migrate/api.json", "records/cpu/api/a.json: no such record; run 'nox -s rows -- a'")]
    project.write({"docs/migrate/a.md": "/// api | a\n///\n"})  # which says so
    told.clear()
    list(generated(library, lambda address, problem: told.append((address, str(problem)))))
    assert told == []
