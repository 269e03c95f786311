"""Guards what a text may hold: what cannot be seen is found with its line, and columns are those of the page."""

from __future__ import annotations

import pytest

from headtohead.content.text import columns, unseen


@pytest.mark.parametrize(
    ("character", "called"),
    [
        ("\0", "null bytes"),
        ("\t", "a tab"),
        ("\f", "a form feed"),
        ("\v", "U+000B, a control"),
        ("\r", "a carriage return"),
        ("\x1b", "U+001B, a control"),
        ("\x7f", "U+007F, a control"),
        ("\x85", "U+0085, a control"),
        ("\xa0", "U+00A0, no-break space"),
        ("\xad", "U+00AD, soft hyphen"),
        ("\u061c", "U+061C, arabic letter mark"),
        ("\u200b", "U+200B, zero width space"),
        ("\u200d", "U+200D, zero width joiner"),
        ("\u2028", "U+2028, line separator"),
        ("\u202e", "U+202E, right-to-left override"),
        ("\u2066", "U+2066, left-to-right isolate"),
        ("\u2800", "U+2800, braille pattern blank"),
        ("\u3164", "U+3164, hangul filler"),
        ("\ufeff", "a byte order mark"),
        ("\U000e0041", "U+E0041, tag latin capital letter a"),
    ],
)
def test_what_cannot_be_seen_is_found_with_its_line(character, called):
    line, what = unseen(f"one\nt{character}wo\nthree")
    assert (line, what.removesuffix(", which cannot be seen")) == (2, called)


@pytest.mark.parametrize("text", ["", "a b\n", "größe – 3 × 4 ≤ “x” …", "日本語", "é", "😀", "<b>&\"'\\"])
def test_what_can_be_seen_may_stand(text):
    assert unseen(text) is None


def test_a_line_break_is_told_where_there_may_be_none():
    assert unseen("a\nb", "") == (1, "a line break")


@pytest.mark.parametrize(
    ("line", "wide"), [("abc", 3), ("größe", 5), ("日本", 4), ("e\u0301", 1), ("", 0), ("\ta", 9), ("ab\ta", 9)]
)
def test_columns_are_those_of_a_fixed_width_font(line, wide):
    assert columns(line) == wide
