"""Expressions of rows as syntax: what one calls, which inputs and arguments it has, what it is about."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from headtohead.content.inputs import ABOUT
from headtohead.content.source import odd_name, parse
from headtohead.errors import quoted

# What the short names in expressions stand for; the same ones that programs use.
ROOTS = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "optim": "torch.optim",
    "lr_scheduler": "torch.optim.lr_scheduler",
    "data": "torch.utils.data",
    "keras": "keras",
    "layers": "keras.layers",
    "ops": "keras.ops",
    "tf": "tf",
}
MODULES = {"np", "math"}
SCHEDULED = "sgd"  # an optimizer of PyTorch's, which its schedules work on
# What of Python itself an expression may call, and the operators that it may name: nothing that reaches outside of it.
PYTHONS = {"abs", "bool", "complex", "dict", "float", "int", "len", "list", "max", "min", "range", "round", "slice"}
PYTHONS |= {"sorted", "sum", "tuple", "zip"}
OPERATORS = {"__abs__", "__add__", "__eq__", "__ge__", "__getitem__", "__gt__", "__invert__", "__le__", "__len__"}
OPERATORS |= {"__lt__", "__matmul__", "__mod__", "__mul__", "__ne__", "__neg__", "__pow__", "__sub__", "__truediv__"}
# Calls that turn a tensor round: where one is needed, the layout differs.
TURNS = {"transpose", "permute", "movedim", "moveaxis", "swapaxes", "T", "mT", "mH", "matrix_transpose"}

# What only makes a tensor for another call to work on.
MAKES = {"ones", "zeros", "empty", "full", "arange", "tensor", "constant", "convert_to_tensor", "eye", "float", "range"}

# Layers of PyTorch whose first argument says how many features or channels come in; Keras looks.
TOLD = {"Linear", "RNN", "LSTM", "GRU", "LayerNorm", "RMSNorm"}
TOLD |= {f"{kind}{n}d" for n in (1, 2, 3) for kind in ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm")}


@dataclass(frozen=True)
class Expression:
    """One side of a row as syntax."""

    text: str
    side: str

    @cached_property
    def tree(self) -> ast.expr:
        return parse(self.text, "eval").body  # type: ignore[attr-defined]

    @cached_property
    def calls(self) -> list[ast.Call]:
        """The calls in it, the outermost first; making a layer and calling it is one."""
        found = []
        made = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        for node in ast.walk(self.tree):
            # Left out: the making of what another call calls, and of tensors that are handed over.
            if isinstance(node, ast.Call) and id(node) not in made:
                plain = ast.unparse(node.func).rpartition(".")[2] in MAKES and node is not self.tree
                found += [] if plain else [node]
        return found

    @cached_property
    def turns(self) -> bool:
        return any(isinstance(node, ast.Attribute) and node.attr in TURNS for node in ast.walk(self.tree))

    @cached_property
    def inputs(self) -> set[str]:
        return self.free - set(ROOTS) - MODULES - set(dir(builtins))

    @cached_property
    def free(self) -> set[str]:
        """The names in it that it does not bind itself."""
        nodes = list(ast.walk(self.tree))
        bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
        bound |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        return {node.id for node in nodes if isinstance(node, ast.Name)} - bound

    def check(self) -> None:
        """Raises `ValueError` for a name that it does not have: of no input, or of what does not belong into a row."""
        if odd := odd_name(self.text):
            raise ValueError(f"{self.side} uses {quoted(odd[1])}, which is not ASCII: write names in ASCII")
        for name in sorted(self.free):
            if name in ROOTS:
                if (ROOTS[name].partition(".")[0] == "torch") != (self.side == "torch"):
                    raise ValueError(f"{self.side} uses {name!r}, which is of the other framework")
            elif name not in {*MODULES, *PYTHONS, *ABOUT} and not (name == SCHEDULED and self.side == "torch"):
                raise ValueError(f"{self.side} uses {quoted(name)}, which is no input: there are {', '.join(ABOUT)}")
        for name in self._attributes():
            if name.startswith("__") and name not in OPERATORS:
                raise ValueError(f"{self.side} uses {quoted(name)}, which is Python's own: use what a reader may use")

        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.random", "np.datetime64"):
                raise ValueError(f"{self.side} uses {ast.unparse(node)}, which gives something else each time")
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("np.") and self._hands_over(node):
                raise ValueError(f"{self.side} hands its inputs to NumPy, which is the same on both sides")

    def _hands_over(self, call: ast.Call) -> bool:
        """Whether an input stands in a call."""
        return any(isinstance(node, ast.Name) and node.id in self.inputs & set(ABOUT) for node in ast.walk(call))

    def _attributes(self) -> Iterator[str]:
        return (node.attr for node in ast.walk(self.tree) if isinstance(node, ast.Attribute))

    @cached_property
    def operators(self) -> bool:
        """Whether it computes with operators, beyond a sign before a number."""
        return any(isinstance(node, (ast.BinOp, ast.Compare)) for node in ast.walk(self.tree))

    @cached_property
    def head(self) -> ast.Call | None:
        """The call that it is about: the outermost one, or the making of the layer that it calls.

        Of an operator, it is the one on the left; of several values, the first.
        """
        node = self.tree
        while not isinstance(node, ast.Call):
            if isinstance(node, ast.Attribute) and not isinstance(node.value, (ast.Call, ast.Subscript)):
                return None
            if isinstance(node, (ast.Subscript, ast.Attribute)):
                node = node.value
            elif isinstance(node, ast.BinOp) and any(isinstance(each, ast.Call) for each in ast.walk(node)):
                left = any(isinstance(each, ast.Call) for each in ast.walk(node.left))
                node = node.left if left else node.right
            elif isinstance(node, (ast.Tuple, ast.List)) and node.elts:
                node = node.elts[0]
            else:
                break
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call):
            return node.func
        return node if isinstance(node, ast.Call) else None

    @cached_property
    def name(self) -> str:
        """The full dotted name of what it is about."""
        node: ast.expr = self.head.func if self.head else self.tree
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in ROOTS:
            return ".".join([ROOTS[node.id], *parts])
        tensor = {"torch": "torch.Tensor", "keras": "keras.KerasTensor", "tf": "tf.Tensor"}[self.side]
        if parts:  # a method of an input, or of what another call gave
            inner = Expression(ast.unparse(node), self.side).name if isinstance(node, ast.Call) else ""
            classes = [at for at, part in enumerate(inner.split(".")) if part[:1].isupper()]
            owner = ".".join(inner.split(".")[: classes[-1] + 1]) if classes else tensor
            return f"{owner}.{parts[-1]}"
        raise ValueError(f"{quoted(self.text)} calls nothing that has a name")

    @cached_property
    def given(self) -> frozenset[str]:
        """The names of the arguments of the head."""
        return frozenset(each.arg for each in self.head.keywords if each.arg) if self.head else frozenset()

    @cached_property
    def arguments(self) -> list[tuple[str, str]]:
        """The arguments of the head, and of the layer that it makes: name and value; no name if positional.

        What one framework has to be told and the other sees for itself is left out: the size of the input of a
        layer, and what an optimizer works on.
        """
        found = []
        for call in dict.fromkeys((self.head, self.tree)):
            if isinstance(call, ast.Call) and (call is self.head or call.func is self.head):
                given = [("", ast.unparse(each)) for each in call.args]
                given += [(each.arg or "**", ast.unparse(each.value)) for each in call.keywords]
                seen = self.name.startswith("torch.optim") or self.name.rpartition(".")[2] in TOLD
                found += given[1:] if seen and call is self.head and self.side == "torch" else given
        return found
