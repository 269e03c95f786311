"""Guards trials of mutants: the output notices one, the agreement another, and one survives; what is said of them."""

from __future__ import annotations

import re

import pytest

from headtohead.errors import Problem
from headtohead.records import mutants as kept
from headtohead.records.mutants import Mutation, Tried
from tests.mutate import __main__ as command
from tests.mutate.results import Results, equivalent, gone
from tests.mutate.trials import SAME, Asked, chosen, of_one_seed, run
from tests.support.texts import DRAWS, program, same

ALL, NONE = Asked(100), frozenset()
SHOWN = program("x = 2.0", "y = x + 1\nprint(y)")
PROVED = program("x = 2.0", "y = x + 1")
UNUSED = program("x = 2.0", "rest = x + 1")


def trials(project, tmp_path, text: str, parity: str) -> list[str]:
    """What is said of every mutant of PyTorch's program of a topic of two programs that are the same."""
    topic = project.topic("a/b", text, text, parity)
    one = {program: chosen(program, ALL, NONE) for program in [topic.programs["pytorch"]]}
    return sorted(trial.noticed or trial.moved for trial in run(topic, one, tmp_path / "trials"))


def test_the_output_notices(project, tmp_path):
    assert trials(project, tmp_path, SHOWN, same("x")) == ["the output of 'Two'"] * 2


def test_the_agreement_notices(project, tmp_path):
    told = "the agreement: y: PyTorch 5, TensorFlow 3, off by 2, allowed 1e-07 + 1e-07 × |TensorFlow|"
    assert told in trials(project, tmp_path, PROVED, same("y"))


def test_nobody_notices_what_is_neither_shown_nor_compared(project, tmp_path):
    assert SAME in trials(project, tmp_path, UNUSED, same("x"))


def test_a_program_that_breaks_or_never_ends_is_noticed(project, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.mutate.trials.LEAST", 5)
    text = program("x = 1.0", "left = [5]\nwhile left:\n    left.pop(0)")
    told = trials(project, tmp_path, text, same("x"))
    assert [each.partition("IndexError")[1] for each in told].count("IndexError") == 1
    assert sum("used more than 5 s of CPU time" in each for each in told) == 1


def test_a_topic_that_does_not_hold_is_told(project, tmp_path):
    topic = project.topic("a/b", SHOWN, SHOWN.replace("2.0", "3.0"), same("x"))
    with pytest.raises(Problem, match=r"as it is: .*broken agreement: x"):
        list(run(topic, {program: [] for program in topic.programs.values()}, tmp_path / "trials"))


def test_what_has_a_fresh_record_runs_once_more_and_has_to_give_it_again(project, tmp_path):
    topic = project.topic("a/b", SHOWN, SHOWN, same("x"))
    project.verify()
    tried = {program: chosen(program, Asked(1), NONE) for program in topic.programs.values()}
    assert len(list(run(topic, tried, tmp_path / "trials"))) == 2
    store, record = project.store, project.store.read("a/b", "pytorch")
    record.cells[1].output = "4.0\n"
    store.write(record, {name: store.path("a/b", "pytorch").with_name(name).read_bytes() for name in record.files})
    with pytest.raises(Problem, match="as it is, here: the output of 'Two'"):
        list(run(topic, tried, tmp_path / "again"))


def test_scores_over_seeds_are_asked_where_the_first_seed_tells_nothing(project, tmp_path):
    rule = "OVER_SEEDS = {'accuracy': {'within': 0.1, 'above': 'baseline'}}\nVARIES = {'One': 'drawn'}\n"
    text = DRAWS.replace(".item()", ".item() * 0.5\nx = torch.zeros(1)")
    found = trials(project, tmp_path, text, f"{same('x')}\n{rule}")
    assert sum("the agreement: accuracy, mean over 5 seeds: PyTorch" in each for each in found) == 1  # 0.5 became 1.0
    assert SAME in found  # the bar became -2.0


def test_what_a_proof_states_of_seeds_is_taken_out_in_its_place():
    text = "RTOL = 1e-5\nOVER_SEEDS = {\n    'x': 1,\n}\nVARIES = {}\n\n\ndef inputs():\n    return {}\n"
    assert of_one_seed(text) == "RTOL = 1e-5" + "\n" * 7 + "def inputs():\n    return {}\n"


def test_what_is_known_to_change_nothing_is_not_tried(project):
    topic = project.topic("a/b", UNUSED, UNUSED, same("x"))
    known = {("snippets/a/b/in_pytorch.py", "rest = x + 1", "1 became 2")}
    assert [len(chosen(program, ALL, known)) for program in topic.programs.values()] == [1, 2]


def test_only_mutants_of_which_a_pattern_is_said_are_tried(project):
    program = project.topic("a/b", UNUSED, UNUSED, same("x")).programs["pytorch"]
    found = chosen(program, Asked(9, only=re.compile(r"^7: number: 1 became")), NONE)
    assert [each.what for each in found] == ["1 became 2"]


@pytest.mark.parametrize(("text", "code"), [(SHOWN, 0), (UNUSED, 1)], ids=["enough", "too few"])
def test_the_command_says_the_share_and_who_survived(project, capsys, text, code):
    project.topic("a/b", text, text, same("x"))
    assert command.main(["--root", str(project.root), "a/b", "--each", "2"]) == code
    out = capsys.readouterr().out
    assert f"a/b: {4 - 2 * code} of 4 noticed" in out
    survivor = f"snippets/a/b/in_pytorch.py: rest = x + 1: number: 1 became 2; survived: {SAME}"
    assert (survivor in out.partition("All:")[2]) is bool(code)


def test_what_was_tried_is_tried_again_where_the_program_has_changed(project, capsys):
    project.topic("a/b", UNUSED, SHOWN, same("x"))
    asked = ["--root", str(project.root), "a/b", "--each", "9"]
    command.main(asked)
    assert capsys.readouterr().out.count("  snippets/") == 4
    command.main(asked)
    assert "  snippets/" not in (out := capsys.readouterr().out)
    assert "a/b: 3 of 4 noticed" in out
    project.change("a/b", pytorch=SHOWN)
    command.main(asked)
    assert "a/b: 4 of 4 noticed" in (out := capsys.readouterr().out)
    assert out.count("  snippets/a/b/in_pytorch.py") == out.count("  snippets/") == 2


def test_what_is_no_mutant_any_more_is_forgotten(project):
    one = project.topic("a/b", UNUSED, UNUSED, same("x")).programs["pytorch"]
    found = [Mutation("rest = x + 1", "number", what, "", SAME) for what in ("1 became 2", "1 became 5")]
    kept.write(project.store, {one.name: Tried(*kept.hashes(one), "2026-12-01", found)})
    results = Results(project.store, {})
    results.forget(one)
    assert results.tried[one.name].mutations == found[:1]


def test_of_a_program_whose_proof_has_changed_only_what_that_decides_is_tried_again(project, capsys):
    text = program("x = 2.0\nz = 3.0", "y = x + 1\nprint(y)")
    project.topic("a/b", text, text, same("x"))
    asked = ["--root", str(project.root), "a/b", "--each", "9"]
    assert command.main(asked) == 1  # z is neither printed nor compared
    assert "a/b: 4 of 6 noticed" in capsys.readouterr().out
    project.change("a/b", parity=same("z"))
    assert command.main([*asked[:3], "--each", "0"]) == 0
    out = capsys.readouterr().out
    assert out.count("3.0 became 6.0; noticed: the agreement: z: ") == out.count("  snippets/") == 2
    assert "a/b: 6 of 6 noticed" in out


def test_what_no_proof_decides_is_known_with_the_next_one_too(project, capsys):
    one = project.topic("a/b", SHOWN, SHOWN, same("x")).programs["pytorch"]
    found = [Mutation("y = x + 1", "number", "1 became 2", "the output of 'Two'")]
    kept.write(project.store, {one.name: Tried(*kept.hashes(one), "2026-12-01", found)})
    project.change("a/b", parity=same("y"))
    assert command.main(["--root", str(project.root), "a/b", "--each", "0"]) == 0
    assert "a/b: 1 of 1 noticed" in capsys.readouterr().out
    assert kept.read(project.store)[one.name] == Tried(*kept.hashes(one), "2026-12-01", found)


def test_what_is_said_to_be_no_mutant_and_is_gone_is_told(project):
    topic = project.topic("a/b", UNUSED, UNUSED, same("x"))
    one = "snippets/a/b/in_pytorch.py", "rest = x + 1"
    assert gone({(*one, "1 became 2"): "so", ("snippets/c/in_pytorch.py", "", ""): "so"}, [topic]) == []
    assert len(gone({(*one, "1 became 3"): "so"}, [topic])) == 1


def test_what_is_no_mutant_has_a_reason_and_is_not_counted(project, tmp_path):
    entry = '[[mutant]]\nprogram = "a"\nline = "b"\nwhat = "c"\nwhy = "{}"\n'
    (tmp_path / "one.toml").write_text(entry.format("so") + entry.format(" "))
    assert equivalent(tmp_path / "one.toml") == {("a", "b", "c"): "so"}
    kept.write(project.store, {"a": Tried("d", "e", "2026-12-01", [Mutation("b", "number", "c", "", SAME)])})
    assert kept.noticed(Results(project.store, {}).tried.values()) == (0, 1)
    assert kept.noticed(Results(project.store, equivalent(tmp_path / "one.toml")).tried.values()) == (0, 0)
