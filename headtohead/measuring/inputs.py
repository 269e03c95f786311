"""The numbers of the inputs that rows are written over, drawn once for both sides."""

from __future__ import annotations

import numpy as np


def arrays() -> dict[str, np.ndarray]:
    """Every input, channels last."""
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
    return np.ascontiguousarray(np.moveaxis(array, -1, 1))
