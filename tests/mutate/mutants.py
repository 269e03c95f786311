"""Mutants: a program's text with one small thing changed, each said in a line; by its tree, all other text kept."""

from __future__ import annotations

import ast
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

# Numbers and texts in these change what is drawn or said, and nothing that is computed: a change of theirs proves
# nothing, whether it is noticed or not.
SAYS = {"print", "title", "xlabel", "ylabel", "legend", "show", "figure", "subplots", "suptitle", "figsize", "label"}
DRAWS = {"plt", "ax", "axes", "figure"}  # what draws
SEEDS = {"manual_seed", "set_random_seed", "set_seed", "default_rng", "seed", "random_state", "RandomState"}
# What only says where to compute, or how fast: on one CPU nothing else comes of it.
PLACES = {"device", "map_location", "num_parallel_calls", "num_workers", "pin_memory", "non_blocking"}
RATES = {"lr", "learning_rate", "rate"}
# Of layers that do something else in training, and of networks that hold some: in a program without, no mode matters.
MODAL = re.compile(r"Drop|dropout|BatchNorm|Normalization|Noise|Random[A-Z]|[Rr]es[Nn]et|[Mm]obile[Nn]et|\.training\b")
MODES = {"eval": "train", "train": "eval"}
OPTIMIZERS = {"SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Nadam", "Muon"}
LOADS = {"load_state_dict", "load_weights", "set_weights", "restore", "load_own_variables"}
EXCHANGED = ("train", "test"), ("training", "test"), ("train", "val"), ("train", "validation"), ("train", "unseen")
TEXTS = [("same", "valid"), ("relu", "tanh"), ("sum", "mean"), ("max", "min"), ("softmax", "sigmoid")]
BY_NAME = "="  # stands among the names where something is given by name
OTHER_TEXT = dict(TEXTS) | {other: one for one, other in TEXTS}


@dataclass(frozen=True)
class Mutant:
    """A program with one thing changed.

    Attributes:
        kind: Which sort of change.
        line: Where, 1-based.
        what: The change, in a line.
        text: The whole program.
    """

    kind: str
    line: int
    what: str
    text: str


def mutants(text: str) -> list[Mutant]:
    """Every mutant of a program, in the order of its lines; those that compile to the program itself are left out."""
    source, original = Source(text), ast.dump(ast.parse(text))
    found = [mutant for node, within in walk(source.tree, frozenset()) for mutant in changed(source, node, within)]
    other = {mutant.text: mutant for mutant in found if ast.dump(ast.parse(mutant.text)) != original}
    return sorted(told_apart(other.values()), key=lambda each: (each.line, each.kind, each.what))


def told_apart(found: Iterable[Mutant]) -> Iterator[Mutant]:
    """The mutants, those of a line that say the same numbered as they stand there."""
    seen = Counter[tuple[int, str]]()
    for mutant in found:
        seen[mutant.line, mutant.what] += 1
        number = seen[mutant.line, mutant.what]
        yield replace(mutant, what=f"{mutant.what}, place {number}") if number > 1 else mutant


def sample(found: list[Mutant], count: int, seed: str) -> list[Mutant]:
    """Some of the mutants, the same for the same seed: one of each kind in turn, until there are enough."""
    chance, kinds = random.Random(seed), dict[str, list[Mutant]]()
    for mutant in found:
        kinds.setdefault(mutant.kind, []).append(mutant)
    for each in kinds.values():
        chance.shuffle(each)
    order = sorted(kinds)
    chance.shuffle(order)
    turns = [kinds[kind][turn] for turn in range(len(found)) for kind in order if turn < len(kinds[kind])]
    return sorted(turns[:count], key=lambda each: (each.line, each.kind, each.what))


class Source:
    """The text of a program with its tree: what stands at a node, and the text with something else there."""

    def __init__(self, text: str):
        self.text, self.tree = text, ast.parse(text)
        self.modal = bool(MODAL.search(ast.unparse(self.tree)))  # which has no remarks
        self.lines = [line.encode() for line in text.split("\n")]  # columns of the tree are counted in bytes
        names = (node for node in ast.walk(self.tree) if isinstance(node, ast.Name))
        self.names = {node.id for node in names if isinstance(node.ctx, ast.Store)}

    def at(self, node: ast.expr | ast.stmt) -> str:
        return ast.get_source_segment(self.text, node) or ""

    def instead(self, node: ast.expr | ast.stmt | ast.keyword, new: str) -> str:
        """The text with something else in the place of a node, in as many lines."""
        first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[operator]
        start, end = self.lines[first][: node.col_offset], self.lines[last][node.end_col_offset :]
        gap = b"\n" * max(0, last - first - new.count("\n"))
        lines = [*self.lines[:first], start + new.encode() + end + gap, *self.lines[last + 1 :]]
        return b"\n".join(lines).decode()


def walk(node: ast.AST, within: frozenset[str]) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Every node, with the names of the calls, arguments and targets in which it stands."""
    for child in ast.iter_child_nodes(node):
        named = within
        if isinstance(child, ast.Call):
            named |= {called(child), *(SAYS if owner(child) in DRAWS else ())}
        elif isinstance(child, ast.keyword):
            named |= {child.arg or "**", BY_NAME}
        elif isinstance(child, ast.Assign):
            named |= {target.id for target in child.targets if isinstance(target, ast.Name)}
        if not named & (SAYS | SEEDS | PLACES) and not isinstance(
            child, ast.JoinedStr
        ):  # in which Python 3.11 knows no columns
            yield child, named
            yield from walk(child, named)


def called(call: ast.Call) -> str:
    """The last part of the name that is called: `manual_seed` of `torch.manual_seed(0)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def owner(call: ast.Call) -> str:
    """The first part of the name that is called: `plt` of `plt.contour(x)`."""
    function: ast.expr = call.func
    while isinstance(function, (ast.Attribute, ast.Subscript)):
        function = function.value
    return getattr(function, "id", "")


def changed(source: Source, node: ast.AST, within: frozenset[str]) -> Iterator[Mutant]:
    """What can be changed at a node, each by itself."""
    for make in (_number, _text, _argument, _statement, _mode, _exchange):
        for kind, place, new, what in make(source, node, within):
            if source.modal or not _of_mode(kind, place):
                yield Mutant(kind, place.lineno, what, source.instead(place, new))


# What is changed ---------------------------------------------------------------------------------

Change = tuple[str, ast.expr | ast.stmt, str, str]  # its kind, where, what stands there instead, and in words
Make = Callable[[Source, ast.AST, frozenset[str]], Iterator[Change]]


def _number(source: Source, node: ast.AST, within: frozenset[str]) -> Iterator[Change]:
    """A number: another one; a rate: a tenth of it; yes and no exchanged."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, (bool, int, float)):
        return
    value, kind = node.value, "number"
    if isinstance(value, bool):
        new, kind = repr(not value), "mode" if "training" in within else "argument"
    elif isinstance(value, float) and (within & RATES or (within & OPTIMIZERS and BY_NAME not in within)):
        new, kind = f"{value / 10:g}", "rate"
    else:
        new = repr(value + 1) if isinstance(value, int) else repr(value * 2 or 1.0)
    yield kind, node, new, f"{source.at(node)} became {new}"


def _text(source: Source, node: ast.AST, within: frozenset[str]) -> Iterator[Change]:
    """A text that chooses: another choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in OTHER_TEXT:
        new = f'"{OTHER_TEXT[node.value]}"'
        yield "argument", node, new, f"{source.at(node)} became {new}"


def _argument(source: Source, node: ast.AST, within: frozenset[str]) -> Iterator[Change]:
    """An argument given by name: left out."""
    for keyword in node.keywords if isinstance(node, ast.Call) else ():
        if keyword.arg and keyword.arg not in SAYS | SEEDS | PLACES:
            rest = [each for each in (*node.args, *node.keywords) if each is not keyword]
            inside = ", ".join(ast.unparse(each) for each in rest)
            new = f"{source.at(node.func)}({inside})"
            kind = "mode" if keyword.arg == "training" else "argument"
            yield kind, node, new, f"{ast.unparse(keyword)} was left out of {called(node)}()"


def _statement(source: Source, node: ast.AST, within: frozenset[str]) -> Iterator[Change]:
    """A statement that does something: left out; one that loads is of a kind of its own."""
    call = node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    if call or isinstance(node, ast.AugAssign):
        kind = "load" if call and called(call) in LOADS else "statement"
        if not (call and (called(call) in SAYS | SEEDS or owner(call) in DRAWS)):
            yield kind, node, "pass", f"{ast.unparse(node)!s:.60} was left out"  # type: ignore[misc]


def _mode(source: Source, node: ast.AST, within: frozenset[str]) -> Iterator[Change]:
    """The mode of a network: the other one."""
    if _sets_mode(node):
        function = node.value.func
        new = f"{source.at(function.value)}.{MODES[function.attr]}()"
        yield "mode", node, new, f"{source.at(node)} became {new}"


def _sets_mode(node: ast.AST) -> bool:
    """Whether a statement sets the mode of a network, as `net.eval()`."""
    call = node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    return bool(call and not call.args and isinstance(call.func, ast.Attribute) and call.func.attr in MODES)


def _of_mode(kind: str, place: ast.AST) -> bool:
    """Whether a change is one of the mode: it exchanges it, or leaves out the statement that sets it."""
    return kind == "mode" or (kind == "statement" and _sets_mode(place))


def _exchange(source: Source, node: ast.AST, within: frozenset[str]) -> Iterator[Change]:
    """What one trains on and what one tests on: the other one; by its name, or as the other part of a slice."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for pair in (*EXCHANGED, *(each[::-1] for each in EXCHANGED)):
            new = node.id.replace(*pair)
            if new != node.id and new in source.names and node.id in source.names:
                yield "exchange", node, new, f"{node.id} became {new}"
    elif isinstance(node, ast.Slice) and not node.step and bool(node.lower) != bool(node.upper):
        bound = ast.unparse(node.lower or node.upper)  # type: ignore[arg-type]
        new = f"{bound}:" if node.upper else f":{bound}"
        yield "exchange", node, new, f"{source.at(node) or ast.unparse(node)} became {new}"  # type: ignore[arg-type,misc]
