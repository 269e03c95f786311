"""The API map on a page: the rows of an area, areas, edges, inputs, what is left, the search, the reader."""

from __future__ import annotations

from collections import Counter

from headtohead.content.categories import CATEGORIES
from headtohead.content.inputs import ABOUT, ABOUT_SETS
from headtohead.content.rows import FOLDER, LABELS, Area
from headtohead.errors import Problem
from headtohead.site.pages import MAP, Page
from headtohead.site.row import measured
from headtohead.site.templates import render
from headtohead.site.versions import PAGE, words

SEE = 3  # how many differences a row names
SHORT = {
    "same": "same",
    "renamed": "renamed",
    "defaults": "other defaults",
    "converted": "other arguments",
    "layout": "other layout",
    "composed": "composed",
    "distribution": "random",
}


def shown(page: Page, name: str | None) -> str:
    """The rows of an area of the API map, or its search, its areas, or what no row accounts for."""
    if name in LISTS:
        return LISTS[name](page)
    known = page.library.areas
    page.library.check_data(FOLDER, name or "")
    if name not in known:
        raise Problem("api", f"no area {name!r}", remedy=f"there are {', '.join([*LISTS, *known])}")
    area = known[name]
    page.made |= {each.id for each in area.rows} | {anchor(each) for each in area.only}
    return rows(page, area)


def anchor(name: str) -> str:
    """The id of a name without a row."""
    return f"only-{name.replace('.', '-')}"  # Circle and circle are two


def rows(page: Page, area: Area) -> str:
    """The rows of an area, what their inputs are, and the names without a row."""
    ran, related = page.library.measured(area.name), page.library.related
    used = {name for row in area.rows for each in row.expressions.values() for name in each.inputs}
    return render(
        "area",
        area=area,
        inputs={name: about for name, about in ABOUT.items() if name in used},
        rows=[(row, ran[row.id], measured(row, ran[row.id]), related.of_row(row)[:SEE]) for row in area.rows],
        words={row.id: said for row in area.rows if (said := words(page, row))},
        versions=page.link(f"{PAGE}/"),
        only=sorted(area.only.items(), key=lambda item: item[0].lower()),
        anchor=anchor,
        categories=CATEGORIES,
        labels=LABELS,
    )


def areas(page: Page) -> str:
    """The areas with their rows, by category."""
    known = page.library.areas
    counts = {name: Counter(each.category for each in page.library.measured(name).values()) for name in known}
    return render(
        "areas",
        areas=[(area, page.to_area(name), counts[name]) for name, area in known.items()],
        total=sum(counts.values(), Counter()),
        only=sum(len(area.only) for area in known.values()),
        kinds=SHORT,
    )


def edges(page: Page) -> str:
    """How many rows ran again at each edge, and in how many of them the two part."""
    tried, part = Counter[str](), Counter[str]()
    for name in page.library.areas:
        for each in page.library.measured(name).values():
            tried.update(list(each.edges))
            part.update(edge for edge, told in each.edges.items() if told)
    return render("edges", tried=tried.most_common(), part=part)


def sets(page: Page) -> str:
    """On how many rows each other set of inputs was tried, and what became of them."""
    found = {name: Counter[str]() for name in ABOUT_SETS}
    for area in page.library.areas:
        for each in page.library.measured(area).values():
            for became in ("held", "parted", "unrun"):
                for name in getattr(each.sets, became):
                    found[name][became] += 1
    return render("sets", sets=[(name, ABOUT_SETS[name], counts) for name, counts in found.items()])


def left(page: Page) -> str:
    """How many names of each namespace are accounted for, and which are left."""
    return render("left", namespaces=page.library.counted())


def find(page: Page) -> str:
    """The search, which a script brings to life; without one there are the tables of the areas."""
    return render("find", categories=CATEGORIES, areas=page.library.areas.values())


def read(page: Page) -> str:
    """The place to paste a program, which a script brings to life; without one a word on the command."""
    return render("read", rows=page.link(f"{MAP}/api.json"))


LISTS = {"areas": areas, "edges": edges, "sets": sets, "left": left, "find": find, "read": read}
