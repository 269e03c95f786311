"""The one comparison of two arrays: how far apart they are, and whether that is within a tolerance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headtohead.content import tolerances

EXACT = "biuUS"  # the kinds of dtype that are equal or not


@dataclass(frozen=True)
class Comparison:
    """Two arrays held against each other.

    Attributes:
        holds: Whether each element is close: `|left - right| <= atol + rtol * |right|`, and NaN equals NaN.
        absolute: The largest absolute difference; infinity where a NaN or an infinity has no equal.
        relative: The largest finite difference relative to the right side, where that is not zero.
        at: Where the largest difference is; empty for arrays without a dimension.
        rtol: Relative tolerance that was applied.
        atol: Absolute tolerance that was applied.
    """

    holds: bool
    absolute: float
    relative: float
    at: tuple[int, ...]
    rtol: float
    atol: float


def compare(
    left: np.ndarray,
    right: np.ndarray,
    *,
    rtol: float | None = None,
    atol: float | None = None,
) -> Comparison:
    """Compares two arrays of one shape.

    Args:
        left: Of any dtype.
        right: Of the same shape; tolerances are relative to it.
        rtol: Relative tolerance; by dtype where None, of two floats by the narrower; none for integers, booleans, text.
        atol: Absolute tolerance, likewise.
    """
    shape, exact = left.shape, left.dtype.kind in EXACT and right.dtype.kind in EXACT
    by_dtype = closest(left.dtype, right.dtype)
    rtol = by_dtype[0] if rtol is None or exact else rtol
    atol = by_dtype[1] if atol is None or exact else atol
    left, right = np.atleast_1d(left), np.atleast_1d(right)
    a, b, off = _apart(left, right)
    with np.errstate(invalid="ignore", divide="ignore"):
        equal = (left == right) | (np.isnan(a) & np.isnan(b))
        off = np.where(equal, 0.0, np.where(np.isnan(off), np.inf, off))
        relative = np.where(equal, 0.0, off / np.abs(b))
        # Nothing but itself is close to infinity, whose relative tolerance would allow everything.
        holds = bool(np.all(equal | (np.isfinite(b) & (off <= atol + rtol * np.abs(b)))))
    finite = relative[np.isfinite(relative)]
    at = tuple(map(int, np.unravel_index(int(np.argmax(off)), off.shape))) if off.size and shape else ()
    return Comparison(holds, float(off.max(initial=0.0)), float(finite.max(initial=0.0)), at, rtol, atol)


def closest(left: np.dtype, right: np.dtype) -> tuple[float, float]:
    """How close two arrays have to be by their dtypes, relative and absolute.

    Of two floats the narrower one says it; of anything else, the left one.
    """
    floats = left.kind == right.kind and left.kind in "fc"
    said = right if floats and right.itemsize < left.itemsize else left
    return tolerances.BY_DTYPE.get(said.name, (0.0, 0.0))


def _apart(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both sides as wide numbers, and how far apart each pair is."""
    kinds = left.dtype.kind + right.dtype.kind
    if set(kinds) & set("US"):  # a text is as far from another one as 1 from 0
        unequal = (left != right).astype(np.float64)
        return unequal, np.zeros(left.shape), unequal
    wide = np.complex128 if "c" in kinds else np.float64
    a, b = left.astype(wide), right.astype(wide)
    if set(kinds) <= set("iu"):  # as floats, 2**53 and its successor would be equal
        return a, b, np.abs(left.astype(object) - right.astype(object)).astype(float)
    with np.errstate(invalid="ignore"):
        return a, b, np.abs(a - b)
