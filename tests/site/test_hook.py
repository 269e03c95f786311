"""Guards the hook: what a build links to is there, what cannot be shown is left out and told, and text is text."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from headtohead.records import freshness
from headtohead.site.library import Library
from headtohead.site.policy import policy
from tests.support.found import entries
from tests.support.pages import COMPARE, SETUP, SHOW, cells
from tests.support.repository import ROOT
from tests.support.texts import AREA, LEFT, ROW, SVG


@pytest.fixture
def site(project):
    """A site of one page and the hook; gives a function that builds it."""
    project.write({"mkdocs.yml": "site_name: A\n"})

    def built(text: str | None, command: str = "build", **settings) -> Path:
        page = project.root / "docs/a/b.md"
        project.write({"docs/index.md": "# Home\n"} | ({"docs/a/b.md": text} if text is not None else {}))
        if text is None:  # the notebook's page is in its place
            page.unlink(missing_ok=True)
        extension = {"headtohead.site.extension": {"root": str(project.root)}}
        config = load_config(
            str(project.root / "mkdocs.yml"),
            markdown_extensions=["pymdownx.superfences", extension],
            hooks=[str(ROOT / "hook.py")],
            strict=command == "build",
            validation={"anchors": "warn"},
            **{"plugins": [], **settings},
        )
        config.plugins.run_event("startup", command=command, dirty=False)
        build(config)
        return project.root / "site"

    return built


def test_a_built_page_links_to_what_the_hook_adds(project, site):
    found = project.small()
    project.settle(found, drawn=SVG)
    folder = site("---\ntitle: A\n---\n" + COMPARE + "\n/// record | a/b\n///\n")
    built = folder / "a/b/index.html"
    soup = BeautifulSoup(built.read_text(), "html.parser")
    assert cells(soup) == SETUP + SHOW
    for tag in soup.select(".h2h img, .h2h-card a[download]"):
        target = (built.parent / (tag.get("src") or tag["href"])).resolve()
        assert target.is_file()
        if target.suffix == ".py":
            assert target.read_bytes() == (found.folder / target.name).read_bytes()
    assert len(list((folder / "records").rglob("*.svg"))) == 2
    assert not list((folder / "records").rglob("*.npz"))


def test_a_page_that_cannot_be_shown_is_left_out_and_ends_the_build_after_all_others(project, site, caplog):
    project.settle(project.small())
    with pytest.raises(Abort, match="Aborted: 1 page left out"):
        site("---\ntitle: A\n---\n\n# A\n\n/// compare | a/c\n///\n\n/// compare | a/b\ncell: Shaw\n///\n")
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert told[0].startswith("docs/a/b.md:7: snippets/a/c: no such topic")
    assert told[1].startswith("docs/a/b.md:10: snippets/a/b/in_pytorch.py: no cell 'Shaw'")
    assert (project.root / "site/index.html").exists()
    assert not (project.root / "site/a/b/index.html").exists()


def test_serving_shows_what_is_wrong_on_the_page(project, site):
    project.settle(project.small())
    folder = site("# A\n\n/// compare | a/c\n///\n", command="serve")
    box = BeautifulSoup((folder / "a/b/index.html").read_text(), "html.parser").select_one(".h2h-error")
    assert box.get_text().startswith("This cannot be publisheddocs/a/b.md:3: snippets/a/c: no such topic")


def test_serving_shows_what_no_browser_may_run(site):
    folder = site("# A\n\n<p onclick=a>Prose</p>\n", command="serve")
    soup = BeautifulSoup((folder / "a/b/index.html").read_text(), "html.parser")
    assert "docs/a/b.md:3: 'onclick' holds a script" in soup.select_one(".h2h-error").get_text()
    assert "Prose" in soup.get_text()


def test_half_a_topic_that_no_page_shows_is_no_trouble(project, site):
    project.settle(project.small())
    project.write({"snippets/a/half/in_pytorch.py": LEFT})
    folder = site("# A\n")
    assert not (folder / "programs/a/half/in_pytorch.ipynb").exists()
    assert (folder / "programs/a/b/in_pytorch.ipynb").exists()


def test_mkdocs_knows_the_cells_that_a_link_may_name(site, project, caplog):
    project.settle(project.small())
    site(f"[one cell](#cell-show)\n\n{COMPARE}")
    assert "#cell-show" not in caplog.text
    with pytest.raises(Abort, match="1 warnings in strict mode"):
        site(f"[one cell](#cell-nowhere)\n\n{COMPARE}")
    assert "'#cell-nowhere', but there is no such anchor on this page" in caplog.text


THEME = {"name": "material", "custom_dir": str(ROOT / "overrides")}  # as mkdocs.yml has it
ODD = """<b>"'& </title><script>alert(1)</script>\u202e\x1b"""
SEEN = """<b>"'& </title><script>alert(1)</script>⟨U+202E⟩␛"""


def test_what_a_page_says_of_itself_is_text(project, site):
    front = json.dumps({"title": ODD, "description": ODD})
    project.write({"docs/x/z.md": "Prose.\n", "docs/c.md": "# A `<u>` &lt;/title&gt;&lt;u&gt; & *b*\n"})
    nav = ["index.md", "a/b.md", "c.md", {"<i>x&amp;y": [{"<u>z": "x/z.md"}]}]
    folder = site(f"---\n{front}\n---\nProse.\n", theme=THEME, nav=nav)
    for path in folder.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(), "html.parser")
        assert not soup.select("b, u, i, script:not([src], [type='application/json'])"), path
    soup = BeautifulSoup((folder / "a/b/index.html").read_text(), "html.parser")
    assert soup.title.get_text() == f"{SEEN} - A"
    assert soup.h1.get_text() == SEEN
    assert soup.find("meta", {"name": "description"})["content"] == SEEN
    titles = {" ".join(each.get_text().split()) for each in soup.select(".md-nav .md-ellipsis")}
    assert titles == {"Home", SEEN, "<i>x&y", "<u>z", "A <u> </title><u> & b"}
    soup = BeautifulSoup((folder / "c/index.html").read_text(), "html.parser")
    assert soup.title.get_text() == "A <u> </title><u> & b - A"


def test_every_page_states_the_policy_and_has_its_scripts_in_files(project, site):
    project.write({"docs/assets/js/head.js": ""})
    folder = site("# B\n", theme=THEME, site_url="https://example.org/sub/")
    pages = {"": "./", "a/b/": "../../", "404.html": "/sub/"}
    for page, top in pages.items():
        path = folder / page / "index.html" if not page.endswith("html") else folder / page
        soup = BeautifulSoup(path.read_text(), "html.parser")
        first = soup.head.find(True)
        assert (first["http-equiv"], first["content"]) == ("Content-Security-Policy", policy())
        scripts = [script for script in soup.select("script") if script.get("type") != "application/json"]
        assert len(scripts) > 4
        for script in scripts:
            assert not script.get_text()
            assert (folder / script["src"].removeprefix(top)).is_file()


def test_while_serving_a_script_reloads_the_page(site):
    soup = BeautifulSoup((site("# B\n", "serve", theme=THEME) / "index.html").read_text(), "html.parser")
    assert soup.head.find(True)["content"] == policy(serving=True)


# What lies below docs/, and what is said of it.
SOURCES = {
    "docs/raw.html": ("<script>alert(1)</script>", ": a page that no policy stands in; write it in Markdown"),
    "docs/assets/x.svg": (
        SVG.replace("<path", "<script/><path"),
        ": a picture that holds <script>, which runs, leads away or changes something; take that out",
    ),
    "docs/mine.ipynb": ("{}", ": a notebook that did not run here; write it as in_both.py of a topic"),
    "docs/a/b/index.md": ("# Other\n", ": the same address as docs/a/b.md; rename one of them"),
    "docs/bytes.md": (b"# A\n\n\xe9\n", ":3: not valid UTF-8; save it as UTF-8"),
    "docs/list.md": ("---\n- a\n---\n# A\n", ":1: front matter that is not read, and would be shown; write it as YAML"),
    "docs/open.md": ("---\ntitle: [a\n---\n# A\n", ":3: front matter that is not read, and would be shown; write it"),
    "docs/note.md": (
        "Note: it is quick.\n\n# A\n",
        ":1: its first lines are taken for front matter, as 'note', and wo",
    ),
    "docs/own.md": ("---\ntemplate: no.html\n---\n# A\n", ":2: no key 'template' of front matter; take it out: there"),
    "docs/icon.md": ("---\nicon: material/nosuch\n---\n# A\n", ":2: no key 'icon' of front matter; take it out: there"),
    "docs/half.md": ("---\nhide: [toc]\ntitle: .nan\n---\n# A\n", ":3: title: nan is no value"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_would_be_published_as_it_lies_is_told_and_left_out(project, site, caplog, name):
    text, told = SOURCES[name]
    project.write({name: text, "docs/assets/fine.svg": SVG, "docs/fine.md": "Prose.\n\n---\n\nMore: prose.\n"})
    with pytest.raises(Abort, match="Aborted: 1 page left out"):
        site("# B\n")
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(said) == 1
    assert said[0].startswith(f"{name}{told}")
    made = {path.relative_to(project.root / "site").as_posix() for path in (project.root / "site").rglob("*")}
    assert {"assets/fine.svg", "fine/index.html", "a/b/index.html"} <= made
    stem = name.removeprefix("docs/").removesuffix(".md")
    assert not {stem, f"{stem}/index.html"} & made
    assert "Other" not in (project.root / "site/a/b/index.html").read_text()


@pytest.mark.parametrize("name", ["leak.txt", "leak.md", "assets/all"])
def test_no_link_is_followed_out_of_docs(project, site, caplog, tmp_path, name):
    (tmp_path / "secret").mkdir()
    (project.root / "docs/assets").mkdir(parents=True)
    (project.root / "docs" / name).symlink_to(tmp_path / "secret")
    with pytest.raises(Abort, match="Aborted: 1 link below docs/"):
        site("# B\n")
    assert f"docs/{name}: a symbolic link, which is not followed; put there what it points to" in caplog.messages
    assert not (project.root / "site").exists()


@pytest.mark.parametrize("name", ["snippets", "records"])
def test_no_folder_is_emptied_that_is_no_site(project, site, name):
    """MkDocs removes what lies where the site is to be."""
    project.settle(project.small())
    before = sorted((project.root / name).rglob("*"))
    with pytest.raises(Abort, match=rf"Aborted: {name}: it lies in {name}/, where other files have their place"):
        site("# B\n", site_dir=str(project.root / name))
    assert sorted((project.root / name).rglob("*")) == before


def test_the_site_is_no_link(project, site, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/precious").touch()
    (project.root / "site").symlink_to(tmp_path / "mine")
    with pytest.raises(Abort, match="Aborted: site: a link where the site belongs: what it leads to would be removed"):
        site("# B\n")
    assert (tmp_path / "mine/precious").exists()


def notebooks() -> list[dict]:
    return [{"mkdocs-jupyter": {"include": ["a/*.ipynb"], "ignore_h1_titles": True, "cache": False}}]


TITLED = LEFT.replace("# %% Setup", "# %% [markdown]\n# # Why\n\n# %% Setup")


def test_a_notebook_is_put_where_no_link_leads_elsewhere(project, site, tmp_path, caplog):
    project.settle(project.small({"in_both.py": TITLED}))
    victim, place = tmp_path / "victim", project.root / ".cache/notebooks/a"
    victim.write_text("precious")
    place.mkdir(parents=True)
    (place / "b.ipynb").symlink_to(victim)
    site(None, plugins=notebooks())
    (place / "b.ipynb").unlink()
    place.rmdir()
    place.symlink_to(tmp_path)
    with pytest.raises(Abort, match="1 page left out"):
        site(None, plugins=notebooks())
    assert ".cache/notebooks/a: no folder, where a build puts notebooks; remove it" in caplog.messages
    assert victim.read_text() == "precious"
    assert not (tmp_path / "b.ipynb").exists()


def test_a_page_in_the_place_of_a_notebook_is_told(project, site, caplog):
    project.settle(project.small({"in_both.py": TITLED}))
    with pytest.raises(Abort, match="1 page left out"):
        site("# B\n", plugins=notebooks())
    assert any(each.startswith("docs/a/b.md: in the place of the notebook of a/b; take it") for each in caplog.messages)


def test_the_records_of_a_setting_are_a_name(project, site):
    """`!ENV` makes a number of one."""
    project.settle(project.small())
    (project.root / "records").rename(project.root / "7")
    assert cells(BeautifulSoup((site(COMPARE, extra={"records": 7}) / "a/b/index.html").read_text(), "html.parser"))


def test_a_notebook_without_a_heading_is_told(project, site, caplog):
    project.settle(project.small({"in_both.py": LEFT}))
    with pytest.raises(Abort, match="1 page left out"):
        site(None, plugins=notebooks())
    told = "snippets/a/b/in_both.py:1: a notebook without a heading; open it with a cell '# %% [markdown]' whose first"
    assert any(each.startswith(told) for each in caplog.messages)
    assert not (project.root / "site/a/b/index.html").exists()


def test_a_page_whose_name_is_no_text_is_told_and_no_other_lost(project, site, caplog):
    (project.root / "docs").mkdir()
    Path(os.fsdecode(os.fsencode(project.root / "docs") + b"/\xff.md")).write_text("# A\n")
    with pytest.raises(Abort, match="Aborted: 1 page left out"):
        site("# B\n")
    assert r"docs/\udcff.md: '\udcff.md' is no name of a page; rename it" in caplog.text
    assert (project.root / "site/a/b/index.html").exists()


RAW = """---
title: A
---
# A

<p onerror=alert(1)></p>

<p id="a"></p><p id="a"></p>

<script>alert(1)</script>
"""


def test_what_no_browser_may_run_is_told_with_its_line_and_the_page_left_out(project, site, caplog):
    with pytest.raises(Abort, match="Aborted: 1 page left out"):
        site(RAW)
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [line.partition(";")[0] for line in told] == [
        "docs/a/b.md:6: 'onerror' holds a script, which no browser may run here",
        "docs/a/b.md:8: two elements with the id 'a'",
        "docs/a/b.md:10: a script that is no file of this site, which no browser may run here",
    ]
    assert not (project.root / "site/a/b/index.html").exists()


def test_nothing_that_serves_an_author_alone_is_published(project, site):
    """Comments; and what is wrong with a page is not found by the search either."""
    project.settle(project.small())
    folder = site("# A\n\nOne<!-- ask about this -->.\n\n<!--\nand this\n-->\n\n<div><!-- and --></div>\n", theme=THEME)
    for path in folder.rglob("*"):
        if path.suffix in (".html", ".json"):
            assert not re.search("ask about|and this|<!--", path.read_text()), path
    index = json.loads((folder / "search/entries.json").read_text())
    assert {"kind": "page", "title": "A", "place": "a/b/", "text": "One."} in entries(index)
    with pytest.raises(Abort):
        site("# B\n\n/// compare | a/c\n///\n\n<p onclick=a>Prose</p>\n", theme=THEME)
    assert not (folder / "search/entries.json").exists()


def test_the_page_of_a_notebook_is_text_too(project, site):
    """What a program printed and drew, and the prose between its cells."""
    prose = "# %% [markdown]\n# # Why\n#\n# Because `<b>`.\n\n"
    files = {"in_both.py": LEFT.replace("# %% Setup", f"{prose}# %% Setup")}
    drawn = SVG.replace("<path", "<style>a</style><path id='a' style='x'")
    project.settle(
        project.small(files), printed={"Show": "<b>\x1b[31mred\x1b[0m\u202e 1\r2\x02amp\x03lt;\n"}, drawn=drawn
    )
    notebooks = {"mkdocs-jupyter": {"include": ["a/*.ipynb"], "ignore_h1_titles": True, "cache": False}}
    folder = site(None, theme=THEME, plugins=[notebooks])
    soup = BeautifulSoup((folder / "a/b/index.html").read_text(), "html.parser").article
    assert [samp.get_text().rstrip() for samp in soup.select("samp")] == ["<b>␛[31mred␛[0m⟨U+202E⟩ 1␍2␂amp␃lt;"]
    assert not soup.select("b, style, [style], path")
    (figure,) = soup.select(".jp-RenderedHTML img")
    assert (folder / "a/b" / figure["src"]).read_text() == drawn
    assert soup.select_one(".h2h-provenance")["id"] == "record-a-b"


def test_serving_reads_anew_what_has_changed_and_nothing_else(project, site, monkeypatch):
    """A build after prose has changed takes what the one before it read; after a program has changed, it does not."""
    read, fresh = [], freshness.program
    monkeypatch.setattr(freshness, "program", lambda *given: read.append(given[1].name) or fresh(*given))
    project.settle(project.small())
    assert "h2h-error" not in (site(COMPARE, "serve") / "a/b/index.html").read_text()
    assert len(read) == 2
    assert "More prose" in (site(f"More prose.\n\n{COMPARE}", "serve") / "a/b/index.html").read_text()
    assert len(read) == 2
    project.change("a/b", LEFT.replace("<", ">"))
    assert "changed since it ran" in (site(COMPARE, "serve") / "a/b/index.html").read_text()
    assert len(read) > 2
    project.settle(project.small())
    assert "h2h-error" not in (site(COMPARE, "serve") / "a/b/index.html").read_text()


def test_what_comes_and_goes_while_programs_run_disturbs_no_server(project):
    project.settle(project.small())
    library = Library.of(str(project.root))
    before = library.stamps()
    gone = project.root / "records/cpu/a/b/.writing-gone"
    gone.symlink_to("nowhere")  # as a file that is listed, and not there any more when it is asked for
    project.write({"records/.work/a/out": "on its way"})
    assert [place for place, _ in library.stamps() if place not in dict(before)] == [str(gone)]
    gone.unlink()
    assert library.stamps() == before


def test_a_data_file_out_of_form_is_told_once_and_hides_no_other(project, site, caplog):
    """Pages that name its rows and differences by the way are built without them."""
    project.settle(project.small())
    project.write({"api/a.toml": AREA.replace("title", "titel") + ROW, "differences/a.toml": "title = 1\n"})
    with pytest.raises(Abort, match="Aborted: 2 pages left out"):
        site("# A\n\n" + COMPARE + "\n/// record | a/b\n///\n")
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(told) == 2
    assert told[0].startswith("api/a.toml:1: no key 'titel'")
    assert told[1].startswith("differences/a.toml")
    assert (project.root / "site/a/b/index.html").exists()


ANCHORS = """# B

## Here

<a name="old"></a>
<div id="raw"></div>

{links}
"""


@pytest.mark.parametrize("link", ["#here", "#raw", "#old", "#b", "#top", "#", "../../", "#:~:text=a", "#h%65re"])
def test_a_link_in_html_to_a_part_of_a_page_leads_there(site, link):
    assert (site(ANCHORS.format(links=f'<a href="{link}">a</a>')) / "a/b/index.html").is_file()


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("#nowhere", "'#nowhere', which this page has not"),
        ("../../#nowhere", "'#nowhere', which index.html has not"),
        ("../b/#Here", "'#Here', which this page has not"),
        ("../../index.html#her%65", "'#here', which index.html has not"),
    ],
)
def test_a_link_in_html_to_no_part_of_a_page_is_told(site, caplog, link, told):
    with pytest.raises(Abort, match="1 page left out"):
        site(ANCHORS.format(links=f'<a href="{link}">a</a>'))
    assert f"docs/a/b.md:8: a link to {told}; correct it" in caplog.text


def test_a_link_in_markdown_to_no_part_of_a_page_is_told_once(site, caplog):
    with pytest.raises(Abort):
        site(ANCHORS.format(links="[a](#nowhere)"))
    assert caplog.text.count("nowhere") == 1
