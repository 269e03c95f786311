"""How far apart numbers may be and still agree: every tolerance that no program and no row states for itself."""

from __future__ import annotations

# By dtype, relative and absolute, as torch.testing.assert_close has them; none for anything else.
# https://docs.pytorch.org/docs/stable/testing.html#torch.testing.assert_close
BY_DTYPE: dict[str, tuple[float, float]] = {
    "float16": (1e-3, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}
# Of a row of the API map. Gradients and steps add up the rounding of many operations.
GRADIENT = (1e-4, 1e-5)
STEP = (1e-5, 1e-6)  # of an optimizer
RATE = (1e-5, 1e-7)  # of a schedule
EDGE = (1e-4, 1e-5)  # of what both give for an input that hurts
MOVE = 0.01  # by which an optimizer's moves may differ where gradients are close to nothing, relative
# Kolmogorov and Smirnov's two-sample statistic, times the root of 1/m + 1/n: its limit at one in a thousand.
# https://en.wikipedia.org/wiki/Kolmogorov-Smirnov_test
DISTRIBUTION = 1.95

# What a parity check or a row may state for itself at most, relative or absolute. Two runs of one program may print
# numbers that are 2 % apart (headtohead.records.changes): what is said to agree has to be closer than that.
LOOSEST = 0.01

ALL = {
    "by dtype": BY_DTYPE,
    "gradient": GRADIENT,
    "step": STEP,
    "rate": RATE,
    "edge": EDGE,
    "move": MOVE,
    "distribution": DISTRIBUTION,
}
