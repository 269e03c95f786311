"""Guards the tables of the reader: written once, in Python, and in no script of the pages."""

from __future__ import annotations

import json
import re

import pytest

from headtohead.reading.tables import tables
from tests.support.repository import ROOT

SCRIPTS = sorted((ROOT / "docs/assets/js").rglob("*.js"))


def strings(table: object) -> list[str]:
    """Every string in a table, keys too."""
    if isinstance(table, str):
        return [table]
    parts = [*table, *table.values()] if isinstance(table, dict) else table
    return [text for part in parts for text in strings(part)]


def copies(script: str, tables: dict[str, object]) -> list[str]:
    """What of the tables is written down in a script: a full name, a pattern, a sentence, or four words of a list."""
    code, found = re.sub(r"//.*", "", script), []
    for table in tables.values():
        texts = strings(table)
        whole = [text for text in texts if "." in text[:-1] or "\\" in text or text.count(" ") > 2]
        found += [text for text in whole if text in code or json.dumps(text) in code]
        words = "|".join(text for text in texts if text.isidentifier())
        if words:
            found += re.findall(rf"(?:\b(?:{words})\b[\s\"',:|+]{{1,6}}){{3}}\b(?:{words})\b", code)
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_has_a_table_of_its_own(path):
    assert copies(path.read_text(encoding="utf-8"), tables()) == []


def test_a_table_in_a_script_is_seen():
    known = tables()
    for table in known.values():
        assert copies(f"const TABLE = {json.dumps(table)};", known), table
    assert copies('words("to cuda cpu train")', known)
    assert copies("/^(to|cuda|cpu|train)$/", known)
    assert copies(f"/{known['inner']}/", known)
