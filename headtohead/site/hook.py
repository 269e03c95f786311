"""A MkDocs hook: puts programs, notebooks and figures into the site, and makes a notebook's page light."""

from __future__ import annotations

import contextlib
import logging
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority

from headtohead.content import rows
from headtohead.content.topics import Topic, topics
from headtohead.errors import Problem
from headtohead.site import comparisons
from headtohead.site.library import Library
from headtohead.site.map_json import as_json
from headtohead.site.notebooks import notebook

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


EXTENSION = "headtohead.site.directives"
log = logging.getLogger("mkdocs.headtohead")
serving = False


def on_startup(*, command: str, dirty: bool) -> None:
    """Serving, an author sees problems on the page; building, they end the build."""
    global serving  # noqa: PLW0603 - MkDocs tells it here and nowhere else
    serving = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Adds the extension, which MkDocs by itself would look for among what is installed."""
    given = {"root": str(Path(config.config_file_path).parent), "records": config.extra.get("records", "")}
    given |= config.mdx_configs.get(EXTENSION, {})
    if EXTENSION not in config.markdown_extensions:
        config.markdown_extensions.append(EXTENSION)
    found = Library.of(given["root"], given["records"], problems={})
    config.mdx_configs[EXTENSION] = given | {"library": found}
    return config


@event_priority(100)  # before mkdocs-jupyter, which makes the page of a notebook
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds `programs/<topic>/in_<framework>.py` and `.ipynb`, and `records/<label>/<topic>/*.svg`."""
    from mkdocs.structure.files import File

    found = library(config)
    root, store = found.root, found.store
    for topic in topics(root):
        for name, program in topic.programs.items():
            uri = f"programs/{topic.name}/in_{name}"
            try:
                files.append(File.generated(config, f"{uri}.py", content=program.bytes))
                record = found.record(program)
            except Problem as problem:
                if name == "both":  # there will be no page to say so
                    tell(config, f"{topic.name}.ipynb", str(problem))
                continue  # the page that shows it says so, with its line
            folder = store.path(topic.name, name).parent
            figures = {
                each: (folder / each).read_text(encoding="utf-8") for each in record.files if each.endswith(".svg")
            }
            files.append(File.generated(config, f"{uri}.ipynb", content=notebook(program, record, figures)))
            if name == "both":  # a page of its own, in the place of the topic
                # On disk, below a source folder: mkdocs-jupyter reads no generated file.
                folder = root / ".cache" / "notebooks"
                page = folder / f"{topic.name}.ipynb"
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text(notebook(program, record, figures), encoding="utf-8")
                files.append(File(f"{topic.name}.ipynb", str(folder), config.site_dir, config.use_directory_urls))
            for each, text in figures.items():
                files.append(File.generated(config, f"records/{record.label}/{topic.name}/{each}", content=text))
    if any((root / rows.FOLDER).glob("*.toml")):
        with contextlib.suppress(Problem):  # the pages of the map say so, with their line
            files.append(File.generated(config, "migrate/api.json", content=as_json(found)))
    return files


# What mkdocs-jupyter puts into each page besides the notebook: 600 KB of styles and scripts, two of them from
# other hosts, a second copy of each cell for a copy button of its own, prompts and collapsers.
SURPLUS = (
    "style, script, .zeroclipboard-container, .clipboard-copy-txt, .jp-Collapser, .jp-InputPrompt, .jp-OutputPrompt"
)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Gives a notebook's page the site's own code blocks, copy buttons and styles, and its downloads."""
    if not page.file.src_uri.endswith(".ipynb"):
        return html
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for surplus in soup.select(SURPLUS):
        surplus.decompose()
    for block in soup.select(".highlight-ipynb"):
        block["class"] = ["language-python", "highlight"]
        block.pre.span.insert_after(code := soup.new_tag("code"))
        for node in list(code.next_siblings):
            code.append(node)
        code.contents[-1].replace_with(str(code.contents[-1]).rstrip("\n"))
    for printed in soup.select(".jp-RenderedText pre"):
        printed["class"] = "h2h-output"
        printed["tabindex"] = "0"
        printed.string.wrap(soup.new_tag("samp"))
    for image in soup.select(".jp-RenderedSVG"):
        image["role"], image["aria-label"] = "img", "Figure drawn by the cell above"
    for anchor in soup.select(".anchor-link"):
        anchor["class"], anchor["title"] = "headerlink", "Permanent link"
    for element in soup.select(".jp-Cell-inputWrapper, .jp-RenderedText, .jp-RenderedSVG"):
        element.attrs.pop("tabindex", None)
    topic = page.file.src_uri.removesuffix(".ipynb")
    found = Topic(Path(config.config_file_path).parent, topic)
    record = library(config).record(found.programs["both"])
    stem = posixpath.relpath(f"programs/{topic}/in_both", posixpath.dirname(page.url))
    soup.h1.insert_after(BeautifulSoup(comparisons.taken_away(record, stem), "html.parser"))
    return str(soup)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Leaves out a page that could not be made: nothing stale is published, whatever becomes of the rest."""
    return "" if page.file.src_uri in problems(config) and not serving else output


def on_post_build(config: MkDocsConfig) -> None:
    """Ends a build that left pages out, once all of them are known."""
    found = problems(config)
    if found and not serving:
        what = f"{len(found)} page{'s' * (len(found) > 1)} left out"
        raise Abort(f"Aborted: {what}, which cannot be shown as {'they are' if len(found) > 1 else 'it is'}")


def tell(config: MkDocsConfig, uri: str, message: str) -> None:
    log.error(message)
    problems(config).setdefault(uri, []).append(message)


def problems(config: MkDocsConfig) -> dict[str, list[str]]:
    """What is wrong with pages, by their address below `docs/`."""
    return library(config).problems


def library(config: MkDocsConfig) -> Library:
    """What this build shows, as `mkdocs.yml` says."""
    return config.mdx_configs[EXTENSION]["library"]
