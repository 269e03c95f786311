"""Guards what nobody sees: each such character is shown as what it is, and what is seen stays as it is."""

from __future__ import annotations

import unicodedata

import pytest

from headtohead.site.unseen import all_visible, named, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[31mred\x08 10%\r20%\u202e", "a␀b␛[31mred␈ 10%␍20%⟨U+202E⟩"),
        ("\x02amp\x03lt; \x02wzxhzdk:0\x03", "␂amp␃lt; ␂wzxhzdk:0␃"),
        ("one\r\ntwo\x0b\x0c\x7f\x85", "one␍\ntwo␋␌␡⟨U+0085⟩"),
        ("ad\u200bmin \ufeff\u2028 \u2066x\u2069 \ud800 \uffff \U000e0041", None),
        ("a\u200cb \u200d1 \u200c", "a⟨U+200C⟩b ⟨U+200D⟩1 ⟨U+200C⟩"),
    ],
)
def test_a_character_that_nobody_sees_is_shown(text, shown):
    made = visible(text)
    if shown is not None:
        assert made == shown
    assert visible(made) == made
    assert all(character.isprintable() or character == "\n" for character in made)


@pytest.mark.parametrize(
    "text", ["", "a\tb\n", "é 日本語 עברית ❤️", "می\u200cخواهم", "👩\u200d💻", "␛ ⟨U+202E⟩", "x\u00a0y"]
)
def test_what_is_seen_stays_as_it_is(text):
    assert visible(text) == text


def test_no_control_and_no_mark_of_direction_is_left():
    """By Unicode's own tables: controls, format characters, separators, surrogates; but a few signs are drawn."""
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    for code in set(range(0x110000)) - drawn - {ord("\t"), ord("\n")}:
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
            assert visible(chr(code)) != chr(code), hex(code)


def test_json_is_made_visible_all_through():
    assert all_visible({"\x1b": ["\x00", {"a": "\u202e"}, 1, None]}) == {"␛": ["␀", {"a": "⟨U+202E⟩"}, 1, None]}


def test_a_character_is_called_as_unicode_calls_it():
    assert [named("\u200b"), named("\x00"), named("\U000e0041")] == ["U+200B", "U+0000", "U+E0041"]
