"""Guards the reading of a page's lines: what is code, and what was meant as a directive and is none."""

from __future__ import annotations

import pytest

from headtohead.site.directives import VIEWS
from headtohead.site.lines import Almost, Code, behind, directives

ALMOST = Almost(VIEWS)


@pytest.mark.parametrize(
    "line",
    [
        "> /// compare | a/t",
        ">/// compare | a/t",
        "> > - /// compare | a/t",
        "| /// compare | a/t |",
        "- /// compare | a/t",
        "1. /// compare | a/t",
        "# /// compare | a/t",
        "Text /// compare | a/t",
        "**/// records**",
        "<div>/// compare | a/t",
        r"\/// compare | a/t",
        "// compare | a/t",
        "> // records",
        "//compare | a/t",
        "// Compare | a/t",
        "/ compare | a/t",
        "/records",
        "／／／ compare | a/t",
        "//／ compare | a/t",
        "∕∕∕ compare | a/t",
        "///／ compare | a/t",
        "`code` /// compare | a/t",
        "[a](///b)",
    ],
)
def test_a_line_that_was_meant_as_a_directive(line):
    assert ALMOST.found(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "either / or, 1 // 2, a/compare/b",
        "`/// compare | a/t`",
        "``a ` /// compare`` and `// records`",
        "https://record.example.org/ and file:///compare",
        "[a](//api.example.org/x)",
        "| a / record | b |",
        "See //comparing",
        "compare | a/t",
        "http://a.org//records.html",
    ],
)
def test_a_line_that_is_prose(line):
    assert not ALMOST.found(line)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\n```\nb\n```\nc", "01110"),
        ("````\n```\n````\nc", "1110"),
        ("~~~ text\n```\n~~~\nc", "1110"),
        ("> ```text\n> b\n> ```\n> c", "1110"),
        ("    ```\n    b\n    ```\nc", "1110"),
        ("```\n> ```\n```\nc", "1110"),
        ("```x``` is code\nb", "00"),
        ("```\nb", "11"),
        ("a\n<!--\n/// compare\n```\n-->\nb", "011110"),
        ("<!-- a -->\nb\n<!-- a\n\nb --> c\nd", "101110"),
        ("```\n<!--\n```\nb", "1110"),
        ("<!-- a --!>\nb\n<!-- a\nb --!>\nc", "10110"),
        ("    ```\n    b\n\nc\n\n    ```\n    b", "1110011"),
        ("- a\n\n    ```\n    b\n\n    ```\nc", "0011110"),
    ],
)
def test_fences_hold_code(text, code):
    following = Code()
    assert "".join("01"[following.holds(line)] for line in text.split("\n")) == code


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("/// compare | a/c\ncell: One\n///\nb", 3),
        ("/// compare | a/c\n\nprose\n///\nb", 4),
        ("/// compare | a/c\nb", 2),
        ("///\n/// compare | a/c\n///", 1),
        ("> /// compare | a/c\n> cell: One\n>\n> ///\nb", 4),
        ("// compare | a/c\n//\nb", 2),
        ("／／／ compare\n／／／\nb", 2),
        ("| /// compare | a/c |\nb\n///", 1),
    ],
)
def test_what_was_meant_as_one_directive_is_one_fault(text, index):
    assert behind(text.split("\n"), 0) == index


def test_the_directives_of_another_page_are_read_as_they_stand():
    text = "# A\n\n/// compare | a/b\ncell: Show\n///\n```\n/// record | a/c\n///\n```\n"
    text += "/// record | a/b\n\n///\n/// records"
    assert list(directives(text)) == [
        ("compare", "a/b", {"cell": "Show"}),
        ("record", "a/b", {}),
        ("records", "", {}),
    ]
