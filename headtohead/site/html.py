"""What stands in HTML and is no structure of it: highlighted code, prose, ids, numbers, days."""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass
from html import escape, unescape

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from headtohead.site.unseen import visible

LEXER, FORMATTER = PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Heading:
    """A heading that a view makes: the page's own, for its contents.

    Attributes:
        text: Text, and `code` in it.
        id: Its anchor; that of the page's other headings, made of the text, where it is empty.
    """

    text: str
    id: str = ""


@functools.lru_cache(maxsize=4096)
def highlighted(text: str) -> Markup:
    """Python as the theme highlights a fence: its copy button gives back exactly this text.

    The line break at the end is the theme's habit; its copy button leaves it out.
    """
    return Markup(highlight(visible(text), LEXER, FORMATTER))  # the lexer would take a carriage return for a line break


def prose(text: str) -> Markup:
    """Text with `code` in it, as HTML."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(visible(text))))


def text(found: str) -> Markup:
    """HTML without a tag, or what somebody takes for it, as a text that is escaped once."""
    return Markup(escape(visible(unescape(found)), quote=True))


def slug(text: str) -> str:
    """The letters and digits of a text, of any alphabet, with hyphens between its words."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", text).casefold()).strip("-")


def anchors(titles: Iterable[str]) -> dict[str, str]:
    """An id for each cell by its title; of titles with the same words, the later ones get a number."""
    made: dict[str, str] = {}
    for title in titles:
        made[title] = free(f"cell-{slug(title)}".rstrip("-"), made.values())
    return made


def free(name: str, taken: Container[str]) -> str:
    """A name, or the first with a number behind it, that is not taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def image(address: str) -> Markup:
    """A picture that is a file of this site."""
    return Markup('<img src="{}">').format(address)


def figure(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


def day(iso: str) -> str:
    date = datetime.date.fromisoformat(iso)
    return f"{date.day} {date:%B %Y}"


def pairs(given: dict[str, str], between: str) -> str:
    """Names with their values, as in `a=1, b=2`."""
    return ", ".join(f"{name}{between}{value}" for name, value in given.items())
