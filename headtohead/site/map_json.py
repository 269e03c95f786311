"""The API map as JSON, for tools and for the scripts of the pages."""

from __future__ import annotations

import json

from headtohead.content.categories import CATEGORIES
from headtohead.reading.tables import tables
from headtohead.site.api_map import anchor
from headtohead.site.library import Library
from headtohead.site.unseen import all_visible


def as_json(library: Library) -> str:
    """Everything for tools, and for the scripts of the pages.

    `rows`: names, expressions, category, note, when it holds, defaults, edges, and where it is; `alias`: other names
    of a name; `bites`: the first differences that touch a name; `reading`: what reading a program takes.
    """
    known, rows = library.known, []
    for name, area in library.areas.items():
        measured = library.measured(name)
        for row in area.rows:
            ran = measured[row.id]
            rows.append(
                {
                    "id": row.id,
                    "page": f"{name}/#{row.id}",
                    "area": area.title,
                    "category": ran.category,
                    "names": row.names,
                    "code": row.sides,
                    "note": row.note,
                    **({"holds": row.holds} if row.holds else {}),
                    **{key: given for key in ("defaults", "unless") if (given := getattr(ran, key))},
                    "edges": {edge: told for edge, told in ran.edges.items() if told},
                    "given": {side: sorted(each.given) for side, each in row.expressions.items()},
                    # Its place among the rows of each of its names.
                    "place": {each: known.rows[each].index(row) for each in row.names.values()},
                }
            )
        for only, why in area.only.items():
            names = {"torch" if only.startswith("torch") else "tf" if only.startswith("tf") else "keras": only}
            page = f"{name}/#{anchor(only)}"
            rows.append(
                {
                    "id": anchor(only),
                    "page": page,
                    "area": area.title,
                    "category": "only",
                    "names": names,
                    "code": {},
                    "note": why,
                }
            )
    content = {"categories": CATEGORIES, "rows": rows, "alias": known.alias, "bites": library.related.bites()}
    content["reading"] = tables()
    return json.dumps(all_visible(content), ensure_ascii=False, separators=(",", ":"))
