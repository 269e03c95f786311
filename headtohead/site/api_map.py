"""The API map on a page: the rows of an area, the areas, their edges, what is left, the search, the reader."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path

from headtohead.content.categories import CATEGORIES
from headtohead.content.rows import Row
from headtohead.errors import Problem
from headtohead.reading.lookup import lookup
from headtohead.reading.related import touching
from headtohead.site import row
from headtohead.site.html import prose, table
from headtohead.site.pages import Page

FOLDER = "migrate"  # of the pages, one an area
SHORT = {
    "same": "same",
    "renamed": "renamed",
    "defaults": "other defaults",
    "layout": "other layout",
    "composed": "composed",
    "distribution": "random",
}


def shown(page: Page, name: str | None) -> str:
    """The rows of an area of the API map, or its search, its areas, or what no row accounts for."""
    if name in LISTS:
        return LISTS[name](page)
    known = page.library.areas
    if name not in known:
        raise Problem("api", f"no area {name!r}", remedy=f"there are {', '.join([*LISTS, *known])}")
    area = known[name]
    page.made |= {each.id for each in area.rows} | {anchor(each) for each in area.only}
    return rows(page, name)


def anchor(name: str) -> str:
    """The id of a name without a row."""
    return f"only-{name.replace('.', '-')}"  # Circle and circle are two


def rows(page: Page, name: str) -> str:
    """The rows of an area, what their inputs are, and the names without a row."""
    area, ran = page.library.areas[name], page.library.measured(name)
    lines = [row.row(each, ran[each.id], differing(page.library.root, each)) for each in area.rows]
    heads = ("PyTorch", "Keras, TensorFlow", "What running both showed")
    html = row.inputs(area) + table(area.title, "h2h-api", heads, lines)
    if area.only:
        only = [
            f'<tr id="{anchor(each)}"><th scope=row><code>{escape(each)}</code></th><td>{prose(why)}</td></tr>'
            for each, why in sorted(area.only.items(), key=lambda item: item[0].lower())
        ]
        without = table("No counterpart", "h2h-api", ("Name", "Why there is no row"), only)
        html += f"<details><summary>{len(only)} names without a row</summary>{without}</details>"
    return html


def differing(root: Path, row: Row) -> list[tuple[str, str]]:
    """The differences that touch a row: title and address below the folder of the pages.

    They stand with the row that is the first one for a name; what touches more of its names comes first.
    """
    known = lookup(root)
    mine = [name for name in dict.fromkeys(row.names.values()) if known.rows[name][0] == row]
    found = Counter((entry.title, place) for name in mine for entry, place in touching(root).get(name, []))
    return [each for each, _ in found.most_common()]


def areas(page: Page) -> str:
    """The areas with their rows, by category."""
    kinds = [kind for kind in CATEGORIES if kind != "only"]
    lines, total = [], Counter[str]()
    for name, area in page.library.areas.items():
        counts = Counter(each.category for each in page.library.measured(name).values())
        total += counts
        cells = "".join(f"<td>{counts[kind] or ''}</td>" for kind in kinds)
        lines.append(
            f'<tr><th scope=row><a href="{page.link(f"{FOLDER}/{name}/")}">{escape(area.title)}</a></th>'
            f"<td>{len(area.rows)}</td>{cells}<td>{len(area.only) or ''}</td></tr>"
        )
    only = sum(len(area.only) for area in page.library.areas.values())
    cells = "".join(f"<td>{total[kind]}</td>" for kind in kinds)
    lines.append(f"<tr><th scope=row>All</th><td>{sum(total.values())}</td>{cells}<td>{only}</td></tr>")
    heads = ("Area", "Rows", *(SHORT[kind] for kind in kinds), "only here")
    return table("Areas", "h2h-api-areas", heads, lines)


def edges(page: Page) -> str:
    """How many rows ran again at each edge, and in how many of them the two part."""
    tried, part = Counter[str](), Counter[str]()
    for name in page.library.areas:
        for each in page.library.measured(name).values():
            tried.update(list(each.edges))
            part.update(edge for edge, told in each.edges.items() if told)
    lines = [
        f"<tr><th scope=row>{escape(edge)}</th><td>{number}</td><td>{part[edge]}</td></tr>"
        for edge, number in tried.most_common()
    ]
    return table("Edges", "h2h-api-areas", ("Edge", "Rows that ran with it", "The two part in"), lines)


def left(page: Page) -> str:
    """How many names of each namespace are accounted for, and which are left."""
    lines = []
    for namespace, kinds in page.library.counted().items():
        total, missing = sum(map(len, kinds.values())), kinds["left"]
        names = ", ".join(f"<code>{escape(name)}</code>" for name in missing)
        said = f"<details><summary>{len(missing)}</summary>{names}</details>" if missing else "0"
        lines.append(
            f"<tr><th scope=row><code>{namespace}</code></th><td>{total}</td><td>{len(kinds['row'])}</td>"
            f"<td>{len(kinds['alias'])}</td><td>{len(kinds['only'])}</td><td>{said}</td></tr>"
        )
    heads = ("Namespace", "Names", "In a row", "Other name of one", "Only here", "Left")
    return table("What is accounted for", "h2h-api-areas", heads, lines)


def find(page: Page) -> str:
    """The search, which a script brings to life; without one there are the tables of the areas."""
    kinds = "".join(f"<option value={kind}>{meaning}</option>" for kind, meaning in CATEGORIES.items())
    places = "".join(f"<option>{escape(area.title)}</option>" for area in page.library.areas.values())
    return (
        f'<search class=h2h-find data-rows="{page.link(f"{FOLDER}/api.json")}" hidden>'
        "<label>A name, or a part of one <input type=search autocomplete=off spellcheck=false></label>"
        f"<label>Category <select name=category><option value=''>all</option>{kinds}</select></label>"
        f"<label>Area <select name=area><option value=''>all</option>{places}</select></label>"
        "<p role=status></p><ul></ul></search>"
    )


def read(page: Page) -> str:
    """The place to paste a program, which a script brings to life; without one a word on the command."""
    return (
        f'<search class=h2h-reader data-rows="{page.link(f"{FOLDER}/api.json")}" hidden>'
        "<label>A program <textarea rows=12 spellcheck=false autocomplete=off></textarea></label>"
        "<p role=status></p><ol></ol></search>"
        "<noscript><p>Without JavaScript, use the command.</p></noscript>"
    )


LISTS = {"areas": areas, "edges": edges, "left": left, "find": find, "read": read}
