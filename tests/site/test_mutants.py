"""Guards the table of mutants: its numbers are those that are kept, survivors are listed, a changed program is told."""

from __future__ import annotations

from headtohead.records import mutants
from headtohead.records.mutants import Mutation, Tried
from tests.support.pages import shown

NOTICED = Mutation("x = 1", "number", "1 became 2", "the output of 'One'")
SURVIVED = Mutation("y = f(a < b, 3)", "number", "3 became 4", moved="nothing moved at all")
NONE = Mutation("z = 5", "number", "5 became 6", moved="nothing moved at all", equal="nobody reads it")


def test_the_table_of_mutants(project):
    topic = project.small()
    project.settle(topic)
    each = topic.programs
    tried = {
        each[side].name: Tried(*mutants.hashes(each[side]), "2026-12-01", found)
        for side, found in {"pytorch": [NOTICED, NOTICED, SURVIVED], "tensorflow": [NOTICED, NONE]}.items()
    }
    mutants.write(project.store, tried)
    page = shown(project.root, "/// mutants\n///\n")
    said = " ".join(page.select_one("p").get_text().split())
    assert said == "3 of 4 changes were noticed, 75.0 %, in 1 of 1 topics."
    cells = [cell.get_text().strip() for cell in page.select(".h2h-mutants tbody tr > *")]
    assert cells == ["a/b", "3 of 4", "1", "y = f(a < b, 3): 3 became 4"]
    file = project.file("a/b", "in_pytorch.py")
    file.write_text(file.read_text() + "# More.\n")
    cells = [cell.get_text() for cell in shown(project.root, "/// mutants\n///\n").select("tbody td")]
    assert cells == ["not tried as it stands"]
