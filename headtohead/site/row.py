"""A row of the API map in words: what running both sides showed."""

from __future__ import annotations

from headtohead.content.rows import Row
from headtohead.records.model import Measurement
from headtohead.site.html import figure


def measured(row: Row, ran: Measurement) -> list[str]:
    """What running both gave, in a line: how far apart, gradients, dtypes; then the edges where the two part."""
    off = figure(ran.absolute)
    if row.random:
        return ["; ".join([f"{_shape(ran)} drawn", f"distributions apart by {off}", *_also(ran)])]
    compared = f"{ran.steps} steps" if ran.steps else _shape(ran)
    parts = [f"{compared}, off by {off}" if ran.absolute else f"{compared}, equal"]
    if ran.gradient and ran.gradient.why:
        parts.append(f"gradient not compared: {ran.gradient.why}")
    elif ran.gradient and ran.gradient.off:
        parts.append("gradient too")
    parts += [f"{a} here, {b} there" for a, b in sorted({(a, b) for a, b in ran.dtype if a != b})]
    told = [f"not on {name}: {why}" for name, why in ran.sets.parted.items()]
    told += [f"{name}: {' · '.join(both)}" for name, both in ran.edges.items() if both]
    return ["; ".join([*parts, *_also(ran)]), *told]


def _also(ran: Measurement) -> list[str]:
    """On how many other sets of inputs a row holds, of those that have something else for it."""
    tried = len(ran.sets.held) + len(ran.sets.parted) + len(ran.sets.unrun)
    return [f"also on {len(ran.sets.held)} of {tried} other inputs"] if tried else []


def _shape(ran: Measurement) -> str:
    shape = ran.shape[0] if ran.shape else []
    return " × ".join(map(str, shape)) or "a number"
