"""Deliberate faults: parity checks to be broken, and the line that a person is to see."""

from __future__ import annotations

import re

from tests.support.projects import program

NUMPY = program("import numpy", "print('good')")  # warm, as in a program that uses a framework
PROOF = '''"""Made-up numbers."""

import numpy as np


def inputs():
    return {{}}


def pytorch(program, given):
    {left}


def tensorflow(program, given):
    {right}
'''


def proof(
    left: str = 'return {"a": np.ones(3, "float32")}', right: str = 'return {"a": np.ones(3, "float32")}', top: str = ""
) -> str:
    """A proof of agreement; line 11 is what the PyTorch side does, line 15 what the other does."""
    return PROOF.format(left=left, right=right) + top


def pattern(expected: str, topic: str) -> re.Pattern[str]:
    paths = {"{py}": "in_pytorch.py", "{tf}": "in_tensorflow.py", "{parity}": "parity.py"}
    for mark, name in paths.items():
        expected = expected.replace(mark, f"snippets/{topic}/{name}")
    return re.compile(re.escape(expected).replace("…", ".*"))
