"""Directives: what each is called on a page, which options it takes, and the view that it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headtohead.site import (
    api_map,
    claims,
    comparisons,
    differences,
    installs,
    mistakes,
    mutants,
    questions,
    releases,
    runs,
    versions,
)
from headtohead.site.html import Heading

Parts = str | list[str | Heading]


@dataclass(frozen=True)
class View:
    """What a directive becomes.

    Attributes:
        show: Gives the HTML of it on a page, from what stands behind the bar and its options.
        options: The options that it takes.
        takes: Whether anything may stand behind the bar.
    """

    show: Callable[..., Parts]
    options: frozenset[str] = frozenset()
    takes: bool = True


VIEWS = {
    "compare": View(comparisons.compare, frozenset({"cell"})),
    "install": View(installs.install),
    "record": View(runs.record),
    "records": View(runs.records),
    "mutants": View(mutants.mutants, takes=False),
    "releases": View(releases.releases, takes=False),
    "versions": View(versions.shown),
    "api": View(api_map.shown),
    "differences": View(differences.shown),
    "errors": View(mistakes.shown),
    "claims": View(claims.claims, takes=False),
    "which": View(questions.which, takes=False),
}
