"""Listings: programs of a few lines that stand in data files, with the imports that their names call for."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from headtohead.content.asks import asked
from headtohead.content.programs import MAX_COLUMNS
from headtohead.content.source import Unparsable, parse
from headtohead.content.text import columns
from headtohead.errors import quoted

IMPORTS = {
    "math": "import math",
    "os": "import os",
    "pickle": "import pickle",
    "random": "import random",
    "np": "import numpy as np",
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "from torch.nn import functional as F",
    "keras": "import keras",
    "tf": "import tensorflow as tf",
    "layers": "from keras import layers",
    "ops": "from keras import ops",
}

WORDS = 10  # characters of a warning, of which a few stand in any other


def whole(text: str) -> str:
    """A program with the imports that its names call for; raises `Unparsable` where it has no syntax tree."""
    text = text.strip("\n")
    names = {node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}
    imports = [line for name, line in IMPORTS.items() if name in names]
    gap = "\n\n\n" if text.startswith(("def ", "class ", "@")) else "\n\n"
    return "\n".join(imports) + gap + text if imports else text


def check(texts: Mapping[str, str]) -> None:
    """Raises `ValueError` for a program, by its name, that does not parse, does nothing or does not fit on a page."""
    for name, text in texts.items():
        _parsed(name, text)
        for number, each in enumerate(whole(text).split("\n"), 1):
            if (wide := columns(each)) > MAX_COLUMNS:
                raise ValueError(f"{name}, line {number}: {wide} columns, {MAX_COLUMNS} fit")
        for number, what, _ in asked(parse(whole(text))):
            raise ValueError(f"{name}, line {number}: {what}")


def check_warns(warns: Mapping[str, str], programs: Mapping[str, str]) -> None:
    """Raises `ValueError` for a warning of no program, or with so few letters that any warning has them."""
    if odd := sorted(set(warns) - set(programs)):
        raise ValueError(f"warns names no program of it: {quoted(odd[0])}")
    if short := [text for text in warns.values() if len(text.strip()) < WORDS]:
        raise ValueError(f"'warns' has {quoted(short[0])}, which is part of too much: write {WORDS} characters of it")


def _parsed(name: str, text: str) -> None:
    try:
        if parse(text.strip("\n")).body:  # type: ignore[attr-defined]
            return
    except Unparsable as error:
        at = f", line {error.line}" if error.line else ""
        raise ValueError(f"a program that does not parse: {name}{at}: {error.why}") from None
    raise ValueError(f"{name} does nothing")
