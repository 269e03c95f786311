"""Guards the files below `docs/` that are published as they lie: two at one address, and what may lie there."""

from __future__ import annotations

import os

import pytest

from headtohead.site.sources import faults, hiding, links, templates
from tests.support.texts import SVG

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\1IDAT....." + b"\0\0\0\0IEND\xaeB`\x82"
OTHERS = {
    "a page for a picture": (
        "a.png",
        b"<script>alert(1)</script>",
        "a file that is no PNG, or half of one, or more; save",
    ),
    "half a picture": ("a.png", PNG[:-6], "a file that is no PNG"),
    "a page behind a picture": ("a.png", PNG + b"<script>", "a file that is no PNG"),
    "an empty photograph": ("a.jpg", b"", "a file that is no JPEG"),
    "another picture": ("a.webp", PNG, "a file that is no WebP"),
    "an icon of nothing": ("a.ico", b"\0\0\1\0\1\0" + b"\xff" * 16, "a file that is no icon"),
    "half a font": ("a.woff2", b"wOF2\0\0\0\0\0\0\1\0", "a file that is no WOFF2"),
    "half a value": ("a.json", b'{"a": ', "a file that is not JSON"),
    "half a table": ("a.toml", b"[a", "a file that is not TOML"),
    "another encoding": ("a.js", b"'\xff'", "a file that is not UTF-8"),
    "a giant": ("a.png", bytes(20_000_001), "has 20,000,001 bytes, and 20,000,000 are read; make it smaller"),
}


@pytest.mark.parametrize(("uri", "data", "told"), OTHERS.values(), ids=OTHERS)
def test_a_file_that_is_not_what_its_name_says_is_told(project, uri, data, told):
    project.write({f"docs/{uri}": data})
    ((_, problem),) = faults(project.root, [uri])
    assert str(problem).startswith(f"docs/{uri}: {told}")


def test_two_pages_at_one_address_are_told(project):
    """Also where many file systems hold both for one."""
    uris = ["a/b.md", "a/B.md", "a/b/README.md", "a/b/index.md", "a/c.md", "index.md", "a/index.md"]
    project.write({f"docs/{uri}": "# A\n" for uri in uris})
    assert [str(problem) for _, problem in faults(project.root, uris)] == [
        "docs/a/B.md: the same address as docs/a/b.md; rename one of them",
        "docs/a/b/README.md: the same address as docs/a/b.md; rename one of them",
        "docs/a/b/index.md: the same address as docs/a/b.md; rename one of them",
    ]


def test_what_runs_nothing_may_lie_there(project):
    files = {
        "docs/a.svg": SVG,
        "docs/b.js": "alert(1)",
        "docs/c.toml": "",
        "docs/d.png": PNG,
        "docs/e.md": "# A\n",
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
    "the search": ("search/entries.json", "in a folder of the site that a build fills; put it into another"),
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


@pytest.mark.parametrize("text", ["", "\n \t\n", "\ufeff\r\n"])
def test_a_page_of_nothing_is_told(project, text):
    project.write({"docs/a.md": text})
    ((_, problem),) = faults(project.root, ["a.md"])
    assert str(problem) == "docs/a.md: an empty page; write it, or take it away"


def test_beside_templates_lies_nothing_that_would_be_published(project):
    project.write({"overrides/main.html": "{% block a %}{% endblock %}", "overrides/a/b.html": "\n{% if %}"})
    project.write({"overrides/c.htm": "", "overrides/d.svg": SVG})
    assert sorted(map(str, templates(project.root))) == [
        "overrides/a/b.html:2: no template: Expected an expression, got 'end of statement block'; correct it, as Jinja "
        "has it",
        "overrides/c.htm: no template: it would be published as it is; put it below docs/",
        "overrides/d.svg: no template: it would be published as it is; put it below docs/",
    ]
    (project.root / "overrides/e.txt").symlink_to("/etc/passwd")
    assert [each.where for each in links(project.root)] == ["overrides/e.txt"]
