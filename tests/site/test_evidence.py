"""Guards evidence on a page: a cell has to show, on each side, what is said of it."""

from __future__ import annotations

import pytest

from headtohead.content.evidence import CellEvidence
from headtohead.errors import Problem
from headtohead.site.evidence import check
from headtohead.site.library import Library


def test_a_cell_names_its_side(project):
    """Evidence of TensorFlow's is not looked for in PyTorch's output."""
    project.settle(project.small(), printed={"Show": "2 < 3 & 4\n"})
    library = Library(project.root, project.store)
    check(library, CellEvidence("a/b", "Show", shows_pytorch="2 < 3", agrees="sum", differs="seed"))
    with pytest.raises(Problem, match=r"in_tensorflow\.py: 'Show' no longer prints '2 < 4' in TensorFlow"):
        check(library, CellEvidence("a/b", "Show", shows_pytorch="2 < 3", shows_tensorflow="2 < 4"))
