"""Guards how a program runs with several seeds: each run has its own, faults name it, and scores are compared."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from headtohead.content.parity import SEEDS
from headtohead.records.model import Record
from headtohead.records.store import Store
from tests.support.projects import Project
from tests.support.texts import DRAWS, SCORES, VARIES, program, proof


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


def test_seeds_are_taken_from_an_earlier_run_of_the_same_program(project):
    scored(project)
    project.verify("a/b", "--framework", "pytorch")
    committed = project.store.read("a/b", "pytorch")
    drawn = committed.seeds["accuracy"]
    other = replace(
        committed, date="2026-01-02", seeds={"accuracy": [5.0, 6.0, 7.0, 8.0, 9.0], "baseline": [-2.0] * SEEDS}
    )
    files = {name: project.record("a/b", name).read_bytes() for name in committed.files}
    project.store.write(other, files)

    def fresh(*arguments: str) -> Record:
        project.verify("a/b", "--framework", "pytorch", "--records", str(project.root / "fresh"), *arguments)
        return Store(project.root, project.root / "fresh").read("a/b", "pytorch")

    taken = fresh()
    assert taken.seeds == {"accuracy": [drawn[0], 6.0, 7.0, 8.0, 9.0], "baseline": [-1.0, -2.0, -2.0, -2.0, -2.0]}
    assert taken.seeds_of == "2026-01-02"
    every = fresh("--all", "--seeds")
    assert every.seeds == committed.seeds
    assert every.seeds_of is None
    scored(project, DRAWS.replace("7", "8"))
    assert fresh().seeds_of is None
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


@pytest.mark.parametrize("text", ["'0.5'", "[1, 2]", "10**400", "None", "float('nan')"])
def test_a_score_that_is_no_number_is_told(project, text):
    odd = program("x = 1", f"accuracy = {text}\nbaseline = -1.0")
    scored(project, odd, odd)
    (line,) = project.verify("a/b", "--framework", "pytorch", code=1).splitlines()
    assert "parity.py: the proof failed in PyTorch: ValueError: OVER_SEEDS names 'accuracy', which ends as " in line


def test_what_a_proof_prints_late_is_no_output_of_the_program(project):
    late = "__import__('threading').Timer(0.3, print, ['late']).start()"
    text = program("x = 1", "print(2)")
    project.topic("a/b", text, text, proof(f"{late}\n    return {{'a': np.ones(3)}}"))
    project.verify("a/b", "--framework", "pytorch")
    assert [cell["output"] for cell in content(project, "pytorch.json")["cells"]] == ["", "2\n"]


def test_a_broken_agreement_over_seeds_ends_verify(project):
    scored(project, proof=SCORES.replace("0.5", "0.1"), tensorflow=DRAWS.replace(".item()", ".item() + 1"))
    err = project.verify("a/b", code=1)
    assert "broken agreement: accuracy, mean over 5 seeds: PyTorch 0." in err
    assert "off by 1, allowed 0.1" in err


@pytest.mark.parametrize(("varies", "verdict"), [(VARIES, "same"), ("", "changed: Two")])
def test_a_cell_that_varies_may_print_something_else(project, capfd, monkeypatch, varies, verdict):
    says = DRAWS + 'import os\nprint(os.environ["CUDA_HOME"])\n'
    scored(project, says, says, SCORES + varies)
    monkeypatch.setenv("CUDA_HOME", "one")  # one of the few variables that a program sees
    project.verify("a/b")
    capfd.readouterr()
    monkeypatch.setenv("CUDA_HOME", "another")
    project.verify("a/b", "--all")
    assert f"a/b pytorch  {verdict}\n" in capfd.readouterr().out
