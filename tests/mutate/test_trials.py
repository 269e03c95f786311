"""Guards trials of mutants: the output notices one, the agreement another, and one survives; what is said of them."""

from __future__ import annotations

import pytest

from headtohead.errors import Problem
from tests.mutate import __main__ as command
from tests.mutate.trials import SAME, chosen, run
from tests.support.texts import program, same

ALL, NONE = 100, frozenset()
SHOWN = program("x = 2.0", "y = x + 1\nprint(y)")
PROVED = program("x = 2.0", "y = x + 1")
UNUSED = program("x = 2.0", "rest = x + 1")


def trials(project, tmp_path, text: str, parity: str) -> list[str]:
    """What is said of every mutant of PyTorch's program of a topic of two programs that are the same."""
    topic = project.topic("a/b", text, text, parity)
    tried = chosen(topic, ALL, 0, NONE)
    one = {each: found for each, found in tried.items() if each.framework.name == "pytorch"}
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
        list(run(topic, chosen(topic, 1, 0, NONE), tmp_path / "trials"))


def test_what_is_known_to_change_nothing_is_not_tried(project):
    topic = project.topic("a/b", UNUSED, UNUSED, same("x"))
    known = frozenset({("snippets/a/b/in_pytorch.py", "rest = x + 1", "1 became 2")})
    tried = chosen(topic, ALL, 0, known)
    assert [len(found) for found in tried.values()] == [1, 2]


@pytest.mark.parametrize(("text", "code"), [(SHOWN, 0), (UNUSED, 1)], ids=["enough", "too few"])
def test_the_command_says_the_share_and_who_survived(project, capsys, text, code):
    project.topic("a/b", text, text, same("x"))
    assert command.main(["--root", str(project.root), "a/b", "--each", "2"]) == code
    out = capsys.readouterr().out
    assert f"a/b: {4 - 2 * code} of 4 noticed" in out
    survivor = f"snippets/a/b/in_pytorch.py:7: number: 1 became 2; survived: {SAME}"
    assert (survivor in out.partition("All:")[2]) is bool(code)


def test_what_is_said_to_be_no_mutant_and_is_gone_is_told(project):
    topic = project.topic("a/b", UNUSED, UNUSED, same("x"))
    line = "snippets/a/b/in_pytorch.py", "rest = x + 1"
    assert command.gone(frozenset({(*line, "1 became 2"), ("snippets/c/in_pytorch.py", "", "")}), [topic]) == []
    assert len(command.gone(frozenset({(*line, "1 became 3")}), [topic])) == 1


def test_what_is_no_mutant_has_a_reason(tmp_path):
    entry = '[[mutant]]\nprogram = "a"\nline = "b"\nwhat = "c"\nwhy = "{}"\n'
    (tmp_path / "one.toml").write_text(entry.format("so") + entry.format(" "))
    assert command.equivalent(tmp_path / "one.toml") == {("a", "b", "c")}
    assert isinstance(command.equivalent(command.HERE / "equivalent.toml"), frozenset)
