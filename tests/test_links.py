"""Guards the test of links: a dead one is found on any page, and no good one is."""

from __future__ import annotations

import pytest

from tests.support import links
from tests.support.files import write


@pytest.fixture
def site(tmp_path):
    """A site of three pages, one of them of a notebook; gives its folder and a function that adds a page of links."""
    pages = {
        "index.html": '<h1 id="home">Home</h1><a name="old"></a>',
        "a/index.html": '<p id="here">A</p>',
        # As nbconvert makes it.
        "notebook/index.html": '<div class="jp-Cell" id="cell-id=cell-2"><h2 id="One-&amp;-all">1</h2></div>',
        "a/data.json": "{}",
        "a/b.svg": "<svg/>",
    }
    folder = write(tmp_path / "site", pages)

    def add(*found: str, name: str = "a/c/index.html") -> list[str]:
        body = "".join(each if each.startswith("<") else f'<a href="{each}">a</a>' for each in found)
        write(folder, {name: f'<p id="there">{body}'})
        links.read.cache_clear()
        return links.dead_links(folder)

    return folder, add


GOOD = [
    "../",
    "./",
    "../#here",
    "#there",
    "#top",
    "../../a/",
    "../../#old",
    "/#home",
    "../data.json",
    "../data.json#anything",
    "https://x.org/#y",
    "mailto:a@b.org",
    "../../notebook/#cell-id=cell-2",
    "../../notebook/#One-%26-all",
    '<img src="../b.svg" srcset="../b.svg 1x, ../b.svg 2x">',
    '<button data-program="../data.json">',
    '<link rel="canonical" href="https://x.org/a/c/">',
]
BAD = {
    "../c2/": "no such file",
    "../gone.json": "no such file",
    "../#gone": "no such id",
    "#no": "no such id",
    "../../notebook/#One": "no such id",
    "../../a": "a folder wants a slash behind it",
    "../../../x": "it leads out of the site",
    "http://[": "no address",
}


def test_good_links(site):
    _, add = site
    assert add(*GOOD) == []


@pytest.mark.parametrize(("link", "why"), BAD.items(), ids=list(BAD))
def test_a_dead_link_is_told_with_its_page_and_why(site, link, why):
    _, add = site
    assert add(*GOOD, link, link) == [f"a/c/index.html: {link}: {why}"]


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="gone">',
        '<img src="../b.svg" srcset="gone 2x">',
        '<script src="gone"></script>',
        '<svg><image xlink:href="gone" /></svg>',
        '<link rel="next" href="gone">',
        '<button data-program="gone">',
    ],
)
def test_whatever_has_an_address_is_followed(site, tag):
    _, add = site
    assert add(tag) == ["a/c/index.html: gone: no such file"]


def test_links_of_a_notebooks_page_are_followed(site):
    _, add = site
    assert add("../a/#here", "../#gone", name="notebook/index.html") == ["notebook/index.html: ../#gone: no such id"]


def test_a_site_may_be_published_below_a_path(site):
    folder, add = site
    assert add("/project/a/#here", name="404.html") == ["404.html: /project/a/#here: no such file"]
    assert links.dead_links(folder, "/project/") == []


def test_what_a_browser_fetches_is_found():
    text = """
    <link rel="stylesheet" href="a"><link rel="canonical" href="https://x/y"><script src="b"></script><script></script>
    <img src="c" srcset="d 1x, e 2x"><iframe src="f"></iframe><a href="g">g</a>
    """
    assert sorted(links.Page(text).fetched) == list("abcdef")


def test_the_command_says_what_is_dead_and_how_many(site, capsys):
    folder, add = site
    add("../")
    assert links.main([str(folder)]) == 0
    assert capsys.readouterr().out == "4 pages, 0 dead links\n"
    add("gone")
    assert links.main([str(folder)]) == 1
    assert capsys.readouterr().out == "a/c/index.html: gone: no such file\n4 pages, 1 dead links\n"
    assert links.main([str(folder / "nowhere")]) == 1
