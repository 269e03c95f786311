"""The tables that reading a program takes, for the reader on the page, which is written in another language."""

from __future__ import annotations

import keyword
from typing import Any

from headtohead.reading import lookup, names, program, source


def tables() -> dict[str, Any]:
    """Every table by its name; sets as lists."""
    return {
        "packages": program.FRAMEWORKS,
        "owners": lookup.OWNERS,
        "bases": lookup.BASES,
        "elsewhere": lookup.ELSEWHERE,
        "tensors": names.TENSORS,
        "dataset": program.DATASET,
        "fluent": sorted(program.FLUENT),
        "read": sorted(names.READ),
        "pythons": sorted(name for name in names.PYTHONS if not name.startswith("__")),
        "inner": program.INNER.pattern,  # in a syntax that both languages share
        "keywords": keyword.kwlist,
        "ofPython": sorted(source.OF_PYTHON),
        "words": source.WORDS,
        "python": source.PYTHON.pattern,
    }
