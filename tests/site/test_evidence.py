"""Guards evidence on a page: a cell has to show, on each side, what is said of it."""

from __future__ import annotations

import pytest

from headtohead.content.evidence import CellEvidence
from headtohead.errors import Problem
from headtohead.site.evidence import check
from headtohead.site.library import Library
from tests.support.texts import LEFT


def test_a_cell_names_its_side(project):
    """Evidence of TensorFlow's is not looked for in PyTorch's output."""
    project.settle(project.small(), printed={"Show": "2 < 3 & 4\n"})
    library = Library(project.root, project.store)
    check(library, CellEvidence("a/b", "Show", shows_pytorch="2 < 3", agrees="sum", differs="seed"))
    with pytest.raises(Problem, match=r"in_tensorflow\.py: 'Show' no longer prints '2 < 4' in TensorFlow"):
        check(library, CellEvidence("a/b", "Show", shows_pytorch="2 < 3", shows_tensorflow="2 < 4"))


def test_a_topic_with_one_program_for_both_is_no_evidence(project):
    project.settle(project.small({"in_both.py": LEFT}), printed={"Show": "2 < 3\n"})
    library = Library(project.root, project.store)
    with pytest.raises(Problem, match=r"^snippets/a/b: no evidence: it has no program a side; name a topic that has"):
        check(library, CellEvidence("a/b", "Show", shows_pytorch="2 < 3"))
