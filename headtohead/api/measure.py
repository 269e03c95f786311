"""Runs rows of the API map: both sides on the same inputs, values, dtypes and gradients compared. Needs the frameworks.

    python -m headtohead.api.measure ROOT SECONDS

reads the names of areas of a repository, a line each, and answers with a line of JSON a row. An area may take that
many seconds.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import json
import math
import os
import re
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from headtohead.agreement import TOLERANCES
from headtohead.api import inputs
from headtohead.api.count import COUNT, count, gone, resolve
from headtohead.api.rows import ROOTS, Expression, Row, categorise, read

STEPS = 5  # of an optimizer, and of a schedule times two
DRAWS = 100_000  # of a random row


class Disagree(Exception):
    """What is wrong with a row, in one clause."""


class Side:
    """One framework: how its tensors are made, and how gradients are taken."""

    def __init__(self, name: str, arrays: dict[str, np.ndarray]):
        self.name, self.arrays = name, arrays
        self.space = self._space()

    def _space(self) -> dict[str, Any]:
        space: dict[str, Any] = {"np": np, "math": math}
        for short, full in ROOTS.items():
            if (full.partition(".")[0] == "torch") == (self.name == "torch"):
                space[short] = importlib.import_module("tensorflow" if full == "tf" else full)
        return space

    def array(self, name: str) -> np.ndarray:
        found = self.arrays[name]
        return inputs.channels_first(found) if self.name == "torch" and name in inputs.LAYOUTS else found

    def tensors(self, names: set[str]) -> dict[str, Any]:
        """The inputs of these names as fresh tensors; floats that can have a gradient are watched."""
        if self.name == "torch":
            import torch

            made = {name: torch.tensor(self.array(name)) for name in sorted(names)}
            return {name: each.requires_grad_(each.dtype.is_floating_point) for name, each in made.items()}
        import tensorflow as tf

        return {name: tf.constant(self.array(name)) for name in sorted(names)}

    def check_name(self, name: str) -> None:
        """Raises `Disagree` for a name that is gone or deprecated."""
        found = self.resolve(name)
        text = (inspect.getdoc(found) or "")[:600].lower()
        if (
            "(deprecated arguments)" not in text
            and "deprecated" in text
            and re.search(r"(this|is|function|class|api)[^.]{0,40} deprecated", text)
        ):
            raise Disagree(f"{name} says that it is deprecated")

    def resolve(self, name: str) -> Any:
        """The object of a full dotted name; None for a method of a tensor, which has no name of its own."""
        if name.startswith(("tf.Tensor.", "keras.KerasTensor.")):
            return None
        try:
            return resolve(name)
        except AttributeError:
            raise Disagree(f"{name} is not there") from None

    def signature(self, name: str) -> list[inspect.Parameter]:
        """The parameters that a caller gives; none where Python cannot tell, as of much that is written in C++."""
        with contextlib.suppress(TypeError, ValueError):
            found = list(inspect.signature(self.resolve(name)).parameters.values())
            return found[1:] if found and found[0].name == "self" else found
        return []

    def run(self, text: str, given: dict[str, Any]) -> Any:
        return eval(compile(text, "<row>", "eval"), dict(self.space), dict(given))


# One row ---------------------------------------------------------------------------------------


def measure(row: Row, sides: dict[str, Side]) -> dict[str, Any]:
    """What a row gives: category, shape, dtype, the largest differences; or `broken`, what is wrong with it."""
    result: dict[str, Any] = {"names": row.names}
    try:
        for side, name in row.names.items():
            sides[side].check_name(name)
        other = next(side for side in row.sides if side != "torch")
        for each in row.sides:
            if each != "torch":
                found = compare(row, sides, each)
                if each == other:
                    result |= found
        needed = _needed(row, sides) if not row.random else False
        result["category"] = categorise(row, needed)
        if not row.random:
            result["edges"] = edges(row, sides, other)
        found = {side: defaults(row, sides[side]) for side in row.sides}
        result["defaults"] = {side: each for side, (each, _) in found.items() if each}
        result["unless"] = {side: each for side, (_, each) in found.items() if each}
    except Disagree as problem:
        result["broken"] = str(problem)
    except Exception as error:
        line = next((line for line in str(error).splitlines() if line.strip()), "")
        result["broken"] = f"{type(error).__name__}: {line[:200]}"
    return result


def compare(row: Row, sides: dict[str, Side], other: str) -> dict[str, Any]:
    """Compares one side with PyTorch's; raises `Disagree` where they do not agree."""
    import keras
    import torch

    torch.manual_seed(0)
    keras.utils.set_random_seed(0)
    with contextlib.ExitStack() as stack:
        left = Run(sides["torch"], row.expressions["torch"], training=row.random)
        right = Run(sides[other], row.expressions[other], stack)
        if row.random:
            return _same_distribution(left.values(), right.values())
        if hasattr(left.value(), "zero_grad") and hasattr(right.value(), "apply"):
            return _same_steps(left.value(), right.value(), row)
        if hasattr(left.value(), "get_last_lr"):
            return _same_rates(left.value(), right.value(), row)
        carry(left, right)
        return _agree(row, left, right, other)


class Run:
    """One side's expression on its way: its tensors, its layer if it makes one, its value."""

    def __init__(self, side: Side, expression: Expression, stack: Any = None, training: bool = False):
        self.side, self.expression = side, expression
        self.given = side.tensors(expression.inputs - {"sgd"})
        if "sgd" in expression.inputs:  # what a schedule of PyTorch's works on
            import torch

            self.given["sgd"] = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        self.tape: Any = None
        if stack is not None and side.name != "torch":
            import tensorflow as tf

            self.tape = stack.enter_context(tf.GradientTape(persistent=True))
            for each in self.given.values():
                if each.dtype.is_floating:
                    self.tape.watch(each)
        self.layer: Any = None
        self.text = expression.text
        tree = ast.parse(expression.text, mode="eval")
        called = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Call)]
        if len(called) == 1:  # one layer is made and called, whatever is done to what it gives
            self.layer = side.run(ast.unparse(called[0].func), self.given)
            if side.name == "torch" and hasattr(self.layer, "train"):
                self.layer.train(training)
                stir(self.layer)
            called[0].func = ast.Name("layer_", ast.Load())
            self.text = ast.unparse(tree)
        self._result: Any = None

    def call(self) -> Any:
        return self.side.run(self.text, self.given | {"layer_": self.layer})

    def value(self) -> Any:
        if self._result is None:
            self._result = self.call()
        return self._result

    def values(self) -> list[np.ndarray]:
        return [plain(each) for each in flat(self.value())]


def stir(module: Any) -> None:
    """Gives weights that start as all zeros or all ones other numbers: in the wrong place those would not show."""
    import torch

    with torch.no_grad():
        for each in module.state_dict().values():
            if torch.nn.parameter.is_lazy(each) or not each.is_floating_point() or each.numel() < 2:
                continue
            if (each == each.flatten()[0]).all():
                each.add_(torch.linspace(0.1, 0.5, each.numel()).reshape(each.shape))


def carry(left: Run, right: Run) -> None:
    """Gives the layer of the right side the weights of the left one's."""
    if left.layer is None or right.layer is None or not getattr(left.layer, "state_dict", dict)():
        return
    from headtohead.api.carry import weights

    right.call()  # builds it
    right.layer.set_weights(weights(left.layer, right.layer))


def flat(value: Any) -> list[Any]:
    """The arrays in whatever an expression gives, in order."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return [each for key in sorted(value) for each in flat(value[key])]
    if isinstance(value, (list, tuple)) or kind in ("odict_values", "dict_values", "PackedSequence"):
        return [each for item in value for each in flat(item)]
    if kind in ("DataLoader", "_BatchDataset", "BatchDataset") or hasattr(value, "element_spec"):
        return [each for item in value for each in flat(item)]
    return [value]


def plain(value: Any) -> np.ndarray:
    """A tensor, number or text as an array."""
    if hasattr(value, "detach"):
        value = value.detach().resolve_conj().resolve_neg()
        return value.to_dense().numpy() if value.is_sparse else value.numpy()
    if type(value).__name__ in ("dtype", "DType"):
        return np.asarray(str(value).replace("torch.", "").split("'")[-2 if "'" in str(value) else 0])
    if hasattr(value, "numpy"):
        value = value.numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "biufcSU":
        raise Disagree(f"gives a {type(value).__name__}, which is no tensor, number or text")
    return array


def _agree(row: Row, left: Run, right: Run, other: str) -> dict[str, Any]:
    layout = left.expression.inputs & inputs.LAYOUTS
    ours, theirs = left.values(), right.values()
    if len(ours) != len(theirs):
        raise Disagree(f"gives {len(ours)} arrays in PyTorch, {len(theirs)} in {other}")
    result: dict[str, Any] = {"shape": [], "dtype": [], "absolute": 0.0}
    if layout:
        ours = [np.moveaxis(a, 1, -1) if a.ndim == b.ndim and a.ndim > 2 else a for a, b in zip(ours, theirs)]
    for a, b in zip(ours, theirs):
        if a.shape != b.shape:
            raise Disagree(f"shape {list(a.shape)} in PyTorch, {list(b.shape)} in {other}")
        off = _off(a, b)
        rtol, atol = TOLERANCES.get(a.dtype.name, (0.0, 0.0))
        rtol, atol = row.rtol if row.rtol is not None else rtol, row.atol if row.atol is not None else atol
        if not off <= _allowed(b, rtol, atol):
            raise Disagree(f"off by {off:.3g} in {other}: {_short(a)} in PyTorch, {_short(b)} there")
        result["shape"].append(list(a.shape))
        result["dtype"].append([str(a.dtype), str(b.dtype)])
        result["absolute"] = max(result["absolute"], off if math.isfinite(off) else 0.0)
    result["gradient"] = _gradients(row, left, right, other)
    return result


def _off(a: np.ndarray, b: np.ndarray) -> float:
    if a.dtype.kind in "US" or b.dtype.kind in "US":
        return 0.0 if np.array_equal(a, b) else math.inf
    wide = np.complex128 if "c" in a.dtype.kind + b.dtype.kind else np.float64
    a, b = np.asarray(a).astype(wide), np.asarray(b).astype(wide)
    with np.errstate(all="ignore"):
        equal = (a == b) | (np.isnan(a) & np.isnan(b))
        off = np.where(equal, 0.0, np.abs(a - b))
    return float(np.max(np.where(np.isnan(off), np.inf, off), initial=0.0))


def _allowed(b: np.ndarray, rtol: float, atol: float) -> float:
    if b.dtype.kind not in "fc" or not b.size:
        return atol
    size = np.abs(b[np.isfinite(b)])
    return atol + rtol * float(size.max(initial=0.0))


def _short(array: np.ndarray) -> str:
    return np.array2string(array.ravel()[:4], precision=4, separator=", ", threshold=4)


def _gradients(row: Row, left: Run, right: Run, other: str) -> dict[str, Any]:
    """The largest difference of gradients by input; why there is none, where there is none."""
    if row.no_gradient:
        return {"why": row.no_gradient}
    outs = [(a, b) for a, b in zip(flat(left.value()), flat(right.value())) if getattr(a, "requires_grad", False)]
    names = sorted(left.expression.inputs & right.expression.inputs)
    if not outs or right.tape is None:
        return {}
    import tensorflow as tf
    import torch

    layout = left.expression.inputs & inputs.LAYOUTS
    total, target = 0, 0
    for a, b in outs:
        if a.dtype.is_complex:
            return {"why": "complex"}
        weight = np.cos(np.arange(math.prod(b.shape), dtype="float32") + 1).reshape(b.shape)
        turned = np.moveaxis(weight, -1, 1) if layout and a.ndim == len(b.shape) and a.ndim > 2 else weight
        total = total + (a * torch.tensor(np.ascontiguousarray(turned)).to(a.dtype)).sum()
        target = target + tf.reduce_sum(tf.cast(b, tf.float32) * weight)
    leaves = {name: each for name in names if (each := left.given[name]).requires_grad}
    if not leaves:
        return {}
    mine = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
    result = {}
    for (name, leaf), gradient in zip(leaves.items(), mine):
        given = right.tape.gradient(target, right.given[name])
        a = np.zeros(tuple(leaf.shape), "float32") if gradient is None else gradient.numpy()
        b = tf.convert_to_tensor(given).numpy() if given is not None else np.zeros(right.given[name].shape, "float32")
        if name in inputs.LAYOUTS:
            a = np.moveaxis(a, 1, -1)
        off = _off(a, b)
        rtol, atol = row.rtol or 1e-4, row.atol or 1e-5
        if not off <= _allowed(b, rtol, atol):
            raise Disagree(
                f"gradient for {name} off by {off:.3g} in {other}: {_short(a)} in PyTorch, {_short(b)} there"
            )
        result[name] = off
    return result


def _same_steps(optimizer: Any, other: Any, row: Row) -> dict[str, Any]:
    """Takes steps from the same numbers with the same gradients; raises `Disagree` where they part."""
    off = 0.0
    for step, (a, b) in enumerate(_steps(optimizer, other, 1.0), 1):
        off = max(off, _off(a, b))
        if not off <= _allowed(b, row.rtol or 1e-5, row.atol or 1e-6):
            raise Disagree(f"after step {step} off by {off:.3g}: {_short(a)} in PyTorch, {_short(b)} in Keras")
    return {"shape": [list(a.shape)], "dtype": [["float32", "float32"]], "absolute": off, "steps": STEPS}


def _steps(optimizer: Any, other: Any, scale: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """What both sides hold after each of some steps, with gradients of a size."""
    start = optimizer.param_groups[0]["params"][0].detach().numpy().copy()
    return zip(_walk(optimizer, start, scale), _walk(other, start, scale))


def _walk(optimizer: Any, start: np.ndarray, scale: float) -> Iterator[np.ndarray]:
    """What one side holds after each of some steps from a start; an optimizer of PyTorch has its start already."""
    rng = np.random.default_rng(1)
    gradients = [(scale * rng.normal(size=start.shape)).astype("float32") for _ in range(STEPS)]
    if hasattr(optimizer, "zero_grad"):
        import torch

        leaf = optimizer.param_groups[0]["params"][0]
        for gradient in gradients:
            leaf.grad = torch.tensor(gradient)
            optimizer.step()
            yield leaf.detach().numpy().copy()
    else:
        import keras

        variable = keras.Variable(start.copy())
        for gradient in gradients:
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
            yield variable.numpy()


def _tiny(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    """How far an optimizer goes where its epsilon weighs: the moves of both sides, if they differ by 1 %."""
    if not row.names["torch"].startswith("torch.optim."):
        return {}
    left, right = Run(sides["torch"], row.expressions["torch"]), Run(sides[other], row.expressions[other])
    optimizer, twin = left.value(), right.value()
    if not (hasattr(optimizer, "zero_grad") and hasattr(twin, "apply")):
        return {}
    start = optimizer.param_groups[0]["params"][0].detach().numpy().copy()
    *_, (a, b) = _steps(optimizer, twin, 1e-7)
    moved = [float(np.abs(each - start).mean()) for each in (a, b)]
    if abs(moved[0] - moved[1]) <= 0.01 * max(moved):
        return {}
    return {"gradients of a ten-millionth": [f"moves by {each:.2g}" for each in moved]}


def _same_rates(schedule: Any, other: Any, row: Row) -> dict[str, Any]:
    """Follows the learning rate for some steps; raises `Disagree` where they part."""
    off = 0.0
    for step, (a, b) in enumerate(zip(_rates(schedule), _rates(other))):
        off = max(off, _off(a, b))
        if not off <= _allowed(b, row.rtol or 1e-5, row.atol or 1e-7):
            raise Disagree(f"at step {step} the rate is {a:.6g} in PyTorch, {b:.6g} in Keras")
    return {"shape": [[]], "dtype": [], "absolute": off, "steps": 2 * STEPS}


def _rates(schedule: Any) -> Iterator[np.ndarray]:
    """The learning rate at each of some steps of one side."""
    for step in range(2 * STEPS):
        if hasattr(schedule, "get_last_lr"):
            yield np.asarray(schedule.get_last_lr()[0])
            schedule.optimizer.step()
            schedule.step()
        else:
            yield np.asarray(float(schedule(step)))


# Inputs that hurt people, by what is done to the first input of an expression.
EDGES = {
    "empty": lambda array: array[:0],
    "no dimension": lambda array: array.ravel()[0],
    "a NaN": lambda array: _second(array, np.nan),
    "an infinity": lambda array: _second(array, np.inf),
    "integers": lambda array: np.round(array * 3).astype("int32"),
}


def _second(array: np.ndarray, value: float) -> np.ndarray:
    return np.where(np.arange(array.size).reshape(array.shape) == 1, np.float32(value), array)


def edges(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    """What each side does with each edge that was tried: empty where both do the same.

    An edge input takes the place of the first one; axes are counted from the end.
    """
    return _edges(row, sides, other) | negative(row, sides, other)


def _edges(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    if tiny := _tiny(row, sides, other):
        return tiny
    left, right = row.expressions["torch"], row.expressions[other]
    first = next((value for name, value in left.arguments if not name), "")
    arrays = sides["torch"].arrays
    if (
        first not in arrays
        or arrays[first].dtype != np.float32
        or first in inputs.LAYOUTS
        or left.head is not left.tree
    ):
        return {}
    found = {}
    for name, change in EDGES.items():
        told = []
        for side, expression in (("torch", left), (other, right)):
            changed = Side(side, arrays | {first: change(arrays[first])})
            try:
                value = changed.run(expression.text, changed.tensors(expression.inputs))
                told.append([plain(each) for each in flat(value)])
            except Exception as error:
                told.append(f"raises {type(error).__name__}")
        same = type(told[0]) is type(told[1]) and (isinstance(told[0], str) or _alike(*told))
        if same:
            found[name] = []
        elif again(told[0], sides["torch"], left, first, change):
            found[name] = [each if isinstance(each, str) else _told(each) for each in told]
    return found


def again(before: Any, side: Side, expression: Expression, first: str, change: Any) -> bool:
    """Whether PyTorch gives the same once more: some functions leave numbers out that they never wrote."""
    if isinstance(before, str):
        return True
    changed = Side(side.name, side.arrays | {first: change(side.arrays[first])})
    after = [plain(each) for each in flat(changed.run(expression.text, changed.tensors(expression.inputs)))]
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc") for a, b in zip(before, after))


AXES = {"dim", "dims", "axis", "axes"}


def negative(row: Row, sides: dict[str, Side], other: str) -> dict[str, list[str]]:
    """What each side does if its axes are counted from the end, as in `edges`.

    An axis is an argument of that name, or a whole number that the other side calls so.
    """
    pair = {"torch": row.expressions["torch"], other: row.expressions[other]}
    if any(each.inputs & inputs.LAYOUTS for each in pair.values()):
        return {}
    named = {number for each in pair.values() for node in _axes(each.tree, set()) for number in _numbers(node)}
    told = []
    for name, expression in pair.items():
        rank = max((sides[name].arrays[each].ndim for each in expression.inputs & set(sides[name].arrays)), default=0)
        found = [_negative(expression, sides[name], named, each) for each in (rank, rank + 1) if rank]
        if not found or None in found:
            return {}
        told.append("the same" if "the same" in found else found[0])
    if told[0] != "the same" and told[1] != "the same":  # the number was no axis, or the axis is not of an input
        return {}
    return {"a negative axis": [] if told[0] == told[1] else told}


def _negative(expression: Expression, side: Side, named: set[int], rank: int) -> str | None:
    """What becomes of an expression whose axes are lowered by a rank; None where it has none."""
    tree = ast.parse(expression.text, mode="eval")
    nodes = _axes(tree, named)
    if not nodes:
        return None
    for node in nodes:
        for each in node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]:
            each.value -= rank
    try:
        return (
            "the same"
            if outcome(ast.unparse(tree), side, False) == outcome(expression.text, side, False)
            else "other numbers"
        )
    except Exception as error:
        return f"raises {type(error).__name__}"


def _axes(tree: ast.AST, named: set[int]) -> list[Any]:
    """The arguments that are axes: by their name, or else the one, not the first, that is such a number."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [each.value for call in calls for each in call.keywords if each.arg in AXES and _numbers(each.value)]
    if not found:
        found = [each for call in calls for each in call.args[1:] if set(_numbers(each)) & named]
        return found if len(found) == 1 else []
    return found


def _numbers(node: ast.AST) -> list[int]:
    """The whole numbers from 0 on that a node stands for, one or a tuple; empty for anything else."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
    values = [each.value if isinstance(each, ast.Constant) else None for each in parts]
    return values if all(type(each) is int for each in values) else []


def _alike(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    pairs = list(zip(ours, theirs))
    shapes = len(ours) == len(theirs) and all(a.shape == b.shape and a.dtype.kind == b.dtype.kind for a, b in pairs)
    return shapes and all(_off(a, b) <= _allowed(b, 1e-4, 1e-5) for a, b in pairs)


def _told(arrays: list[np.ndarray]) -> str:
    one = arrays[0]
    return f"{one.dtype} {list(one.shape)}: {_short(one)}" if one.size else f"{one.dtype} {list(one.shape)}"


def _same_distribution(ours: list[np.ndarray], theirs: list[np.ndarray]) -> dict[str, Any]:
    """Holds quantiles of two large draws against each other; raises `Disagree` where they are apart."""
    drawn = [np.concatenate([each.ravel() for each in side]).astype("float64") for side in (ours, theirs)]
    a, b = (np.sort(each.round(5)) for each in drawn)  # the same number twice may be a rounding apart
    if min(a.size, b.size) < DRAWS // 10:
        raise Disagree(f"draws only {min(a.size, b.size)} numbers: let it draw {DRAWS}")
    both = np.concatenate([a, b])
    apart = np.abs(np.searchsorted(a, both, "right") / a.size - np.searchsorted(b, both, "right") / b.size).max()
    # Kolmogorov and Smirnov's two-sample statistic; 1.95 is its limit at one in a thousand.
    limit = 1.95 * math.sqrt(1 / a.size + 1 / b.size)
    if apart > limit:
        raise Disagree(
            f"the distributions are apart by {apart:.3f}, {limit:.3f} is chance: {_short(a)} and {_short(b)}"
        )
    return {"shape": [list(each.shape) for each in ours], "dtype": [], "absolute": float(apart)}


# Defaults --------------------------------------------------------------------------------------


def defaults(row: Row, side: Side) -> tuple[dict[str, str], dict[str, str]]:
    """The defaults of what one side of a row calls: of arguments that it leaves out, and of those that it gives.

    They are read from the signature and tried: an argument is named only if giving its default does what leaving it
    out does, to the last bit. `name` is left out.
    """
    expression = row.expressions[side.name]
    parameters = side.signature(row.names[side.name])
    if expression.head is None or expression.name != row.names[side.name]:
        return {}, {}
    positional = {each.name for each, _ in zip(parameters, expression.head.args)}
    stated = {each.name: each.default for each in parameters if _shown(each) and each.name not in positional}
    given = {each.arg for each in expression.head.keywords} & set(stated)
    left = {name: default for name, default in stated.items() if name not in given}

    def same(one: str, other: str) -> bool:
        try:
            return outcome(one, side, row.random) == outcome(other, side, row.random)
        except Exception:
            return False

    text = expression.text
    if not same(text, _with(expression, left)):
        left = {name: default for name, default in left.items() if same(text, _with(expression, {name: default}))}
    unless = {
        name: stated[name]
        for name in sorted(given)
        if same(_without(expression, name), _with(expression, {name: stated[name]}))
    }
    return {name: repr(each) for name, each in left.items()}, {name: repr(each) for name, each in unless.items()}


def outcome(text: str, side: Side, training: bool) -> list[tuple[str, tuple[int, ...], bytes]]:
    """Everything that one side gives, to the last bit; of an optimizer its steps, of a schedule its rates."""
    import keras
    import torch

    torch.manual_seed(0)
    keras.utils.set_random_seed(0)
    run = Run(side, Expression(text, side.name), training=training)
    value = run.value()
    if hasattr(value, "zero_grad") or isinstance(value, keras.optimizers.Optimizer):
        found = list(_walk(value, side.array("x"), 1.0))
    elif hasattr(value, "get_last_lr") or isinstance(value, keras.optimizers.schedules.LearningRateSchedule):
        found = list(_rates(value))
    else:
        found = run.values()
    return [(str(each.dtype), each.shape, each.tobytes()) for each in found]


def _shown(parameter: inspect.Parameter) -> bool:
    plain = isinstance(parameter.default, (bool, int, float, str))
    return plain and parameter.name != "name" and not parameter.name.startswith("_")


def _with(expression: Expression, given: dict[str, Any]) -> str:
    """The expression with arguments of its head given, in the place of those of their name."""
    shorter = Expression(_without(expression, *given), expression.side)
    tree, head = ast.parse(shorter.text, mode="eval"), ast.unparse(shorter.head)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node) == head:
            node.keywords += [ast.keyword(name, ast.Constant(value)) for name, value in given.items()]
    return ast.unparse(tree)


# Arguments for what one CPU, or the value that is compared, does not show: several devices, the order of equal
# elements, the vectors of a decomposition of which the row takes the values, an epsilon beside numbers of size 1.
UNSEEN = {"synchronized", "stable", "full_matrices", "epsilon", "eps"}


def _needed(row: Row, sides: dict[str, Side]) -> bool:
    """Whether an argument that one side alone gives is needed: without it the two do not agree any more.

    Each side is held against PyTorch's. Raises `Disagree` for an argument that is not needed: a row shows what a
    reader has to write, and no more.
    """
    needed = False
    for other in row.sides:
        for side, against in ((other, "torch"), ("torch", other)) if other != "torch" else ():
            expression = row.expressions[side]
            values = {_value(value) for _, value in row.expressions[against].arguments}
            for name, value in expression.arguments:
                about = row.names[side].rpartition(".")[2] in value  # the argument is what the row is about
                if not name or _value(value) in values or not expression.head or about:
                    continue
                alike = _agrees_without(row, sides, side, other, name)
                if alike and name not in UNSEEN:
                    raise Disagree(f"{name}={value} changes nothing in {side}: leave it out")
                needed = needed or not alike or _value(value) != _default(sides[side], row.names[side], name)
    return needed


def _default(side: Side, name: str, argument: str) -> str:
    """The default of an argument, as the signature states it; empty where it states none."""
    found = [each.default for each in side.signature(name) if each.name == argument]
    return repr(found[0]) if found else ""


def _agrees_without(row: Row, sides: dict[str, Side], side: str, other: str, name: str) -> bool:
    shorter = replace(row, **{side: _without(row.expressions[side], name)})
    try:
        return compare(shorter, sides, other) == compare(row, sides, other)
    except Exception:
        return False


def _value(text: str) -> Any:
    with contextlib.suppress(ValueError, SyntaxError):
        return repr(ast.literal_eval(text))
    return text


def _without(expression: Expression, *names: str) -> str:
    """The expression without arguments of these names, of its head or of the call of the layer that it makes."""
    tree, head = ast.parse(expression.text, mode="eval"), ast.unparse(expression.head)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and head in (ast.unparse(node), ast.unparse(node.func)):
            node.keywords = [each for each in node.keywords if each.arg not in names]
    return ast.unparse(tree)


# In a process of its own -------------------------------------------------------------------------


def main(root: Path, seconds: int) -> None:
    """Imports the frameworks once, then forks for each area that it reads, and says how that ended."""
    warnings.simplefilter("ignore")
    with contextlib.suppress(ImportError):  # a CUDA build of torch brings it; loaded after TensorFlow it crashes
        importlib.import_module("triton")
    arrays = inputs.arrays()
    sides = {name: Side(name, arrays) for name in ("torch", "keras", "tf")}
    for line in sys.stdin:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            signal.alarm(seconds)
            _said(root, line.strip(), sides)
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"ended": code, "seconds": time.monotonic() - started}), flush=True)


def _said(root: Path, name: str, sides: dict[str, Side]) -> None:
    import torch

    torch.set_num_threads(1)
    if name == COUNT:
        print(json.dumps({"counted": count(root), "gone": gone(root)}))
        return
    for row in read(root, name).rows:
        print(json.dumps({"line": row.line, "id": row.id} | measure(row, sides)), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main(Path(sys.argv[1]), int(sys.argv[2]))
