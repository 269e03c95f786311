"""HTML that many views share: code, prose, tables, numbers, a problem."""

from __future__ import annotations

import functools
import re
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


@functools.lru_cache(maxsize=4096)
def code(text: str) -> str:
    """Python as the theme highlights a fence: its copy button gives back exactly this text.

    The line break at the end is the theme's habit; its copy button leaves it out.
    """
    lines = highlight(text, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return f'<div class="language-python highlight"><pre><span></span><code>{lines}</code></pre></div>'


def prose(text: str) -> str:
    """Text with `code` in it, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def error(message: str) -> str:
    """A problem where the comparison would stand, for whoever writes the page."""
    return (
        '<div class="admonition failure h2h-error"><p class="admonition-title">This cannot be published</p>'
        f"<p>{escape(message)}</p></div>"
    )


def figure(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


def table(label: str, kind: str, heads: tuple[str, ...], rows: list[str]) -> str:
    """A table that scrolls by itself where it is too wide, by keyboard too."""
    head = "".join(f"<th scope=col>{name}</th>" for name in heads)
    return (
        f'<div class="md-typeset__scrollwrap" tabindex="0" role="group" aria-label="{label}">'
        f'<div class="md-typeset__table"><table class={kind}>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></div>"
    )
