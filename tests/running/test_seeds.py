"""Guards agreement over several seeds: each run has its own seed, means are compared, and each beats its baseline."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from markdown import Markdown

from headtohead.comparing.agreement import over_seeds
from headtohead.content.parity import SEEDS
from headtohead.content.topics import Topic
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.site.directives import HeadToHead
from headtohead.site.runs import card
from tests.support.projects import Project
from tests.support.texts import DRAWS, PROOF, SCORES, VARIES, program


def scored(project: Project, pytorch: str = DRAWS, tensorflow: str = DRAWS, proof: str = SCORES) -> None:
    project.topic("a/b", pytorch, tensorflow, proof)


def content(project: Project, name: str) -> dict:
    return json.loads(project.record("a/b", name).read_text(encoding="utf-8"))


def test_a_program_runs_with_its_seeds_raised(project):
    torch = pytest.importorskip("torch")
    scored(project)
    project.verify("a/b")
    expected = [torch.rand((), generator=torch.Generator().manual_seed(7 + raised)).item() for raised in range(SEEDS)]
    for side in ("pytorch", "tensorflow"):
        assert content(project, f"{side}.json")["seeds"] == {"accuracy": expected, "baseline": [-1.0] * SEEDS}
    rows = {row["name"]: row for row in content(project, "agreement.json")["quantities"]}
    assert rows["accuracy, mean over 5 seeds"]["atol"] == 0.5
    assert list(rows) == ["baseline", "accuracy, mean over 5 seeds"]
    project.unharmed()


def test_keras_and_tensorflow_get_other_seeds_too(project):
    pytest.importorskip("keras")
    set_both = (
        "import keras\nimport tensorflow as tf\n\nkeras.utils.set_random_seed(1)\na = float(tf.random.uniform(()))"
    )
    scored(
        project,
        tensorflow=program(
            set_both, "tf.random.set_seed(2)\naccuracy = a + float(tf.random.uniform(()))\nbaseline = -1.0"
        ),
    )
    project.verify("a/b", "--framework", "tensorflow")
    assert len(set(content(project, "tensorflow.json")["seeds"]["accuracy"])) == SEEDS


def test_each_seed_starts_from_an_empty_folder(project):
    once = DRAWS.replace("import torch", 'import torch\n\nopen("file", "x").close()')
    scored(project, once, once)
    project.verify("a/b")


def test_another_seed_that_fails_is_told(project):
    fails = DRAWS + "\nif torch.initial_seed() == 9:\n    1 / 0\n"
    scored(project, fails)
    err = project.verify("a/b", code=1)
    told = "snippets/a/b/in_pytorch.py:12: with its seeds raised by 2, the program failed: ZeroDivisionError"
    assert err.startswith(told)


def test_another_seed_that_never_ends_is_stopped(project):
    scored(project, DRAWS + "\nwhile torch.initial_seed() == 8:\n    pass\n")
    err = project.verify("a/b", "--seconds", "10", code=1)
    told = "with its seeds raised by 1, the program used more than 10 s of CPU time and was stopped"
    assert told in err
    project.unharmed()


def test_a_score_that_is_not_there_is_told(project):
    scored(project, DRAWS.replace("accuracy", "accurate"))
    err = project.verify("a/b", code=1)
    assert "OVER_SEEDS names 'accuracy', which the program does not set" in err


def test_a_broken_agreement_over_seeds_ends_verify(project):
    scored(project, proof=SCORES.replace("0.5", "0.1"), tensorflow=DRAWS.replace(".item()", ".item() + 1"))
    err = project.verify("a/b", code=1)
    assert "broken agreement: accuracy, mean over 5 seeds: PyTorch 0." in err
    assert "off by 1, allowed 0.1" in err


# The comparison, on made-up scores -------------------------------------------------------------


def test_means_that_are_close_agree(project):
    found, records = project.scored([0.8, 0.9], [0.85, 0.95])
    row, broken = over_seeds(found, "score", *records)
    assert row.absolute == pytest.approx(0.05)
    assert (row.atol, row.rtol, broken) == (0.1, 0.0, [])


@pytest.mark.parametrize(
    ("left", "right", "rule", "told"),
    [
        ([0.8, 0.9], [0.6, 0.7], "{'within': 0.1, 'above': 'baseline'}", "off by 0.2, allowed 0.1"),
        ([0.8, float("nan")], [0.8, 0.9], "{'within': 0.1, 'above': 'baseline'}", "off by nan"),
        ([0.8, 0.8], [0.8, 0.9], "{'within': 0.1, 'above': 'baseline'}", "the same with each seed in PyTorch"),
        (
            [0.8, 0.9],
            [0.99, 0.5],
            "{'within': 0.2, 'above': 'baseline'}",
            "raised by 1: 0.5 in TensorFlow, which is not",
        ),
        (
            [0.4, 0.6],
            [0.4, 0.3],
            "{'within': 0.2, 'below': 'baseline'}",
            "raised by 1: 0.6 in PyTorch, which is not below",
        ),
    ],
)
def test_what_does_not_agree_is_told(project, left, right, rule, told):
    found, records = project.scored(left, right, rule)
    _, broken = over_seeds(found, "score", *records)
    assert len(broken) == 1 or "nan" in told
    assert told in broken[0]


@pytest.mark.parametrize(
    "rule",
    [
        "0.1",
        "{'within': 0.1}",
        "{'within': 0, 'above': 'b'}",
        "{'within': 0.1, 'above': 'b', 'below': 'b'}",
        "{'above': 'b'}",
    ],
)
def test_a_rule_out_of_form_is_told(project, rule):
    project.small()
    project.change("a/b", parity=f"{PROOF}\nOVER_SEEDS = {{'score': {rule}}}\n")
    with pytest.raises(Problem, match=r"^snippets/a/b/parity.py: no rule for seeds in 'score'; write OVER_SEEDS = "):
        Topic(project.root, "a/b").check()


def test_the_page_shows_each_score_and_its_bar(project):
    found, records = project.scored([0.8, 0.9], [0.85, 0.95])
    html = card(found, records, {"cpu": None}, "")
    assert "<th scope=row>score, PyTorch</th><td>0.8, 0.9</td><td>0.85</td><td>above baseline, 0.5</td>" in html
    assert "score, TensorFlow</th><td>0.85, 0.95</td><td>0.9</td>" in html


def test_a_program_that_uses_both_runs_once(project):
    """It compares the numbers itself, and has no proof beside it."""
    project.write({"snippets/a/both/in_both.py": program("print(1)")})
    assert project.verify("a/both") == ""


def test_other_scores_make_an_agreement_stale(project):
    found, records = project.scored([0.8, 0.9], [0.85, 0.95])
    store, hashes = project.store, set()
    for scores in ([0.8, 0.9], [0.8, 0.91]):
        for record in records:
            store.write(replace(record, arrays=None, seeds={"score": scores}), {})
        hashes.add(freshness.of_agreement(store, found, "cpu"))
    assert len(hashes) == 2


# What varies from CPU to CPU -------------------------------------------------------------------


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
    scored(project, proof=proof)
    assert f"snippets/a/b/parity.py: {told}" in project.verify("a/b", code=1)


@pytest.mark.parametrize(("varies", "verdict"), [(VARIES, "same"), ("", "changed: Two")])
def test_a_cell_that_varies_may_print_something_else(project, capfd, monkeypatch, varies, verdict):
    outside = project.root / "word"
    monkeypatch.setenv("MADE_UP", str(outside))
    says = DRAWS + 'import os\nprint(open(os.environ["MADE_UP"]).read())\n'
    scored(project, says, says, SCORES + varies)
    outside.write_text("one")
    project.verify("a/b")
    capfd.readouterr()
    outside.write_text("another")
    project.verify("a/b", "--all")
    assert f"a/b pytorch  {verdict}\n" in capfd.readouterr().out


def test_a_page_says_what_varies(project):
    scored(project, proof=SCORES + VARIES)
    project.verify("a/b")
    html = Markdown(extensions=[HeadToHead(root=str(project.root))]).convert("/// compare | a/b\n///\n")
    assert html.count("Another CPU gives another output here: rounding differs.") == 1
