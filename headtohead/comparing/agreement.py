"""Agreement: holds the arrays of the two sides of a topic against each other, as its parity check says."""

from __future__ import annotations

import io
import tokenize
import zlib
from pathlib import Path
from statistics import mean
from zipfile import BadZipFile, ZipFile

import numpy as np

from headtohead.comparing import arrays
from headtohead.content.frameworks import FRAMEWORKS, SIDES
from headtohead.content.kinds import LINE
from headtohead.content.text import unseen
from headtohead.content.topics import Topic
from headtohead.errors import Problem, quoted
from headtohead.records import freshness
from headtohead.records.model import Agreement, Quantity, Record
from headtohead.records.store import Store

KINDS = f"{arrays.EXACT}fc"  # of dtype, that can be compared
MOST = 100_000_000  # bytes of the arrays of one side, unpacked: far more than a proof has to compare
# What NumPy raises for a file of arrays that is none: its headers are Python, and its parts are packed.
UNREADABLE = (OSError, ValueError, KeyError, EOFError, TypeError, SyntaxError, RuntimeError, MemoryError)
UNREADABLE += (NotImplementedError, tokenize.TokenError, BadZipFile, zlib.error)


def compare(
    name: str,
    left: np.ndarray,
    right: np.ndarray,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    differs: str | None = None,
) -> tuple[Quantity, str | None]:
    """Compares one quantity.

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
    shape = list(left.shape)
    if left.shape != right.shape or left.dtype != right.dtype:
        form = f"{left.dtype} {left.shape} in PyTorch, {right.dtype} {right.shape} in TensorFlow"
        stated = arrays.compare(left, left, rtol=rtol, atol=atol)
        row = Quantity(name, form, shape, 0.0, 0.0, stated.rtol, stated.atol, differs)
        return row, None if differs else f"{name}: {form}"
    found = arrays.compare(left, right, rtol=rtol, atol=atol)
    row = Quantity(
        name=name,
        dtype=str(left.dtype),
        shape=shape,
        absolute=float(min(found.absolute, np.finfo(float).max)),
        relative=found.relative,
        rtol=found.rtol,
        atol=found.atol,
        differs=differs,
    )
    if found.holds and differs:
        return row, f"{name}: documented to differ ({differs}), but both give the same"
    if not found.holds and not differs:
        return row, f"{name}{_where(found, left, right)}"
    return row, None


def _where(found: arrays.Comparison, left: np.ndarray, right: np.ndarray) -> str:
    """Where two arrays are farthest apart, and how far."""
    where = f" at [{', '.join(map(str, found.at))}]" if found.at else ""
    one, other = (
        f"{each[found.at]}" if each.dtype.kind in arrays.EXACT else f"{each[found.at]:.9g}" for each in (left, right)
    )
    allowed = f"allowed {found.atol:g} + {found.rtol:g} × |TensorFlow|"
    return f"{where}: PyTorch {one}, TensorFlow {other}, off by {found.absolute:.3g}, {allowed}"


def agree(topic: Topic, store: Store, label: str) -> Agreement:
    """Compares what the two sides of a topic wrote on one device.

    Each side may have been written by another environment or machine.

    Raises:
        Problem: A side's record is missing, the two wrote different quantities, or nothing that proves anything.
    """
    records = [store.read(topic.name, side.name, label) for side in SIDES]
    left, right = (_written(topic, store, record) for record in records)
    where, stated = f"snippets/{topic.name}/parity.py", topic.parity
    if list(left) != list(right):
        odd = sorted(set(left) ^ set(right)) or ["their order"]
        remedy = "return the same names from pytorch() and tensorflow(), in the same order"
        raise Problem(where, f"the sides return different quantities: {', '.join(odd)}", remedy=remedy)
    if unknown := set(stated.different) - set(left):
        remedy = "return it from both sides, or take it out"
        raise Problem(where, f"DIFFERENT names what no side returns: {', '.join(sorted(unknown))}", remedy=remedy)
    if not (left or topic.over_seeds):
        remedy = "return what both sides have to agree in, or say in WHY_NOT why nothing is compared"
        raise Problem(where, "a proof of nothing: no quantity is compared", remedy=remedy)
    quantities, broken = [], []
    for name in left:
        _proves(where, name, left[name], right[name])
        differs = stated.different.get(name)
        row, line = compare(name, left[name], right[name], rtol=stated.rtol, atol=stated.atol, differs=differs)
        quantities.append(row)
        broken += [line] if line else []
    for name in topic.over_seeds:
        row, lines = over_seeds(topic, name, *records)
        quantities.append(row)
        broken += lines
    given = {record.given for record in records}
    if broken and len(given - {None}) > 1:
        raise Problem(where, f"inputs() gives each side other numbers, and {broken[0]}", remedy="seed it")
    depends = freshness.of_agreement(store, topic, label)
    noted = all(record.used is not None for record in records)
    compared = {record.framework: record.used or [] for record in records} if noted else {}
    return Agreement(topic.name, label, depends, quantities, broken, compared)


def _written(topic: Topic, store: Store, record: Record) -> dict[str, np.ndarray]:
    """The arrays that one side wrote, by quantity."""
    if record.arrays is None:
        what = f"{FRAMEWORKS[record.framework].label} wrote no arrays"
        raise Problem(f"snippets/{topic.name}/parity.py", what, remedy=f"run 'nox -s verify -- {topic.name}'")
    file = store.path(topic.name, record.framework, record.label).with_name(record.arrays)
    try:
        return _load(file.read_bytes())
    except NoArrays as error:
        what, remedy = f"no file of arrays: {error}", f"run 'nox -s verify -- --all {topic.name}'"
        raise Problem(store.name(file), what, remedy=remedy) from None


def _proves(where: str, name: str, *sides: np.ndarray) -> None:
    """Raises `Problem` for a quantity that proves nothing, or that no page can name."""
    if not name.strip() or len(name) > LINE or unseen(name, ""):
        what = f"a quantity called {quoted(name)}"
        raise Problem(where, what, remedy=f"give it a name of one line, of up to {LINE} characters that can be seen")
    for side, array in zip(SIDES, sides):
        if not array.size:
            what = f"a proof of nothing: {quoted(name)} has no element in {side.label}, shape {array.shape}"
            raise Problem(where, what, remedy="compare something that has a value, as its shape as an array")
    if all(array.dtype.kind in "fc" and np.isnan(array).all() for array in sides):
        what = f"a proof of nothing: {quoted(name)} holds no number on either side, NaN alone"
        raise Problem(where, what, remedy="compare something that has a value, as np.isnan() of it")


def over_seeds(topic: Topic, name: str, left: Record, right: Record) -> tuple[Quantity, list[str]]:
    """Compares a score of both sides over several seeds: their means, and each with what it has to beat.

    Returns:
        The row of the means, and one line for each thing that is broken.
    """
    rule, scores = topic.over_seeds[name], [_scores(topic, name, record)[0] for record in (left, right)]
    means = [mean(each) for each in scores]
    off = abs(means[0] - means[1])
    title = f"{name}, mean over {len(scores[0])} seeds"
    row = Quantity(title, "float64", [], off, off / abs(means[1]) if means[1] else 0.0, 0.0, rule.within)
    broken = []
    if not off <= rule.within:
        one, other = (f"{each:.3g}" for each in means)
        broken.append(f"{title}: PyTorch {one}, TensorFlow {other}, off by {off:.3g}, allowed {rule.within:g}")
    for side, record in zip(SIDES, (left, right)):
        own, bars = _scores(topic, name, record)
        if len(set(own)) == 1:
            broken.append(f"{name}: the same with each seed in {side.label}, as if none were used")
        for seed, (score, bar) in enumerate(zip(own, bars)):
            if not (score > bar if rule.way == "above" else score < bar):
                what = f"{score:.3g} in {side.label}, which is not {rule.way} {rule.bar} {bar:.3g}"
                broken.append(f"{name} with seeds raised by {seed}: {what}")
    return row, broken


def _scores(topic: Topic, name: str, record: Record) -> tuple[list[float], list[float]]:
    """A score with each seed, and what it has to beat; raises `Problem` where one of them was not noted each time."""
    bar = topic.over_seeds[name].bar
    own, bars = (record.seeds.get(each, []) for each in (name, bar))
    if not own or len(own) != len(bars):
        what = f"{FRAMEWORKS[record.framework].label} has {len(own)} values of {name} and {len(bars)} of {bar}"
        remedy = f"run 'nox -s verify -- {topic.name}'"
        raise Problem(f"snippets/{topic.name}/parity.py", what, remedy=remedy)
    return own, bars


def moved(topic: Topic, old: Path, new: bytes) -> list[str]:
    """The quantities of one side that a new run did not give again, within the tolerance of the proof."""
    after, rtol, atol = _load(new), topic.parity.rtol, topic.parity.atol
    try:
        before = _load(old.read_bytes())
    except NoArrays:
        return list(after)
    return [
        name
        for name in after
        if name not in before or compare(name, after[name], before[name], rtol=rtol, atol=atol)[1]
    ]


class NoArrays(ValueError):
    """A file of arrays that is none."""


def _load(data: bytes) -> dict[str, np.ndarray]:
    """The arrays of a file by name; raises `NoArrays` for any other bytes."""
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            if (size := sum(each.file_size for each in packed.infolist())) > MOST:
                raise ValueError(f"{size:,} bytes, and {MOST:,} are read")
            found = {}
            for each in packed.namelist():  # not by NumPy, to which `a` and `a.npy` are one
                with packed.open(each) as member:
                    found[each.removesuffix(".npy")] = np.lib.format.read_array(member, allow_pickle=False)
    except UNREADABLE as error:
        raise NoArrays(f"{type(error).__name__}: {error}") from None
    if odd := [name for name, each in found.items() if each.dtype.kind not in KINDS]:
        raise NoArrays(f"{odd[0]!r} is of {found[odd[0]].dtype}, which is not compared")
    return found
