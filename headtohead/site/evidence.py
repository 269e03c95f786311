"""Evidence on a page: what no longer holds ends the build."""

from __future__ import annotations

from headtohead.content.evidence import CellEvidence, Evidence
from headtohead.content.frameworks import SIDES
from headtohead.errors import Problem
from headtohead.site.library import Library
from headtohead.site.pages import Page


def prove(page: Page, name: str, line: int, what: str, given: Evidence) -> None:
    """Raises `Problem` at a line of the file unless all of it still holds."""
    try:
        for each in given:
            if isinstance(each, CellEvidence):
                check(page.library, each)
                page.to_cell(each.cell, each.title)  # and can be seen
    except Problem as problem:
        raise Problem(name, f"{what}: {problem}", line=line) from None


def check(library: Library, evidence: CellEvidence) -> None:
    """Raises `Problem` unless the records show what the evidence says."""
    found = library.topic(evidence.cell)
    if "both" in found.programs:
        raise Problem(found.where, "no evidence: it has no program a side", remedy="name a topic that has both")
    for side in SIDES:
        program, wanted = found.programs[side.name], getattr(evidence, f"shows_{side.name}")
        title = program.cell(evidence.title).title
        if wanted not in library.record(program).cell(title).output:
            what = f"{evidence.title!r} no longer prints {wanted!r} in {side.label}"
            raise Problem(f"snippets/{evidence.cell}/{side.file}", what, remedy="judge anew what rests on it")
    agreement = library.agreement(found) if evidence.agrees or evidence.differs else None
    for name, differ in ((evidence.agrees, False), (evidence.differs, True)):
        same = {row.name: row.differs is None for row in agreement.quantities} if agreement else {}
        if name and same.get(name) is not (not differ):
            what = f"no quantity {name!r} that {'differs' if differ else 'agrees'}"
            raise Problem(found.parity_name, what, remedy="judge anew what rests on it")
