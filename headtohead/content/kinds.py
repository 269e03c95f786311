"""Kinds of values that people write in data files: what each may be beyond its type, with the reason of each bound.

title: Line             a field of a data class states its kind, and `headtohead.content.build` holds it to that
"""

from __future__ import annotations

import datetime
import keyword
import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from headtohead.content.inputs import ABOUT_SETS
from headtohead.content.source import odd_name
from headtohead.content.text import unseen
from headtohead.content.tolerances import LOOSEST
from headtohead.errors import quoted

Check = Callable[[Any], None]  # raises `ValueError` with what is wrong, as the end of a sentence

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TOPIC = re.compile(r"[\w-]+(/[\w-]+)*")  # a folder below snippets/, and an address: no dots, blanks or brackets
DOTTED = re.compile(r"(torch|keras|tf)(\.[^\W\d]\w*)+", re.ASCII)
DATE = re.compile(r"(?P<read>read )?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?", re.ASCII)
# A name of the public system of names, in ASCII: letters of two alphabets look alike. (RFC 1123, 2.1; RFC 5890)
HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII)
NEAR = (".local", ".localhost", ".internal", ".invalid", ".test", ".onion", ".arpa")  # RFC 6761, 6762, 7686, 9476
EARLIEST = 1943  # of a source: the first paper on neural networks, by McCulloch and Pitts
LINE = 200  # characters of a heading or a label: two lines on a page
PROSE = 1_000  # of a paragraph in a cell of a table
EXPRESSION = 300  # of a line of code in a cell of a table
ADDRESS = 500  # of an address: three times the longest here
LINES = 60  # of a program in a data file: one that fits on a screen
PLACES = 99  # in the order of a list


def _text(most: int, allowed: str = "") -> Check:
    """Text of at most so many characters that can all be seen."""

    def check(value: str) -> None:
        if value != value.strip():
            raise ValueError("begins or ends with a blank")
        if found := unseen(value, allowed):
            raise ValueError(f"holds {found[1]}")
        if len(value) > most:
            raise ValueError(f"has {len(value):,} characters, and {most:,} fit")

    return check


def _shown(value: str) -> None:
    """Part of what a program prints: blanks and line breaks count."""
    if found := unseen(value):
        raise ValueError(f"holds {found[1]}")
    if len(value) > PROSE:
        raise ValueError(f"has {len(value):,} characters, and {PROSE:,} fit")


def _code(value: str) -> None:
    if found := unseen(value, "\n\t"):
        raise ValueError(f"holds {found[1]}, in line {found[0]}: write it as an escape")
    if odd := odd_name(value):
        raise ValueError(f"has the name {quoted(odd[1])} in line {odd[0]}, which is not ASCII: write names in ASCII")
    if (count := value.strip("\n").count("\n") + 1) > LINES:
        raise ValueError(f"has {count:,} lines, and {LINES} fit")


def _id(value: str) -> None:
    if not ID.fullmatch(value):
        raise ValueError("is no id: lower-case words with hyphens between them")


def _topic(value: str) -> None:
    if not TOPIC.fullmatch(value):
        raise ValueError("is no topic: a folder below snippets/, as training/training_loop")


def _dotted(value: str) -> None:
    if not DOTTED.fullmatch(value) or any(map(keyword.iskeyword, value.split("."))):
        raise ValueError("is no name of a framework: write it in full, as torch.nn.Linear, keras.ops.add or tf.add")


def public(host: str) -> bool:
    """Whether a host has a name by which everybody reaches it."""
    return bool(HOST.fullmatch(host)) and not host.endswith(NEAR)


def _address(value: str) -> None:
    """An address that a reader can follow: no other scheme runs, asks for a password or stays on one machine."""
    try:
        parts = urlsplit(value)
        host, odd = parts.hostname or "", parts.username is not None or parts.port is not None
    except ValueError:
        host, odd = "", True
    if not value.startswith("https://") or odd:
        raise ValueError("is no https address")
    if not public(host):
        raise ValueError("is no https address: its host is none that everybody reaches")
    if " " in value or '"' in value or any(each in value for each in "<>`\\"):
        raise ValueError("is no https address: write what no address holds with % and its number")


def _date(value: str) -> None:
    _, day = dated(value)
    if day.year < EARLIEST:
        raise ValueError(f"is earlier than {EARLIEST}")
    if day > datetime.date.today() + datetime.timedelta(days=1):  # somewhere it is tomorrow already
        raise ValueError("is later than today")


def dated(value: str) -> tuple[re.Match[str], datetime.date]:
    """A date as it is written, and its first day; raises `ValueError` for anything that is none."""
    match = DATE.fullmatch(value)
    if not match:
        raise ValueError("is no date: write 2025-08-07, 2025-08, 2025 or 'read 2026-11'")
    try:
        return match, datetime.date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError as error:
        raise ValueError(f"is no date: {error}") from None


def _tolerance(value: float) -> None:
    if not 0 <= value <= LOOSEST:  # nor is what is no number
        raise ValueError(f"is no tolerance: a number from 0 to {LOOSEST}")


def _set(value: str) -> None:
    if value not in ABOUT_SETS:
        raise ValueError(f"is no set of inputs: there are {', '.join(ABOUT_SETS)}")


def _place(value: int) -> None:
    if not 1 <= value <= PLACES:
        raise ValueError(f"is no place in a list: a number from 1 to {PLACES}")


Line = Annotated[str, _text(LINE)]
Prose = Annotated[str, _text(PROSE, "\n")]
Expression = Annotated[str, _text(EXPRESSION)]
Shown = Annotated[str, _shown]
Code = Annotated[str, _code]
Id = Annotated[str, _text(LINE), _id]
TopicName = Annotated[str, _text(LINE), _topic]
Dotted = Annotated[str, _text(LINE), _dotted]
Address = Annotated[str, _text(ADDRESS), _address]
Date = Annotated[str, _text(LINE), _date]
Tolerance = Annotated[float, _tolerance]
SetName = Annotated[str, _set]
Place = Annotated[int, _place]
