"""Guards the files below `docs/` that are published as they lie: two at one address, and what may lie there."""

from __future__ import annotations

import os

import pytest

from headtohead.site.sources import faults, hiding
from tests.support.texts import SVG


def test_two_pages_at_one_address_are_told(project):
    """Also where many file systems hold both for one."""
    uris = ["a/b.md", "a/B.md", "a/b/index.md", "a/c.md", "index.md", "a/index.md"]
    project.write({f"docs/{uri}": "# A\n" for uri in uris})
    assert [str(problem) for _, problem in faults(project.root, uris)] == [
        "docs/a/B.md: the same address as docs/a/b.md; rename one of them",
        "docs/a/b/index.md: the same address as docs/a/b.md; rename one of them",
    ]


def test_what_runs_nothing_may_lie_there(project):
    files = {
        "docs/a.svg": SVG,
        "docs/b.js": "alert(1)",
        "docs/c.toml": "",
        "docs/d.png": b"\x89PNG\xff",
        "docs/e.md": "",
    }
    project.write(files)
    assert list(faults(project.root, [name.removeprefix("docs/") for name in files])) == []


NAMES = {
    "a blank": ("a b.md", "'a b.md' is no name of a page; rename it: letters, digits, _ and - make an address"),
    "a hash": ("a#b.md", "'a#b.md' is no name of a page"),
    "a percentage": ("a%41.md", "'a%41.md' is no name of a page"),
    "a quotation mark": ('a"onclick=x.md', "'a\"onclick=x.md' is no name of a page"),
    "a mark of direction": ("a\u202eb.md", "'a\\u202eb.md' is no name of a page"),
    "a line break": ("a\nb.md", "'a\\nb.md' is no name of a page"),
    "a dot": ("a.b.md", "'a.b.md' is no name of a page"),
    "a tag in a folder": ("<i>/a.md", "'<i>/a.md' is no name of a page"),
    "no UTF-8": (os.fsdecode(b"\xff.md"), "'\\udcff.md' is no name of a page"),
    "a blank in a file": ("assets/a b.png", "'assets/a b.png' is no name of a file"),
    "another kind": ("a.php", "a file of another kind, '.php'; take it away: pages end with .md, and files with .toml"),
    "a kind that runs": ("a.xsl", "a file of another kind, '.xsl'"),
    "a kind in capitals": ("x.MD", "a file of another kind, '.MD'"),
    "a page in capitals": ("x.HTML", "a file of another kind, '.HTML'"),
    "no kind": ("id_rsa", "a file without a kind"),
    "what an editor left": ("a.md~", "a file of another kind, '.md~'"),
    "the search": ("search/search_index.json", "in a folder of the site that a build fills; put it into another"),
    "a program": ("programs/a/b.json", "in a folder of the site that a build fills"),
    "the map": ("migrate/api.json", "in the place of a file that a build puts there; rename it"),
    "a picture": ("a.svg", "a picture that is no SVG; take that out"),
}


@pytest.mark.parametrize(("uri", "told"), NAMES.values(), ids=NAMES)
def test_what_is_no_name_and_no_kind_is_told(project, uri, told):
    project.write({f"docs/{uri}": "<a/>"})
    ((_, problem),) = faults(project.root, [uri])
    assert problem.what + (f"; {problem.remedy}" if problem.remedy else "") == str(problem).partition(": ")[2]
    assert str(problem).partition(": ")[2].startswith(told)
    assert "\n" not in str(problem)


def test_a_file_in_the_place_of_one_of_the_theme_is_told(project, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/a.js").touch()
    ((uri, problem),) = hiding(["assets/a.js", "assets/b.js"], [str(tmp_path)])
    assert uri == "assets/a.js"
    assert str(problem) == "docs/assets/a.js: in the place of a file that a build puts there; rename it"
