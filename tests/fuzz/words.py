"""Words and forms from which examples are made: what people write in the files of this repository, and what is odd."""

# fmt: off
# What breaks things that read lines, columns, strings, numbers or brackets.
ODD = [
    '\x00', '\x0c', '\x1b[31m', '\r', '\r\n', '\t', '\x85', '\u2028', '\u202e', '\ufeff', 'é', 'ſ', '𝒳', '\U0010ffff',
    "'''", '"""', "'", '"', '\\', '\\\n', '#', '{', '}', '(', ')', '[', ']', '[[', ']]', '=', ':', ',', ';', '\n',
    ' ', '0', '-1', '1e999', 'nan', 'inf', "9" * 5000, '2025-08-07', 'true', 'null', 'None', '1_0', '0x', '$', '`',
    '<b>',
]
# Parts of programs and of parity checks.
PYTHON = [
    'import torch\n', 'from torch import *\n', 'torch', '.abs(x)', 'self.x', 'x[a, b]', 'lambda x=1: ',
    'class A(B):\n', '# %% Title\n', '# %% [markdown]\n', '#%%', '%matplotlib inline\n', '!ls\n', 'x?',
    "f'{x!r:{y}}'", 'async ', 'await ', 'def f(a: int = 3) -> str:\n', 'with a as b:\n',
    'match x:\n    case y.z:\n        pass\n', 'x = y = z\n', ' if a else b', 'RTOL = ', 'DIFFERENT = {}',
    'VARIES = ', 'OVER_SEEDS = ', "WHY_NOT = ''\n", 'import tensorflow as tf\n', '# coding: hex\n',
]
# Parts of data files.
TOML = [
    '[[row]]\n', '[row]\n', 'row = [{}]\n', '[[difference]]\n', '[[claim]]\n', '[[question]]\n', '[[answer]]\n',
    '[only]\n', '[[bridge]]\n', 'torch = 5\n', 'id = 5\n', "order = '2'\n", '[alias]\n', 'evidence = [{}]\n',
    'rtol = nan\n', 'a.b.c = 1\n', '"x" = {a = [1, 2]}\n', '[a.b]\n', 'date = 2025-08-07\n', "random = 'yes'\n",
    'x = 07:32:00\n',
]
# Parts of pages.
PAGE = [
    '/// compare | basics/autograd\n///\n', '/// record | basics/autograd\n///\n', '/// claims\n///\n',
    '/// which\n///\n', '/// api | find\n///\n', '/// api | read\n///\n', '/// differences | tensors\n///\n',
    '/// records\n///\n', '///', 'cell: Setup\n', '```python\n', '~~~\n', '    ', '> ', '| a | b |\n|---|---|\n',
    '\x02amp\x03', 'wzxhzdk:0', '\x02wzxhzdk:0\x03', '{: .a #b }', '<div markdown>\n', '</div>', '<!--', '<![CDATA[',
    '![a](b)', '[a]: b\n', '- ', '1. ', '=== "A"\n', '!!! note\n', '***', '&#0;',
]
# Expressions of which others are built, by the grammar.
LEAVES = [
    'x', 'self', 'self.a', 'torch', 'torch.nn.Linear(3, 4)', 'nn.Linear', 'np', '1', "'a'", "f'{x.sum()}'", 'None',
    '()', '{}', 'torch.ones(2, dtype=torch.int64)', 'net', 'keras.Model()', 'tf.data.Dataset.range(3)', '[]', '...',
    'x.shape', 'a', 'A',
]
# Expressions of up to three others.
BUILDS = [
    '{0}.to({1})', '{0}.sum(dim={1})', '{0}[{1}, {2}]', '{0}[{1}]', '{0}[({1}, {2})]', '({0})', '({0}, {1})',
    '[{0}, {1}]', '{{{0}: {1}}}', '{{{0}, {1}}}', '{0} + {1}', '-{0}', 'not {0}', '{0} if {1} else {2}',
    'lambda x={0}: {1}', '{0}.shape', '[{0} for x[a, b] in {1} if {2}]', '({0} for y in {1})', 'f({0}, *{1}, **{2})',
    '{0}.view({1}, 2)', '{0}(a={1})({2})', '{0} @ {1}', '{0} is not {1}', '{0} not in {1}', '(y := {0})',
    "f'{{{0}!r:{{{1}}}}}'", 'await {0}', '{0}[{1}:{2}, ::2]', '{0}\\\n  .eval()', '({0}\n  .map({1})\n  .batch(2))',
    '{0} .a . b', "{0}.split(' ')", '{0}.split(2)', '*{0},', '{0}.__len__()',
]
# Statements of up to three expressions.
STATEMENTS = [
    '{0}\n', 'x = {0}\n', 'self.a = net = {0}\n', 'x[a, b] = {0}\n', 'x[a, b] += {0}\n', 'x: {0} = {1}\n',
    'del x[a, b]\n', 'with {0} as x:\n    {1}\n', 'with ({0} as x, {1} as self.a):\n    pass\n',
    'for x, (y, x[a, b]) in {0}: {1}\n',
    'class A({0}):\n    a = {1}\n    def f(self, x: {0} = {1}, *y) -> {2}:\n        self.a = {2}; self.a.to()\n',
    'if {0}: {1}; x = {2}\nelif {1}:\n  pass\nelse: {0}\n', 'try:\n\t{0}\nexcept {1} as e:\n\traise {2} from e\n',
    "match {0}:\n    case torch.float | A(x=nn.y, z=[a, *b]) if {1}: {2}\n    case {{'a': x, **y}} as z: {0}\n",
    '@{0}\nclass B(A): x = {1}\n', '@{0}\nasync def g(x, /, y={1}, *, z: {2}):\n    async with {0} as x: await {1}\n',
    'from torch.nn import (Linear as L, ReLU,)\n', 'import torch.nn.functional as F; F.relu(x)\n',
    'from .torch import x\n', 'global net; net = {0}\n', 'return {0}\n', 'yield {0}\n', 'assert {0}, {1}\n',
    'match = {0}\n', 'case = match({0})\n', '# {0}\n', 'match(x)[a, b]\n', 'case[x, y]: {0}\n', 'while {0}: break\n',
    "'''{0}'''\n", 'lambda: {0}\n', '%time {0}\n', 'x = !ls\n',
]
