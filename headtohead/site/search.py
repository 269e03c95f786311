"""What the search of the site finds, as JSON: sections of built pages, rows of the API map, names without one."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headtohead.content import rows
from headtohead.content.mistakes import RAISES
from headtohead.site.api_map import SHORT, anchor
from headtohead.site.library import Library
from headtohead.site.packing import packed
from headtohead.site.pages import ERRORS, MAP
from headtohead.site.sections import Entry, made, sections
from headtohead.site.unseen import all_visible

FILE = "search/entries.json"  # below the top of the site
WORDS = "docs/search.toml"  # other ways to say and to ask things


def lay(site: Path, library: Library) -> None:
    """Puts what the search finds into a built site, which has all its pages."""
    path = site / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_json(library, site), encoding="utf-8")


def as_json(library: Library, folder: Path) -> str:
    """All entries of a built site, and what else the search goes by.

    `entries`: `packed`, of each `kind`, `title`, `where`, `place`, `text`, `code`, `also`; a row has `names` in the
    place of a title, and `lines`; `areas`: their addresses by title; `categories`: what the categories of rows are
    called in short; `synonyms`: words by what is typed; `sides`: the framework by what it is called.

    Args:
        library: What the site shows.
        folder: Where it was built.
    """
    words = _words(library.root)
    also = {each["place"]: each["asked"] for each in words.get("also", ())}
    areas = tuple(f"{MAP}/{name}/" for name in library.areas)
    entries = [*sections(folder, but=areas), *_rows(library)]
    messages = _messages(library)
    for entry in entries:
        if asked := [*also.pop(entry["place"], ()), *messages.get(entry["place"], ())]:
            entry["also"] = ". ".join(asked)
    where = {area.title: f"{MAP}/{name}/" for name, area in library.areas.items()}
    content = {
        "categories": SHORT | {"only": "only here"},
        "synonyms": words.get("synonyms", {}),
        "sides": words.get("sides", {}),
        "areas": where,
        "entries": packed(entries, where),
    }
    return json.dumps(all_visible(content), ensure_ascii=False, separators=(",", ":"))


def _words(root: Path) -> dict[str, Any]:
    path = root / WORDS
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _messages(library: Library) -> dict[str, list[str]]:
    """What each error says in full, and says elsewhere, by its place: people paste all of it."""
    return {
        f"{ERRORS}/{name}/#{entry.id}": [library.raised(name)[entry.id][RAISES], *entry.wordings]
        for name, group in library.mistakes.items()
        for entry in group.entries
    }


def _rows(library: Library) -> Iterator[Entry]:
    """The rows of every area, the plainest of a name before others, and the names that have none."""
    if not any((library.root / rows.FOLDER).glob("*.toml")):
        return
    known = library.known
    for name, area in library.areas.items():
        measured = library.measured(name)
        for row in area.rows:
            entry = made("row", "", area.title, f"{MAP}/{name}/#{row.id}", row.note)
            names = list(dict.fromkeys(row.names.values()))
            behind = max(known.rows[each].index(row) for each in names)
            entry |= {"names": names, "lines": list(row.sides.values()), "category": measured[row.id].category}
            yield entry | ({"behind": behind} if behind else {})
        for only, why in area.only.items():
            entry = made("name", "", area.title, f"{MAP}/{name}/#{anchor(only)}", why)
            yield entry | {"names": [only], "category": "only"}
