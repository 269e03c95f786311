"""Guards the directives: both sides on the page in order, code untouched, and errors that name page and line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from headtohead.content.topics import Topic
from headtohead.site.extension import HeadToHead, PageError
from headtohead.site.library import Library
from headtohead.site.pages import Page
from tests.support.pages import COMPARE, EXTENSIONS, SETUP, SHOW, cells, shown
from tests.support.texts import LEFT, PAGE, PROOF, SVG, program

# What Markdown, a template engine, a snippet extension or a browser might take for its own.
NASTY = r'''"""Show a sum."""

# %% Setup
x = "<b>&amp;</b> & < > \" ' \\ \n"
y = f"{{x}} {{{x}}} {x!r}" + "{{ x }} {% if x %} {# x #}"

# %% Show
# *stars* _bars_ `ticks` ```fence``` [a](b) ![i](j) <!-- c -->
# /// compare | a/b
z = """
--8<-- "file.md"
```python
    four spaces, a tab: 	.
/// compare | a/b
///
 # %% no cell
1. one
:material-scale: $x$ \\(y\\) ==mark== ^^ins^^ ~~del~~ {: .class }
wzxhzdk:0 klzzwxh:0000
"""
'''
PRINTED = "<script>alert(1)</script> & {{ x }} `a` *b*\n--8<-- \"x\"\n/// record | a/b\n\n    indented × 'é'\n```\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/// compare | a/b\ncell: Show\n///\n", SHOW),
        ("/// compare | a/b\n///\n", SETUP + SHOW),
        ("///  compare  |  a/b  \n\n  cell:   Show  \n\n///\n", SHOW),
        ("# A\n/// compare | a/b\ncell: Show\n///\nB\n\n/// compare | a/b\ncell: Setup\n///", SHOW + SETUP),
        ("- item\n\n/// compare | a/b\ncell: Show\n///\n\n- item\n", SHOW),
        ("<div markdown>\n\n/// compare | a/b\ncell: Show\n///\n\n</div>\n", SHOW),
        ("```x``` is code\n\n/// compare | a/b\ncell: Show\n///\n", SHOW),
    ],
)
def test_both_sides_are_shown_in_order(project, text, expected):
    project.settle(project.small())
    soup = shown(project.root, text)
    assert cells(soup) == expected
    assert "///" not in soup.get_text()


def test_tabs_are_linked_and_ids_are_unique_across_a_page(project):
    project.settle(project.small())
    soup = shown(project.root, COMPARE + "\ntext\n\n" + "/// record | a/b\n///\n")
    assert [label.get_text() for label in soup.select(".tabbed-labels > label")] == ["PyTorch", "TensorFlow"] * 2
    identities = [tag["id"] for tag in soup.select("[id]")]
    assert len(identities) == len(set(identities))
    for label in soup.select("label"):
        assert soup.find("input", id=label["for"])
    for radio in {radio["name"] for radio in soup.select("input")}:
        assert [tag.has_attr("checked") for tag in soup.select(f"input[name={radio}]")] == [True, False]


def test_output_stands_under_its_cell(project):
    project.settle(project.small(), printed={"Show": "2 < 3 & 4\n"})
    show = shown(project.root, COMPARE).select(".h2h")[1]
    assert [samp.get_text() for samp in show.select(".h2h-side samp")] == ["2 < 3 & 4"] * 2
    assert not shown(project.root, COMPARE).select(".h2h")[0].select("samp")


def test_code_and_output_arrive_untouched(project):
    found = project.small({"in_pytorch.py": NASTY, "in_tensorflow.py": NASTY, "parity.py": NASTY})
    project.settle(found, printed={"Show": PRINTED})
    soup = shown(project.root, f"*a*\n\n{COMPARE}\n/// record | a/b\n///\n")
    bodies = [program.cells[index].body + "\n" for index in range(2) for program in found.programs.values()]
    assert [code for _, _, code in cells(soup)] == bodies
    assert [samp.get_text() for samp in soup.select("samp")] == [PRINTED.rstrip("\n")] * 2
    assert soup.select_one(".h2h-proof code").get_text() == NASTY
    assert not soup.select("script, b")


def test_what_nobody_sees_is_shown(project):
    """Control characters, marks of direction, and Markdown's own marks, which once were taken for such."""
    printed = {"Show": "a\x00b\x1b[31mred\x08 10%\r20%\u202e\n\x02amp\x03lt; \x02wzxhzdk:0\x03\x02klzzwxh:0001\x03\n"}
    project.settle(project.small(), printed=printed)
    soup = shown(project.root, COMPARE)
    expected = "a␀b␛[31mred␈ 10%␍20%⟨U+202E⟩\n␂amp␃lt; ␂wzxhzdk:0␃␂klzzwxh:0001␃"
    assert [samp.get_text() for samp in soup.select("samp")] == [expected] * 2


TITLES = ["Loss", "Loss!", "Loss 2", "損失", "損失!", "!?", "<b>\"'&"]


def test_each_cell_has_an_id_of_its_own_to_which_links_lead(project):
    """Whatever its title, however often it is shown, and beside a cell of another topic."""
    text = program(*['print("2 < 3")'] * len(TITLES), titles=TITLES)
    project.settle(project.small({"in_pytorch.py": text, "in_tensorflow.py": text, "parity.py": PROOF}))
    project.topic("a/c", text, text)
    project.settle(Topic(project.root, "a/c"))
    project.write({"docs/a/c.md": "/// compare | a/c\n///\n"})
    once = "/// compare | a/b\ncell: Loss\n///\n\n"
    soup = shown(project.root, once + once + "/// compare | a/c\n///\n\n" + COMPARE)
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(set(ids)) == len(ids) == (2 + 2 * len(TITLES)) * 3  # a cell and two tabs
    first = {}
    for cell in soup.select(".h2h[data-topic='a/b']"):
        assert cell.select_one(".h2h-title a")["href"] == f"#{cell['id']}"
        first.setdefault(cell["data-cell"], cell["id"])
    page = Page(Markdown(), Library.of(str(project.root)))
    assert first == {title: page.to_cell("a/b", title).partition("#")[2] for title in TITLES}


def test_record_and_proof_are_linked_where_they_stand(project):
    project.settle(project.small())
    project.write({"docs/a/b.md": PAGE})
    soup = shown(project.root, COMPARE, uri="c.md")
    link = soup.select_one(".h2h-provenance a")["href"]
    assert link == "../a/b/#record-a-b"
    soup = shown(project.root, PAGE)
    assert soup.select_one(".h2h-provenance a")["href"] == "#record-a-b"
    assert soup.find(id="record-a-b").select_one(".h2h-runs")
    assert not shown(project.root, COMPARE).select(".h2h-provenance a")  # it shows none


def test_a_topic_without_a_page_is_an_error_where_it_is_shown(project):
    project.settle(project.small())
    (project.root / "docs/a/b.md").unlink()
    told = r"^docs/c\.md:1: snippets/a/b: it has no page of its own to lead to; write docs/a/b\.md"
    for directive in ("compare | a/b", "records"):
        with pytest.raises(PageError, match=told):
            shown(project.root, f"/// {directive}\n///\n", uri="c.md")


def test_a_block_is_no_cells_neighbour(project):
    """A blank first line of output and trailing blanks in code are kept."""
    text = LEFT.replace("import torch", 'x = """  \n  """')
    project.settle(project.small({"in_both.py": text}), printed={"Show": "\n\n  a\n"})
    soup = shown(project.root, COMPARE)
    assert cells(soup)[0][2] == 'x = """  \n  """\n'
    assert soup.select_one("samp").get_text() == "\n\n  a"


CODE = [
    "```markdown\n{}```\n",
    "````text\n```\n{}```\n````\n",
    "~~~\n{}~~~\n",
    "- item\n\n    ```text\n    {}    ```\n",
    "> ```text\n> {}> ```\n",
    "`/// compare | a/b`\n",
]


@pytest.mark.parametrize("code", CODE)
def test_code_that_shows_a_directive_is_left_alone(project, code):
    project.settle(project.small())
    margin = {"- ": "    ", "> ": "> "}.get(code[:2], "")
    soup = shown(project.root, code.format(COMPARE.replace("\n///", f"\n{margin}///")))
    assert "/// compare | a/b" in soup.code.get_text()
    assert not soup.select(".h2h")


def test_figures_and_downloads_are_relative_to_the_page(project):
    project.settle(project.small(), drawn=SVG)
    text = COMPARE + "\n/// record | a/b\n///\n"
    for uri, url, up in [
        ("index.md", "./", ""),
        ("index.md", "", ""),
        ("a.md", "a/", "../"),
        ("a/b.md", "a/b/", "../../"),
        ("a/b/index.md", "a/b/", "../../"),
        ("a/b.md", "a/b.html", "../"),
    ]:
        soup = shown(project.root, text, uri=uri, url=url)
        assert {Path(tag["src"]).parent.as_posix() for tag in soup.select("img")} == {f"{up}records/cpu/a/b"}
        links = [tag["href"] for tag in soup.select("a[download]")]
        assert links == [
            f"{up}programs/a/b/in_{side}.{kind}" for side in ("pytorch", "tensorflow") for kind in ("py", "ipynb")
        ]
        assert all(tag["alt"] for tag in soup.select("img"))


# Each: what stands on a page from its third line on, and what the error says about it.
ERRORS = {
    "an unknown directive": (
        "/// compere | a/b\n///",
        "/// compere | a/b'; there are compare, install, record, records, mutants",
    ),
    "no name": ("///\n", "no directive '///'"),
    "no topic": ("/// compare\n///", "no topic; write it behind a bar"),
    "an unknown topic": ("/// compare | a/c\n///", "snippets/a/c: no such topic; did you mean a/b?"),
    "an unknown cell": (
        "/// compare | a/b\ncell: Setpu\n///",
        "no cell 'Setpu'; did you mean 'Setup'? its cells",
    ),
    "an unknown option": ("/// compare | a/b\ncall: Show\n///", "no option 'call: Show'; it takes cell; close it"),
    "an option that is none": ("/// record | a/b\ncell: Show\n///", "no option 'cell: Show'; it takes none"),
    "an empty option": ("/// compare | a/b\ncell:\n///", "'cell' is empty or given twice"),
    "an option twice": ("/// compare | a/b\ncell: Show\ncell: Setup\n///", "'cell' is empty or given twice"),
    "a topic for all": ("/// records | a/b\n///", "takes no topic"),
    "never closed": ("/// compare | a/b\ncell: Show\n", "never closed; end it with a line '///'"),
    "closed by prose": ("/// compare | a/b\n\nSome prose.\n///", "no option 'Some prose.'"),
    "closed by the next": ("/// compare | a/b\n/// record | a/b\n///", "no option '/// record | a/b'"),
    "indented": ("    /// compare | a/b\n    ///", "'/// compare | a/b' is indented; begin it in the first column"),
    "in a list": (" /// compare | a/b\n ///", "is indented; begin it in the first column"),
    "in a quotation": ("> /// compare | a/b\n> ///", "'> /// compare | a/b' is almost a directive; a directive begins"),
    "in a table": ("| /// compare | a/b |", "is almost a directive"),
    "behind a bullet": ("- /// compare | a/b\n  ///", "is almost a directive"),
    "with two slashes": ("// compare | a/b\n//", "'// compare | a/b' is almost a directive"),
    "with wide slashes": ("／／／ compare | a/b\n／／／", "is almost a directive"),
    "behind a blank that nobody sees": (
        "\u200b/// compare | a/b\n///",
        "U+200B: a character that nobody sees; take it out",
    ),
    "behind a byte order mark": ("\ufeff/// compare | a/b\n///", "U+FEFF: a character that nobody sees"),
    "behind a blank that does not break": ("\xa0/// compare | a/b\n///", "is indented"),
    "behind a tab": ("\t/// compare | a/b\n\t///", "is indented"),
    "with what nobody sees in it": ("/// compare | a/\u200bb\n///", "U+200B: "),
    "prose that reads otherwise": ("a \u202eb\u202c c", "U+202E: "),
    "code that reads otherwise": ("```text\na\n```\n\n    \x1b[1m", "U+001B: "),
    "no space": ("///compare|a/c\n///", "snippets/a/c: no such topic"),
    "behind a comment": ("<!-- a --> /// compare | a/b\n///", "'<!-- a --> /// compare | a/b' is almost a directive"),
    "an open comment": ("<!-- a\n\n/// compare | a/b\n///", "<!--: never closed; end it with '-->'"),
    "an open fence": ("```text\n\n/// compare | a/b\n///", "```: never closed; end the code with a line '```'"),
}


@pytest.mark.parametrize(("text", "what"), ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("meta", ["", "---\ntitle: A page\n---\n", "---\na: 1\n\nb:\n  - 2\n---\n\n\n"])
def test_an_error_names_page_and_line(project, meta, text, what):
    project.settle(project.small())
    with pytest.raises(PageError) as caught:
        shown(project.root, f"# Title\n\n{text}\n\n\n", meta=meta)
    line = meta.count("\n") + 3 + (4 if what == "U+001B: " else 0)
    assert str(caught.value).startswith(f"docs/a/b.md:{line}: ")
    assert what in str(caught.value)


def test_an_error_far_down_a_page_has_the_right_line(project):
    project.settle(project.small())
    text = "\n\n".join([COMPARE, "```text\na\n\nb\n```", COMPARE, "\ttab\n   \n", "/// compare | a/c\n///", COMPARE])
    with pytest.raises(PageError) as caught:
        shown(project.root, text)
    line = text.splitlines().index("/// compare | a/c") + 1
    assert str(caught.value).startswith(f"docs/a/b.md:{line}: ")


def test_a_stale_record_ends_the_build(project):
    project.settle(project.small())
    project.small({"in_pytorch.py": LEFT.replace("4", "5")})
    for directive in ("compare | a/b", "record | a/b", "records"):
        with pytest.raises(PageError, match=r"^docs/a/b\.md:1: snippets/a/b/in_pytorch\.py: changed since it ran"):
            shown(project.root, f"/// {directive}\n///\n")


def test_a_stale_record_of_another_device_ends_the_build(project):
    found = project.small()
    project.settle(found)
    project.settle(found, label="nvidia-h200")
    project.small({"in_pytorch.py": LEFT.replace("4", "5")})
    project.settle(project.small({}))
    shown(project.root, COMPARE)
    with pytest.raises(PageError, match=r"records/nvidia-h200/a/b/pytorch\.json is stale"):
        shown(project.root, "/// record | a/b\n///\n")


def test_problems_are_noted_and_the_page_goes_on(project):
    project.settle(project.small())
    text = "/// compare | a/b\ncell: <Setpu>\n///\n\nprose\n\n/// compare | a/b\ncell: Show\n///\n\n```text\nopen\n"
    problems = {}
    soup = shown(project.root, text, library=Library.of(str(project.root), problems=problems))
    assert cells(soup) == SHOW
    wrong, unclosed = (box.p.find_next_sibling("p").get_text() for box in soup.select(".h2h-error"))
    assert problems == {"a/b.md": [wrong, unclosed]}
    assert "docs/a/b.md:1: snippets/a/b/in_pytorch.py: no cell '<Setpu>'" in wrong
    assert "docs/a/b.md:11: ```: never closed" in unclosed
    assert "prose" in soup.get_text()


@pytest.mark.parametrize(
    "opened", ["> /// compare | a/b\n> cell: Show\n> ///", "// compare | a/b\n//", "\u200b/// records\n///"]
)
def test_what_is_almost_a_directive_is_one_fault_and_the_page_goes_on(project, opened):
    project.settle(project.small())
    problems = {}
    text = f"{opened}\n\n/// compare | a/b\ncell: Show\n///\n"
    soup = shown(project.root, text, library=Library.of(str(project.root), problems=problems))
    assert [len(each) for each in problems.values()] == [1]
    assert problems["a/b.md"][0].startswith("docs/a/b.md:1: ")
    assert cells(soup) == SHOW


def test_it_works_without_mkdocs(project):
    project.settle(project.small(), drawn=SVG)
    md = Markdown(extensions=[*EXTENSIONS, HeadToHead(root=str(project.root), records="records")])
    assert cells(BeautifulSoup(md.convert(COMPARE), "html.parser")) == SETUP + SHOW
    with pytest.raises(PageError, match=r"^page:2: snippets/a/c: no such topic"):
        md.convert("a\n/// compare | a/c\n///")


def test_records_may_lie_elsewhere(project):
    project.settle(project.small(), printed={"Show": "here"})
    os.rename(project.root / "records", project.root / "elsewhere")
    md = Markdown(extensions=[HeadToHead(root=str(project.root), records="elsewhere")])
    assert "here" in md.convert(COMPARE)
    with pytest.raises(PageError, match="no such record; run 'nox -s verify -- a/b'"):
        Markdown(extensions=[HeadToHead(root=str(project.root))]).convert(COMPARE)
