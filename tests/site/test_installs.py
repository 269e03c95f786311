"""Guards what a page says is needed: one command a side, of what ran, and what the system has to have besides."""

from __future__ import annotations

import dataclasses

from headtohead.content.topics import topic
from headtohead.records import freshness
from headtohead.site.installs import need
from tests.support.pages import shown
from tests.support.records import left
from tests.support.texts import LEFT

NEEDS = '"""Show a sum.\n\nNeeds g++ on the PATH: it compiles.\nNeeds the package scikit-learn, by name.\n"""'


def test_a_page_says_what_to_install(project):
    project.settle(project.small())
    soup = shown(project.root, "/// install | a/b\n///\n")
    one, other = (code.get_text() for code in soup.select(".h2h-install pre code"))
    assert one == "pip install torch==2.13.0 numpy==2.4.6"
    assert other == "pip install tensorflow==2.21.0 keras==3.15.1 numpy==2.4.6"
    assert "2>/dev/null" in soup.get_text()


def test_what_is_needed_and_not_imported_is_named_in_the_docstring(project):
    found = project.small()
    project.settle(found)
    record = freshness.program(project.store, left(found))
    project.write({"snippets/a/b/in_pytorch.py": LEFT.replace('"""Show a sum."""', NEEDS)})
    record = dataclasses.replace(record, versions=record.versions | {"scikit-learn": "1.9.1"})
    made = need(left(topic(project.root, "a/b")), record)
    assert made.system == ("g++",)
    assert made.pip == "pip install torch==2.13.0 numpy==2.4.6 scikit-learn==1.9.1"
