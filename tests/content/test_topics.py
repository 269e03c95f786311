"""Guards how topics are found and read: programs in step, a proof or a reason, data beside them, what may vary."""

from __future__ import annotations

import os
import socket

import pytest

from headtohead.content.frameworks import FRAMEWORKS
from headtohead.content.programs import Program
from headtohead.content.topics import Topic, topic, topics
from headtohead.errors import Problem
from tests.support.texts import DRAWS, GOOD, SCORES, STEPS, VARIES


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


def test_what_is_called_like_a_program_further_down_is_data(project):
    project.write({"snippets/a/b/more/parity.py": "", "snippets/a/b/more/shared.py": ""})
    found = project.topic("a/b", STEPS, STEPS)
    assert [path.name for path in found.local_files] == ["parity.py", "shared.py"]


# Names and kinds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["a b", "a.b/c", "a/b.c", "<img>", "a/'b'", 'a/"b"', "a/b&c", "a/\udcff", "a/b\n", "a/\u202eb", "a/b\u0301"]
)
def test_a_folder_whose_name_is_no_address_is_told(project, name):
    project.topic("good/one", STEPS, STEPS)
    folder = os.fsencode(project.root) + b"/snippets/" + name.encode("utf-8", "surrogateescape")
    os.makedirs(folder)
    for file in (b"in_pytorch.py", b"in_tensorflow.py", b"parity.py"):
        with open(folder + b"/" + file, "wb") as made:
            made.write(STEPS.encode())
    odd, good = sorted(topics(project.root), key=lambda each: each.name == "good/one")
    good.check()
    for asked in (odd.check, lambda: odd.local_files):
        with pytest.raises(Problem) as caught:
            asked()
        assert "is no name of a topic; rename the folder: letters, digits, _ and - make an address" in str(caught.value)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["A/B", "größe/日本", "a-b/c_d", "1/2", "one", "a/b/c/d"])
def test_a_folder_may_have_these_names(project, name):
    project.topic(name, STEPS, STEPS)
    (found,) = topics(project.root)
    found.check()
    assert topic(project.root, name) == found


def test_two_names_that_differ_in_case_alone_are_told(project):
    for name in ("a/b", "a/B"):
        project.topic(name, STEPS, STEPS)
    for found, other in zip(topics(project.root), ("b", "B")):
        with pytest.raises(Problem, match=rf"^snippets/a/[bB]: the same name as '{other}' but for its case"):
            found.check()


@pytest.mark.parametrize(
    "names", [("Data.csv", "data.csv"), ("caf\xe9.csv", "cafe\u0301.csv"), ("More/a.csv", "more/b.csv")]
)
def test_two_files_beside_that_differ_in_case_alone_are_told(project, names):
    project.write({f"snippets/a/b/{name}": "1" for name in names})
    with pytest.raises(
        Problem, match=r"^snippets/a/b/\w+(\W*\.csv)?: the same name as '.*' but for its case or its acc"
    ):
        project.topic("a/b", STEPS, STEPS).check()


@pytest.mark.parametrize("name", ["api", "api/x", "differences/losses"])
def test_a_topic_where_records_of_data_files_lie_is_told(project, name):
    """`rows --check` would say of its records that they are of nothing."""
    with pytest.raises(Problem, match=rf"^snippets/{name}: records of data files lie under its name; rename the fol"):
        project.topic(name, STEPS, STEPS).check()
    project.topic("apis/api", STEPS, STEPS).check()


def test_a_topic_inside_a_topic_is_told_in_one_line(project):
    for name in ("a", "a/b", "c"):
        project.topic(name, STEPS, STEPS)
    told = set()
    for found in topics(project.root):
        try:
            found.check()
        except Problem as problem:
            told.add(str(problem))
    assert told == {"snippets/a/b: a topic inside the topic a; move it out of that folder"}


@pytest.mark.parametrize("name", ["in_jax.py", "in_both.py"])
def test_a_program_too_many_is_told(project, name):
    found = project.topic("a/b", STEPS, STEPS)
    project.write({f"snippets/a/b/{name}": STEPS})
    with pytest.raises(
        Problem, match=r"^snippets/a/b/in_[a-z]+.py: no program of this topic; take it away: a topic has"
    ):
        found.check()


def test_a_proof_beside_a_program_for_both_is_told(project):
    project.write({"snippets/a/b/in_both.py": STEPS, "snippets/a/b/parity.py": '"""Same."""\n'})
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py: a proof beside in_both.py; take it away"):
        Topic(project.root, "a/b").check()


def listen(path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


# Each: what is put into a topic, where, and what is said of it.
STRANGE = {
    "a link beside": (lambda path: path.symlink_to("in_pytorch.py"), "data.csv", "a symbolic link where a file has to"),
    "a link to a folder beside": (lambda path: path.symlink_to("/"), "more", "a symbolic link where a file has to be"),
    "a pipe beside": (os.mkfifo, "data.csv", "a pipe where a file has to be; put a file there, or take it away"),
    "a socket beside": (listen, "data.csv", "a socket where a file has to be"),
    "a giant beside": (
        lambda path: path.open("wb").truncate(10**8),
        "data.csv",
        "has 100,000,000 bytes, and 20,000,000",
    ),
    "a name that is no text": (lambda path: path.touch(), "\udcff.csv", "a name that cannot be read; rename the file"),
    "a name with a line break": (lambda path: path.touch(), "a\nb.csv", "a name that cannot be read; rename the file"),
    "a linked program": (lambda path: path.symlink_to("parity.py"), "in_pytorch.py", "a symbolic link, which is not"),
    "a linked proof": (lambda path: path.symlink_to("in_pytorch.py"), "parity.py", "a symbolic link, which is not"),
    "a folder for a program": (lambda path: path.mkdir(), "in_pytorch.py", "a folder where a file has to be"),
    "a folder for a proof": (lambda path: path.mkdir(), "parity.py", "a folder where a file has to be"),
    "a pipe for a program": (os.mkfifo, "in_tensorflow.py", "a pipe where a file has to be"),
    "a pipe for a proof": (os.mkfifo, "parity.py", "a pipe where a file has to be"),
}


@pytest.mark.parametrize(("make", "name", "told"), STRANGE.values(), ids=STRANGE)
def test_what_is_no_plain_file_of_the_topic_is_told(project, monkeypatch, make, name, told):
    project.topic("good/one", STEPS, STEPS)
    project.topic("a/b", STEPS, STEPS)
    path = project.file("a/b", name)
    monkeypatch.chdir(path.parent)  # a socket's path is short
    path.unlink(missing_ok=True)
    make(path)
    odd, good = topics(project.root)
    good.check()
    with pytest.raises(Problem) as caught:
        odd.check()
    assert str(caught.value).startswith("snippets/a/b/")
    assert told in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("to", ["../a/good", "nowhere", "/"])
def test_a_linked_topic_is_told(project, to):
    project.topic("a/good", STEPS, STEPS)
    (project.root / "snippets/z").mkdir()
    (project.root / "snippets/z/t").symlink_to(to)
    good, linked = topics(project.root)
    good.check()
    with pytest.raises(
        Problem, match=r"^snippets/z/t: a symbolic link, which is not followed; put there what it points"
    ):
        linked.check()


# In step -----------------------------------------------------------------------------------------

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


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        (SCORES + VARIES.replace("Two", "Tow"), ": no cell and reason in 'Tow'; write VARIES"),
        (SCORES + VARIES.replace("rounding differs", ""), ":15: no cell and reason in 'Two'; write VARIES"),
        (SCORES + '\nVARIES = ["Two"]\n', ":15: no cell and reason in 'VARIES'; write VARIES"),
        (SCORES.replace("OVER_SEEDS", "SEEDS") + VARIES, ": VARIES without OVER_SEEDS; bound what varies"),
    ],
)
def test_what_varies_is_a_cell_with_a_reason_and_bounds(project, proof, told):
    project.topic("a/b", DRAWS, DRAWS, proof)
    assert f"snippets/a/b/parity.py{told}" in project.verify("a/b", code=1)


@pytest.mark.parametrize("name", ["numpy.py", "random.py", "json/__init__.py", "torch.cpython-311.so", "helper.py"])
def test_a_file_that_would_be_imported_in_the_place_of_a_module_is_told(project, name):
    found = project.topic("a/b", GOOD.replace("print", "import helper\nprint", 1))
    found.check()
    project.write({"snippets/a/b/notes.py": "x = 1\n", "snippets/a/b/numpy.txt": "data"})
    Topic(project.root, "a/b").check()
    project.write({f"snippets/a/b/{name}": "x = 1\n"})
    with pytest.raises(Problem) as told:
        Topic(project.root, "a/b").check()
    module = name.partition(".")[0].partition("/")[0]
    what = f"it would be imported in the place of the module {module}; rename it, or take it away"
    assert str(told.value) == f"snippets/a/b/{name}: {what}"
