"""What the search finds, as the browser has it: the way back of `headtohead.site.packing`, for tests."""

from __future__ import annotations

from typing import Any

from headtohead.site.packing import told


def entries(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Each entry with what it has, and its place."""
    lists, found = content["entries"], []
    for at in range(len(lists["kind"])):
        entry = {key: each[at] for key, each in lists.items() if each[at] is not None}
        found.append({"place": told(entry, content["areas"])} | entry)
    return found
