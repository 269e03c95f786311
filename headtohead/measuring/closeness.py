"""How close two arrays of a row have to be: by what is compared, unless the row states it, and by size."""

from __future__ import annotations

import numpy as np

from headtohead.comparing.arrays import closest
from headtohead.content.rows import Row
from headtohead.measuring.inputs import Set


def closeness(
    row: Row, given: Set, left: np.ndarray, right: np.ndarray, usual: tuple[float, float] | None = None
) -> dict[str, float]:
    """The tolerances for `headtohead.comparing.arrays.compare`.

    Args:
        row: The row, which may state its own.
        given: The set of inputs; over a scaled one the absolute tolerance is that of a largest number of 1.
        left: What PyTorch gives.
        right: What the other side gives.
        usual: Relative and absolute; by dtype where None.
    """
    by_kind = usual or closest(left.dtype, right.dtype)
    rtol, atol = (own if stated is None else stated for stated, own in zip((row.rtol, row.atol), by_kind))
    sizes = np.abs(right[np.isfinite(right)]) if right.dtype.kind in "fc" else right[:0]
    return {"rtol": rtol, "atol": atol * float(sizes.max(initial=0.0)) if given.scaled and sizes.size else atol}
