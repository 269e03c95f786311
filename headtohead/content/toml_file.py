"""Data files: TOML in which a person writes entries under `[[table]]`, read with the line at which each begins."""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from headtohead.content import files
from headtohead.content.build import Misplaced, build
from headtohead.content.folders import walk
from headtohead.content.kinds import ID
from headtohead.content.text import REMEDIES, most_nested, unseen
from headtohead.errors import Problem, Tell, quoted

Entry = tuple[str, dict[str, Any], int]  # the table, what stands in it, its line
Stamps = tuple[tuple[str, int], ...]
Found = TypeVar("Found")

# What of TOML can hold the text of a head without being one comes first: strings and comments.
# https://toml.io/en/v1.0.0#string
STRING = r"\"[^\"\n]*\"|'[^'\n]*'"
HEAD = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    rf"|^[ \t]*\[\[[ \t]*(?P<table>[\w-]+|{STRING})[ \t]*\]\]"
    rf"|^[ \t]*\[[ \t]*(?P<one>[\w-]+|{STRING})[ \t]*\]"
    rf"|^[ \t]*(?P<key>[\w-]+|{STRING})[ \t]*[=.]"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}]",
    re.MULTILINE | re.DOTALL,
)
# How many tables one name may open, as a.b.c opens two: tomllib notes the way to each, all their length.
DOTS, QUOTED, BETWEEN = 100, re.compile(STRING), re.compile(r"[^\w. \t-]")
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")  # of a data file: an address, and a file of records


class Mark(NamedTuple):
    """Where something is opened in a file: `[[table]]`, `[one]` table or a `key` at the beginning of a line."""

    kind: str
    name: str
    line: int


def load(path: Path, name: str, *tables: str, what: str = "file") -> tuple[dict[str, Any], list[Entry]]:
    """Reads a data file.

    Args:
        path: The file.
        name: What messages call it.
        tables: The arrays of tables to take out of it, as `row` for `[[row]]`.
        what: What such a file is, for the message where there is none.

    Returns:
        What else stands in it, and the entries of the tables in the order of the file.

    Raises:
        Problem: No such file, it is not TOML, or an entry does not stand under a head of its own.
    """
    try:
        text = files.text(path, name)
    except FileNotFoundError:
        raise _missing(path.parent, name, what) from None
    content = _content(text, name)
    heads = [mark for mark in _marks(text) if mark.kind == "table"]
    found: list[Entry] = []
    for table in tables:
        entries, lines = content.pop(table, []), [mark.line for mark in heads if mark.name == table]
        if not isinstance(entries, list) or len(entries) != len(lines):
            remedy = f"write each {table} below a line [[{table}]] of its own"
            raise Problem(name, f"{table!r} is written in another way", line=line_of(path, table), remedy=remedy)
        found += zip([table] * len(lines), entries, lines)
    return content, sorted(found, key=lambda entry: entry[2])


def _content(text: str, name: str) -> dict[str, Any]:
    remedy = "correct it as https://toml.io says"
    if found := unseen(text, "\n\t\r"):
        escaped = "write it as an escape in double quotes, as \\u200b; elsewhere take it out"
        raise Problem(name, found[1], line=found[0], remedy=REMEDIES.get(found[1], escaped))
    for number, line in enumerate(text.split("\n"), 1):
        if max(part.count(".") for part in BETWEEN.split(QUOTED.sub("", line))) > DOTS:
            raise Problem(name, "nested too deep to be read", line=number, remedy="write it flat")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        line = int(where[1]) if where else max(text.rstrip("\n").count("\n") + 1, 1)  # at the end of the document
        raise Problem(name, f"not TOML: {error}", line=line, remedy=remedy) from None
    except RecursionError:
        raise Problem(name, "nested too deep to be read", line=most_nested(text), remedy="write it flat") from None
    except ValueError:  # a whole number of thousands of digits
        short = "write one of at most 18 digits, or put quotes around it"
        raise Problem(name, "a number of too many digits", line=_longest(text), remedy=short) from None


def _marks(text: str) -> Iterator[Mark]:
    """What is opened outside of all brackets: an array of arrays may look like a head."""
    depth, line, counted = 0, 1, 0
    for match in HEAD.finditer(text):
        if match.lastgroup is None:
            depth += (match[0] in "[{") - (match[0] in "]}")
        elif depth == 0:
            start = match.start(match.lastgroup)
            line, counted = line + text.count("\n", counted, start), start
            yield Mark(match.lastgroup, match[match.lastgroup].strip("\"'"), line)


def _longest(text: str) -> int:
    """The line with the longest number."""
    lengths = [max(map(len, re.findall(r"[\d_]+", line)), default=0) for line in text.split("\n")]
    return lengths.index(max(lengths)) + 1


def line_of(path: Path, *keys: str) -> int | None:
    """Where a key of a data file stands, or the table in which it does; None where that cannot be told."""
    try:
        marks = list(_marks(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    line = None
    for key in keys:
        at = next((at for at, mark in enumerate(marks) if mark.name == key), None)
        if at is None:
            break
        line, marks = marks[at].line, marks[at + 1 :]
    return line


# Folders of data files ---------------------------------------------------------------------------


def head(kind: type[Found], path: Path, name: str, rest: dict[str, Any], remedy: str, /, **known: Any) -> Found:
    """What a data file says of itself, beside its entries, as an instance of a class.

    Raises:
        Problem: It is not in form, with the line where that can be found.
    """
    try:
        return build(kind, rest, **known)
    except Misplaced as error:
        raise Problem(name, str(error), line=line_of(path, error.key) or 1, remedy=remedy) from None
    except ValueError as error:
        raise Problem(name, str(error), line=1, remedy=remedy) from None


def data_files(folder: Path) -> list[Path]:
    """The data files of a folder, by name; what begins with a dot, an editor left."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def unread(root: Path, folder: str) -> list[Problem]:
    """What was meant as a data file of a folder and is read by nobody: in a folder of it, or with another ending."""
    found = []
    for path in sorted(walk(root / folder)):
        name = path.relative_to(root).as_posix()
        if path == root / folder:
            found.append(Problem(name, "no folder of data files", remedy="put a folder there, or take it away"))
        elif path.suffix.lower() == ".toml" and (path.parent != root / folder or path.suffix != ".toml"):
            remedy = f"call it {folder}/{path.stem}.toml"
            found.append(Problem(name, "a data file that is not read", remedy=remedy))
    return found


def named(folder: Path, stem: str, what: str, *taken: str) -> str:
    """What messages call a data file of a folder; raises `Problem` where it is not there, or its name no address."""
    name = f"{folder.name}/{stem}.toml"
    if "/" in stem or not os.path.lexists(folder / f"{stem}.toml"):
        raise _missing(folder, name, what)
    if not NAME.fullmatch(stem):
        said = f"{quoted(stem)} is no name: lower-case words with hyphens between them"
        raise Problem(name, said, remedy="rename the file")
    if stem in taken:
        raise Problem(name, f"{stem!r} is taken", remedy="rename the file")
    return name


def _missing(folder: Path, name: str, what: str) -> Problem:
    known = ", ".join(path.stem for path in data_files(folder)) or "none here"
    return Problem(name, f"no such {what}", remedy=f"there are {known}")


def stamps(root: Path, *folders: str) -> Stamps:
    """When each data file of some folders last changed: what a cache of what stands in them depends on."""
    found = []
    for path in (path for folder in folders for path in data_files(root / folder)):
        with contextlib.suppress(FileNotFoundError):  # an editor replaces it in this moment
            found.append((str(path), path.lstat().st_mtime_ns))
    return tuple(found)


# Entries -----------------------------------------------------------------------------------------


def told(problems: Iterable[Problem], tell: Tell | None) -> None:
    """Gives each problem to who collects them; raises the first one where nobody does."""
    for problem in problems:
        if tell is None:
            raise problem.with_traceback(None)
        tell(problem)


def identified(name: str, known: Iterable[str], what: str) -> None:
    """Raises `ValueError` for a name that is no id or that another has."""
    if not ID.fullmatch(name):
        raise ValueError(f"{quoted(name)} is no id: lower-case words with hyphens between them")
    if name in known:
        raise ValueError(f"a second {what} {name!r}")


def once(text: str, known: Iterable[str], what: str) -> None:
    """Raises `ValueError` for words with which another entry shows itself: nobody could tell the two apart."""
    if text.casefold() in {each.casefold() for each in known}:
        raise ValueError(f"a second {what} {quoted(text)}: write what is another in it")
