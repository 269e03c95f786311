"""What stands in HTML and is no structure of it: highlighted code, prose, ids, numbers, days."""

from __future__ import annotations

import datetime
import functools
import re
from html import escape

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LEXER, FORMATTER = PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)


@functools.lru_cache(maxsize=4096)
def highlighted(text: str) -> Markup:
    """Python as the theme highlights a fence: its copy button gives back exactly this text.

    The line break at the end is the theme's habit; its copy button leaves it out.
    """
    return Markup(highlight(text, LEXER, FORMATTER))


def prose(text: str) -> Markup:
    """Text with `code` in it, as HTML."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def figure(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


def day(iso: str) -> str:
    date = datetime.date.fromisoformat(iso)
    return f"{date.day} {date:%B %Y}"


def pairs(given: dict[str, str], between: str) -> str:
    """Names with their values, as in `a=1, b=2`."""
    return ", ".join(f"{name}{between}{value}" for name, value in given.items())
