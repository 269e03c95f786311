"""A MkDocs hook: gives MkDocs the extension and all that is generated; MkDocs' continuations run it too."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority

from headtohead.content.toml_file import Stamps
from headtohead.site.engine import EXTENSION
from headtohead.site.generated import generated, light
from headtohead.site.library import Library

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


log = logging.getLogger("mkdocs.headtohead")
serving = False
kept: tuple[Stamps, Library] | None = None


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
    config.mdx_configs[EXTENSION] = given | {"library": _library(given["root"], given["records"])}
    return config


def _library(root: str, records: str) -> Library:
    """What a build shows; serving, that of the build before, as long as only prose has changed."""
    global kept  # noqa: PLW0603 - a build of MkDocs hands nothing on to the next
    found = Library.of(root, records, problems={})
    now = found.stamps() if serving else None
    if kept and now and kept[0] == now:
        found = kept[1]
        found.problems = {}
    kept = (now, found) if now else None
    return found


@event_priority(100)  # before mkdocs-jupyter, which makes the page of a notebook
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds what is generated."""
    from mkdocs.structure.files import File

    shown = library(config)
    for address, data, page in generated(shown, lambda uri, problem: tell(config, uri, str(problem))):
        if page:
            # On disk, below a source folder: mkdocs-jupyter reads no generated file.
            path = shown.root / ".cache" / "notebooks" / address
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            folder = str(shown.root / ".cache" / "notebooks")
            files.append(File(address, folder, config.site_dir, config.use_directory_urls))
        else:
            files.append(File.generated(config, address, content=data))
    return files


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Gives a notebook's page the site's own code blocks, copy buttons and styles, and its downloads."""
    if not page.file.src_uri.endswith(".ipynb"):
        return html
    return light(html, page.file.src_uri.removesuffix(".ipynb"), page.url, library(config))


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
