"""How close two arrays of a row have to be: by what is compared, unless the row states it, and by size."""

from __future__ import annotations

import numpy as np

from headtohead.comparing.arrays import closest
from headtohead.content.rows import Row

ROUNDING = 8  # what came of numbers of about 1 may be off by so many of their last places


def closeness(
    row: Row, left: np.ndarray, right: np.ndarray, usual: tuple[float, float] | None = None, scaled: bool = False
) -> dict[str, float]:
    """The tolerances for `headtohead.comparing.arrays.compare`.

    Args:
        row: The row, which may state its own.
        left: What PyTorch gives.
        right: What the other side gives.
        usual: Relative and absolute; by dtype where None.
        scaled: Whether the absolute one, which is for numbers of about 1, grows and shrinks with the largest of these.
    """
    by_kind = usual or closest(left.dtype, right.dtype)
    rtol, atol = (own if stated is None else stated for stated, own in zip((row.rtol, row.atol), by_kind))
    if scaled and right.dtype.kind in "fc" and np.isfinite(right).any():
        largest = float(np.abs(right[np.isfinite(right)]).max())
        atol = max(atol * largest, ROUNDING * float(np.finfo(right.dtype).eps))
    return {"rtol": rtol, "atol": atol}
