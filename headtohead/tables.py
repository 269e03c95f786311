"""Data files: TOML in which a person writes entries under `[[table]]`, read with the line at which each begins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from headtohead.errors import Problem

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Entry = tuple[str, dict[str, Any], int]  # the table, what stands in it, its line


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
        Problem: No such file, or it is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except FileNotFoundError:
        known = ", ".join(each.stem for each in sorted(path.parent.glob("*.toml"))) or "none here"
        raise Problem(name, f"no such {what}", remedy=f"there are {known}") from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        raise Problem(name, f"not TOML: {error}", line=int(where[1]) if where else None) from None
    found = {f"[[{table}]]": iter(content.pop(table, [])) for table in tables}
    return content, list(_entries(text, found))


def _entries(text: str, found: dict[str, Iterator[dict[str, Any]]]) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), 1):
        if (head := line.strip()) in found:
            yield head.strip("[]"), next(found[head]), number


def identified(name: str, known: Iterable[str], what: str) -> None:
    """Raises `ValueError` for a name that is no id or that another has."""
    if not ID.fullmatch(name):
        raise ValueError(f"{name!r} is no id: lower-case words with hyphens between them")
    if name in known:
        raise ValueError(f"a second {what} {name!r}")
