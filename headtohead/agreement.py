"""Agreement: holds the arrays of the two sides of a topic against each other."""

from __future__ import annotations

import io
from pathlib import Path
from statistics import mean

import numpy as np

from headtohead.errors import Problem
from headtohead.programs import SIDES, Topic
from headtohead.records import Agreement, Quantity, Record, Store

# By dtype, as torch.testing.assert_close has them:
# https://docs.pytorch.org/docs/stable/testing.html#torch.testing.assert_close
TOLERANCES = {"float16": (1e-3, 1e-5), "float32": (1.3e-6, 1e-5), "float64": (1e-7, 1e-7)}
TOLERANCES |= {"complex64": TOLERANCES["float32"], "complex128": TOLERANCES["float64"]}


def compare(
    name: str,
    left: np.ndarray,
    right: np.ndarray,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    differs: str | None = None,
) -> tuple[Quantity, str | None]:
    """Compares one quantity: `|left - right| <= atol + rtol * |right|`, and NaN equals NaN.

    Args:
        name: What it is.
        left: PyTorch's array, of any shape and dtype.
        right: TensorFlow's array, of the same shape and dtype.
        rtol: Relative tolerance; by dtype where None (0 for integers and booleans).
        atol: Absolute tolerance, likewise.
        differs: The reason why the two must not agree, if that is documented.

    Returns:
        The row of the record, and one line that says what is broken, or None.
    """
    by_dtype = TOLERANCES.get(left.dtype.name, (0.0, 0.0))
    exact, shape = left.dtype.kind in "biuUS", list(left.shape)
    rtol = by_dtype[0] if rtol is None or exact else rtol
    atol = by_dtype[1] if atol is None or exact else atol
    if left.shape != right.shape or left.dtype != right.dtype:
        form = f"{left.dtype} {left.shape} in PyTorch, {right.dtype} {right.shape} in TensorFlow"
        row = Quantity(name, form, shape, 0.0, 0.0, rtol, atol, differs)
        return row, None if differs else f"{name}: {form}"
    left, right = np.atleast_1d(left), np.atleast_1d(right)
    wide = np.complex128 if left.dtype.kind == "c" else np.float64
    text = left.dtype.kind in "US"  # is as far from another one as 1 from 0
    a, b = (left != right, np.zeros(left.shape)) if text else (left, right)
    a, b = a.astype(wide), b.astype(wide)
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.abs(a - b)
        if left.dtype.kind in "iu":  # as floats, 2**53 and its successor would be equal
            off = np.abs(left.astype(object) - right.astype(object)).astype(float)
        equal = (left == right) | (np.isnan(a) & np.isnan(b))
        off = np.where(equal, 0.0, np.where(np.isnan(off), np.inf, off))
        relative = np.where(equal, 0.0, off / np.abs(b))
        # Nothing but itself is close to infinity, whose relative tolerance would allow everything.
        holds = bool(np.all(equal | (np.isfinite(b) & (off <= atol + rtol * np.abs(b)))))
    finite = relative[np.isfinite(relative)]
    row = Quantity(
        name=name,
        dtype=str(left.dtype),
        shape=shape,
        absolute=float(min(off.max(initial=0.0), np.finfo(float).max)),
        relative=float(finite.max(initial=0.0)),
        rtol=rtol,
        atol=atol,
        differs=differs,
    )
    if holds and differs:
        return row, f"{name}: documented to differ ({differs}), but both give the same"
    if not holds and not differs:
        at = np.unravel_index(int(np.argmax(off)), off.shape)
        index = ", ".join(str(i) for i in at) if shape else ""
        where = f" at [{index}]" if index else ""
        allowed = f"allowed {atol:g} + {rtol:g} × |TensorFlow|"
        one, other = (f"{left[at]}", f"{right[at]}") if exact else (f"{a[at]:.9g}", f"{b[at]:.9g}")
        line = f"{name}{where}: PyTorch {one}, TensorFlow {other}, off by {off[at]:.3g}, {allowed}"
        return row, line
    return row, None


def agree(topic: Topic, store: Store, label: str) -> Agreement:
    """Compares what the two sides of a topic wrote on one device.

    Each side may have been written by another environment or machine.

    Raises:
        Problem: A side's record is missing, or the two wrote different quantities.
    """
    where = f"snippets/{topic.name}/parity.py"
    sides, records = [], []
    for side in SIDES:
        record = store.read(topic.name, side.name, label)
        records.append(record)
        folder = store.path(topic.name, side.name, label).parent
        if record.arrays is None:
            raise Problem(where, f"{side.label} wrote no arrays", remedy=f"run 'nox -s verify -- {topic.name}'")
        sides.append(_load((folder / record.arrays).read_bytes()))
    left, right = sides
    if list(left) != list(right):
        odd = sorted(set(left) ^ set(right)) or ["their order"]
        remedy = "return the same names from pytorch() and tensorflow(), in the same order"
        raise Problem(where, f"the sides return different quantities: {', '.join(odd)}", remedy=remedy)
    constants = topic.parity_constants
    different = dict(constants.get("DIFFERENT", {}))  # type: ignore[call-overload]
    unknown = set(different) - set(left)
    if unknown:
        remedy = "return it from both sides, or take it out"
        raise Problem(where, f"DIFFERENT names what no side returns: {', '.join(sorted(unknown))}", remedy=remedy)
    quantities, broken = [], []
    for name in left:
        row, line = compare(
            name,
            left[name],
            right[name],
            rtol=constants.get("RTOL"),  # type: ignore[arg-type]
            atol=constants.get("ATOL"),  # type: ignore[arg-type]
            differs=different.get(name),
        )
        quantities.append(row)
        broken += [line] if line else []
    for name in topic.over_seeds:
        row, lines = over_seeds(topic, name, *records)
        quantities.append(row)
        broken += lines
    return Agreement(topic.name, label, store.agreement_depends(topic, label), quantities, broken)


def over_seeds(topic: Topic, name: str, left: Record, right: Record) -> tuple[Quantity, list[str]]:
    """Compares a score of both sides over several seeds: their means, and each with what it has to beat.

    Returns:
        The row of the means, and one line for each thing that is broken.
    """
    rule, scores = topic.over_seeds[name], (left.seeds[name], right.seeds[name])
    within, means = float(rule["within"]), [mean(each) for each in scores]  # type: ignore[arg-type]
    off = abs(means[0] - means[1])
    title = f"{name}, mean over {len(scores[0])} seeds"
    row = Quantity(title, "float64", [], off, off / abs(means[1]) if means[1] else 0.0, 0.0, within)
    broken = []
    if not off <= within:
        one, other = (f"{each:.3g}" for each in means)
        broken.append(f"{title}: PyTorch {one}, TensorFlow {other}, off by {off:.3g}, allowed {within:g}")
    way = "above" if "above" in rule else "below"
    for side, record in zip(SIDES, (left, right)):
        if len(set(record.seeds[name])) == 1:
            broken.append(f"{name}: the same with each seed in {side.label}, as if none were used")
        for seed, (score, bar) in enumerate(zip(record.seeds[name], record.seeds[str(rule[way])])):
            if not (score > bar if way == "above" else score < bar):
                what = f"{score:.3g} in {side.label}, which is not {way} {rule[way]} {bar:.3g}"
                broken.append(f"{name} with seeds raised by {seed}: {what}")
    return row, broken


def moved(topic: Topic, old: Path, new: bytes) -> list[str]:
    """The quantities of one side that a new run did not give again, within the tolerance of the proof."""
    before, after = _load(old.read_bytes()), _load(new)
    constants = topic.parity_constants
    rtol, atol = constants.get("RTOL"), constants.get("ATOL")
    return [name for name in after if compare(name, after[name], before[name], rtol=rtol, atol=atol)[1]]


def _load(data: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return dict(arrays)
