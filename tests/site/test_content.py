"""Guards the last look at a page: what no browser may run is told, comments are gone, and all else stays as it is."""

from __future__ import annotations

import re
import time

import pytest

from headtohead.site.content import look
from headtohead.site.extension import PageError
from tests.support.pages import COMPARE, shown
from tests.support.texts import SVG

FAULTS = {
    "a part of the theme": ("<div data-md-component=search>a</div>", "'data-md-component' is the theme's own; take it"),
    "a switch of the theme": ("<input name=__palette type=radio>", "the name '__palette' is the theme's own; choose"),
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
    "a form's address": ("<button formaction='a/'>", "'formaction' sends something away"),
    "a form that sends": ("<form action=https://a.org></form>", "<form>, which has no place in a page"),
    "another scheme": ("<a href=vbscript:a>a</a>", "'href' leads to 'vbscript:'; write https://"),
    "a page in an address": ("<a href='data:text/html,a'>a</a>", "'href' leads to 'data:'"),
    "a file of the reader": ("<a href=' fi\nle:///etc/passwd'>a</a>", "'href' leads to 'file:'"),
    "a source": ("<a href='view-source:http://x'>a</a>", "'href' leads to 'view-source:'"),
    "a scheme in SVG": (
        "<svg><use href='#a' xlink:href='blob:https://a.org/b'/></svg>",
        "'xlink:href' leads to 'blob:'",
    ),
    "another host": ("<a href=//a.org>a</a>", "'href' begins at the top of a server"),
    "another host, backwards": ("<a href='\\\\a.org'>a</a>", "'href' begins at the top of a server"),
    "the top of a server": ("<a href=/etc/passwd>a</a>", "'href' begins at the top of a server"),
    "a host of one machine": ("<a href=http://localhost:8000/>a</a>", "'href' leads to a host that not everybody"),
    "a host of one house": ("<a href=https://192.168.0.1/>a</a>", "'href' leads to a host that not everybody"),
    "a host that looks like another": ("<a href=https://pyt\u043erch.org/>a</a>", "'href' leads to a host that not"),
    "a picture without words": ("<img src=a.png>", "a picture without words for who does not see it"),
    "a field that takes the keys": ("<input autofocus>", "'autofocus' acts on whoever reads"),
    "a film that begins": ("<video src=a.mp4 autoplay></video>", "'autoplay' acts on whoever reads"),
    "a key": ("<a accesskey=s href=a>a</a>", "'accesskey' acts on whoever reads"),
    "an order of its own": ("<p tabindex=99>a</p>", "'tabindex' acts on whoever reads"),
    "what is copied": ("<button data-clipboard-text='rm -rf ~'>Copy</button>", "'data-clipboard-text' acts on whoever"),
    "what pops up": ("<div popover id=a></div>", "'popover' acts on whoever reads"),
    "a password": ("<a href=https://a:b@a.org/>a</a>", "'href' holds a name or a password"),
    "a name": ("<a href='https://a.org&#64;b.org/'>a</a>", "'href' holds a name or a password"),
    "no host": ("<a href=https:a.org>a</a>", "'href' names no host"),
    "half a host": ("<a href=https://[a/>a</a>", "'href' names no host"),
    "a source of words": ("<q cite='file:///a'>a</q>", "'cite' leads to 'file:'"),
    "all is text": ("<plaintext>", "<plaintext>, which has no place in a page"),
    "all is an example": ("<xmp><img src=x></xmp>", "<xmp>, which has no place in a page"),
    "a title": ("<title>a", "<title>, which has no place in a page"),
    "a template": ("<template><p></template>", "<template>, which has no place in a page"),
    "an element of nobody": ("<x-y></x-y>", "<x-y>, which has no place in a page"),
    "a field without an end": ("<textarea>\n<h2>After</h2>", "never closed"),
    "a field that holds tags": ("<textarea><p></textarea>", "<p> within <textarea>, which holds text alone"),
    "where no script runs": (
        "<noscript><p title='</noscript><img src=x>'></noscript>",
        "<p> within <noscript>, which holds text alone",
    ),
    "an end too many": ("</div></article>", "</div> closes nothing that is open on this page"),
    "an end of what holds the page": ("<p>a</main>", "</main> closes nothing that is open on this page"),
    "ends out of order": ("<div><section></div></section>", "</div> while <section> is open; close that first"),
    "no end": ("<div>\n\nAfter", "<div> is never closed"),
    "no end, though it looks so": ("<div/>After", "<div> is never closed"),
    "a change of an address": ("<svg><animate values='javascript:a'/></svg>", "<animate>, which has no place"),
    "a paint from elsewhere": ("<svg><rect fill='url(https://a.org/x#a)'/></svg>", "'fill' asks for a file"),
    "a mask from a file": ("<svg><rect mask='URL( \"a.svg#a\")'/></svg>", "'mask' asks for a file"),
    "an id of the theme": ("<div id=__config>{}</div>", "the id '__config' is the theme's own"),
    "an id that is none": ('<p id="a b\'<c>">', 'the id "a b\'<c>", which no link can name'),
    "an empty id": ("<p id=''>", "the id '', which no link can name"),
    "a picture with a name": ("<img name=body src=a.png>", "'name' of a picture hides"),
    "a script in an address": ("<script src='data:text/javascript,a'></script>", "a script that is no file of this"),
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
        '<a href="https://a.org/?javascript:">a</a><a href="#javascript">b</a><a href="mailto:a@a.org">c</a>',
        '<a href="../b/?c=d:e#f">a</a><a href="">b</a><a href="./">c</a><a href="https://a.org/@b">d</a>',
        "<ul><li>a<li>b</ul><table><tr><td>a<tr><td><p>b</table><p>c<br/>d<hr></p>",
        '<svg viewBox="0 0 1 1"><g fill="url(#a)"/><title>a</title><path d="M 0"/></svg><p title="url(a)">b</p>',
        '<noscript>Without.</noscript><textarea rows="2"></textarea><p id="__tabbed_1_1"></p><p id="größe-1.2_3"></p>',
        '<a href="https://a.org">a</a><img src="../a.png" alt>'
        '<img src="data:image/png;base64,A" srcset="a.png,b.png" alt>',
        '<script src="a.js"></script><img data-on="x" alt="onerror=">',
        '<span class="n">a</span><span class="o">&lt;</span>\n<p id="a"></p><p id="b"></p>',
        "",
    ],
)
def test_all_else_stays_as_it_is(html):
    assert look(html)[:2] == (html, [])


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
    assert look(f"<p>a{comment}b</p>\n{comment}")[:2] == ("<p>ab</p>\n", [])


def test_comments_that_never_end_take_no_time_that_grows_with_their_square():
    began = time.process_time()
    assert look("<p>a</p><!-- " * 20_000).faults
    assert time.process_time() - began < 2


def test_what_is_not_there_is_told():
    html = "<a href='../b/?c#d'>a</a> <a href='#e'>b</a> <a href=missing.html>c</a> <img src='a%20b.png' alt=b>"
    asked: list[str] = []
    faults = look(html, lambda path: asked.append(path) or path == "../b/").faults
    assert [fault.what for fault in faults] == [
        "'href' leads to 'missing.html', which is not there; correct it",
        "'src' leads to 'a b.png', which is not there; correct it",
    ]
    assert asked == ["../b/", "missing.html", "a b.png"]
    (fault,) = look("<img srcset='a.png 1x, b.png 2x' alt=b>", lambda path: path == "a.png").faults
    assert fault.what == "'srcset' leads to 'b.png', which is not there; correct it"


def test_a_figure_that_would_run_something_is_not_published(project):
    project.settle(project.small(), drawn=SVG.replace("<path", "<g ONLOAD='a'/><path"))
    with pytest.raises(PageError, match=r"records/cpu/a/b/pytorch-2-1-\w+\.svg: a figure that holds a script"):
        shown(project.root, COMPARE)


def test_what_the_directives_make_may_stand_there(project):
    project.settle(project.small(), printed={"Show": "<script>\x1b\u202e</script>\n"})
    assert look(str(shown(project.root, f"{COMPARE}\n/// record | a/b\n///\n"))).faults == []
