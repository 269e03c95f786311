"""Guards the reading of data files: an entry in any form of TOML is there with its line, or one line says why."""

from __future__ import annotations

import pytest

from headtohead.content.toml_file import load
from headtohead.errors import Problem

THREE = "title = 'A'\n{}\nid = 1\n\n{}\nid = 2\n{}\nid = 3\n"


def loaded(tmp_path, text: str | bytes, *tables: str):
    path = tmp_path / "a.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load(path, "x/a.toml", *(tables or ("row",)))


@pytest.mark.parametrize(
    "head",
    ["[[row]]", "[[row]]  # a note", "[[ row ]]", "  [[row]]", '[["row"]]', "[['row']]#", "[[row]]\t", "[[row]]\r"],
)
def test_every_entry_is_there_with_its_line_however_its_head_is_written(tmp_path, head):
    rest, entries = loaded(tmp_path, THREE.format("[[row]]", head, "[[row]]"))
    assert rest == {"title": "A"}
    assert entries == [("row", {"id": 1}, 2), ("row", {"id": 2}, 5), ("row", {"id": 3}, 7)]


@pytest.mark.parametrize(
    "text",
    [
        'about = """\n[[row]]\n"""\n[[row]]\nid = 1\n',
        "about = '''\n[[row]]\n''''\n[[row]]\nid = 1\n",
        'about = """\n\\"""\n[[row]]\n"""\n[[row]]\nid = 1\n',
        'about = [\n[["row"]]\n]\n[[row]]\nid = 1\n',
        'about = "it is # no comment"\n# about = """\n[[row]]\nid = 1\n',
        "about = \"a '''\"\n[[row]]\nid = 1\n",
    ],
)
def test_what_only_looks_like_a_head_is_none(tmp_path, text):
    _, entries = loaded(tmp_path, text)
    line = text.rpartition("[[row]]")[0].count("\n") + 1
    assert entries == [("row", {"id": 1}, line)]


def test_two_tables_keep_the_order_of_the_file(tmp_path):
    _, entries = loaded(tmp_path, "[[one]]\na = 1\n[[two]]\n[[one]]\na = 2\n", "one", "two")
    assert [(table, line) for table, _, line in entries] == [("one", 1), ("two", 3), ("one", 4)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = 'A'\n[row]\nid = 1\n", "x/a.toml:2: 'row' is written in another way; write each row below a line"),
        ("title = 'A'\nrow = [{id = 1}]\n", "x/a.toml:2: 'row' is written in another way"),
        ("row = 5\n", "x/a.toml:1: 'row' is written in another way"),
        ("[[row]]\nid = \n", "x/a.toml:2: not TOML: "),
        ("[[row]]\nid" + ".a" * 100_000 + " = 1", "x/a.toml:2: nested too deep to be read"),
        ("[[row]]\n[row.'a'" + ".'a'" * 50_000 + "]", "x/a.toml:2: nested too deep to be read"),
        ("[[row]]\nid = 1" + "0" * 5000, "x/a.toml:2: a number of too many digits; write one of at most 18 digits, or"),
        ('[[row]]\nid = """', "x/a.toml:2: not TOML: "),
        ("[[row]]\nid = 2025-13-01\n", "x/a.toml:2: not TOML: "),
        ("[[row]]\nid = 1\nid = 2\n", "x/a.toml:3: not TOML: "),
        ("[[row]]\nid = '\0'\n", "x/a.toml:2: null bytes; "),
        ("[[row]]\nid = '\u202e'\n", "x/a.toml:2: U+202E, right-to-left override, which cannot be seen; write it as"),
        ("\ufeff[[row]]\n", "x/a.toml:1: a byte order mark; "),
        (b"[[row]]\nid = '\xff'\n", "x/a.toml:2: not valid UTF-8; save it as UTF-8"),
        ("[[row]]\nid = " + "[" * 5000 + "]" * 5000, "x/a.toml:2: nested too deep to be read"),
    ],
)
def test_anything_else_is_told_in_one_line(tmp_path, text, told):
    with pytest.raises(Problem) as caught:
        loaded(tmp_path, text)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_told_with_those_that_are(tmp_path):
    (tmp_path / "b.toml").touch()
    with pytest.raises(Problem, match=r"x/a.toml: no such area; there are b"):
        load(tmp_path / "a.toml", "x/a.toml", "row", what="area")
