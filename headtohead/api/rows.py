"""Rows of the API map, read from `api/<area>.toml` without running them.

```toml
[[row]]
torch = "F.gelu(x)"
keras = "keras.activations.gelu(x)"
tf = "tf.nn.gelu(x)"
```

is a row: one expression a side over the inputs of `headtohead.api.inputs`. What is called in it is what the row is
about. `[only]` says of a name why the other framework has no counterpart, `[alias]` that it is another name.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path

from headtohead.api.inputs import LAYOUTS
from headtohead.errors import Problem
from headtohead.tables import load

FOLDER = "api"
SIDES = {"torch": "PyTorch", "keras": "Keras", "tf": "TensorFlow"}

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
# Calls that turn a tensor round: where one is needed, the layout differs.
TURNS = {"transpose", "permute", "movedim", "moveaxis", "swapaxes", "T", "mT", "mH", "matrix_transpose"}

# What only makes a tensor for another call to work on.
MAKES = {"ones", "zeros", "empty", "full", "arange", "tensor", "constant", "convert_to_tensor", "eye", "float", "range"}

# Layers of PyTorch whose first argument says how many features or channels come in; Keras looks.
TOLD = {"Linear", "RNN", "LSTM", "GRU", "LayerNorm", "RMSNorm"}
TOLD |= {f"{kind}{n}d" for n in (1, 2, 3) for kind in ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm")}

CATEGORIES = {
    "same": "the same numbers with the same arguments",
    "renamed": "the same after renaming arguments",
    "defaults": "other defaults: an argument has to be given",
    "layout": "other layout or order",
    "composed": "composed of several calls",
    "distribution": "random: the same distribution, never the same numbers",
    "only": "only here",
}


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        area: The file that it stands in, without suffix.
        line: Where it begins.
        torch: PyTorch's expression.
        keras: Keras' expression, if there is one.
        tf: TensorFlow's expression, if there is one.
        name: What the row is about on PyTorch's side, where the expression does not tell.
        note: One sentence on what to know.
        random: Whether numbers are drawn, so that distributions are compared.
        rtol: Relative tolerance; by dtype where None.
        atol: Absolute tolerance, likewise.
        no_gradient: Why no gradients are compared where both have one.
        first: Whether it is the one to look at first, of those that have one of its names.
        number: 2 for the second row of the same names in an area, and so on.
    """

    area: str
    line: int
    torch: str
    keras: str = ""
    tf: str = ""
    name: str = ""
    note: str = ""
    random: bool = False
    rtol: float | None = None
    atol: float | None = None
    no_gradient: str = ""
    first: bool = False
    number: int = 1

    @property
    def where(self) -> str:
        return f"{FOLDER}/{self.area}.toml"

    @property
    def sides(self) -> dict[str, str]:
        """The expressions by side, those that there are."""
        return {side: text for side in SIDES if (text := getattr(self, side))}

    @cached_property
    def expressions(self) -> dict[str, Expression]:
        return {side: Expression(text, side) for side, text in self.sides.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """What each side is about, as a full dotted name."""
        found = {side: each.name for side, each in self.expressions.items()}
        return found | ({"torch": self.name} if self.name else {})

    @property
    def id(self) -> str:
        """The anchor of the row: its names on both sides, and a number if it is not the first with them."""
        others = [name for side, name in self.names.items() if side != "torch"]
        name = f"{self.names['torch']}--{others[0]}".replace("_", "-").replace(".", "-").lower()
        return name if self.number == 1 else f"{name}-{self.number}"


@dataclass(frozen=True)
class Expression:
    """One side of a row as syntax."""

    text: str
    side: str

    @cached_property
    def tree(self) -> ast.expr:
        return ast.parse(self.text, mode="eval").body

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
        nodes = list(ast.walk(self.tree))
        bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
        bound |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        names = {node.id for node in nodes if isinstance(node, ast.Name)} - bound
        return names - set(ROOTS) - {"np", "math"} - set(dir(builtins))

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
        raise ValueError(f"{self.text!r} calls nothing that has a name")

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


@dataclass(frozen=True)
class Area:
    """One file of rows."""

    name: str
    title: str
    about: str
    rows: list[Row] = field(default_factory=list)
    only: dict[str, str] = field(default_factory=dict)
    alias: dict[str, str] = field(default_factory=dict)


def stamps(root: Path, *folders: str) -> tuple[tuple[str, int], ...]:
    """When each data file of some folders last changed: what a cache of what stands in them depends on."""
    files = sorted(path for folder in folders for path in (root / folder).glob("*.toml"))
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)


def areas(root: Path) -> list[Area]:
    """Every area, in the order of their file names; raises the first `Problem`."""
    return [read(root, path.stem) for path in sorted((root / FOLDER).glob("*.toml"))]


def read(root: Path, area: str) -> Area:
    """The rows of one area; raises the first `Problem` in their form, with its line."""
    name = f"{FOLDER}/{area}.toml"
    rest, entries = load(root / name, name, "row", what="area")
    found = Area(area, rest.pop("title", ""), rest.pop("about", ""))
    found.only.update(rest.pop("only", {}))
    found.alias.update(rest.pop("alias", {}))
    if not found.title or not found.about or rest:
        odd = f"no key {min(rest)!r}" if rest else "no title or no about"
        raise Problem(name, odd, line=1, remedy="an area has a title, an about, rows, [only] and [alias]")
    seen: dict[tuple[str, ...], int] = {}
    numbers: Counter[str] = Counter()
    for _, entry, line in entries:
        row = _row(name, area, entry, line)
        said = tuple(row.sides.values())
        if said in seen:
            raise Problem(name, f"the row of line {seen[said]} again", line=line, remedy="keep one of them")
        seen[said] = line
        numbers[row.id] += 1
        found.rows.append(replace(row, number=numbers[row.id]))
    return found


def _row(name: str, area: str, entry: dict, line: int) -> Row:
    known = {each.name for each in fields(Row)} - {"area", "line", "number"}
    odd = sorted(set(entry) - known)
    try:
        if odd:
            raise ValueError(f"no key {odd[0]!r} in a row: there are {', '.join(sorted(known))}")
        if "torch" not in entry or not (entry.keys() & {"keras", "tf"}):
            raise ValueError("a row needs torch, and keras or tf; a name without a counterpart goes into [only]")
        row = Row(area=area, line=line, **entry)
        _ = row.names
    except SyntaxError as error:
        raise Problem(name, f"no expression: {error.text or ''}: {error.msg}", line=line) from None
    except ValueError as error:
        raise Problem(name, str(error), line=line, remedy="correct the row that begins here") from None
    return row


def categorise(row: Row, needed: bool) -> str:
    """The category of a row that ran and agreed.

    Args:
        row: The row.
        needed: Whether leaving out the arguments that only one side gives changed the numbers.
    """
    if row.random:
        return "distribution"
    left, right = row.expressions["torch"], _other(row)
    several = len(left.calls) > 1 + left.turns or len(right.calls) > 1 + right.turns
    if several or left.operators or right.operators:
        return "composed"
    if left.turns or right.turns or left.inputs & LAYOUTS:
        return "layout"
    one, other = left.arguments, right.arguments
    if one == other:
        return "same"
    values, wanted = [value for _, value in one], [value for _, value in other]
    if values == wanted:
        return "renamed"
    if sorted(values) == sorted(wanted):
        return "layout"
    return "defaults" if needed else "renamed"


def _other(row: Row) -> Expression:
    return next(each for side, each in row.expressions.items() if side != "torch")
