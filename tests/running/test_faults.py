"""Deliberate faults in programs and proofs: each is told in one line, and harms nothing else."""

import os
import re
import signal

import pytest

from tests.support.faults import pattern
from tests.support.projects import Project
from tests.support.texts import GOOD, NUMPY, OTHER, SLEEPS, good_beside, program, proof
from tests.support.waiting import ended, until

# Each fault below is the PyTorch program of a topic of its own. `{py}` stands for its path, `{tf}` for the
# path of the good program beside it, `{parity}` for that of the proof, and `…` for anything.

# What signals its supervisor reaches itself alone where it has processes of its own; else the kernel refuses it, or it
# is told that it did.
REFUSED = "{py}:…: cell 'Two': PermissionError: …"
LOST = "{py}: lost its supervisor, which was killed or stopped; let the program signal its own …"
KILLED = ("{py}:7: cell 'Two' was killed by SIGKILL; …", REFUSED, LOST)
STOPPED = ("{py}:7: cell 'Two' slept for 3 s and was stopped; …", REFUSED, LOST)

STARTS = "import subprocess\nsubprocess.Popen(['sleep', '1000'])"

# name, program, the line that a person sees. The program beside it runs, and is recorded.
RUNNING = [
    (
        "process that the second cell leaves",
        program("x = 1", STARTS, "x = 3"),
        "{py}:7: left 1 process behind, which was ended; end what the program starts",
    ),
    (
        "exception in cell 3",
        program("x = 1", "y = 0", "print(x / y)"),
        "{py}:10: cell 'Three': ZeroDivisionError: division by zero; 'python {py}' shows the whole traceback",
    ),
    (
        "exception far below the program",
        program("import json", 'json.loads("{")'),
        "{py}:7: cell 'Two': JSONDecodeError: Expecting property name…; 'python {py}' shows the whole traceback",
    ),
    (
        "return outside a function, which only the compiler sees",
        program("x = 1", "x = 2\nreturn x"),
        "{py}:8: cell 'Two': SyntaxError: 'return' outside function…; 'python {py}' shows the whole traceback",
    ),
    (
        "message that is no Unicode",
        program(r'raise ValueError("\udcff\n\nand more")'),
        r"{py}:4: cell 'One': ValueError: \udcff and more; 'python {py}' shows the whole traceback",
    ),
    (
        "message that cannot be made",
        program("class Bad(Exception):\n    def __str__(self):\n        return 1 / 0", "raise Bad"),
        "{py}:9: cell 'Two': Bad, which cannot be told: ZeroDivisionError; 'python {py}' shows the whole traceback",
    ),
    (
        "exit with what cannot be shown",
        program("class Bad:\n    def __repr__(self):\n        return 1 / 0", "raise SystemExit(Bad())"),
        "{py}:9: cell 'Two': SystemExit, which cannot be told: ZeroDivisionError; 'python {py}' shows …",
    ),
    (
        "syntax error whose line is none",
        program("x = 1", "raise SyntaxError('odd', (__file__, 'no', 1, 'x'))"),
        "{py}:7: cell 'Two': SyntaxError: odd …; 'python {py}' shows the whole traceback",
    ),
    (
        "syntax error on a line that is not there",
        program("x = 1", "raise SyntaxError('odd', (__file__, 99999, 1, 'x'))"),
        "{py}:7: cell 'Two': SyntaxError: odd …; 'python {py}' shows the whole traceback",
    ),
    (
        "infinite loop",
        program("x = 1", "while True:\n    pass"),
        "{py}:7: cell 'Two' used more than 10 s of CPU time and was stopped; make it end sooner",
    ),
    (
        "infinite loops in two children",
        program("import os", "for _ in range(2):\n    if os.fork() == 0:\n        while True: pass\nos.wait()"),
        "{py}:7: cell 'Two' used more than 10 s of CPU time and was stopped; make it end sooner",
    ),
    (
        "sleep without an end",
        program("import time", "time.sleep(10**6)"),
        "{py}:7: cell 'Two' slept for 3 s and was stopped; make it end sooner",
    ),
    (
        "look now and then without an end",
        program("import time", "while True:\n    time.sleep(0.05)"),
        "{py}:7: cell 'Two' slept for 3 s and was stopped; make it end sooner",
    ),
    (
        "program that stops itself",
        program("import os", "os.kill(os.getpid(), 19)"),
        "{py}:7: cell 'Two' slept for 3 s and was stopped; make it end sooner",
    ),
    (
        "sys.exit(0) in the middle",
        program("import sys", "sys.exit(0)", 'print("three")'),
        "{py}:7: cell 'Two': ended itself with sys.exit(0); 'python {py}' shows the whole traceback",
    ),
    (
        "os._exit(0) in the middle",
        program("import os", "os._exit(0)", 'print("three")'),
        "{py}:7: cell 'Two' ended the process with status 0 before the last cell had run; "
        "let the program run to its end",
    ),
    (
        "segmentation fault",
        program("import ctypes", "ctypes.string_at(0)"),
        "{py}:7: cell 'Two' was killed by SIGSEGV; 'python -X faulthandler {py}' shows where",
    ),
    (
        "signal without a name",
        program("import os", "os.kill(os.getpid(), 40)"),
        "{py}:7: cell 'Two' was killed by signal 40; 'python -X faulthandler {py}' shows where",
    ),
    (
        "abort",
        program("import os", "os.abort()"),
        "{py}:7: cell 'Two' was killed by SIGABRT; 'python -X faulthandler {py}' shows where",
    ),
    (
        "keyboard input asked for",
        program('name = input("Who? ")'),
        "{py}:4: cell 'One': EOFError: EOF when reading a line; 'python {py}' shows the whole traceback",
    ),
    (
        "40 GB by NumPy",
        program("import numpy as np", "x = np.ones(5 * 10**9)"),
        "{py}:7: cell 'Two': …MemoryError: Unable to allocate 37.3 GiB…; 'python {py}' shows the whole traceback",
    ),
    (
        "more memory than a program may take, though the machine has it",
        program("import numpy as np", "x = np.empty(12 * 10**9, 'u1')"),
        "{py}:7: cell 'Two': …MemoryError: Unable to allocate 11.2 GiB…; 'python {py}' shows the whole traceback",
    ),
    (
        "ten children that sleep on",
        program("import os, time", "for _ in range(10):\n    if os.fork() == 0:\n        time.sleep(10**6)"),
        "{py}:7: left 10 processes behind, which were ended; end what the program starts",
    ),
    (
        "daemon with a session of its own",
        program(
            "import os, time",
            "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(10**6)\n    os._exit(0)",
        ),
        "{py}:7: left 1 process behind, which was ended; end what the program starts",
    ),
    (
        "children left by an exception",
        program("import os, time", "if os.fork() == 0:\n    time.sleep(10**6)\nraise ValueError('boom')"),
        "{py}:9: cell 'Two': ValueError: boom; 'python {py}' shows the whole traceback",
    ),
    (
        "forked child that runs on",
        program("import os", "if os.fork():\n    os.wait()", "print(3)"),
        "{py}:7: cell 'Two' forked a process that ran on past it; end it with os._exit(0)",
    ),
    (
        "supervisor killed",
        program("import os, time", "os.kill(os.getppid(), 9)\ntime.sleep(10**6)"),
        KILLED,
    ),
    (
        "supervisor stopped",
        program("import os, time", "os.kill(os.getppid(), 19)\ntime.sleep(10**6)"),
        STOPPED,
    ),
    (
        "supervisor killed, daemon left",
        program(
            "import os, time",
            "if os.fork() == 0:\n    os.setsid()\n    time.sleep(10**6)\nos.kill(os.getppid(), 9)\ntime.sleep(10**6)",
        ),
        KILLED,
    ),
    (
        "gigabyte of output",
        program("line = 'x' * 2**20", "for _ in range(2**10):\n    print(line)"),
        "{py}:7: cell 'Two' printed more than 16 MB; print less",
    ),
    (
        "thousand lines of output",
        program("x = 1", "for i in range(1000):\n    print('line', i)"),
        "{py}:7: cell 'Two' printed 8,890 bytes, 8,000 are room for; print less",
    ),
    (
        "where it ran",
        program("x = 1", "print(__file__)"),
        "{py}:7: cell 'Two' printed the path of the folder in which it ran, which is of this machine alone; …",
    ),
    (
        "invalid UTF-8 printed",
        program("import sys", "sys.stdout.buffer.write(b'\\xff\\n')"),
        "{py}:7: cell 'Two' printed bytes that are not UTF-8; print text",
    ),
    (
        "deprecation of an API that the program calls",
        program("import warnings", "def old():\n    warnings.warn('old', DeprecationWarning, 2)", "old()"),
        "{py}:11: cell 'Three' warns: DeprecationWarning: old; use what does not warn, or expect it in the program",
    ),
    (
        "warning of a line that is not there",
        program("import sys", "print(__file__ + ':0: old', file=sys.stderr)"),
        "{py}:7: cell 'Two' warns: old; use what does not warn, or expect it in the program",
    ),
    (
        "warning of a line that is no number",
        program("import sys", "print(__file__ + ':' + '9' * 5000 + ': old', file=sys.stderr)"),
        "{py}:7: cell 'Two' warns: …9; use what does not warn, or expect it in the program",
    ),
    (
        "deprecation told by Python's logging",
        program("import logging", "logging.warning('From %s:7: old is deprecated', __file__)"),
        "{py}:7: cell 'Two' warns: old is deprecated; use what does not warn, or expect it in the program",
    ),
    (
        "socket to another machine",
        program("import socket", "socket.create_connection(('192.0.2.1', 80), 1)"),
        "{py}:7: cell 'Two': PermissionError: programs run without the network, this one asked for '192.0.2.1'; …",
    ),
    (
        "name look-up",
        program("import urllib.request", "urllib.request.urlopen('https://example.org')"),
        "{py}:7: cell 'Two': …Error: …programs run without the network, this one asked for 'example.org'…",
    ),
    (
        "import of this project by importlib",
        program("import importlib", "getattr(importlib, 'import' '_module')('headtohead')"),
        "{py}:7: cell 'Two': ImportError: a program may not import this project; …",
    ),
    (
        "figure left open",
        program("import matplotlib.pyplot as plt", "plt.plot([1, 2])", "print(3)"),
        "{py}:7: cell 'Two': RuntimeError: a figure is open at the end of the cell: call plt.show(); …",
    ),
]

# name, program or bytes, the line that a person sees. Nothing of the topic is run.
FORMS = [
    ("syntax error", program("x = 1", "x = (1,"), "{py}:7: syntax error: '(' was never closed"),
    (
        "invalid UTF-8 in the source",
        GOOD.encode().replace(b"two", b"\xff"),
        "{py}:7: not valid UTF-8; save it as UTF-8",
    ),
    (
        "missing cell",
        program("x = 1", "x = 2"),
        "{py}:7: cell 'Three' is missing; add it, with a comment that says why there is nothing to do",
    ),
    (
        "renamed cell",
        GOOD.replace("%% Two", "%% Zwei"),
        "{tf}:6: cells out of step: 'Two' where {py} has 'Zwei'; give both the same titles in order",
    ),
    (
        "swapped cells",
        GOOD.replace("Three", "3").replace("Two", "Three").replace("%% 3", "%% Two"),
        "{tf}:6: cells out of step: 'Two' where {py} has 'Three'; give both the same titles in order",
    ),
    (
        "second cell with the same title",
        GOOD.replace("%% Three", "%% Two"),
        "{py}:9: a second cell 'Two'; give each its own title",
    ),
    (
        "cell inside a statement",
        program("x = 1", "for i in range(2):\n    x += i", "    x += 1"),
        "{py}:10: a cell opens inside a statement; move it between two",
    ),
    (
        "import of this project",
        program("from headtohead import programs", "x = 2", "x = 3"),
        "{py}:4: imports 'headtohead', a part of this project; a reader has nothing but the program",
    ),
    (
        "line of 69 columns",
        program("x = 1", "# " + 67 * "x", "x = 3"),
        "{py}:7: line of 69 columns; break it within 68: two programs stand side by side",
    ),
    (
        "package that is not pinned",
        program("import polars", "x = 2", "x = 3"),
        "{py}…: imports 'polars', which is not pinned; import only the framework, NumPy and what …",
    ),
    (
        "package that is not installed",
        program("x = 1", "import nowhere_to_be_found", "x = 3"),
        "{py}:7: nowhere_to_be_found is not installed; use 'nox -s verify', which installs it",
    ),
    (
        "other version than the pinned one",
        program("import pytest", "x = 2", "x = 3"),
        "{py}:4: pytest … is installed, 0.0.1 is pinned; use 'nox -s verify', which installs the pinned one",
    ),
]

LEAVES = '__import__("subprocess").Popen(["sleep", "1000"])'
THREAD = "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()"
PINS = "nowhere-to-be-found==1.0\npytest==0.0.1\n"

# name, proof, the line that a person sees, and whether the programs run well all the same.
PROOFS = [
    (
        "parity off by 1e-3",
        proof(right='return {"a": np.float32([1, 1.001, 1])}'),
        "{parity}: broken agreement: a at [1]: PyTorch 1, TensorFlow 1.00100005, off by 0.001, "
        "allowed 1e-05 + 1.3e-06 × |TensorFlow|; mend a program, or document the difference in DIFFERENT",
        True,
    ),
    (
        "documented difference that is none",
        proof(top='\nDIFFERENT = {"a": "rounds otherwise"}\n'),
        "{parity}: broken agreement: a: documented to differ (rounds otherwise), but both give the same; "
        "mend a program, or document the difference in DIFFERENT",
        True,
    ),
    (
        "documented difference of nothing",
        proof(top='\nDIFFERENT = {"b": "rounds otherwise"}\n'),
        "{parity}: DIFFERENT names what no side returns: b; return it from both sides, or take it out",
        True,
    ),
    (
        "sides with different keys",
        proof(right='return {"b": np.ones(3, "float32")}'),
        "{parity}: the sides return different quantities: a, b; "
        "return the same names from pytorch() and tensorflow(), in the same order",
        True,
    ),
    (
        "sides of different shapes",
        proof(right='return {"a": np.ones((3, 1), "float32")}'),
        "{parity}: broken agreement: a: float32 (3,) in PyTorch, float32 (3, 1) in TensorFlow; …",
        True,
    ),
    (
        "infinity against a number",
        proof(right='return {"a": np.float32([1, np.inf, 1])}'),
        "{parity}: broken agreement: a at [1]: PyTorch 1, TensorFlow inf, off by inf, …",
        True,
    ),
    (
        "whole numbers that only floats confuse",
        proof('return {"a": np.array(2**53)}', 'return {"a": np.array(2**53 + 1)}'),
        "{parity}: broken agreement: a: PyTorch 9007199254740992, TensorFlow 9007199254740993, off by 1, …",
        True,
    ),
    (
        "parity that raises",
        proof('raise ValueError("no weights")'),
        "{parity}:11: the proof failed in PyTorch: ValueError: no weights; mend …",
        False,
    ),
    (
        "parity that returns nothing",
        proof("return None"),
        "{parity}:9: the proof failed in PyTorch: TypeError: pytorch() returns NoneType, and no dict of quantities; …",
        False,
    ),
    (
        "parity without a side",
        proof().replace("def pytorch", "def pitorch"),
        "{parity}: the proof failed in PyTorch: …'pytorch'…; mend …",
        False,
    ),
    (
        "parity that returns objects",
        proof('return {"a": {np, 2}}'),
        "{parity}:11: the proof failed in PyTorch: TypeError: 'a' is no array of numbers or text but set of object; …",
        False,
    ),
    (
        "parity that returns a ragged list",
        proof('return {"b": np.ones(3),\n    "a": [np.int64(1), [2, 3]]}'),
        "{parity}:12: the proof failed in PyTorch: TypeError: 'a' is no array of numbers or text but list, of which …",
        False,
    ),
    (
        "parity that never ends",
        proof("while True: pass"),
        "{parity}: the proof of PyTorch used more than 10 s of CPU time and was stopped; make it end sooner",
        False,
    ),
    (
        "parity that ends the process",
        proof('__import__("os")._exit(0)'),
        "{parity}: the proof of PyTorch ended the process with status 0 before its own end; let the proof run to …",
        False,
    ),
    (
        "parity that yields",
        proof('yield {"a": np.ones(3)}'),
        "{parity}:9: the proof failed in PyTorch: TypeError: pytorch() returns generator, and no dict of quantities; …",
        False,
    ),
    (
        "parity with a class that says what it is",
        proof('return {"a": type("A", (), {"__array__": lambda *_, **k: np.ones(3), "__module__": __name__})()}'),
        "{parity}:11: the proof failed in PyTorch: TypeError: 'a' is no array of numbers or text but A, of …",
        False,
    ),
    (
        "parity with a thread that raises",
        proof(THREAD + '; return {"a": np.ones(3)}'),
        "{parity}: the proof failed in PyTorch: Exception in thread …; mend it, or the program",
        False,
    ),
    (
        "parity that leaves a process",
        proof(f'{LEAVES}; return {{"a": np.ones(3)}}'),
        "{parity}: the proof of PyTorch left 1 process behind, which was ended; end what it starts",
        False,
    ),
    (
        "parity without a number",
        proof(*['return {"a": np.float32([np.nan, np.nan])}'] * 2),
        "{parity}: a proof of nothing: 'a' holds no number on either side, NaN alone; compare something that has a …",
        True,
    ),
    (
        "parity that forks a process which runs on",
        proof('__import__("os").fork()\n    return {"a": np.ones(3)}'),
        "{parity}: the proof of PyTorch forked a process that ran on past it; end it with os._exit(0)",
        False,
    ),
    (
        "parity of two names that are one to NumPy",
        proof('return {"a": np.ones(3), "a.npy": np.zeros(3)}', 'return {"a": np.ones(3), "a.npy": np.ones(3)}'),
        "{parity}: broken agreement: a.npy at [0]: PyTorch 0, TensorFlow 1, off by 1, …",
        True,
    ),
    (
        "parity of a name that no file has room for",
        proof('return {"a" * 70000: np.ones(3)}'),
        "{parity}: the proof failed in PyTorch: TypeError: 'aaa… is no name of a quantity: it has to be text of one …",
        False,
    ),
    (
        "parity of a name that ends in the middle",
        proof('return {"a\\0b": np.ones(3)}'),
        "{parity}: the proof failed in PyTorch: TypeError: 'a\\x00b' is no name of a quantity: …",
        False,
    ),
    (
        "parity of more than memory holds",
        proof('return {"a": np.broadcast_to(np.float32(1), (10**10,))}'),
        "{parity}: the proof failed in PyTorch: ValueError: arrays of 38,147 MB are too much: compare fewer numbers; …",
        False,
    ),
    (
        "parity whose message cannot be made",
        proof('raise type("Bad", (Exception,), {"__str__": lambda self: 1})'),
        "{parity}:11: the proof failed in PyTorch: Bad, which cannot be told: TypeError; mend …",
        False,
    ),
    (
        "parity of a megabyte",
        proof('return {"a": np.ones(300_000, "float32")}'),
        "{parity}: arrays of 1.1 MB; compare fewer numbers",
        False,
    ),
]


def slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


class Ran:
    """A project in which everything was recorded once, and then all the faults ran at once."""

    def __init__(self, root):
        self.project = project = Project(root)
        with project.pins.open("a") as pins:
            pins.write(PINS)
        topics = [*(f"run/{slug(name)}" for name, *_ in RUNNING), *(f"form/{slug(name)}" for name, *_ in FORMS)]
        for topic in topics:
            project.topic(topic)
        for name, *_ in PROOFS:
            project.topic(f"proof/{slug(name)}", NUMPY, NUMPY, proof())
        project.topic("good/last")
        assert project.verify() == ""
        self.earlier = project.records()
        for name, text, _ in RUNNING:
            project.change(f"run/{slug(name)}", text, good_beside(text))
        for name, text, _ in FORMS:
            project.change(f"form/{slug(name)}", text)
        for name, text, *_ in PROOFS:
            project.change(f"proof/{slug(name)}", parity=text)
        project.change("good/last", OTHER, OTHER)
        self.lines = project.verify("--seconds", "10", "--asleep", "3", code=1).splitlines()
        self.later = project.records()

    def told(self, topic: str, expected: str | tuple[str, ...]) -> None:
        """Asserts that exactly one line is about the topic, and what it says; one of several, where systems differ."""
        lines = [line for line in self.lines if f"snippets/{topic}/" in line]
        assert len(lines) == 1, "\n".join(lines)
        known = [pattern(each, topic) for each in ([expected] if isinstance(expected, str) else expected)]
        assert any(each.fullmatch(lines[0]) for each in known), f"{lines[0]}\n{known}"

    def of(self, records: dict[str, bytes], topic: str, side: str) -> dict[str, bytes]:
        return {name: data for name, data in records.items() if name.startswith(f"cpu/{topic}/{side}")}

    def kept(self, topic: str, side: str) -> bool:
        """Whether the earlier record and the files beside it are what they were, byte for byte."""
        before = self.of(self.earlier, topic, side)
        assert before
        return before == self.of(self.later, topic, side)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    return Ran(tmp_path_factory.mktemp("faults") / "project")


@pytest.mark.parametrize(("name", "expected"), [pytest.param(name, line, id=name) for name, _, line in RUNNING])
def test_a_program_that_fails(ran, name, expected):
    topic = f"run/{slug(name)}"
    ran.told(topic, expected)
    assert ran.kept(topic, "pytorch")
    assert not ran.kept(topic, "tensorflow"), "the good program beside it was not recorded"


@pytest.mark.parametrize(("name", "expected"), [pytest.param(name, line, id=name) for name, _, line in FORMS])
def test_a_program_that_breaks_the_form(ran, name, expected):
    topic = f"form/{slug(name)}"
    ran.told(topic, expected)
    assert ran.kept(topic, "pytorch")
    assert ran.kept(topic, "tensorflow")


@pytest.mark.parametrize(
    ("name", "expected", "both_run"), [pytest.param(name, *rest, id=name) for name, _, *rest in PROOFS]
)
def test_a_proof_that_fails(ran, name, expected, both_run):
    topic = f"proof/{slug(name)}"
    ran.told(topic, expected)
    if both_run:
        assert not ran.kept(topic, "pytorch"), "the program ran well, and was not recorded"
    else:
        assert ran.kept(topic, "pytorch")
        assert ran.kept(topic, "agreement"), "compared although a side has not run"


def test_what_is_good_is_recorded(ran):
    assert not [line for line in ran.lines if "good/last" in line]
    assert b"drei" in ran.later["cpu/good/last/pytorch.json"]
    assert b"drei" in ran.later["cpu/good/last/tensorflow.json"]


def test_nothing_is_left(ran):
    ran.project.unharmed()
    assert {name for name in ran.later if name.endswith(".json")} == {
        name for name in ran.earlier if name.endswith(".json")
    }


def test_no_line_more_than_there_are_faults(ran):
    assert len(ran.lines) == len(RUNNING) + len(FORMS) + len(PROOFS), "\n".join(ran.lines)


def test_mended_programs_are_recorded_again(ran):
    """The last test of this project: what failed is mended, and all is well."""
    project = ran.project
    for name, *_ in RUNNING:
        project.change(f"run/{slug(name)}", OTHER, OTHER)
    for name, *_ in FORMS:
        project.change(f"form/{slug(name)}", OTHER)
    for name, *_ in PROOFS:
        project.change(f"proof/{slug(name)}", NUMPY + "# mended\n", parity=proof())
    assert project.verify() == ""
    assert project.verify("--check") == ""
    assert not list(project.root.rglob("*.failed"))


# The frameworks --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A project whose faulty programs use the real frameworks, after a run."""
    project = Project(tmp_path_factory.mktemp("real") / "project")
    script = "@torch.jit.script\ndef double(x):\n    return 2 * x"
    logged = "dataset = tf.data.Dataset.range(3)\ndataset.apply(tf.data.experimental.shuffle_and_repeat(2))"
    project.topic("real/old", program("import torch", script), program("import tensorflow as tf", logged))
    deep = "print(torch.func.hessian(torch.sum)(torch.ones(2)))"  # whose first call compiles what is deprecated
    project.topic("real/deep", program("import torch", deep), program("x = 1", "print('good')"))
    project.topic("real/large", program("import torch", "torch.ones(10**10)"), program("x = 1", "print('good')"))
    return project, project.verify(code=1).splitlines()


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (
            "real/old",
            "{py}:7: cell 'Two' warns: FutureWarning: `torch.jit.script` is deprecated. …",
        ),
        (
            "real/old",
            "{tf}:8: cell 'Two' warns: shuffle_and_repeat … is deprecated and will be removed in a future version.; …",
        ),
        (
            "real/large",
            "{py}:7: cell 'Two': RuntimeError: …can't allocate memory: you tried to allocate 40000000000 bytes…",
        ),
    ],
)
def test_a_real_framework(real, topic, expected):
    project, lines = real
    assert any(pattern(expected, topic).fullmatch(line) for line in lines), "\n".join(lines)
    good = {f"cpu/real/deep/{side}.json" for side in ("pytorch", "tensorflow")}  # the framework's own affair is none
    assert set(project.records()) == {"cpu/real/large/tensorflow.json", *good}
    project.unharmed()


def test_a_fault_of_both_sides_is_told_once(project):
    """A new topic, of which neither side can be run."""
    project.topic("a/new", program("x = ("), GOOD)
    assert project.verify(code=1) == "snippets/a/new/in_pytorch.py:4: syntax error: '(' was never closed\n"


# What the whole run depends on -----------------------------------------------------------------


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGSTOP])
def test_a_fork_server_that_is_killed_or_stopped(project, by):
    """The side of that one is told so, the other side runs."""
    project.topic("first/sleeps", SLEEPS, SLEEPS)
    project.topic("second/victim")
    process = project.start("--jobs", "1", "--asleep", "5")
    until(lambda: project.processes("records/.work/first.sleeps.pytorch"))
    os.kill(servers(project)[0], by)
    lines = ended(process, 1).splitlines()
    killed = [line for line in lines if line.startswith("snippets/second/victim/")]
    assert len(killed) == 1
    assert killed[0].endswith(
        "could not be started: the process that imported PyTorch was killed or stopped; verify again"
    )
    assert project.record("second/victim", "tensorflow.json").exists()
    project.unharmed()


def servers(project: Project) -> list[int]:
    """The fork servers of a run, in the order in which they were started."""
    found = [line for line in project.processes(".cache") if "headtohead.running.server" in line]
    return sorted(int(line.partition(":")[0]) for line in found)


def test_a_module_that_cannot_be_imported(project):
    """It fails with something else than ImportError as it is imported warm: the matter of its program alone."""
    packages = project.root / "packages"
    packages.mkdir()
    (packages / "broken.py").write_text("1 / 0\n")
    metadata = packages / "broken-1.0.dist-info/METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    with project.pins.open("a") as pins:
        pins.write("broken==1.0\n")
    text = program("import broken")
    project.topic("a/broken", text, good_beside(text))
    project.topic("a/good")
    told = project.verify(code=1, before=f"sys.path.append({str(packages)!r})")
    assert told.startswith("snippets/a/broken/in_pytorch.py:4: cell 'One': ModuleNotFoundError: ")
    assert project.record("a/good", "pytorch.json").exists()
