"""Guards how topics are found and read: programs in step, a proof or a reason, data beside them, what may vary."""

from __future__ import annotations

import pytest

from headtohead.content.frameworks import FRAMEWORKS
from headtohead.content.programs import Program
from headtohead.content.topics import Topic, topic, topics
from headtohead.errors import Problem
from tests.support.texts import DRAWS, SCORES, STEPS, VARIES


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


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        (SCORES + VARIES.replace("Two", "Tow"), "no cell and reason in 'Tow'; write VARIES"),
        (SCORES + VARIES.replace("rounding differs", ""), "no cell and reason in 'Two'; write VARIES"),
        (SCORES + '\nVARIES = ["Two"]\n', "no cell and reason in 'VARIES'; write VARIES"),
        (SCORES.replace("OVER_SEEDS", "SEEDS") + VARIES, "VARIES without OVER_SEEDS; bound what varies"),
    ],
)
def test_what_varies_is_a_cell_with_a_reason_and_bounds(project, proof, told):
    project.topic("a/b", DRAWS, DRAWS, proof)
    assert f"snippets/a/b/parity.py: {told}" in project.verify("a/b", code=1)
