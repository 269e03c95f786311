"""Guards sealed files: what a hand edited or what is not whole is no record, and everyone may read one."""

from __future__ import annotations

import hashlib

import pytest

from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.sealed import sha256
from tests.support.records import REMEDY, left
from tests.support.texts import SVG

# Each: what happens to the text of a record, and what is said about it.
EDITS = {
    "a number": (
        lambda text: text.replace('"date": "2026', '"date": "2025').replace("1e-05", "2e-05"),
        "edited by hand",
    ),
    "half of it": (lambda text: text[: len(text) // 2], "not a whole record"),
    "all of it": (lambda text: "", "not a whole record"),
    "its seal": (lambda text: text.replace('"seal"', '"deal"'), "not a whole record"),
    "another value": (lambda text: "1.5", "not a whole record"),
    "a list": (lambda text: "[]", "not a whole record"),
    "its line endings": (
        lambda text: text.replace("\n", "\r\n"),
        "edited by hand: the same content, otherwise written",
    ),
    "its blanks": (lambda text: text.replace(": ", ":  ", 1), "edited by hand: the same content, otherwise written"),
    "its escapes": (lambda text: text.replace("a/b", "a\\u002fb", 1), "edited by hand: the same content, otherwise"),
    "its end": (lambda text: f"{text}\n", "edited by hand: the same content, otherwise written"),
    "a name twice": (lambda text: text.replace('"topic"', '"topic": "c/d", "topic"', 1), "not a whole record"),
}


@pytest.mark.parametrize(("edit", "what"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("name", ["pytorch", "agreement"])
def test_an_edited_or_torn_record_is_a_problem(project, name, edit, what):
    found = project.small()
    path = project.settle(found).path("a/b", name)
    path.write_bytes(edit(path.read_text()).encode())
    with pytest.raises(Problem, match=f"^records/cpu/a/b/{name}.json: {what}.*{REMEDY}"):
        freshness.program(project.store, left(found)) if name == "pytorch" else freshness.agreement(
            project.store, found
        )


def test_records_are_readable_by_everyone(project):
    folder = project.settle(project.small(), drawn=SVG).path("a/b", "pytorch").parent
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


def test_a_hash_is_sha256sum_of_one_part_and_tells_parts_apart():
    assert sha256(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert len({sha256(b"ab", b"c"), sha256(b"a", b"bc"), sha256(b"abc", b""), sha256(b"abc")}) == 4
