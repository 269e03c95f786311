"""The inputs that expressions of the API map are written over: one letter each, the same numbers on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

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


def arrays() -> dict[str, np.ndarray]:
    """Every input, channels last."""
    import numpy as np  # not there where the site is built

    rng = np.random.default_rng(0)

    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype("float32")

    found = {name: normal(3, 4) for name in ("x", "y")}
    found["z"] = normal(2, 3, 4)
    found["p"] = rng.uniform(0.1, 2, (3, 4)).astype("float32")
    found["u"] = rng.uniform(0.05, 0.95, (3, 4)).astype("float32")
    found["q"] = (found["p"] / found["p"].sum(axis=1, keepdims=True)).astype("float32")
    found |= {"v": normal(4), "w": normal(4), "m": normal(4, 4), "n": normal(4, 5)}
    found["s"] = (found["m"] @ found["m"].T + 4 * np.eye(4)).astype("float32")
    found["l"] = np.linalg.cholesky(found["s"]).astype("float32")
    found["mm"] = normal(2, 4, 4)
    found["c"] = (normal(3, 4) + 1j * normal(3, 4)).astype("complex64")
    found["i"] = rng.integers(-5, 6, (3, 4)).astype("int32")
    found["j"] = rng.integers(1, 9, (3, 4)).astype("int32")
    found["k"] = np.array([2, 0, 3])
    found["h"] = np.eye(4, dtype="float32")[found["k"]]
    found["t"], found["g"] = np.array([1, 0, 1], "float32"), np.array([1, -1, 1], "float32")
    found["r"] = normal(3)
    found["d"] = np.array([2, 0])
    found["b"], found["e"] = rng.integers(0, 2, (3, 4)) > 0, rng.integers(0, 2, (3, 4)) > 0
    found["ids"] = rng.integers(0, 7, (2, 5))
    found["seq"] = normal(2, 5, 4)
    found |= {"images": normal(2, 8, 8, 3), "signal": normal(2, 10, 3), "volume": normal(2, 5, 5, 5, 3)}
    return found


def channels_first(array: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.ascontiguousarray(np.moveaxis(array, -1, 1))
