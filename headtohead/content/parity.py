"""Parity checks: what `parity.py` of a topic states as literals at its top, read and not run."""

from __future__ import annotations

import ast
import contextlib
import functools
from dataclasses import dataclass, field
from typing import Any

from headtohead.errors import Problem

STATED = {"RTOL", "ATOL", "DIFFERENT", "OVER_SEEDS", "VARIES", "WHY_NOT"}  # what has to be a literal
SEEDS = 5  # with how many a program runs whose parity check has OVER_SEEDS


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


@functools.lru_cache(maxsize=1024)  # a build asks for it on every page that shows a cell
def parity(where: str, text: str) -> Parity:
    """What the text of a parity check states; `where` is what messages call its file."""
    stated = _literals(where, text)
    title = str(stated.get("__doc__", "")).partition("\n")[0]
    if stated.get("WHY_NOT") is not None:  # nothing else counts
        return Parity(title, why_not=_is(where, stated, "WHY_NOT", str, "'why nothing is compared'"))
    return Parity(
        title,
        rtol=_is(where, stated, "RTOL", (float, int), "1e-5"),
        atol=_is(where, stated, "ATOL", (float, int), "1e-6"),
        different=_reasons(where, stated.get("DIFFERENT", {}), "DIFFERENT", "name of a quantity"),
        over_seeds=_rules(where, stated.get("OVER_SEEDS", {})),
        varies=_reasons(where, stated.get("VARIES", {}), "VARIES", "title of a cell"),
    )


def _literals(where: str, text: str) -> dict[str, Any]:
    """Every literal at the top, by name; raises `Problem` where one that is read by others is none."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise Problem(where, f"syntax error: {error.msg}", line=error.lineno) from None
    found: dict[str, Any] = {"__doc__": (ast.get_docstring(tree) or "").strip()}
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Assign) else []:
            names = [each.id for each in getattr(target, "elts", [target]) if isinstance(each, ast.Name)]
            with contextlib.suppress(ValueError, TypeError):
                value = ast.literal_eval(node.value)  # type: ignore[attr-defined]
                found |= zip(names, [value] if isinstance(target, ast.Name) else value)
                continue
            if odd := STATED.intersection(names):
                raise Problem(where, f"{min(odd)} is no literal", line=node.lineno, remedy="it is read, not run")
    return found


def _is(where: str, stated: dict[str, Any], name: str, kind: type | tuple[type, ...], example: str) -> Any:
    value = stated.get(name)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool) or value == ""):
        raise Problem(where, f"{name} is {value!r}", remedy=f"write {name} = {example}")
    return value


def _reasons(where: str, found: Any, name: str, what: str) -> dict[str, str]:
    reasons = found.items() if isinstance(found, dict) else [(name, None)]
    if odd := [key for key, why in reasons if not isinstance(why, str) or not why]:
        thing = what.rpartition(" ")[2]
        raise Problem(
            where, f"no {thing} and reason in {odd[0]!r}", remedy=f"write {name} = {{'{what}': 'the reason'}}"
        )
    return found


def _rules(where: str, found: Any) -> dict[str, SeedRule]:
    rules = {}
    for name, rule in found.items() if isinstance(found, dict) else [("OVER_SEEDS", None)]:
        ways = {"above", "below"} & set(rule) if isinstance(rule, dict) else set()
        within = rule.get("within") if ways else None
        if len(ways) != 1 or set(rule) != {"within", *ways} or not isinstance(within, float) or within <= 0:
            remedy = "write OVER_SEEDS = {'accuracy': {'within': 0.03, 'above': 'baseline'}}"
            raise Problem(where, f"no rule for seeds in {name!r}", remedy=remedy)
        way = ways.pop()
        rules[name] = SeedRule(within, way, str(rule[way]))
    return rules
