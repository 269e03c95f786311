"""A MkDocs hook: gives MkDocs the extension and all that is generated; MkDocs' continuations run it too."""

from __future__ import annotations

import logging
import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority

from headtohead.content.toml_file import Stamps
from headtohead.errors import Problem
from headtohead.site import anchors, search, settings, sources
from headtohead.site.anchors import Parts
from headtohead.site.content import look
from headtohead.site.engine import EXTENSION
from headtohead.site.generated import generated, light
from headtohead.site.html import text
from headtohead.site.library import Library
from headtohead.site.pages import MAP
from headtohead.site.policy import strict
from headtohead.site.templates import render

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure import StructureItem
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page


log = logging.getLogger("mkdocs.headtohead")
serving = False
kept: tuple[Stamps, Library] | None = None
parts: dict[str, Parts] = {}  # of the pages of this build, by their files


def on_startup(*, command: str, dirty: bool) -> None:
    """Serving, an author sees problems on the page; building, they end the build."""
    global serving  # noqa: PLW0603 - MkDocs tells it here and nowhere else
    serving = command == "serve"


@event_priority(100)  # as `mkdocs.yml` has it: plugins add files of their own
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Adds the extension, which MkDocs by itself would look for among what is installed."""
    given = {"root": str(Path(config.config_file_path).parent), "records": str(config.extra.get("records") or "")}
    given |= config.mdx_configs.get(EXTENSION, {})
    _guard(Path(given["root"]), config)
    config.extra["guarded"] = True  # without it, overrides/main.html makes no page
    if EXTENSION not in config.markdown_extensions:
        config.markdown_extensions.append(EXTENSION)
    config.mdx_configs[EXTENSION] = given | {"library": _library(given["root"], given["records"])}
    return config


def _guard(root: Path, config: MkDocsConfig) -> None:
    """Ends a build before MkDocs empties a folder that is no site, follows a link, or takes settings of another one."""
    try:
        sources.check_site(root, Path(config.site_dir))
    except Problem as problem:
        raise Abort(f"Aborted: {problem}") from None
    links, odd = list(sources.links(root)), list(settings.faults(root, Path(config.config_file_path), config))
    templates = [] if links else list(sources.templates(root))
    for problem in (*links, *templates, *odd):
        log.error(problem)
    if links:
        raise Abort(f"Aborted: {len(links)} link{'s' * (len(links) > 1)} below docs/")
    if templates:
        raise Abort(f"Aborted: {len(templates)} file{'s' * (len(templates) > 1)} of which no page can be made")
    if odd:
        raise Abort(f"Aborted: {len(odd)} setting{'s' * (len(odd) > 1)} of which this site would be another one")


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
    parts.clear()
    mine = [file.src_uri for file in files if file.src_dir == config.docs_dir and not file.inclusion.is_excluded()]
    for problem in shown.faults():
        tell(config, problem.where, str(problem))
    for uri, problem in sources.faults(shown.root, mine):
        tell(config, uri, str(problem))
        files.remove(files.src_uris[uri])
    for uri, problem in sources.hiding(mine, config.theme.dirs):
        tell(config, uri, str(problem))
        files.remove(files.src_uris[uri])
    for address, data, page in generated(shown, lambda uri, problem: tell(config, uri, str(problem))):
        if page:
            try:
                sources.check_alone(address, mine)
                folder = sources.laid(shown.root, address, data)
            except Problem as problem:
                tell(config, address, str(problem))
                continue
            files.append(File(address, str(folder), config.site_dir, config.use_directory_urls))
        else:
            files.append(File.generated(config, address, content=data))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Makes the titles of sections text: the theme takes a title for HTML. Those of pages come with the pages."""

    def escaped(items: Iterable[StructureItem]) -> None:
        for item in items:
            if not item.is_page:
                item.title = text(item.title or "")
            escaped(item.children or ())

    escaped(nav.items)
    return nav


@event_priority(-100)  # whatever else makes a page has made it
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Gives a notebook's page what is the site's own, makes what a page says of itself text, and looks it through."""
    page.title = text(str(page.title or ""))
    page.meta = {name: _escaped(value) for name, value in page.meta.items()}
    uri = page.file.src_uri
    if uri.endswith(".ipynb"):
        try:
            html = light(html, uri.removesuffix(".ipynb"), page.url, library(config))
        except Problem as problem:
            tell(config, uri, str(problem))
            return "" if not serving else render("error", message=str(problem))  # nor is the rest of it in form
    looked = look(html, _there(page, config, files))
    parts[page.file.dest_uri] = looked.parts
    told = [f"{_place(page, fault.sought)}: {fault.what}" for fault in looked.faults]
    for message in told:
        tell(config, uri, message)
    if left_out(uri, config):
        return ""  # nor does the search find anything of it
    return "".join(render("error", message=message) for message in told) + looked.html


@event_priority(-100)
def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Tells of links to parts of pages that are not there; of those in Markdown the engine tells by itself."""
    by_file = {file.dest_uri: file for file in files}
    for here in parts:
        page = by_file[here].page
        for target, lead, fault in anchors.faults(parts, here):
            known = (page.links_to_anchors or {}).get(by_file[target], {})
            if lead.anchor not in known:
                tell(config, page.file.src_uri, f"{_place(page, fault.sought)}: {fault.what}")
    return env


def _there(page: Page, config: MkDocsConfig, files: Files) -> Callable[[str], bool]:
    """Whether a path leads from a page to a file of the site, or to a page that is left out, which is told."""
    from mkdocs.structure.files import File

    here = posixpath.dirname(page.file.dest_uri)
    known = {file.dest_uri for file in files}
    known.add(f"{MAP}/api.json")  # left out where a page of the map is, which is told
    known |= {File(uri, "", "", config.use_directory_urls).dest_uri for uri in problems(config)}

    def there(path: str) -> bool:
        target = posixpath.normpath(posixpath.join(here, path))
        return target in known or (path.endswith(("/", ".")) and posixpath.normpath(f"{target}/index.html") in known)

    return there


def _escaped(value: Any) -> Any:
    """What stands above a page, for the theme, which takes every text there for HTML."""
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    if isinstance(value, dict):
        return {name: _escaped(each) for name, each in value.items()}
    return text(value) if isinstance(value, str) else value


def _place(page: Page, sought: str) -> str:
    """The line of a page where a pattern first matches, or the page alone."""
    path, where = page.file.abs_src_path, f"docs/{page.file.src_uri}"
    lines = Path(path).read_text(encoding="utf-8").splitlines() if path and where.endswith(".md") else []
    found = (number for number, line in enumerate(lines, 1) if re.search(sought, line, re.IGNORECASE))
    return next((f"{where}:{number}" for number in found), where)


@event_priority(-100)
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Leaves out a page that could not be made: nothing stale is published, whatever becomes of the rest."""
    if left_out(page.file.src_uri, config):
        return ""
    return _strict(output, posixpath.relpath(".", posixpath.dirname(page.url) or ".") + "/", config)


@event_priority(-100)
def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """The page for what is not there: it is shown at every depth, so that its links are absolute."""
    if not template_name.endswith(".html"):
        return output
    return _strict(output, urlsplit(config.site_url or "/").path.rstrip("/") + "/", config)


def _strict(output: str, top: str, config: MkDocsConfig) -> str:
    """A page under the policy, beside the files that it needs for that."""
    made = strict(output, top, serving)
    for address, script in made.scripts.items():
        path = Path(config.site_dir) / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script, encoding="utf-8")
    return made.html


def on_post_build(config: MkDocsConfig) -> None:
    """Ends a build that left pages out, once all of them are known; of a whole one, lays what the search finds."""
    found = problems(config)
    if not found:
        search.lay(Path(config.site_dir), library(config))
    if found and not serving:
        what = f"{len(found)} page{'s' * (len(found) > 1)} left out"
        raise Abort(f"Aborted: {what}, which cannot be shown as {'they are' if len(found) > 1 else 'it is'}")


def left_out(uri: str, config: MkDocsConfig) -> bool:
    """Whether a page is not published, because of what is wrong with it; while serving, it is shown."""
    return uri in problems(config) and not serving


def tell(config: MkDocsConfig, uri: str, message: str) -> None:
    log.error(message)
    problems(config).setdefault(uri, []).append(message)


def problems(config: MkDocsConfig) -> dict[str, list[str]]:
    """What is wrong with pages, by their address below `docs/`."""
    return library(config).problems


def library(config: MkDocsConfig) -> Library:
    """What this build shows, as `mkdocs.yml` says."""
    return config.mdx_configs[EXTENSION]["library"]
