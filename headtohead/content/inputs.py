"""The inputs that expressions of the API map are written over: one letter each, the same numbers on both sides."""

from __future__ import annotations

# Channels first in PyTorch, channels last in Keras and TensorFlow.
LAYOUTS = {"images", "signal", "volume"}

ABOUT = {
    "x": "float32, 3 × 4",
    "y": "float32, 3 × 4",
    "z": "float32, 2 × 3 × 4",
    "p": "float32, 3 × 4, above 0",
    "u": "float32, 3 × 4, between 0 and 1",
    "q": "float32, 3 × 4, rows that sum to 1",
    "v": "float32, 4",
    "w": "float32, 4",
    "m": "float32, 4 × 4",
    "n": "float32, 4 × 5",
    "s": "float32, 4 × 4, symmetric, positive definite",
    "l": "float32, 4 × 4, lower triangular",
    "mm": "float32, 2 × 4 × 4",
    "c": "complex64, 3 × 4",
    "i": "int32, 3 × 4",
    "j": "int32, 3 × 4, above 0",
    "k": "int64, 3: classes below 4",
    "h": "float32, 3 × 4: one-hot rows of k",
    "t": "float32, 3: targets 0 or 1",
    "g": "float32, 3: targets -1 or 1",
    "r": "float32, 3",
    "d": "int64, 2: rows of x",
    "b": "bool, 3 × 4",
    "e": "bool, 3 × 4",
    "ids": "int64, 2 × 5: words below 7",
    "seq": "float32, 2 × 5 × 4: two sequences",
    "images": "float32, 2 images of 8 × 8, 3 channels",
    "signal": "float32, 2 signals of 10, 3 channels",
    "volume": "float32, 2 volumes of 5 × 5 × 5, 3 channels",
}

# Sets of inputs: the first one, which everything is measured on, and those on which a row is tried again.
FIRST = "the first"
ABOUT_SETS = {
    "other numbers": "another seed",
    "more rows": "5 rows in place of 3, batches of 3; of an optimizer or a schedule five times the steps",
    "other shapes": "2 × 7 in place of 3 × 4, and so on; images of 9 × 6",
    "one row": "1 row, batches of 1",
    "large numbers": "fifteen times the numbers; probabilities of 0 and 1; positive numbers near 0 and of a thousand",
    "small numbers": "a thousandth of the numbers",
    "ties": "few different numbers, so that many are equal; a row of zeros and one of ones; one class",
    "float64": "float64 and complex128 in place of float32 and complex64",
}
