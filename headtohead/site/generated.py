"""What the site has besides its pages of prose: programs, notebooks, figures, the API map as data. No engine is in it.

`headtohead.site.hook` gives it to MkDocs; any other engine takes it from here as well, or from a folder where `lay`
puts it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from headtohead.content import rows
from headtohead.content.programs import Program
from headtohead.content.topics import Topic, topics
from headtohead.errors import Problem
from headtohead.site import comparisons
from headtohead.site.library import Library
from headtohead.site.map_json import as_json
from headtohead.site.notebooks import for_page, notebook
from headtohead.site.pages import MAP, record_anchor


class File(NamedTuple):
    """A file of the site.

    Attributes:
        address: Where it stands below the top of the site.
        data: Its bytes.
        page: Whether it is not published as it is: the notebook of which the engine makes a page.
    """

    address: str
    data: bytes
    page: bool = False


Tell = Callable[[str, Problem], None]


def generated(library: Library, tell: Tell) -> Iterator[File]:
    """`programs/<topic>/` with programs, notebooks and data, `records/<label>/<topic>/*.svg`, and `migrate/api.json`.

    Args:
        library: What the site shows.
        tell: Called with the address of a page and what is wrong with it, where no page is left that could say so.
            Everything else that is wrong, a directive says, with the line of its page; the file is left out here.
    """
    for topic in topics(library.root):
        for program in topic.programs.values():
            yield from _of(topic, program, library, tell)
        yield from _beside(topic)
    if any((library.root / rows.FOLDER).glob("*.toml")) and not library.faults():  # those are told by themselves
        try:
            text = as_json(library)
        except Problem as problem:
            if not (library.root / "docs" / MAP / f"{Path(problem.where).stem}.md").is_file():
                tell(f"{MAP}/api.json", problem)  # otherwise the page of the area says so
            return
        yield File(f"{MAP}/api.json", text.encode())


def _of(topic: Topic, program: Program, library: Library, tell: Tell) -> Iterator[File]:
    """What one program brings."""
    side = program.framework.name
    address = f"programs/{topic.name}/in_{side}"
    try:
        yield File(f"{address}.py", program.bytes)
        record = library.record(program)
        figures = library.figures(record)
    except Problem as problem:
        if side == "both":  # its page is made of it: there will be none
            tell(f"{topic.name}.ipynb", problem)
        return
    data = notebook(program, record, {name: drawn.decode() for name, drawn in figures.items()})
    yield File(f"{address}.ipynb", data.encode())
    beside = f"records/{record.label}/{topic.name}"
    if side == "both":  # a page of its own, in the place of the topic
        yield File(f"{topic.name}.ipynb", for_page(program, record, beside).encode(), page=True)
    for name, drawn in figures.items():
        yield File(f"{beside}/{name}", drawn)


def _beside(topic: Topic) -> Iterator[File]:
    """The data of a topic, under the names by which its programs read them: a page links to them there."""
    try:
        local_files = topic.local_files
    except Problem:
        return  # the page says so: its records are no longer of this folder
    for path in local_files:
        yield File(f"programs/{topic.name}/{path.relative_to(topic.folder).as_posix()}", path.read_bytes())


def lay(folder: Path, library: Library, tell: Tell) -> None:
    """Writes every file that is published as it is below a folder: a built site, or what an engine copies into one."""
    for file in generated(library, tell):
        if not file.page:
            path = folder / file.address
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)


# What nbconvert puts into a page besides the notebook: 600 KB of styles and scripts, two of them from other hosts, a
# second copy of each cell for a copy button of its own, prompts and collapsers.
SURPLUS = (
    "style, script, .zeroclipboard-container, .clipboard-copy-txt, .jp-Collapser, .jp-InputPrompt, .jp-OutputPrompt"
)


def light(html: str, topic: str, url: str, library: Library) -> str:
    """The page of a notebook with the site's own code blocks, copy buttons, styles and downloads.

    Args:
        html: What nbconvert made of the notebook.
        topic: Whose notebook it is.
        url: The address of the page below the top of the site.
        library: What the site shows.

    Raises:
        Problem: It has no heading, below which the line on where it ran would stand.
    """
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
    for figure in soup.select(".jp-RenderedHTML img"):
        figure["class"], figure["alt"] = "h2h-figure", "Figure drawn by the cell above"
        figure["loading"] = "lazy"
        figure["src"] = posixpath.relpath(figure["src"], posixpath.dirname(url))
    for anchor in soup.select(".anchor-link"):
        anchor["class"], anchor["title"] = "headerlink", "Permanent link"
    for element in soup.select(".jp-Cell-inputWrapper, .jp-RenderedText, .jp-RenderedHTML"):
        element.attrs.pop("tabindex", None)
    for cell in soup.select("[id^='cell-id=']"):
        del cell["id"]  # nothing leads there
    program = library.topic(topic).programs["both"]
    if not soup.h1:
        remedy = "open it with a cell '# %% [markdown]' whose first line is '# # Title'"
        raise Problem(program.name, "a notebook without a heading", line=1, remedy=remedy)
    record = library.record(program)
    stem = posixpath.relpath(f"programs/{topic}/in_both", posixpath.dirname(url))
    above = comparisons.taken_away(record, stem, record_anchor(library.topic(topic)), library.released)
    soup.h1.insert_after(BeautifulSoup(above, "html.parser"))
    return str(soup)
