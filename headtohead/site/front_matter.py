"""Front matter: what may stand above a page, held to its form before an engine or a theme reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from headtohead.content.kinds import LINE, PROSE
from headtohead.errors import Problem, quoted

MOST = 3_000  # characters; YAML takes a hundred times as long as TOML to read
DEEPEST = 3  # collections inside each other: one more than a list in a mapping, to say which value is none
BLOCK = re.compile(r"-{3}[ \t]*\n(?P<yaml>.*?\n)?(?:\.{3}|-{3})[ \t]*(?:\n|$)", re.DOTALL)
# What MkDocs takes for front matter without the lines around it: a key of MultiMarkdown.
KEY = re.compile(r" {0,3}(?P<key>[A-Za-z0-9_-]+):")
OPEN = re.compile(r"-{3}[ \t]*\n[ \t]*[A-Za-z0-9_-]+:")  # a block that somebody began, and never ended
HIDES = ("navigation", "toc", "path", "footer")  # what the theme can leave out of a page


def check(name: str, text: str) -> None:
    """Raises `Problem`, with its line, for front matter that a theme would stumble over, or nobody would read.

    Args:
        name: What messages call the page.
        text: All of it.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.startswith("---"):
        if match := KEY.match(text):
            what = f"its first lines are taken for front matter, as {match['key'].lower()!r}, and would not be shown"
            raise Problem(name, what, line=1, remedy="begin with a heading")
        return
    block = BLOCK.match(text)
    if block and block["yaml"]:
        _check_block(name, block["yaml"])
    elif "\n---" in text or OPEN.match(text):
        raise _unread(name, 1)


def _check_block(name: str, text: str) -> None:
    if len(text) > MOST:
        what = f"front matter of {len(text):,} characters, and {MOST:,} are read"
        raise Problem(name, what, line=1, remedy="move it into the page")
    try:
        _check_events(name, text)
        node = yaml.compose(text, yaml.SafeLoader)
        if not isinstance(node, yaml.MappingNode):
            raise _unread(name, 1)
        _check_once(name, node)
        for key, value in node.value:
            _check_key(name, key, yaml.SafeLoader("").construct_document(value))
    except yaml.MarkedYAMLError as error:
        raise _unread(name, _line(error.problem_mark) if error.problem_mark else 1) from None
    except (yaml.YAMLError, ValueError):  # a character that it has not; a day that is none
        raise _unread(name, 1) from None


def _check_events(name: str, text: str) -> None:
    """Raises `Problem` for what would grow as it is read, and for what makes other things of text than it seems."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Problem(name, "an alias in front matter", line=line, remedy="write each value where it belongs")
        if getattr(event, "tag", None):
            raise Problem(
                name, f"a tag in front matter, {quoted(event.tag)}", line=line, remedy="write the value alone"
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Problem(name, "front matter nested too deep", line=line, remedy="write it flat")


def _check_once(name: str, node: yaml.Node) -> None:
    """Raises `Problem` for a key that stands twice in a mapping, of which one would count, or that is no text."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            _check_once(name, each)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            line = _line(key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                raise Problem(name, "a key that is no text in front matter", line=line, remedy="write a word")
            if key.value in seen:
                raise Problem(name, f"{quoted(key.value)} stands twice", line=line, remedy="take one of them out")
            seen.add(key.value)
            _check_once(name, value)


def _check_key(name: str, key: yaml.Node, value: Any) -> None:
    line = _line(key.start_mark)
    if key.value not in KINDS:
        remedy = f"take it out: there are {', '.join(KINDS)}"
        raise Problem(name, f"no key {quoted(key.value)} of front matter", line=line, remedy=remedy)
    holds, remedy = KINDS[key.value]
    if not holds(value):
        raise Problem(name, f"{key.value}: {quoted(value)} is no value of it", line=line, remedy=remedy)


def _line(mark: yaml.Mark) -> int:
    return mark.line + 2  # from 0, below the line that opens the block


def _unread(name: str, line: int) -> Problem:
    remedy = "write it as YAML, a key and its value a line, or take it out"
    return Problem(name, "front matter that is not read, and would be shown", line=line, remedy=remedy)


# Kinds of values ---------------------------------------------------------------------------------


def _text(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(value.strip()) and len(value) <= most


def _hides(value: Any) -> bool:
    return isinstance(value, list) and all(each in HIDES for each in value)


# Each key with what its value has to be, and how to write it.
KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (_text(LINE), f"write text of at most {LINE} characters"),
    "description": (_text(PROSE), f"write text of at most {PROSE:,} characters"),
    "hide": (_hides, f"write a list, as [toc], of {', '.join(HIDES)}"),
}
