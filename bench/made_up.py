"""Made-up projects of any size: tiny programs that can run at once, or pages with the content of a real topic."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from bench.tools import ROOT, copy
from headtohead.content.frameworks import PRIMARY
from headtohead.content.programs import Cell, Program
from headtohead.content.topics import Topic, topic
from headtohead.records import freshness
from headtohead.records.model import Agreement, CellRun
from headtohead.records.sealed import sha256
from headtohead.records.store import Store

MODEL = "basics/tensors"  # the real topic whose programs, outputs and proof the made-up ones carry
CELLS = 6
AN_AREA = 20  # topics in one section of the navigation


def name(number: int) -> str:
    return f"area_{number // AN_AREA:02}/topic_{number:04}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# Tiny programs ---------------------------------------------------------------------------------

TINY = '''"""Made-up topic {number}: add three numbers."""

# %% Add
numbers = [{number}, 1, 2]
total = sum(numbers)
print("total", total)
'''

TINY_PROOF = '''"""The same total."""


def inputs():
    return {}


def pytorch(program, given):
    return {"total": program.total}


tensorflow = pytorch
'''


def tiny(root: Path, count: int) -> None:
    """Topics whose programs take no time of their own; records are for a real run to write."""
    copy(root, "headtohead", "requirements")
    for number in range(count):
        here = root / "snippets" / name(number)
        for side in ("pytorch", "tensorflow"):
            _write(here / f"in_{side}.py", TINY.format(number=number))
        _write(here / "parity.py", TINY_PROOF)


# Topics with real content ----------------------------------------------------------------------


@dataclass
class Part:
    """A cell to be: a title, the code of one or more cells of the model, and what they printed."""

    title: str
    body: str
    output: str


def realistic(root: Path, count: int) -> None:
    """Topics with the code, the outputs and the proof of a real one, and with records that were never run."""
    copy(root, "headtohead", "overrides", "requirements", "docs/assets")
    model, store = topic(ROOT, MODEL), Store(ROOT)
    records = {side: store.read(MODEL, side) for side in model.programs}
    agreement = freshness.agreement(store, model)
    arrays = {side: store.path(MODEL, side).with_name(record.arrays).read_bytes() for side, record in records.items()}
    parts = {side: _parts(program, records[side].cells) for side, program in model.programs.items()}
    proof = model.parity_text
    store = Store(root)
    for number in range(count):
        made = Topic(root, name(number))
        _write(made.parity, proof)
        for side, program in made.programs.items():
            _write(program.path, _program(number, parts[side]))
        for side, program in made.programs.items():
            _record(store, program, records[side], parts[side], arrays[side])
        store.write_agreement(
            Agreement(made.name, PRIMARY, freshness.of_agreement(store, made, PRIMARY), agreement.quantities)
        )


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
    cells = [
        f"# %% {part.title}\n# Made-up topic {number}, part {index}.\n{part.body}\n"
        for index, part in enumerate(parts, 1)
    ]
    return "\n".join([f'"""Made-up topic {number}."""\n', *cells])


def _record(store: Store, program: Program, model, parts: list[Part], arrays: bytes) -> None:
    cells = [CellRun(cell.title, sha256(cell.body.encode()), part.output) for cell, part in zip(program.cells, parts)]
    file = f"{program.framework.name}-{sha256(arrays)[:8]}.npz"
    record = replace(
        model, topic=program.topic, cells=cells, depends=freshness.of_program(program, PRIMARY), arrays=file, files={}
    )
    store.write(record, {file: arrays})


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

    docs = root / f"docs-{how}"
    copy(docs, "docs/assets")
    (docs / "docs" / "assets").rename(docs / "assets")
    _write(docs / "index.md", "# Made up\n\nSo many topics.\n")
    areas: dict[str, list[dict[str, str]]] = {}
    for number in range(count):
        made = Topic(root, name(number))
        _write(docs / f"{made.name}.md", _page(number, made, how))
        areas.setdefault(f"Area {number // AN_AREA}", []).append({f"Topic {number}": f"{made.name}.md"})
    nav: list[dict[str, object]] = [{"Home": "index.md"}, {"Learn": [{area: each} for area, each in areas.items()]}]
    with open(ROOT / "mkdocs.yml", encoding="utf-8") as file:
        config = yaml_load(file)
    if how == "cards":
        _write(docs / "programs.md", "# All programs\n\n/// records\n///\n")
        nav.append({"All programs": "programs.md"})
    if how == "plain":
        # The same site but for what is ours.
        config["hooks"] = []
        others = [each for each in config["markdown_extensions"] if "headtohead" not in str(each)]
        config["markdown_extensions"] = [*others, {"pymdownx.tabbed": {"alternate_style": True}}]
    config |= {"docs_dir": docs.name, "site_dir": f"site-{how}", "nav": nav, "watch": []}
    _write(root / f"{how}.yml", json.dumps(config))  # JSON is YAML
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
