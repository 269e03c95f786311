"""Guards pictures: what is a picture and no more may be shown, whatever else a file of SVG can be."""

from __future__ import annotations

import pytest

from headtohead.content.pictures import odd
from tests.support.texts import SVG

TEN = "<use href='#a{}'/>" * 10
LINK = "xmlns:l='http://www.w3.org/1999/xlink'"
FAULTS = {
    "a script": ("<script>a</script>", "holds <script>, which runs, leads away"),
    "a script by another name": (f"<s:script xmlns:s='{'http://www.w3.org/2000/svg'}'>a</s:script>", "holds <script>"),
    "HTML": ("<p xmlns='http://www.w3.org/1999/xhtml'/>", "holds <p>"),
    "a page": ("<foreignObject/>", "holds <foreignobject>"),
    "a link": ("<a href='&#106;avascript:alert(1)'><text/></a>", "holds <a>"),
    "a change": ("<animate attributeName='href' values='javascript:a'/>", "holds <animate>"),
    "a handler": ("<g onload='a'/>", "holds a script, in 'onload'"),
    "a handler in capitals": ("<g ONLOAD='a'/>", "holds a script, in 'onload'"),
    "a picture from elsewhere": ("<image href='https://a.org/b.png'/>", "leads elsewhere, in 'href'"),
    "a picture by another name": (f"<image {LINK} l:href='b.svg'/>", "leads elsewhere, in 'href'"),
    "a picture in a picture": ("<image href='data:image/svg+xml,a'/>", "leads elsewhere, in 'href'"),
    "a paint from elsewhere": ("<g fill='url(https://a.org/#a)'/>", "asks for a file, in 'fill'"),
    "a style that asks": ("<g style='mask: u&#114;l(//a.org)'/>", "asks for a file, in 'style'"),
    "a sheet that asks": ("<style>@im<![CDATA[port]]> 'https://a.org'</style>", "asks for a file, in a style"),
    "a sheet that spells": ("<style>* { mask: u\\72l(//a.org) }</style>", "asks for a file, in a style"),
    "a picture by its name alone": ("<g style='mask: image-set(&quot;b&quot; 1x)'/>", "asks for a file, in 'style'"),
    "a sheet with a picture": ("<style>* { cursor: image-set('b' 1x) }</style>", "asks for a file, in a style"),
    "a loop": ("<g id='a'><use href='#a'/></g>", "uses itself, in 'a'"),
    "a longer loop": ("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>", "uses itself, in "),
    "a flood": (
        "".join(f"<g id='a{n}'>{TEN.replace('{}', str(n - 1))}</g>" for n in range(9)),
        "draws more than 200,000",
    ),
    "an instruction": ("<?xml-stylesheet href='a.xsl'?>", "holds an instruction, 'xml-stylesheet'"),
    "half": ("<g>", "is not XML: mismatched tag in line 1"),
    "an entity of nobody": ("<text>&nbsp;</text>", "is not XML: undefined entity"),
}


@pytest.mark.parametrize(("part", "told"), FAULTS.values(), ids=FAULTS)
def test_what_is_more_than_a_picture_is_told(part, told):
    assert odd(SVG.encode()) == ""
    assert odd(SVG.replace("<path", f"{part}<path").encode()).startswith(told)


ENTITY = '<!DOCTYPE svg [<!ENTITY s "<script>alert(1)</script>">]>'
UTF16 = f'<?xml version="1.0" encoding="UTF-16"?>{SVG}'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (f"{ENTITY}{SVG}".encode(), "declares entities of its own"),
        (UTF16.encode("utf-16"), "is not UTF-8"),
        (UTF16.encode(), "says that it is encoded as 'UTF-16'"),
        (b'<?xml version="1.0" encoding="utf-7"?>' + SVG.encode(), "says that it is encoded as 'utf-7'"),
        (b"<svg/>", "is no SVG"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "is no SVG"),
        (b"", "is not XML: no element found"),
        (b"a", "is not XML: "),
        (f"<!-- a -->{SVG}<script/>".encode(), "is not XML: junk after document element"),
    ],
)
def test_what_is_no_picture_is_told(data, told):
    assert odd(data).startswith(told)


@pytest.mark.parametrize(
    "part",
    [
        "<!-- onset = 3 --><text>one = 1, url(a)</text>",
        f"<image {LINK} l:href='data:image/png;base64,AA'/><use href='#a'/>",
        "<style type='text/css'>*{stroke-linejoin: round}</style><g clip-path='url(#a)' style='fill: #fff'/>",
    ],
)
def test_what_draws_and_no_more_may_stand_there(part):
    public = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    head = '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
    assert odd(f"{head}{public}\n{SVG.replace('<path', f'{part}<path')}".encode()) == ""
