"""A MkDocs hook: puts the programs, their notebooks and their figures into the site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from headtohead.directives import SHOW_ERRORS
from headtohead.errors import Problem
from headtohead.notebooks import notebook
from headtohead.programs import topics
from headtohead.records import Store

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def on_startup(*, command: str, dirty: bool) -> None:
    """Serving, an author sees problems on the page; building, they end the build."""
    if command == "serve":
        os.environ[SHOW_ERRORS] = "1"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds `programs/<topic>/in_<framework>.py` and `.ipynb`, and `records/<label>/<topic>/*.svg`."""
    from mkdocs.structure.files import File

    options = config.mdx_configs.get("headtohead.directives", {})
    root = Path(config.config_file_path).parent
    store = Store(root, root / options["records"] if options.get("records") else None)
    for topic in topics(root):
        for name, program in topic.programs.items():
            uri = f"programs/{topic.name}/in_{name}"
            files.append(File.generated(config, f"{uri}.py", content=program.bytes))
            try:
                record = store.fresh(program)
            except Problem:
                continue  # the page that shows it says so, with its line
            folder = store.path(topic.name, name).parent
            figures = {
                each: (folder / each).read_text(encoding="utf-8") for each in record.files if each.endswith(".svg")
            }
            files.append(File.generated(config, f"{uri}.ipynb", content=notebook(program, record, figures)))
            for each, text in figures.items():
                files.append(File.generated(config, f"records/{record.label}/{topic.name}/{each}", content=text))
    return files
