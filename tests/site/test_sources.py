"""Guards the files below `docs/` that are published as they lie: two at one address, and what may lie there."""

from __future__ import annotations

from headtohead.site.sources import faults
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
