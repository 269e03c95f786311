"""One side of a row on its way: a framework, its tensors, its layer, what an expression gives. Needs the framework."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import math
import re
import types
from typing import Any

import numpy as np

from headtohead.content.expressions import ROOTS, Expression
from headtohead.content.inputs import LAYOUTS
from headtohead.measuring.exports import resolve
from headtohead.measuring.inputs import Set, channels_first
from headtohead.measuring.training import rates, walk
from headtohead.measuring.values import Disagree, flatten, to_array

OWN = {"torch", "keras", "tensorflow", "numpy", "math"}  # whose modules an expression may name


class Side:
    """One framework over one set of inputs: how its tensors are made, and how gradients are taken.

    Args:
        name: Of the side: `torch`, `keras` or `tf`.
        arrays: The inputs, channels last.
        given: The set that they are of.
    """

    def __init__(self, name: str, arrays: dict[str, np.ndarray], given: Set):
        self.name, self.arrays, self.given = name, arrays, given
        self.space = self._space()

    @property
    def framework(self) -> str:
        return "pytorch" if self.name == "torch" else "tensorflow"

    def _space(self) -> dict[str, Any]:
        space: dict[str, Any] = {"np": np, "math": math}
        for short, full in ROOTS.items():
            if (full.partition(".")[0] == "torch") == (self.name == "torch"):
                space[short] = importlib.import_module("tensorflow" if full == "tf" else full)
        return space

    def array(self, name: str) -> np.ndarray:
        found = self.arrays[name]
        return channels_first(found) if self.name == "torch" and name in LAYOUTS else found

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
            raise Disagree(f"{name} says that it is deprecated", "deprecated", self.framework)

    def check_modules(self, tree: ast.AST) -> None:
        """Raises `Disagree` for what a framework has imported for itself, as `torch.os` is: that reaches anything."""
        for node in ast.walk(tree):
            with contextlib.suppress(AttributeError, KeyError):
                found = self._reached(node)
                if isinstance(found, types.ModuleType) and found.__name__.partition(".")[0] not in OWN:
                    raise Disagree(f"{ast.unparse(node)} is no part of a framework: use what a reader may use")

    def _reached(self, node: ast.AST) -> Any:
        """The object of a dotted name of a module; raises `KeyError` for anything else."""
        if isinstance(node, ast.Attribute):
            return getattr(self._reached(node.value), node.attr)
        return self.space[node.id if isinstance(node, ast.Name) else ""]

    def resolve(self, name: str) -> Any:
        """The object of a full dotted name; None for a method of a tensor, which has no name of its own."""
        if name.startswith(("tf.Tensor.", "keras.KerasTensor.")):
            return None
        try:
            return resolve(name)
        except AttributeError:
            raise Disagree(f"{name} is not there", "missing", self.framework) from None

    def signature(self, name: str) -> list[inspect.Parameter]:
        """The parameters that a caller gives; none where Python cannot tell, as of much that is written in C++."""
        with contextlib.suppress(TypeError, ValueError):
            found = list(inspect.signature(self.resolve(name)).parameters.values())
            return found[1:] if found and found[0].name == "self" else found
        return []

    def run(self, text: str, given: dict[str, Any]) -> Any:
        return eval(compile(text, "<row>", "eval"), dict(self.space), dict(given))


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

            self.tape = stack.enter_context(tf.GradientTape())
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
                unsettle_constant_weights(self.layer)
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
        return [to_array(each) for each in flatten(self.value())]


def unsettle_constant_weights(module: Any) -> None:
    """Gives weights that start as all zeros or all ones other numbers: in the wrong place those would not show."""
    import torch

    with torch.no_grad():
        for each in module.state_dict().values():
            if torch.nn.parameter.is_lazy(each) or not each.is_floating_point() or each.numel() < 2:
                continue
            if (each == each.flatten()[0]).all():
                each.add_(torch.linspace(0.1, 0.5, each.numel()).reshape(each.shape))


def outcome(text: str, side: Side, training: bool) -> list[tuple[str, tuple[int, ...], bytes]]:
    """Everything that one side gives, to the last bit; of an optimizer its steps, of a schedule its rates."""
    import keras
    import torch

    torch.manual_seed(0)
    keras.utils.set_random_seed(0)
    run = Run(side, Expression(text, side.name), training=training)
    value = run.value()
    if hasattr(value, "zero_grad") or isinstance(value, keras.optimizers.Optimizer):
        found = list(walk(value, side.array("x"), side.given.walk))
    elif hasattr(value, "get_last_lr") or isinstance(value, keras.optimizers.schedules.LearningRateSchedule):
        found = list(rates(value, 2 * side.given.walk.steps))
    else:
        found = run.values()
    return [(str(each.dtype), each.shape, each.tobytes()) for each in found]
