"""The API map as HTML and as JSON: rows with what running them gave, and what is left to account for."""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from headtohead import render
from headtohead.api import inputs
from headtohead.api.rows import CATEGORIES, SIDES, Area, Row, areas
from headtohead.api.rows import FOLDER as DATA
from headtohead.api.run import COUNT, depends
from headtohead.migrate import lookup
from headtohead.records import Store

TORCH = "https://docs.pytorch.org/docs/stable/"
TENSORFLOW = "https://www.tensorflow.org/api_docs/python/"
# Namespaces that PyTorch documents on one page.
ONE_PAGE = {
    "torch.nn.init": "nn.init",
    "torch.special": "special",
    "torch.utils.data": "data",
    "torch.amp": "amp",
}
FOLDER = "migrate"  # of the pages, one an area
SEE = 3  # how many differences a row names


def documentation(name: str) -> str:
    """The address of a name in the official documentation; empty where it has no page."""
    place, _, last = name.rpartition(".")
    member = place.rpartition(".")[2][:1].isupper()  # a method stands on the page of its class
    if name.startswith("torch.distributions"):  # whose anchors name the files that the classes live in
        return f"{TORCH}distributions.html"
    if place == "torch.nn.grad":
        return ""
    if name.startswith("torch"):
        if place in ONE_PAGE:
            return f"{TORCH}{ONE_PAGE[place]}.html#{name}"
        if member and place != "torch.Tensor":
            return f"{TORCH}generated/{place}.html#{name}"
        return f"{TORCH}generated/{name}.html"
    if place in ("tf.Tensor", "keras.KerasTensor"):
        return f"{TENSORFLOW}tf/Tensor"
    page = ("tf/" if name.startswith("keras") else "") + (place if member else name).replace(".", "/")
    return f"{TENSORFLOW}{page}" + f"#{last}" * member


class Map:
    """Every area with what its rows gave; each method raises `Problem` for a record that is not of now."""

    def __init__(self, root: Path, store: Store):
        self.root, self.store = root, store
        self.areas: dict[str, Area] = {area.name: area for area in areas(root)}

    def ran(self, name: str) -> dict[str, Any]:
        return self.store.data(DATA, name, depends(self.root, name))

    def anchors(self, name: str) -> set[str]:
        """The ids on the page of an area: its rows, and the names without one."""
        area = self.areas[name]
        return {row.id for row in area.rows} | {_anchor(each) for each in area.only}

    def table(self, name: str) -> str:
        """The rows of an area, what their inputs are, and the names without a row."""
        area, ran = self.areas[name], self.ran(name)
        rows = [_row(row, ran[row.id], differing(self.root, row)) for row in area.rows]
        heads = ("PyTorch", "Keras, TensorFlow", "What running both showed")
        html = _inputs(area) + render.table(area.title, "h2h-api", heads, rows)
        if area.only:
            only = [
                f'<tr id="{_anchor(each)}"><th scope=row><code>{escape(each)}</code></th>'
                f"<td>{render.prose(why)}</td></tr>"
                for each, why in sorted(area.only.items(), key=lambda item: item[0].lower())
            ]
            table = render.table("No counterpart", "h2h-api", ("Name", "Why there is no row"), only)
            html += f"<details><summary>{len(only)} names without a row</summary>{table}</details>"
        return html

    def summary(self, link: Any) -> str:
        """The areas with their rows, by category."""
        kinds = [kind for kind in CATEGORIES if kind != "only"]
        rows, total = [], Counter[str]()
        for name, area in self.areas.items():
            counts = Counter(each["category"] for each in self.ran(name).values())
            total += counts
            cells = "".join(f"<td>{counts[kind] or ''}</td>" for kind in kinds)
            rows.append(
                f'<tr><th scope=row><a href="{link(f"{FOLDER}/{name}/")}">{escape(area.title)}</a></th>'
                f"<td>{len(area.rows)}</td>{cells}<td>{len(area.only) or ''}</td></tr>"
            )
        only = sum(len(area.only) for area in self.areas.values())
        cells = "".join(f"<td>{total[kind]}</td>" for kind in kinds)
        rows.append(f"<tr><th scope=row>All</th><td>{sum(total.values())}</td>{cells}<td>{only}</td></tr>")
        return render.table(
            "Areas", "h2h-api-areas", ("Area", "Rows", *(SHORT[kind] for kind in kinds), "only here"), rows
        )

    def edges(self, _: Any = None) -> str:
        """How many rows ran again at each edge, and in how many of them the two part."""
        tried, part = Counter[str](), Counter[str]()
        for name in self.areas:
            for row in self.ran(name).values():
                tried.update(list(row["edges"]))
                part.update(edge for edge, told in row["edges"].items() if told)
        rows = [
            f"<tr><th scope=row>{escape(edge)}</th><td>{number}</td><td>{part[edge]}</td></tr>"
            for edge, number in tried.most_common()
        ]
        return render.table("Edges", "h2h-api-areas", ("Edge", "Rows that ran with it", "The two part in"), rows)

    def left(self, _: Any = None) -> str:
        """How many names of each namespace are accounted for, and which are left."""
        rows = []
        for namespace, kinds in self.ran(COUNT).items():
            total, left = sum(map(len, kinds.values())), kinds["left"]
            names = ", ".join(f"<code>{escape(name)}</code>" for name in left)
            shown = f"<details><summary>{len(left)}</summary>{names}</details>" if left else "0"
            rows.append(
                f"<tr><th scope=row><code>{namespace}</code></th><td>{total}</td><td>{len(kinds['row'])}</td>"
                f"<td>{len(kinds['alias'])}</td><td>{len(kinds['only'])}</td><td>{shown}</td></tr>"
            )
        heads = ("Namespace", "Names", "In a row", "Other name of one", "Only here", "Left")
        return render.table("What is accounted for", "h2h-api-areas", heads, rows)

    def find(self, link: Any) -> str:
        """The search, which a script brings to life; without one there are the tables of the areas."""
        kinds = "".join(f"<option value={kind}>{meaning}</option>" for kind, meaning in CATEGORIES.items())
        places = "".join(f"<option>{escape(area.title)}</option>" for area in self.areas.values())
        return (
            f'<search class=h2h-find data-rows="{link(f"{FOLDER}/api.json")}" hidden>'
            "<label>A name, or a part of one <input type=search autocomplete=off spellcheck=false></label>"
            f"<label>Category <select name=category><option value=''>all</option>{kinds}</select></label>"
            f"<label>Area <select name=area><option value=''>all</option>{places}</select></label>"
            "<p role=status></p><ul></ul></search>"
        )

    def reader(self, link: Any) -> str:
        """The place to paste a program, which a script brings to life; without one a word on the command."""
        return (
            f'<search class=h2h-reader data-rows="{link(f"{FOLDER}/api.json")}" hidden>'
            "<label>A program <textarea rows=12 spellcheck=false autocomplete=off></textarea></label>"
            "<p role=status></p><ol></ol></search>"
            "<noscript><p>Without JavaScript, use the command.</p></noscript>"
        )

    def as_json(self) -> str:
        """Everything for tools, and for the scripts of the pages.

        `rows`: names, expressions, category, note, defaults, edges, and where it is; `alias`: other names of a name;
        `bites`: the first differences that touch a name.
        """
        known, rows = lookup(self.root), []
        for name, area in self.areas.items():
            measured = self.ran(name)
            for row in area.rows:
                ran = measured[row.id]
                rows.append(
                    {
                        "id": row.id,
                        "page": f"{name}/#{row.id}",
                        "area": area.title,
                        "category": ran["category"],
                        "names": row.names,
                        "code": row.sides,
                        "note": row.note,
                        **{key: ran[key] for key in ("defaults", "unless") if ran[key]},
                        "edges": {edge: told for edge, told in ran["edges"].items() if told},
                        "given": {side: sorted(each.given) for side, each in row.expressions.items()},
                        # Its place among the rows of each of its names.
                        "place": {each: known.rows[each].index(row) for each in row.names.values()},
                    }
                )
            for only, why in area.only.items():
                names = {"torch" if only.startswith("torch") else "tf" if only.startswith("tf") else "keras": only}
                page = f"{name}/#{_anchor(only)}"
                rows.append(
                    {
                        "id": _anchor(only),
                        "page": page,
                        "area": area.title,
                        "category": "only",
                        "names": names,
                        "code": {},
                        "note": why,
                    }
                )
        content = {"categories": CATEGORIES, "rows": rows, "alias": known.alias, "bites": known.bites}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


SHORT = {
    "same": "same",
    "renamed": "renamed",
    "defaults": "other defaults",
    "layout": "other layout",
    "composed": "composed",
    "distribution": "random",
}


def _anchor(name: str) -> str:
    return f"only-{name.replace('.', '-')}"  # Circle and circle are two


def differing(root: Path, row: Row) -> list[tuple[str, str]]:
    """The differences that touch a row: title and address below the folder of the pages.

    They stand with the row that is the first one for a name; what touches more of its names comes first.
    """
    from headtohead.differences.touches import touching  # which knows the map

    known = lookup(root)
    mine = [name for name in dict.fromkeys(row.names.values()) if known.rows[name][0] == row]
    found = Counter((entry.title, place) for name in mine for entry, place in touching(root).get(name, []))
    return [each for each, _ in found.most_common()]


def _inputs(area: Area) -> str:
    """What the letters in the rows stand for."""
    used = {name for row in area.rows for each in row.expressions.values() for name in each.inputs}
    items = [f"<li><code>{name}</code>: {escape(about)}</li>" for name, about in inputs.ABOUT.items() if name in used]
    return (
        "<details class=h2h-fold data-search-exclude><summary>The inputs</summary>"
        f"<p>The same numbers on both sides.</p><ul>{''.join(items)}</ul></details>"
    )


def _row(row: Row, ran: dict[str, Any], differences: list[tuple[str, str]]) -> str:
    # A heading, so that the site's own search leads to the row.
    others = " · ".join(name for side, name in row.names.items() if side != "torch")
    heading = f'<h2 id="{row.id}">{escape(row.names["torch"])}<span> · {escape(others)}</span></h2>'
    cells = []
    for sides in (("torch",), ("keras", "tf")):
        parts = [] if cells else [heading]
        for side in sides:
            if side in row.sides:
                parts.append(f"<p><code data-side={side}>{escape(row.sides[side])}</code>{_docs(row.names[side])}</p>")
        cells.append(f"<td{' data-search-exclude' * bool(cells)}>{''.join(parts)}</td>")
    category = ran["category"]
    told = [f'<p><a href="#{row.id}" class=h2h-category data-category={category}>{CATEGORIES[category]}</a></p>']
    if row.note:
        told.append(f"<p>{render.prose(row.note)}</p>")
    unless = [f"<code>{_arguments(each)}</code> in {SIDES[side]}" for side, each in ran["unless"].items()]
    if unless:
        told.append(f"<p>Unless given: {', '.join(unless)}.</p>")
    told += [f'<p>See: <a href="../{place}">{render.prose(title)}</a></p>' for title, place in differences[:SEE]]
    told.append(f"<p class=h2h-measured>{_measured(row, ran)}</p>")
    if ran["defaults"]:
        lines = "".join(
            f"<li>{SIDES[side]}: <code>{_arguments(each)}</code></li>" for side, each in ran["defaults"].items()
        )
        told.append(f"<details><summary>Defaults</summary><ul>{lines}</ul></details>")
    return f'<tr data-row="{row.id}">{"".join(cells)}<td data-search-exclude>{"".join(told)}</td></tr>'


def _docs(name: str) -> str:
    href = documentation(name)
    return f' <a href="{escape(href)}" title="{escape(name)} in the documentation">docs</a>' if href else ""


def _arguments(given: dict[str, str]) -> str:
    return escape(", ".join(f"{name}={value}" for name, value in given.items()), quote=False)


def _measured(row: Row, ran: dict[str, Any]) -> str:
    """What running both gave, in a line: how far apart, gradients, dtypes; then the edges where the two part."""
    off = render.figure(ran["absolute"])
    if row.random:
        return f"{_shape(ran)} drawn; distributions apart by {off}"
    parts = [f"{_shape(ran)}, off by {off}" if ran["absolute"] else f"{_shape(ran)}, equal"]
    if ran.get("steps"):
        parts[0] = f"{ran['steps']} steps, off by {off}" if ran["absolute"] else f"{ran['steps']} steps, equal"
    gradient = ran.get("gradient") or {}
    if "why" in gradient:
        parts.append(f"gradient not compared: {escape(gradient['why'])}")
    elif gradient:
        parts.append("gradient too")
    kinds = sorted({(a, b) for a, b in ran.get("dtype", []) if a != b})
    parts += [f"{a} here, {b} there" for a, b in kinds]
    line = "; ".join(parts)
    for name, told in ran["edges"].items():
        line += f"<br>{name}: {' · '.join(map(escape, told))}" if told else ""
    return line


def _shape(ran: dict[str, Any]) -> str:
    shape = ran["shape"][0] if ran["shape"] else []
    return " × ".join(map(str, shape)) or "a number"
