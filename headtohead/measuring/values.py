"""Values: whatever an expression gives, as NumPy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np


class Disagree(Exception):
    """What is wrong with a row, in one clause.

    Args:
        what: The clause.
        how: One of `headtohead.records.pairs.FALLS`.
        side: The framework that it is due to, where that can be told.
        remedy: What whoever wrote the row can do, as a clause.
    """

    def __init__(self, what: str, how: str = "parts", side: str = "", remedy: str = ""):
        super().__init__(f"{what}; {remedy}" if remedy else what)
        self.what, self.how, self.side = what, how, side


def flatten(value: Any) -> list[Any]:
    """The arrays in whatever an expression gives, in order."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return [each for key in sorted(value) for each in flatten(value[key])]
    if isinstance(value, (list, tuple)) or kind in ("odict_values", "dict_values", "PackedSequence"):
        return [each for item in value for each in flatten(item)]
    if kind in ("DataLoader", "_BatchDataset", "BatchDataset") or hasattr(value, "element_spec"):
        return [each for item in value for each in flatten(item)]
    return [value]


def to_array(value: Any) -> np.ndarray:
    """A tensor, number or text as an array."""
    if hasattr(value, "detach"):
        value = value.detach().resolve_conj().resolve_neg()
        return value.to_dense().numpy() if value.is_sparse else value.numpy()
    if type(value).__name__ in ("dtype", "DType"):
        return np.asarray(str(value).replace("torch.", "").split("'")[-2 if "'" in str(value) else 0])
    if hasattr(value, "numpy"):
        value = value.numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "biufcSU":
        raise Disagree(f"gives a {type(value).__name__}, which is no tensor, number or text")
    return array


def short(array: np.ndarray) -> str:
    return np.array2string(array.ravel()[:4], precision=4, separator=", ", threshold=4)
