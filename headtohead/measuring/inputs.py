"""The numbers of the inputs that rows are written over, drawn once for both sides: the first set, and the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headtohead.content.inputs import FIRST

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Sizes:
    """How large the inputs are: letters as in `headtohead.content.inputs`."""

    rows: int = 3
    columns: int = 4
    batch: int = 2
    steps: int = 5
    image: tuple[int, int] = (8, 8)
    signal: int = 10
    volume: tuple[int, int, int] = (5, 5, 5)


@dataclass(frozen=True)
class Walk:
    """What an optimizer or a schedule gets in place of inputs: its gradients, and for how many steps."""

    seed: int = 1
    scale: float = 1.0
    steps: int = 5
    whole: bool = False

    def gradients(self, shape: tuple[int, ...]) -> list[np.ndarray]:
        """A float32 array of this shape for each step."""
        rng = np.random.default_rng(self.seed)
        drawn = [rng.normal(size=shape) for _ in range(self.steps)]
        return [(self.scale * (each.round() if self.whole else each)).astype("float32") for each in drawn]


@dataclass(frozen=True)
class Set:
    """One set of inputs.

    Attributes:
        seed: Of the numbers.
        sizes: Of the inputs.
        change: What becomes of the numbers once they are drawn, by name; those that it leaves out stay.
        walk: What an optimizer gets.
        scaled: Whether an absolute tolerance, which is for numbers of about 1, is one for the largest number compared.
    """

    seed: int = 0
    sizes: Sizes = Sizes()
    change: Callable[[Arrays], Arrays] = dict
    walk: Walk = Walk()
    scaled: bool = False

    def arrays(self) -> Arrays:
        """Every input, channels last."""
        drawn = _drawn(np.random.default_rng(self.seed), self.sizes)
        return drawn | self.change(drawn)


def _drawn(rng: np.random.Generator, size: Sizes) -> Arrays:
    rows, columns, batch = size.rows, size.columns, size.batch

    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype("float32")

    found = {name: normal(rows, columns) for name in ("x", "y")}
    found["z"] = normal(batch, rows, columns)
    found["p"] = rng.uniform(0.1, 2, (rows, columns)).astype("float32")
    found["u"] = rng.uniform(0.05, 0.95, (rows, columns)).astype("float32")
    found["q"] = (found["p"] / found["p"].sum(axis=1, keepdims=True)).astype("float32")
    found |= {"v": normal(columns), "w": normal(columns), "m": normal(columns, columns)}
    found["n"] = normal(columns, columns + 1)
    found["s"] = (found["m"] @ found["m"].T + 4 * np.eye(columns)).astype("float32")
    found["l"] = np.linalg.cholesky(found["s"]).astype("float32")
    found["mm"] = normal(batch, columns, columns)
    found["c"] = (normal(rows, columns) + 1j * normal(rows, columns)).astype("complex64")
    found["i"] = rng.integers(-5, 6, (rows, columns)).astype("int32")
    found["j"] = rng.integers(1, 9, (rows, columns)).astype("int32")
    found["k"] = np.resize([2, 0, 3, 3, 1], rows)
    found["h"] = np.eye(columns, dtype="float32")[found["k"]]
    found["t"], found["g"] = np.resize([1, 0, 1], rows).astype("float32"), np.resize([1, -1, 1], rows).astype("float32")
    found["r"] = normal(rows)
    found["d"] = np.resize([2, 0], 2) % rows
    found["b"], found["e"] = (rng.integers(0, 2, (rows, columns)) > 0 for _ in range(2))
    found["ids"] = rng.integers(0, 7, (batch, size.steps))
    found["seq"] = normal(batch, size.steps, columns)
    found |= {"images": normal(batch, *size.image, 3), "signal": normal(batch, size.signal, 3)}
    return found | {"volume": normal(batch, *size.volume, 3)}


# What becomes of the numbers --------------------------------------------------------------------

# Any float.
PLAIN = {"x", "y", "z", "v", "w", "m", "n", "mm", "r", "seq", "images", "signal", "volume"}


def _others(drawn: Arrays) -> Arrays:
    """Other classes, targets and rows than the first set has."""
    found = {name: np.resize(other, drawn[name].shape) for name, other in (("k", [1, 3, 0]), ("t", [0, 1, 1]))}
    found |= {"t": np.float32(found["t"]), "g": np.float32(2 * found["t"] - 1), "d": drawn["d"][::-1].copy()}
    return found | {"h": np.eye(drawn["h"].shape[1], dtype="float32")[found["k"]]}


def _large(drawn: Arrays) -> Arrays:
    """Numbers of about 15, and ends of domains: probabilities of 0 and 1, positive ones near 0 and of a thousand."""
    found = {name: np.float32(15) * drawn[name] for name in PLAIN}
    p, u, q = (drawn[name].copy() for name in "puq")
    p[0], p[1] = p[0] * np.float32(1e-4), p[1] * np.float32(500)
    u[0, 0], u[1, 1] = 0, 1
    q[0] = np.eye(q.shape[1], dtype="float32")[1]
    return found | {"p": p, "u": u, "q": q, "i": 1000 * drawn["i"], "c": np.complex64(15) * drawn["c"]}


def _small(drawn: Arrays) -> Arrays:
    """Numbers of about a thousandth."""
    found = {name: np.float32(1e-3) * drawn[name] for name in PLAIN | {"p"}}
    return found | {"c": np.complex64(1e-3) * drawn["c"]}


def _ties(drawn: Arrays) -> Arrays:
    """Few different numbers, a row of zeros, one of ones, one that is in both inputs; one class, one word."""
    found = {name: drawn[name].round() for name in PLAIN}
    found["x"][0], found["x"][1] = 0, 1
    found["y"][1:] = found["x"][1:]
    found["z"][0, 0], found["seq"][0, 0] = 0, 0
    found["r"][:] = 1
    found |= {name: (2 * drawn[name]).round() / 2 for name in "pu"}
    found["p"] = np.maximum(found["p"], np.float32(0.5))
    found["u"] = found["u"].clip(0.25, 0.75)
    found["q"] = np.full_like(drawn["q"], 1 / drawn["q"].shape[1])
    found["i"], found["j"] = drawn["i"].clip(-1, 1), drawn["j"].clip(1, 2)
    found["k"] = np.full_like(drawn["k"], 1)
    found["h"] = np.eye(drawn["h"].shape[1], dtype="float32")[found["k"]]
    found["ids"] = drawn["ids"] // 4
    return found


def _wide(drawn: Arrays) -> Arrays:
    """Floats of twice the width."""
    wider = {"float32": "float64", "complex64": "complex128"}
    return {name: each.astype(wider[each.dtype.name]) for name, each in drawn.items() if each.dtype.name in wider}


# Every set, by the name of `headtohead.content.inputs`. Seeds are such that `m` is far from singular, which amplifies.
SETS: dict[str, Set] = {
    FIRST: Set(),
    "other numbers": Set(2, change=_others, walk=Walk(seed=2)),
    "more rows": Set(4, Sizes(rows=5, batch=3), _others, walk=Walk(steps=25)),
    "other shapes": Set(3, Sizes(2, 7, 3, 6, (9, 6), 11, (6, 4, 5)), _others),
    "one row": Set(1, Sizes(rows=1, batch=1), _others),
    "large numbers": Set(change=_large, walk=Walk(scale=15), scaled=True),
    "small numbers": Set(change=_small, walk=Walk(scale=1e-3), scaled=True),
    "ties": Set(change=_ties, walk=Walk(whole=True)),
    "float64": Set(change=_wide),
}


def channels_first(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(array, -1, 1))
