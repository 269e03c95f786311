"""Characters that nobody sees, shown as what they are: control characters, marks of direction, blanks without width."""

from __future__ import annotations

import re
from typing import Any

# Unicode's categories Cc (but for tab and line break), Cs and noncharacters, and its property
# Default_Ignorable_Code_Point but for variation selectors, which emoji need. Lines and paragraphs have separators of
# their own, which a browser does not break at.
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
ALWAYS = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
PLANES = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
# What joins two letters or keeps them apart is spelling in some alphabets, and part of emoji; in ASCII it hides.
JOINERS = "\u200c\u200d"
UNSEEN = re.compile(rf"[{ALWAYS}{PLANES}]|(?<![^\x00-\x7f])[{JOINERS}]|[{JOINERS}](?![^\x00-\x7f])")
PICTURES = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {"\x7f": "\u2421"}  # ␀, ␛, ␍


def visible(text: str) -> str:
    """Text in which every character is seen: ␛ for an escape, ⟨U+202E⟩ where Unicode has no picture."""
    return UNSEEN.sub(lambda match: PICTURES.get(match[0]) or f"⟨{named(match[0])}⟩", text)


def all_visible(content: Any) -> Any:
    """What JSON can hold, with every text in it made visible."""
    if isinstance(content, dict):
        return {all_visible(name): all_visible(each) for name, each in content.items()}
    if isinstance(content, list | tuple):
        return [all_visible(each) for each in content]
    return visible(content) if isinstance(content, str) else content


def named(character: str) -> str:
    """What Unicode calls a character by: U+202E."""
    return f"U+{ord(character):04X}"
