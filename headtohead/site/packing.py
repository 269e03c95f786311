"""Packing: entries of the search as lists of what they have, so that alike stands beside alike and little is fetched.

`docs/assets/js/search/entries.js` is the way back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headtohead.site.sections import Entry


def packed(entries: list[Entry], areas: Mapping[str, str]) -> dict[str, list[Any]]:
    """A list for each key of the entries, as long as there are entries; None stands for what one does not have.

    Args:
        entries: What there is to find.
        areas: The address of each area of the map, by its title: a place that its names tell is left out.
    """
    lean = [
        {key: each for key, each in entry.items() if key != "place" or each != told(entry, areas)} for entry in entries
    ]
    keys = dict.fromkeys(key for entry in lean for key in entry)
    return {key: [entry.get(key) for entry in lean] for key in keys}


def told(entry: Entry, areas: Mapping[str, str]) -> str | None:
    """Where a row, or a name without one, is by its names."""
    first, *others = [name.replace(".", "-") for name in entry.get("names", ())] or [""]
    if entry["kind"] == "name":
        return f"{areas[entry['where']]}#only-{first}"
    if entry["kind"] == "row" and others:
        return f"{areas[entry['where']]}#{first}--{others[0]}".replace("_", "-").lower()
    return None
