"""What made-up files hold, good as it stands, for tests to break in one place: programs, proofs, data files, pins."""

from __future__ import annotations

from collections.abc import Sequence

# Programs --------------------------------------------------------------------------------------

TITLES = ("One", "Two", "Three", "Four", "Five")


def program(*cells: str, doc: str = "A made-up program.", titles: Sequence[str] = TITLES) -> str:
    """A program of these cells, titled One, Two, ...; line 3 is the title of the first one."""
    parts = [f"# %% {title}\n{body}\n" for title, body in zip(titles, cells)]
    return f'"""{doc}"""\n\n' + "\n".join(parts)


def good_beside(text: str) -> str:
    """A good program with as many cells as the faulty one."""
    return program(*['print("good")'] * text.count("\n# %%"))


GOOD = program('print("one")', 'print("two")', 'print("three")')
OTHER = GOOD.replace("three", "drei")  # as good, and other bytes
SLEEPS = program("import time", "print('two', flush=True)\ntime.sleep(10**6)", "print('three')")
NUMPY = program("import numpy", "print('good')")  # warm, as in a program that uses a framework
# Both with torch's generator: what is tested is the runner, and TensorFlow takes seconds to import.
DRAWS = program("import torch", "torch.manual_seed(7)\naccuracy = torch.rand(()).item()\nbaseline = -1.0")

# The topic in small, whose records are made up: `Project.small`.
LEFT, RIGHT = (
    program(f"import {module}", 'print("2 < 3 & 4")', doc="Show a sum.", titles=("Setup", "Show"))
    for module in ("torch", "tensorflow")
)
PAGE = "# Sums\n\n/// compare | a/b\n///\n\n/// record | a/b\n///\n"
SVG = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M 0 1.25'/></svg>"  # what it drew
# For those who read programs: remarks, a decorator, a cell in which nothing is done.
STEPS = '''"""Say what it does."""

# A remark above the cells.

# %% Setup
import torch

x = torch.ones(2)


# %% A "step" & more
@torch.no_grad()
def step(x):

    return x + 1


# %% Nothing to do
# PyTorch has no such thing.
'''

# Proofs ----------------------------------------------------------------------------------------

NOTHING_TO_COMPARE = '"""Nothing to compare."""\n\nWHY_NOT = "a made-up topic"\n'
PROOF = '"""Same sums: both add."""\n\nimport numpy as np\n'  # of the topic in small
# Its constants stand for what a program gives: what they are made with has been in one list with it.
NUMBERS = '''"""Made-up numbers."""

import numpy, numpy as np


def inputs(): return {inputs}


def pytorch(program, given):
    np = [program, numpy][1]
    {left}

def tensorflow(program, given):
    np = [program, numpy][1]
    {right}
'''
VARIABLE = '''"""{title}"""
{top}

def inputs():
    return {{}}


def pytorch(program, given):
    return {{"{name}": program.{name}}}


tensorflow = pytorch
'''


def proof(
    left: str = 'return {"a": np.ones(3, "float32")}',
    right: str = 'return {"a": np.ones(3, "float32")}',
    top: str = "",
    inputs: str = "{}",
) -> str:
    """A proof of agreement; line 11 is what the PyTorch side does, line 15 what the other does."""
    return NUMBERS.format(left=left, right=right, inputs=inputs) + top


def same(variable: str, title: str = "One number.", top: str = "") -> str:
    """A proof that a variable is the same in both programs, and what it states above that; it imports nothing."""
    return VARIABLE.format(name=variable, title=title, top=top)


OVER_SEEDS = 'OVER_SEEDS = {"accuracy": {"within": 0.5, "above": "baseline"}}\n'
SCORES = same("baseline", "The scores.", OVER_SEEDS)  # for `DRAWS`
VARIES = '\nVARIES = {"Two": "rounding differs"}\n'

# Data files ------------------------------------------------------------------------------------

AREA = 'title = "A"\nabout = "B."\n'
ROW = '[[row]]\ntorch = "torch.abs(x)"\nkeras = "ops.abs(x)"\n'

GROUP = 'title = "A"\nabout = "B."\norder = 1\n'
MISTAKE = """
[[error]]
id = "one"
title = "a message ... to be known by"
framework = "pytorch"
raises = "raise ValueError('a message that is long enough to be known by')"
means = "It means something."
cause = "Something causes it."
fix = "Mend it."
mend = "print(1)"
counterpart = "print(2)"
there = "Nothing is raised."
"""
DIFFERENCE = """
[[difference]]
id = "one"
title = "one"
pytorch = "print(1)"
tensorflow = "print(2)"
bites = "It bites."
fix = "Mend it."
pytorch_fixed = "print(2)"
"""

# It rests on the topic in small.
CLAIM = """
[[claim]]
id = "one"
part = "code"
claim = "The `same` & <more>"
verdict = "holds"
why = "It does."
evidence = [
    { cell = "a/b", title = "Show", shows_pytorch = "2 < 3" },
    { source = "https://a.org/", name = "A", date = "2025" },
]
"""

SOURCE = 'why = "So."\nevidence = [{ source = "https://a.org/", name = "A", date = "2025" }]\n'


def answer(question: str, name: str, points: str, more: str = "") -> str:
    head = f'[[answer]]\nquestion = "{question}"\nid = "{name}"\nsays = "{name}"\npoints = "{points}"\n'
    return head + more + SOURCE


QUESTION = '[[question]]\nid = "one"\nasks = "One?"\n'
QUESTIONS = QUESTION + answer("one", "any", "either") + answer("one", "p", "pytorch", "decides = true\n")

# Pins ------------------------------------------------------------------------------------------

# Those of `Project.small`: what `tests.support.records` says that it ran with.
PINS = "torch==2.13.0\ntensorflow==2.21.0\nkeras==3.15.1\nnumpy==2.4.6\n"
