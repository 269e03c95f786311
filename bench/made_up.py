"""What the benchmarks put into made-up projects, at any size: tiny programs, or pages with a real topic's content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bench.tools import copy
from headtohead.content.programs import Cell, Program
from headtohead.content.topics import Topic, topic
from headtohead.records import freshness
from headtohead.records.model import CellRun
from headtohead.records.store import Store
from tests.support import texts
from tests.support.projects import Project
from tests.support.records import agreed, ran
from tests.support.repository import ROOT

MODEL = "basics/tensors"  # the real topic whose programs, outputs and proof the made-up ones carry
CELLS = 6
AN_AREA = 20  # topics in one section of the navigation


def name(number: int) -> str:
    return f"area_{number // AN_AREA:02}/topic_{number:04}"


def tiny(root: Path, count: int) -> None:
    """Topics whose programs take no time of their own; records are for a real run to write."""
    copy(root, "headtohead")
    project = Project(root)
    for number in range(count):
        text = texts.program(
            f'numbers = [{number}, 1, 2]\ntotal = sum(numbers)\nprint("total", total)', doc=f"Made-up topic {number}."
        )
        project.topic(name(number), text, text, texts.same("total"))


# Topics with real content ----------------------------------------------------------------------


@dataclass
class Part:
    """A cell to be: a title, the code of one or more cells of the model, and what they printed."""

    title: str
    body: str
    output: str


def realistic(root: Path, count: int) -> None:
    """Topics with the code, the outputs and the proof of a real one, and with records that were never run."""
    copy(root, "headtohead", "hook.py", "overrides", "docs/assets")
    project = Project(root)
    project.pin(texts.PINS)
    model, real = topic(ROOT, MODEL), Store(ROOT)
    records = {side: real.read(MODEL, side) for side in model.programs}
    quantities = freshness.agreement(real, model).quantities
    arrays = {side: real.path(MODEL, side).with_name(record.arrays).read_bytes() for side, record in records.items()}
    parts = {side: _parts(program, records[side].cells) for side, program in model.programs.items()}
    printed = {side: {part.title: part.output for part in each} for side, each in parts.items()}
    store = project.store
    for number in range(count):
        made = project.topic(name(number), *(_program(number, each) for each in parts.values()), model.parity_text)
        for side, each in made.programs.items():
            record = ran(each, printed=printed[side])
            store.write(record, {record.arrays: arrays[side]})
        store.write_agreement(agreed(store, made, quantities=quantities))


def _parts(program: Program, runs: list[CellRun]) -> list[Part]:
    """The model's cells in `CELLS` groups of neighbours."""
    outputs = {run.title: run.output for run in runs}
    cells = [cell for cell in program.cells if not cell.markdown]
    groups: list[list[Cell]] = [[] for _ in range(CELLS)]
    for index, cell in enumerate(cells):
        groups[index * CELLS // len(cells)].append(cell)
    return [
        Part(
            group[0].title,
            "\n\n".join(cell.body for cell in group),
            "".join(outputs.get(cell.title, "") for cell in group),
        )
        for group in groups
    ]


def _program(number: int, parts: list[Part]) -> str:
    """The program, with a comment in each cell that no other topic has: nothing is highlighted once for all."""
    cells = [f"# Made-up topic {number}, part {index}.\n{part.body}" for index, part in enumerate(parts, 1)]
    return texts.program(*cells, doc=f"Made-up topic {number}.", titles=[part.title for part in parts])


# Pages -----------------------------------------------------------------------------------------

PROSE = (
    "Both frameworks keep the data where the program puts it, and both copy only where they have to. What differs is "
    "when it happens: one does it at once, the other may wait until the graph is known. The lines below are topic "
    "{number}, step {index}; read the left side first if you come from PyTorch.\n"
)


def pages(root: Path, count: int, how: str) -> list[Path]:
    """Writes `docs-<how>` and `<how>.yml`, and returns where the topics' pages will be below the site.

    Args:
        root: A project made by `realistic`.
        count: How many of its topics get a page.
        how: `compare` for the directive, `cards` for the same with record cards and the table of all programs,
            `plain` for tabs and fences.
    """
    from mkdocs.utils.yaml import yaml_load

    project, docs = Project(root), f"docs-{how}"
    copy(root / docs, "docs/assets")
    (root / docs / "docs/assets").rename(root / docs / "assets")
    project.write({f"{docs}/index.md": "# Made up\n\nSo many topics.\n"})
    areas: dict[str, list[dict[str, str]]] = {}
    for number in range(count):
        made = Topic(root, name(number))
        project.write({f"{docs}/{made.name}.md": _page(number, made, how)})
        areas.setdefault(f"Area {number // AN_AREA}", []).append({f"Topic {number}": f"{made.name}.md"})
    nav: list[dict[str, object]] = [{"Home": "index.md"}, {"Learn": [{area: each} for area, each in areas.items()]}]
    with open(ROOT / "mkdocs.yml", encoding="utf-8") as file:
        config = yaml_load(file)
    if how == "cards":
        project.write({f"{docs}/programs.md": "# All programs\n\n/// records\n///\n"})
        nav.append({"All programs": "programs.md"})
    if how == "plain":
        # The same site but for what is ours, which the hook brings.
        config["hooks"] = []
        config["markdown_extensions"].append({"pymdownx.tabbed": {"alternate_style": True}})
    config |= {"docs_dir": docs, "site_dir": f"site-{how}", "nav": nav, "watch": []}
    project.write({f"{how}.yml": json.dumps(config)})  # JSON is YAML
    return [root / f"site-{how}" / name(number) / "index.html" for number in range(count)]


def _page(number: int, made: Topic, how: str) -> str:
    left, right = (program.cells for program in made.programs.values())
    outputs = {}
    if how == "plain":
        store = Store(made.root)
        outputs = {side: [run.output for run in store.read(made.name, side).cells] for side in made.programs}
    lines = [f"# Topic {number}\n", PROSE.format(number=number, index=0)]
    for index, cells in enumerate(zip(left, right)):
        lines += [f"## {cells[0].title}\n", PROSE.format(number=number, index=index + 1)]
        if how != "plain":
            lines.append(f"/// compare | {made.name}\ncell: {cells[0].title}\n///\n")
            continue
        for program, cell in zip(made.programs.values(), cells):
            blocks = _fence("python", cell.body) + _fence("text", outputs[program.framework.name][index])
            lines.append(f'=== "{program.framework.label}"\n\n' + "\n".join(f"    {line}".rstrip() for line in blocks))
            lines.append("")
    if how == "cards":
        lines += ["## The record\n", f"/// record | {made.name}\n///\n"]
    return "\n".join(lines)


def _fence(language: str, text: str) -> list[str]:
    return [f"```{language}", *text.rstrip("\n").split("\n"), "```", ""] if text else []
