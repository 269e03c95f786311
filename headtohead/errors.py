"""The one kind of error a user of this project meets: a place, what is wrong, what to do, in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

LONGEST = 600  # characters of what is wrong: a screen's width a few times; a message may quote what somebody wrote


class Problem(Exception):
    """Something a person has to mend, told in one line.

    Whatever it quotes, it stays one line: what cannot be seen is written as an escape, and what is long is cut.

    Args:
        where: The file, relative to the repository root where it can be.
        what: What is wrong, as a clause without a full stop.
        line: The 1-based line in that file, if there is one.
        remedy: What to do about it, as a clause without a full stop.
    """

    def __init__(self, where: str | Path, what: str, *, line: int | None = None, remedy: str = ""):
        self.where, self.what = shortened(seen(where)), shortened(seen(what))
        self.line, self.remedy = line, seen(remedy)
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")


QUOTED = 60  # characters of a value that a message quotes
Tell = Callable[[Problem], None]  # who collects problems, so that one does not hide the others


def seen(text: object) -> str:
    """A text in which each character can be seen: a line break, a control or half a character is its escape."""
    text = str(text)
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def shortened(text: str, most: int = LONGEST) -> str:
    """A text without its middle where it is long."""
    half = (most - 3) // 2
    return text if len(text) <= most else f"{text[:half]} … {text[-half:]}"


def quoted(value: object) -> str:
    """A value as a message quotes it: the beginning and the end of a long one."""
    try:
        return shortened(repr(value), QUOTED)
    except ValueError:  # a whole number of more digits than Python writes
        return "a very large number"
