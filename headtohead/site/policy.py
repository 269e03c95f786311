"""The Content-Security-Policy of every page: what it shows and runs are files of this site, and nothing else.

It stands in the page, so that it holds wherever the site lies. (What frames a page cannot be said there.) No script
stands in a page, then: those of the theme, each of which has to run where it stands, become files.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

FOLDER = "assets/inline"  # of the scripts that a theme puts into its pages
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # icons that stand in the theme's style sheets
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# What has a file, and what no browser runs, is left alone.
# https://html.spec.whatwg.org/multipage/scripting.html#attr-script-type
SCRIPT = re.compile(
    r"<script(?P<attributes>(?![^<>]*\ssrc=)(?![^<>]*\stype=(?![\"']?(?:module|text/javascript)\b))[^<>]*)>",
    re.IGNORECASE,
)
END = re.compile(r"</script>", re.IGNORECASE)
HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


class Strict(NamedTuple):
    """A page that works under the policy, which it states.

    Attributes:
        html: The page.
        scripts: The files that its scripts have become, by their address below the top of the site.
    """

    html: str
    scripts: dict[str, str]


def policy(serving: bool = False) -> str:
    """The policy in one line; a server of MkDocs puts a script of its own into each page, which reloads it."""
    sources = SOURCES | ({"script-src": f"{SOURCES['script-src']} 'unsafe-inline'"} if serving else {})
    return "; ".join(f"{kind} {allowed}" for kind, allowed in sources.items())


def strict(html: str, top: str, serving: bool = False) -> Strict:
    """Takes the scripts out of a page, and puts the policy in.

    Args:
        html: The whole page.
        top: The top of the site as seen from the page, with a slash behind it unless it is empty.
        serving: Whether an author looks at it while editing, and nobody else.
    """
    scripts: dict[str, str] = {}

    kept, at = [], 0
    while (start := SCRIPT.search(html, at)) and (end := END.search(html, start.end())):
        text = html[start.end() : end.start()]
        address = f"{FOLDER}/{hashlib.sha256(text.encode()).hexdigest()[:12]}.js"
        scripts[address] = text
        kept += [html[at : start.start()], f'<script{start["attributes"]} src="{top}{address}"></script>']
        at = end.end()
    html = "".join([*kept, html[at:]])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(serving)}">'
    return Strict(HEAD.sub(lambda match: match[0] + meta, html, count=1), scripts)
