"""Lines of a page: which are code, and which look like a directive and are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from headtohead.site.unseen import UNSEEN

OPEN = re.compile(r"^///\s*(?P<name>[a-z-]+)\s*(?:\|\s*(?P<argument>.*?)\s*)?$")
OPTION = re.compile(r"^(?P<key>[a-z]+):\s*(?P<value>.*?)\s*$")
FENCE = re.compile(r"^(?P<quote>[> ]*)(?P<fence>`{3,}(?!.*`)|~{3,})")
MARK, ENDS = "<!--", re.compile(r"--!?>")  # of comments, as browsers end them
COMMENT = re.compile(rf"^ {{0,3}}{MARK}")
SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)")
SLASH = "/／∕⁄⧸"  # and what is easily taken for one
MARGIN = rf"(?:[\s>|*+-]|\d+[.)]|{UNSEEN.pattern})*"  # of quotations, tables and lists


class Code:
    """Follows the fences of a page from line to line.

    Attributes:
        fence: The fence that is open, or the mark of a comment; empty where none is.
        rest: What of the last line stands behind a comment that ends in it.
    """

    def __init__(self) -> None:
        self.fence, self.rest, self._quoted, self._indent = "", "", False, 0

    def holds(self, line: str) -> bool:
        """Whether the next line belongs to code that is fenced, as the fences do, or to a comment."""
        self.rest = ""
        if self.fence == MARK or (not self.fence and COMMENT.match(line)):
            end = ENDS.search(line)
            self.fence, self.rest = ("", line[end.end() :]) if end else (MARK, "")
            return True
        indent = _indent(line)
        if line.strip() and indent < self._indent:
            self.fence = ""  # what is indented less is no part of it, and it was none
        mark = FENCE.match(line)
        if not self.fence:
            self._indent = 0
            if mark:
                self.fence, self._quoted, self._indent = mark["fence"], ">" in mark["quote"], indent
            return bool(mark)
        if mark and line[mark.start("fence") :].rstrip() == self.fence and self._quoted == (">" in mark["quote"]):
            self.fence, self._indent = "", 0
        return True


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


class Almost:
    """Finds what is meant as a directive and would be published as text.

    Args:
        names: What directives there are.
    """

    def __init__(self, names: Iterable[str]):
        words = "|".join(map(re.escape, names))
        self._pattern = re.compile(
            rf"(?<![:{SLASH}])[{SLASH}]{{3,}}"  # no address has three, but behind a colon
            rf"|(?<![:\w{SLASH}])[{SLASH}]{{2}}\s*(?:{words})\b(?![./])"
            rf"|^{MARGIN}[{SLASH}]\s*(?:{words})\s*(?:\||$)",
            re.IGNORECASE,
        )

    def found(self, line: str) -> bool:
        return any(slash in line for slash in SLASH) and bool(self._pattern.search(SPAN.sub("", line)))


def behind(lines: list[str], start: int) -> int:
    """The index behind a directive that cannot be shown, or is none: behind its closing line, if it has one."""
    if lines[start].startswith("///") and lines[start].strip("/ "):
        closing = (index + 1 for index in range(start + 1, len(lines)) if lines[index].strip() == "///")
        return next(closing, len(lines))
    for index in range(start + 1, len(lines)):
        bare = UNSEEN.sub("", lines[index]).strip(" \t>|*+-")
        if bare and not bare.strip(SLASH):
            return index + 1
        if bare and not OPTION.match(bare):
            break
    return start + 1


def directives(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The directives of a page that is not shown now: name, what stands behind the bar, options."""
    code, lines = Code(), iter(text.splitlines())
    for line in lines:
        opened = None if code.holds(line) else OPEN.match(line)
        if not opened:
            continue
        options = {}
        for inner in lines:
            if inner.strip() == "///":
                break
            if option := OPTION.match(inner.strip()):
                options[option["key"]] = option["value"]
        yield opened["name"], opened["argument"] or "", options
