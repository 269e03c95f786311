"""The tables that reading a program takes, for the reader on the page, which is written in another language."""

from __future__ import annotations

import keyword
from typing import Any

from headtohead.reading import lookup, names


def tables() -> dict[str, Any]:
    """Every table by its name; sets as lists."""
    return {
        "packages": names.FRAMEWORKS,
        "owners": lookup.OWNERS,
        "bases": lookup.BASES,
        "elsewhere": lookup.ELSEWHERE,
        "tensors": names.TENSORS,
        "dataset": names.DATASET,
        "fluent": sorted(names.FLUENT),
        "read": sorted(names.READ),
        "pythons": sorted(name for name in names.PYTHONS if not name.startswith("__")),
        "inner": names.INNER.pattern,  # in a syntax that both languages share
        "keywords": keyword.kwlist,
    }
