"""Parity checks: what `parity.py` of a topic states as literals at its top, read and not run."""

from __future__ import annotations

import ast
import difflib
import functools
import keyword
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from headtohead.content import source
from headtohead.content.asks import asked
from headtohead.content.constant import constants
from headtohead.content.kinds import LINE, PROSE
from headtohead.content.text import unseen
from headtohead.content.tolerances import LOOSEST
from headtohead.errors import Problem, quoted

TOLERANCES = {"RTOL": "1e-5", "ATOL": "1e-6"}  # and how one is written
STATED = ("RTOL", "ATOL", "DIFFERENT", "OVER_SEEDS", "VARIES", "WHY_NOT")  # what has to be a literal
SIDES = ("pytorch", "tensorflow")
FUNCTIONS = ("inputs", *SIDES)  # what a proof consists of
SEEDS = 5  # with how many a program runs whose parity check has OVER_SEEDS
APART = 0.5  # how far the means of a score may be apart at most: it is a share, or an error of that size
RULE = "write OVER_SEEDS = {'accuracy': {'within': 0.03, 'above': 'baseline'}}"


@dataclass(frozen=True)
class SeedRule:
    """What a score has to be over several seeds.

    Attributes:
        within: How far apart the means of both sides may be.
        way: `above` or `below`: on which side of the bar the score has to be with each seed.
        bar: The variable of the program with the bar.
    """

    within: float
    way: str
    bar: str


@dataclass(frozen=True)
class Parity:
    """What a parity check states.

    Attributes:
        title: What it compares: the first line of its docstring.
        rtol: `RTOL`, the relative tolerance; by dtype where None.
        atol: `ATOL`, the absolute tolerance, likewise.
        different: `DIFFERENT`: why a quantity differs, by its name.
        over_seeds: `OVER_SEEDS`: scores in which the sides agree over several seeds, where bits cannot agree.
            `{"accuracy": {"within": 0.03, "above": "baseline"}}` is the program's variable `accuracy` at its end.
            The means of the two sides over `SEEDS` seeds differ by no more than 0.03, and with each seed it is above
            the program's variable `baseline`; `below` is for scores of which less is better.
        varies: `VARIES`: the cells whose output is another one on another CPU, beyond rounding, and why.
        why_not: `WHY_NOT`: why nothing is compared.
    """

    title: str
    rtol: float | None = None
    atol: float | None = None
    different: dict[str, str] = field(default_factory=dict)
    over_seeds: dict[str, SeedRule] = field(default_factory=dict)
    varies: dict[str, str] = field(default_factory=dict)
    why_not: str | None = None


@dataclass(frozen=True)
class Constant:
    """A literal at the top: the file and the line where it stands, its name and its value."""

    where: str
    line: int
    name: str
    value: Any

    def problem(self, what: str, remedy: str) -> Problem:
        return Problem(self.where, what, line=self.line, remedy=remedy)


@functools.lru_cache(maxsize=1024)  # a build asks for it on every page that shows a cell
def parity(where: str, text: str) -> Parity:
    """What the text of a parity check states; `where` is what messages call its file."""
    try:
        tree = source.parse(text)
    except source.Unparsable as error:
        raise Problem(where, error.why, line=error.line, remedy=error.remedy) from None
    assert isinstance(tree, ast.Module)
    title = (ast.get_docstring(tree) or "").strip().partition("\n")[0]
    stated = _stated(where, tree)
    if why_not := stated.pop("WHY_NOT", None):
        _compares_nothing(where, tree)
        if stated:
            other = next(iter(stated.values()))
            raise other.problem(f"{other.name} beside WHY_NOT", "take one of them out: where nothing is compared")
        return Parity(title, why_not=_reason(why_not))
    _uses_the_program(where, tree)
    for line, what, remedy in asked(tree):
        raise Problem(where, what, line=line, remedy=remedy)
    return Parity(
        title,
        rtol=_tolerance(stated.get("RTOL")),
        atol=_tolerance(stated.get("ATOL")),
        different=_reasons(stated.get("DIFFERENT"), "name of a quantity"),
        over_seeds=_rules(stated.get("OVER_SEEDS")),
        varies=_reasons(stated.get("VARIES"), "title of a cell"),
    )


# What is stated -----------------------------------------------------------------------------------


def _stated(where: str, tree: ast.Module) -> dict[str, Constant]:
    """The constants that others read, by name; raises `Problem` where one is no literal, or set in another way."""
    found: dict[str, Constant] = {}
    read: set[int] = set()
    for node in tree.body:
        for target, value in _assigned(node):
            if target.id in STATED and target.id in found:
                remedy = "state it once"
                raise Problem(where, f"a second {target.id}", line=target.lineno, remedy=remedy)
            if target.id in STATED:
                read.add(id(target))
                found[target.id] = Constant(where, node.lineno, target.id, _literal(where, target, value))
    for each in ast.walk(tree):
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load) and id(each) not in read:
            _astray(where, each.id, each)
        elif isinstance(each, (ast.alias, ast.FunctionDef, ast.ClassDef)):
            _astray(where, getattr(each, "asname", None) or each.name, each)
    return found


def _compares_nothing(where: str, tree: ast.Module) -> None:
    """Raises `Problem` for a function beside WHY_NOT: it would be shown as a proof, and never run."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in FUNCTIONS:
            what = f"{node.name} beside WHY_NOT, which says that nothing is compared"
            raise Problem(where, what, line=node.lineno, remedy="take one of them out")


def _assigned(node: ast.stmt) -> Iterator[tuple[ast.Name, ast.expr]]:
    """The names that a statement sets, each with its value: `A = 1`, `A: float = 1`, `A = B = 1`, `A, B = 1, 2`."""
    if isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
        yield node.target, node.value
    for target in node.targets if isinstance(node, ast.Assign) else []:
        if isinstance(target, ast.Name):
            yield target, node.value
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = node.value.elts if isinstance(node.value, (ast.Tuple, ast.List)) else []
            whole = len(values) == len(target.elts) and not any(isinstance(each, ast.Starred) for each in values)
            for at, name in enumerate(target.elts):
                if isinstance(name, ast.Name):
                    yield name, values[at] if whole else node.value


def _literal(where: str, name: ast.Name, value: ast.expr) -> Any:
    for each in (node for node in ast.walk(value) if isinstance(node, ast.Dict)):
        seen: set[object] = set()
        for key in (key for key in each.keys if isinstance(key, ast.Constant)):
            if key.value in seen:  # Python takes the last one, and says nothing
                what = f"{quoted(key.value)} stands twice in {name.id}"
                raise Problem(where, what, line=key.lineno, remedy="state it once")
            seen.add(key.value)
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        what = f"{name.id} is no literal"
        raise Problem(where, what, line=name.lineno, remedy="write it out: it is read, not run") from None


def _uses_the_program(where: str, tree: ast.Module) -> None:
    """Raises `Problem` for a side that never reads the program it gets: of that it proves nothing."""
    for side in tree.body:
        if isinstance(side, ast.FunctionDef) and side.name in SIDES:
            given = [each.arg for each in (*side.args.posonlyargs, *side.args.args)][:1]
            read = {each.id for each in ast.walk(side) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
            if given and given[0] not in read:
                what = f"a proof of nothing: {side.name}() never reads {quoted(given[0])}"
                raise Problem(where, what, line=side.lineno, remedy="compare what the program gives")
            for line, name in constants(tree, side):
                quantity = quoted(name) if name else f"all that {side.name}() returns"
                what = f"a proof of nothing: {quantity} is the same whatever the program does"
                raise Problem(where, what, line=line, remedy="compare what the program gives")


def _astray(where: str, name: str, at: ast.AST) -> None:
    """Raises `Problem` for a name that others read and that is set where nobody reads it, or almost is such a name."""
    line, column = at.lineno, at.col_offset  # type: ignore[attr-defined]
    if name in STATED:
        what, remedy = f"{name} is set where it is not read", f"write {name} = … once, at the top of the file"
        raise Problem(where, what, line=line, remedy=remedy)
    near = difflib.get_close_matches(name.upper()[:LINE], STATED, n=1, cutoff=0.8)
    if near and column == 0 and isinstance(at, ast.Name):
        raise Problem(where, f"{quoted(name)} is read by nobody", line=line, remedy=f"write {near[0]}")


# What each may be ---------------------------------------------------------------------------------


def _tolerance(stated: Constant | None) -> float | None:
    if stated is None:
        return None
    value = stated.value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 <= value <= LOOSEST:
        remedy = f"write {stated.name} = {TOLERANCES[stated.name]}: a number from 0 to {LOOSEST}"
        raise stated.problem(f"{stated.name} is {quoted(value)}", remedy)
    return float(value)


def _reason(stated: Constant) -> str:
    value, remedy = stated.value, f"write {stated.name} = 'why nothing is compared'"
    if not _plain(value, PROSE):
        raise stated.problem(f"{stated.name} is {quoted(value)}", remedy)
    return value


def _reasons(stated: Constant | None, what: str) -> dict[str, str]:
    """Why, by name of a quantity or title of a cell."""
    if stated is None:
        return {}
    given = stated.value
    reasons = given.items() if isinstance(given, dict) and given else [(stated.name, None)]
    if odd := [key for key, why in reasons if not _plain(key, LINE) or not _plain(why, PROSE)]:
        what, thing = f"'{what}': 'the reason'", what.rpartition(" ")[2]
        raise stated.problem(
            f"no {thing} and reason in {quoted(odd[0])}", f"write {stated.name} = {{{what}}}, in plain text"
        )
    return dict(given)


def _plain(value: Any, most: int) -> bool:
    """Whether a value is text that can be read on a page."""
    return isinstance(value, str) and bool(value.strip()) and len(value) <= most and not unseen(value, "")


def _rules(stated: Constant | None) -> dict[str, SeedRule]:
    rules: dict[str, SeedRule] = {}
    if stated is None:
        return rules
    given = stated.value
    for name, rule in given.items() if isinstance(given, dict) and given else [("OVER_SEEDS", None)]:
        what, keys = f"no rule for seeds in {quoted(name)}", set(rule) if isinstance(rule, dict) else set()
        way = next((each for each in ("above", "below") if keys == {"within", each}), None)
        if not (way and _variable(name) and _variable(rule[way]) and name != rule[way]):
            raise stated.problem(what, RULE)
        within = rule["within"]
        if not isinstance(within, float) or not 0 < within <= APART:
            what += f": 'within' is {quoted(within)}, and has to be above 0 and up to {APART}"
            raise stated.problem(what, RULE)
        rules[name] = SeedRule(within, way, rule[way])
    return rules


def _variable(name: Any) -> bool:
    return isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name)
