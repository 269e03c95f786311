"""The file of a reader as one program: in any encoding that Python takes, a notebook, with lines for IPython."""

from __future__ import annotations

import bisect
import codecs
import json
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headtohead.errors import Problem, quoted

MOST = 5_000_000  # characters of code: far more than anybody writes
BYTES = 100_000_000  # of a file: a notebook holds its pictures
# In the first line or, below a comment, in the second. https://peps.python.org/pep-0263/
COOKIE = re.compile(rb"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
# What may begin a cell of a notebook whose rest is Python all the same.
OF_PYTHON = {"time", "timeit", "capture", "prun", "python", "python3"}
# Why a notebook is not read, or a part of it; the reader on the page says the same.
WORDS = {
    "half": "no notebook: it is not JSON, or only half of it",
    "deep": "no notebook: nested too deep to be read",
    "cells": "no notebook: its cells are no list",
    "other": "a notebook in another language than Python: ",
    "cell": "no cell of a notebook",
    "code": "a cell whose code is no text",
    "star": "brings names that are not read: import them by name",
}
ANEW, PYTHON = "save it with Jupyter", re.compile(r"i?python\d*")
# What a line is made of, as far as it tells where a statement ends. A string that is never closed goes on to the end.
PIECES = re.compile(
    r"""
      "{3}(?:\\.|[^\\])*?(?:"{3}|\Z) | '{3}(?:\\.|[^\\])*?(?:'{3}|\Z)
    | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?
    | \#[^\n]* | \\\n
    | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<end>\n)
    | [^"'\#()\[\]{}\\\n]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
# A magic, a command of the shell, a question: alone, or assigned; what is before it stays.
OF_IPYTHON = re.compile(
    r"(?P<before>[ \t]*(?:\w[\w., \t]*=[ \t]*)?)(?:[%!][^\n=][^\n]*|\?[^\n]*)|[ \t]*%?[\w.]+\?{1,2}[ \t]*$"
)


@dataclass(frozen=True)
class Source:
    """A program to be parsed.

    Attributes:
        name: What messages call its file.
        text: The program; that of a notebook has all its cells, one below the other.
        cells: Of a notebook, the line at which each cell begins; 0 for one without code.
        odd: Why a cell has no code that could be read, by its number.
    """

    name: str
    text: str
    cells: tuple[int, ...] = ()
    odd: dict[int, str] = field(default_factory=dict)

    def place(self, line: int) -> tuple[str, int]:
        """What messages call the place of a line of the program: the file, or a cell of it, and the line in that."""
        if not any(self.cells):
            return self.name, line
        begins = [(first, number) for number, first in enumerate(self.cells, 1) if first]
        first, number = begins[max(0, bisect.bisect(begins, (line, len(self.cells))) - 1)]
        return f"{self.name}, cell {number}", line - first + 1

    def problems(self) -> list[Problem]:
        """What of it cannot be read, whatever the rest is."""
        return [Problem(f"{self.name}, cell {number}", what, remedy=ANEW) for number, what in self.odd.items()]


def source(path: Path) -> Source:
    """The program in a file of Python or in a notebook; raises `Problem` for a file that is neither."""
    name, mend = str(path), "name a Python file or a notebook"
    try:
        found = path.stat()
        kind = found.st_mode
        if not stat.S_ISREG(kind):
            raise Problem(name, "a folder" if stat.S_ISDIR(kind) else "no file to be read", remedy=mend)
        if found.st_size > BYTES:
            raise Problem(name, f"{found.st_size:,} bytes", remedy=f"name files of at most {BYTES:,}")
        data = path.read_bytes()
    except FileNotFoundError:
        raise Problem(name, "no such file", remedy=mend) from None
    except (OSError, ValueError) as error:  # no right to read it; a name that no file can have
        raise Problem(name, f"cannot be read: {getattr(error, 'strerror', None) or error}", remedy=mend) from None
    text = decoded(name, data)
    found = notebook(name, text) if path.suffix == ".ipynb" or text.lstrip()[:1] == "{" else None
    if found is None and path.suffix == ".ipynb":
        raise Problem(name, _why(text), remedy=ANEW)
    found = found or Source(name, text)
    if len(found.text) > MOST:
        raise Problem(name, f"{len(found.text)} characters of code", remedy=f"name files of at most {MOST}")
    return found


def decoded(name: str, data: bytes) -> str:
    """The text of a file, in UTF-8 or as its first lines state after PEP 263, its lines ended in one way."""
    stated = COOKIE.match(data)
    encoding = stated[1].decode() if stated and not data.startswith(codecs.BOM_UTF8) else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Problem(name, f"no text in {encoding.upper()}", line=line, remedy="save it as UTF-8") from None
    except (LookupError, ValueError):  # no such codec, or one that is for no text
        raise Problem(name, f"no encoding {encoding!r}", line=1, remedy="save it as UTF-8") from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def notebook(name: str, text: str) -> Source | None:
    """The program in the text of a notebook, of format 3 or 4; None for what is no notebook.

    Raises:
        Problem: It is in another language, or has no list of cells.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or "nbformat" not in content:
        return None
    if (language := _language(content)) and not PYTHON.fullmatch(language.lower()):
        raise Problem(name, WORDS["other"] + quoted(language), remedy="name one in Python")
    lines: list[str] = []
    begins, odd = [], {}
    for number, cell in enumerate(_cells(name, content), 1):
        try:
            code = _code(cell)
        except ValueError as error:
            code, odd[number] = None, str(error)
        begins.append(0 if code is None else len(lines) + 1)
        lines += [] if code is None else code.split("\n")
    return Source(name, "\n".join(lines) + "\n", tuple(begins), odd)


def _why(text: str) -> str:
    """Why a text is no notebook."""
    try:
        content = json.loads(text)
    except RecursionError:
        return WORDS["deep"]
    except ValueError:
        return WORDS["half"]
    no_format = "it does not say its format, in 'nbformat'"
    return f"no notebook: {no_format if isinstance(content, dict) else 'it is no object of JSON'}"


def _language(content: dict[str, Any]) -> str:
    """In which language a notebook says that it is; empty where it does not."""
    about = _table(content.get("metadata"))
    found = _table(about.get("language_info")).get("name") or _table(about.get("kernelspec")).get("language")
    return found if isinstance(found, str) else ""


def _table(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _cells(name: str, content: dict[str, Any]) -> list[Any]:
    """The cells of a notebook, whatever each of them is."""
    sheets = content.get("worksheets", [content])  # of format 3
    lists = [_table(sheet).get("cells") for sheet in sheets] if isinstance(sheets, list) else [None]
    if odd := [each for each in lists if not isinstance(each, list)]:
        raise Problem(name, f"{WORDS['cells']}, but {type(odd[0]).__name__}", remedy=ANEW)
    return [cell for each in lists for cell in each]


def _code(cell: Any) -> str | None:
    """The code of a cell, with blank lines for one in another language; None for one that is prose.

    Raises:
        ValueError: It is no cell, or its code no text.
    """
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        raise ValueError(WORDS["cell"])
    if cell["cell_type"] != "code":
        return None
    given = cell.get("source", cell.get("input", ""))
    given = given if isinstance(given, list) else [given]
    if not all(isinstance(each, str) for each in given):
        raise ValueError(WORDS["code"])
    text = "".join(given).replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    magic = re.match(r"\s*%%(\w*)", text)
    return "\n" * text.count("\n") if magic and magic[1] not in OF_PYTHON else text


def without_ipython(text: str) -> str:
    """A program with `pass`, or `None` where it is assigned, in place of each line that IPython alone understands."""
    found, at, depth, begins = [], 0, 0, True
    while at < len(text):
        if begins and (line := OF_IPYTHON.match(text, at, _end(text, at))):
            before = line["before"] or re.match(r"[ \t]*", line[0])[0]  # type: ignore[index]
            found.append(before + ("None" if "=" in before else "pass"))
            at = line.end()
        piece = PIECES.match(text, at)
        if not piece:
            break
        depth = max(0, depth + (piece.lastgroup == "open") - (piece.lastgroup == "close"))
        begins = piece.lastgroup == "end" and not depth
        found.append(piece[0])
        at = piece.end()
    return "".join(found)


def statements(text: str) -> Iterator[str]:
    """Each statement of a program, or what heads some, with its line break: a line, but for brackets and strings."""
    begun = at = depth = 0
    while piece := PIECES.match(text, at):
        depth = max(0, depth + (piece.lastgroup == "open") - (piece.lastgroup == "close"))
        at = piece.end()
        if piece.lastgroup == "end" and not depth:
            yield text[begun:at]
            begun = at
    if begun < len(text):
        yield text[begun:]


def _end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
