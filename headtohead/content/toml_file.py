"""Data files: TOML in which a person writes entries under `[[table]]`, read with the line at which each begins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from headtohead.errors import Problem

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Entry = tuple[str, dict[str, Any], int]  # the table, what stands in it, its line
Stamps = tuple[tuple[str, int], ...]

# What of TOML can hold the text of a head without being one comes first: strings and comments.
# https://toml.io/en/v1.0.0#string
HEAD = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|^[ \t]*\[\[[ \t]*(?P<table>[\w-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\]\]",
    re.MULTILINE | re.DOTALL,
)


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
        text = path.read_bytes().decode("utf-8")
        content = tomllib.loads(text)
    except FileNotFoundError:
        known = ", ".join(each.stem for each in sorted(path.parent.glob("*.toml"))) or "none here"
        raise Problem(name, f"no such {what}", remedy=f"there are {known}") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Problem(name, "not valid UTF-8", line=line, remedy="save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        raise Problem(name, f"not TOML: {error}", line=int(where[1]) if where else None) from None
    except RecursionError:
        raise Problem(name, "nested too deep to be read", remedy="write it flat") from None
    heads = [
        (match["table"].strip("\"'"), text.count("\n", 0, match.start("table")) + 1)
        for match in HEAD.finditer(text)
        if match["table"]
    ]
    found: list[Entry] = []
    for table in tables:
        entries, lines = content.pop(table, []), [line for head, line in heads if head == table]
        if not isinstance(entries, list) or len(entries) != len(lines):
            remedy = f"write each {table} below a line [[{table}]] of its own"
            raise Problem(name, f"{table!r} is written in another way", line=_first(text, table), remedy=remedy)
        found += zip([table] * len(lines), entries, lines)
    return content, sorted(found, key=lambda entry: entry[2])


def _first(text: str, table: str) -> int | None:
    """The line where a table is first named at the beginning of a line."""
    match = re.search(rf"^[ \t\[]*[\"']?{re.escape(table)}\b", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match else None


def stamps(root: Path, *folders: str) -> Stamps:
    """When each data file of some folders last changed: what a cache of what stands in them depends on."""
    files = sorted(path for folder in folders for path in (root / folder).glob("*.toml"))
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)


def identified(name: str, known: Iterable[str], what: str) -> None:
    """Raises `ValueError` for a name that is no id or that another has."""
    if not ID.fullmatch(name):
        raise ValueError(f"{name!r} is no id: lower-case words with hyphens between them")
    if name in known:
        raise ValueError(f"a second {what} {name!r}")
