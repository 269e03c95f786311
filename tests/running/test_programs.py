"""Guards what a run leaves alone, what it leaves out, and what it notices though the program prints the same."""

from __future__ import annotations

from pathlib import Path

from headtohead.content.topics import Topic
from headtohead.records.store import Store
from headtohead.running.fork_server import ForkServer, Start
from headtohead.running.programs import modules
from tests.support.texts import program, same

NEEDY = program('print("one")', 'print("two")', 'print("three")', doc="Good.\n\nNeeds no-such-command on the PATH.\n")
PARITY = same("number")


def ran(capfd) -> str:
    return capfd.readouterr().out


def test_a_rerun_that_prints_the_same_leaves_the_records_as_they_are(project, capfd):
    project.topic("a/good")
    project.verify()
    before = project.records()
    project.verify("--all")
    assert "2 same" in ran(capfd)
    assert project.records() == before


def test_what_lacks_a_command_is_left_out_and_counted(project, capfd):
    project.topic("a/needy", pytorch=NEEDY.replace("no-such-command", "env"))
    project.verify()
    project.change("a/needy", pytorch=NEEDY)
    error = project.verify(code=1)  # no record yet of the program as it stands: that is a failure
    assert "in_pytorch.py:1: needs no-such-command on the PATH, and has no fresh record" in error
    assert "install no-such-command" in error


def test_what_is_left_out_keeps_its_committed_record(project, capfd, monkeypatch, tmp_path):
    tool = tmp_path / "tools" / "no-such-command"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tool.parent), prepend=":")
        project.topic("a/needy", pytorch=NEEDY)
        project.verify()
    committed = project.records()
    ran(capfd)
    project.verify("--all")
    assert "1 same, 1 skipped" in ran(capfd)
    assert project.records() == committed
    project.verify("--records", str(tmp_path / "fresh"))
    assert "skipped: no no-such-command on the PATH" in ran(capfd)
    fresh = Store(project.root, tmp_path / "fresh").read("a/needy", "pytorch")
    assert fresh == project.store.read("a/needy", "pytorch")


def test_numbers_of_the_proof_that_move_are_a_change_though_the_output_is_the_same(project, capfd, monkeypatch):
    reads = program('import os\nnumber = float(os.environ["CUDA_HOME"])', 'print("two")')
    project.topic("a/proved", pytorch=reads, tensorflow=reads, parity=PARITY)
    monkeypatch.setenv("CUDA_HOME", "1.0")  # one of the few variables that a program sees
    project.verify()
    ran(capfd)
    monkeypatch.setenv("CUDA_HOME", "1.00000001")
    project.verify("--all")
    assert "2 same" in ran(capfd)
    monkeypatch.setenv("CUDA_HOME", "1.001")
    project.verify("--all")
    assert "2 changed" in ran(capfd)


def test_a_program_has_a_folder_of_its_own_for_what_it_leaves(project):
    says = "import os, pathlib, tempfile\nprint(len(os.listdir()), len(os.listdir(tempfile.gettempdir())))"
    leaves = 'open("here", "w").close(); tempfile.mkstemp()'
    project.topic("a/tidy", pytorch=program(says, leaves), tensorflow=program(says, leaves))
    project.verify()
    assert project.store.read("a/tidy", "pytorch").cells[0].output == "1 0\n"  # the program itself
    assert project.leftovers() == []


def test_each_framework_may_run_alone_and_the_second_brings_the_agreement(project):
    number = program("number = 1.0", 'print("two")')
    project.topic("a/proved", pytorch=number, tensorflow=number, parity=PARITY)
    agreement = project.record("a/proved", "agreement.json")
    project.verify("--framework", "pytorch")
    assert project.record("a/proved", "pytorch.json").exists()
    assert not agreement.exists()
    project.verify("--framework", "tensorflow")
    assert agreement.exists()


def test_a_warm_start_of_pytorch_leaves_keras_to_the_program_that_chooses_its_backend(project):
    imports = "import keras, torch\nfrom keras.layers import Dense\nfrom torch.utils.tensorboard import SummaryWriter"
    project.topic("a/bridge", pytorch=program(imports), tensorflow=program(imports))
    programs = Topic(project.root, "a/bridge").programs
    assert modules(programs["pytorch"].framework, [programs["pytorch"]]) == ["torch", "torch._dynamo"]
    assert {"keras", "keras.layers"} <= set(modules(programs["tensorflow"].framework, [programs["tensorflow"]]))


def test_a_program_that_uses_both_runs_once(project):
    """It compares the numbers itself, and has no proof beside it."""
    project.write({"snippets/a/both/in_both.py": program("print(1)")})
    assert project.verify("a/both") == ""


def test_a_framework_is_imported_warm_only_where_a_program_names_it():
    from headtohead.content.frameworks import FRAMEWORKS
    from headtohead.content.programs import Program
    from headtohead.running.programs import modules as imported

    def modules(*texts):
        programs = []
        for text in texts:
            one = Program(Path("nowhere"), "made/up", FRAMEWORKS["tensorflow"])
            one.__dict__["bytes"] = text.encode()
            programs.append(one)
        return imported(FRAMEWORKS["tensorflow"], programs)

    assert modules(program("import numpy")) == ["numpy"]
    assert modules(program("import numpy"), program("import keras")) == ["tensorflow", "keras", "numpy"]
    assert modules(program("from tensorflow.python import eager")) == ["tensorflow", "keras", "tensorflow.python"]
    assert modules(program("import antigravity, json, unittest.__main__")) == []


def test_what_is_imported_runs_in_the_sandbox_of_its_program(project):
    says = program("import this", "print(2)")
    ends = program("x = 1", "import unittest.__main__")
    project.topic("a/says", pytorch=says, tensorflow=says)
    project.topic("b/ends", pytorch=ends, tensorflow=program("x = 1", "print(2)"))
    (line,) = project.verify(code=1).splitlines()
    assert line.startswith("snippets/b/ends/in_pytorch.py:7: cell 'Two'")
    assert project.store.read("a/says", "pytorch").cells[0].output.startswith("The Zen of Python")


def test_a_module_that_prints_or_ends_as_it_is_imported_takes_no_fork_server_with_it(tmp_path):
    server = ForkServer(Start("a", "A", ("this", "unittest.__main__")), tmp_path, "cpu", {})
    assert b"lacking" in server.process.stdout.readline()
    server.stop()
