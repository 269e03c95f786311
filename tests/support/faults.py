"""Deliberate faults: the line that a person is to see."""

from __future__ import annotations

import re


def pattern(expected: str, topic: str) -> re.Pattern[str]:
    """What matches it: `{py}` and `{tf}` are the programs of a topic, `{parity}` is its proof, and … is anything."""
    paths = {"{py}": "in_pytorch.py", "{tf}": "in_tensorflow.py", "{parity}": "parity.py"}
    for mark, name in paths.items():
        expected = expected.replace(mark, f"snippets/{topic}/{name}")
    return re.compile(re.escape(expected).replace("…", ".*"))
