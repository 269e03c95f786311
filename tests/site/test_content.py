"""Guards the last look at a page: what no browser may run is told, comments are gone, and all else stays as it is."""

from __future__ import annotations

import re
import time

import pytest

from headtohead.site.content import look, runs
from headtohead.site.extension import PageError
from tests.support.pages import COMPARE, shown
from tests.support.texts import SVG

FAULTS = {
    "a script": ("<p>a</p><SCRIPT>alert(1)</SCRIPT>", "a script that is no file of this site"),
    "a script from elsewhere": ("<script src='//a.org/b.js'></script>", "a script that is no file of this site"),
    "a module": ("<script type=module>alert(1)</script>", "a script that is no file of this site"),
    "a style sheet": ("<style>p { color: red }</style>", "a style sheet in a page"),
    "a style": ("<p style='color: red'>a</p>", "a style in a tag"),
    "a way to leave": ("<meta http-equiv=refresh content='0;url=https://a.org'>", "<meta>, which leads elsewhere"),
    "a name to look up": ("<link rel=dns-prefetch href=//a.org>", "<link>, which leads elsewhere or shows nothing"),
    "a frame": ("<iframe src=https://a.org></iframe>", "<iframe>, which leads elsewhere or shows nothing here"),
    "an object": ("<object data=a.swf></object>", "<object>, which leads elsewhere or shows nothing here"),
    "a picture from elsewhere": ("<img src='https://a.org/b.png'>", "'src' asks another host, which no browser may"),
    "a picture from anywhere": ("<img src=' \\\\a.org/b.png'>", "'src' asks another host"),
    "a picture for another screen": ("<img src=a.png srcset='a.png 1x, //a.org/b.png 2x'>", "'srcset' asks another"),
    "a picture before a film": ("<video poster=//a.org/b.png>", "'poster' asks another host"),
    "a picture in SVG": ("<svg><image href=https://a.org/b.png></svg>", "'href' asks another host"),
    "a link that tells": ("<a href=https://a.org ping=https://b.org>", "'ping' asks another host"),
    "a base": ("<base href='https://a.org'>", "<base> moves every link"),
    "a handler": ("<img src=x onerror=alert(1)>", "'onerror' holds a script"),
    "a handler in SVG": ("<svg><g/onload=alert(1)></svg>", "'onload' holds a script"),
    "an address": ("<a href='javascript:alert(1)'>a</a>", "'href' holds a script"),
    "a hidden address": ("<a href=' j&#97;va&Tab;script&colon;alert(1)'>a</a>", "'href' holds a script"),
    "a form": ("<button formaction='JavaScript:alert(1)'>", "'formaction' holds a script"),
    "an id twice": ("<p id=a></p><p id='a'></p>", "two elements with the id 'a'"),
    "a comment without an end": ("<p>a</p><!-- and <b>more</b>", "a comment that never ends"),
    "a comment in a comment": ("<!-<!-- -->- a <script></script>", "a comment that never ends"),
    "an instruction": ("<?php a ?>", "markup that no browser shows"),
    "a declaration": ("<!ELEMENT a>", "markup that no browser shows"),
    "a control": ("<p>\x1b</p>", "U+001B"),
    "a mark of direction": ("<p>a&#x202e;b&rlm;</p>", "U+202E"),
    "a mark in an attribute": ("<p title='&#8238;'></p>", "U+202E"),
}


@pytest.mark.parametrize(("html", "told"), FAULTS.values(), ids=FAULTS)
def test_what_may_not_stand_on_a_page_is_told(html, told):
    assert any(told in fault.what for fault in look(html).faults)


@pytest.mark.parametrize(
    "html",
    [
        "<p>&lt;script&gt; onclick=1 style= javascript: <code>&lt;!-- --&gt;</code></p>",
        '<a href="https://a.org/?javascript:">a</a><a href="#javascript">b</a>',
        '<a href="https://a.org">a</a><img src="../a.png"><img src="data:image/png;base64,AA" srcset="a.png,b.png">',
        '<script src="a.js"></script><img data-on="x" alt="onerror=">',
        '<span class="n">a</span><span class="o">&lt;</span>\n<p id="a"></p><p id="b"></p>',
        "",
    ],
)
def test_all_else_stays_as_it_is(html):
    assert look(html) == (html, [])


@pytest.mark.parametrize("written", ["\u202e", "&#x202e;", "&#X0202E;", "&#8238;"])
def test_what_nobody_sees_is_found_however_it_is_written(written):
    (fault,) = look(f"<p>a{written}b</p>").faults
    assert fault.what.startswith("U+202E, a character that nobody sees")
    assert re.search(fault.sought, f"a{written}b", re.IGNORECASE)


def test_what_nobody_sees_has_names_too():
    (fault,) = look("<p>a&shy;b</p>").faults
    assert re.search(fault.sought, "a&shy;b")


@pytest.mark.parametrize("comment", ["<!-- ask about this -->", "<!--\n/// a\n-->", "<!---->", "<!-->", "<!-- a --!>"])
def test_comments_are_for_those_who_edit(comment):
    assert look(f"<p>a{comment}b</p>\n{comment}") == ("<p>ab</p>\n", [])


def test_comments_that_never_end_take_no_time_that_grows_with_their_square():
    began = time.process_time()
    assert look("<p>a</p><!-- " * 20_000).faults
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "part",
    ["<script>a</script>", "<g onload='a'/>", "<g/ONLOAD=a>", "<a href='javascript:a'/>", "<foreignObject/>"],
)
def test_a_figure_that_would_run_something_is_not_published(project, part):
    assert not runs(SVG.encode()), SVG
    assert not runs(b"<!-- onset = 3 --><text>one = 1</text>")
    project.settle(project.small(), drawn=SVG.replace("<path", f"{part}<path"))
    with pytest.raises(PageError, match=r"records/cpu/a/b/pytorch-2-1-\w+\.svg: a figure that holds a script"):
        shown(project.root, COMPARE)


def test_what_the_directives_make_may_stand_there(project):
    project.settle(project.small(), printed={"Show": "<script>\x1b\u202e</script>\n"})
    assert look(str(shown(project.root, f"{COMPARE}\n/// record | a/b\n///\n"))).faults == []
