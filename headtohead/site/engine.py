"""What an extension can know of the engine that builds the site: which page it is on, and who asks for its ids.

Python-Markdown tells an extension nothing of the page. Each engine adds processors of its own that know, under names of
its own. They are known here by what they have and not by what they are called, so that an engine may rename them:

- MkDocs and what continues it: a tree processor with a `file`, whose `src_uri` is the page below `docs/`; and
  processors that gather `present_anchor_ids`, against which links are checked.
- Zensical: a preprocessor with a `page`, whose `path` is the page below `docs/`. It finds ids in the finished page, and
  takes links in HTML as seen from the file of the page, where MkDocs leaves them as they are: `html` translates.

Without an engine there is no page: links are then relative to the top of the site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from markdown import Markdown

EXTENSION = "headtohead.site.extension"  # what every engine has to be given, for Python-Markdown
ODD = re.compile(r"[\s%#?:\"<>\\^`{|}]")  # what means something else in an address
LINK = re.compile(r'(<[a-z][^<>]*\s(?:href|src)=")([^"]*)(?=")')


class Page(Protocol):
    """A page, as MkDocs calls its parts.

    Attributes:
        src_uri: The file below `docs/`.
        url: The address below the top of the site, empty or with a slash behind it where it is a folder.
        abs_src_path: The file.
    """

    src_uri: str
    url: str
    abs_src_path: str


@dataclass(frozen=True)
class Found:
    """A page of Zensical."""

    src_uri: str
    url: str
    abs_src_path: str


def page(md: Markdown, root: Path) -> Page | None:
    """The page that is being converted, or None where no engine says so; `root` is the repository."""
    for processor in md.treeprocessors:
        file = getattr(processor, "file", None)
        if hasattr(file, "src_uri"):
            return file
    for processor in md.preprocessors:
        known = getattr(processor, "page", None)
        if isinstance(path := getattr(known, "path", None), str) and isinstance(getattr(known, "url", None), str):
            return Found(path, known.url, str(root / "docs" / path))
    return None


def link(target: str, page: Page | None) -> str:
    """The address of a file of the site, or of a folder with a slash behind it, as seen from a page."""
    here = posixpath.dirname(unquote(page.url) if page else "")
    path = posixpath.relpath(target, here or ".") + "/" * target.endswith("/")
    return ODD.sub(lambda match: quote(match[0], safe=""), path)


def html(text: str, page: Page | None) -> str:
    """HTML with links as seen from the address of its page, as the engine of that page wants it."""
    if not isinstance(page, Found):
        return text
    here, file = ("/" + posixpath.dirname(each) for each in (page.url, page.src_uri))

    def moved(match: re.Match[str]) -> str:
        parts = urlsplit(match[2])
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return match[0]
        path = posixpath.relpath(posixpath.join(here, parts.path), file) + "/" * parts.path.endswith("/")
        return match[1] + parts._replace(path=path).geturl()

    return LINK.sub(moved, text)


def announce(md: Markdown, ids: Iterable[str]) -> None:
    """Tells every processor that gathers ids of these ones, which stand in HTML that it does not see."""
    for processor in (*md.preprocessors, *md.treeprocessors):
        if isinstance(known := getattr(processor, "present_anchor_ids", None), set):
            known.update(ids)
