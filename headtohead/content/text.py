"""Text that people write: which characters can be seen, and how many columns a line takes on a page."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

# Categories of Unicode that show nothing, or change how what stands beside them reads: controls, marks of direction
# and joiners, line and paragraph separators, blanks that are none for Python. https://trojansource.codes
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")  # letters and marks that are drawn as nothing
CALLED = {
    "\0": "null bytes",
    "\t": "a tab",
    "\f": "a form feed",
    "\r": "a carriage return",
    "\ufeff": "a byte order mark",
}
FEW = 20  # brackets that are open at once in a text that is not nested too deep
REMEDIES = {
    "a carriage return": "save it with Unix line endings",
    "a byte order mark": "save it as UTF-8 without one",
}
TAB = 8  # columns, as browsers have it
WIDE = {"W", "F"}  # of East Asian Width: two columns each


def unseen(text: str, allowed: str = "\n") -> tuple[int, str] | None:
    """The first character that cannot be seen, besides blanks and those allowed: its line and what it is called."""
    for number, line in enumerate(text.split("\n"), 1):
        for each in "" if line.isascii() and line.isprintable() else line:
            hidden = each != " " and (unicodedata.category(each) in UNSEEN or each in BLANK)
            if hidden and each not in allowed:
                return number, called(each)
    return None if "\n" in allowed or "\n" not in text else (1, "a line break")


def called(character: str) -> str:
    """What a message calls a character that cannot be seen."""
    if character in CALLED:
        return CALLED[character]
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}, {name or 'a control'}, which cannot be seen"


def columns(line: str) -> int:
    """How many columns of a fixed-width font a line takes; a tab goes on to the next multiple of eight."""
    line = line.expandtabs(TAB)
    if line.isascii():
        return len(line)
    wide = sum(unicodedata.east_asian_width(each) in WIDE for each in line)
    return len(line) + wide - sum(bool(unicodedata.combining(each)) for each in line)


def most_nested(text: str) -> int:
    """About where a text is nested that no parser reads: the line with the most brackets open, or the longest one."""
    lines = text.split("\n")
    opened = [sum(map(line.count, "([{")) - sum(map(line.count, ")]}")) for line in lines]
    depths = list(accumulate(opened))
    deepest = depths if max(depths) > FEW else [len(line) for line in lines]
    return deepest.index(max(deepest)) + 1
