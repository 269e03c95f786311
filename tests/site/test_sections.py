"""Guards what there is to find on a built page: its sections and claims, each with its place, and no chrome."""

from __future__ import annotations

import pytest

from headtohead.site.sections import BEGINNING, names, sections

PAGE = """<body><nav>Menu</nav><article>
<h1 id=top>A page<a class=headerlink href="#top">¶</a></h1>
<p>Before <code>nn.Linear</code>, all.</p><p>Next.</p><button>copy</button><p class=h2h-provenance>Ran on a day</p>
<h2 id=first>First &lt;part&gt;</h2><p>Said.</p><div class=h2h-side><p class=h2h-label>PyTorch</p>
<pre><code>x = torch.abs(loss_fn)\ny = a</code></pre><div class=h2h-outputs><pre>printed</pre></div></div>
<h2 id=needs>What you need</h2><p>pip</p>
<h2 id=pros>Pros</h2><table><tr id=claim-fast><th>It is fast <a class=headerlink href="#claim-fast">¶</a></th>
<td>holds</td><td>It is.</td></tr></table></article></body>"""


@pytest.fixture
def built(tmp_path):
    def build(html: str, page: str = "choose/claims"):
        folder = tmp_path / page
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(html, encoding="utf-8")
        return tmp_path

    return build


def test_a_page_is_its_sections_without_what_stands_beside_them(built):
    assert list(sections(built(PAGE))) == [
        {"kind": "page", "title": "A page", "place": "choose/claims/", "text": "Before nn.Linear, all. Next."},
        {
            "kind": "section",
            "title": "First <part>",
            "where": "A page",
            "place": "choose/claims/#first",
            "text": "Said.",
            "code": "torch.abs loss_fn",
        },
        {"kind": "section", "title": "Pros", "where": "A page", "place": "choose/claims/#pros"},
        {
            "kind": "claim",
            "title": "It is fast",
            "where": "A page: Pros",
            "place": "choose/claims/#claim-fast",
            "text": "holds. It is.",
        },
    ]


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("migrate/differences/losses", {"page", "difference", "claim"}),
        ("migrate/differences", {"page", "section", "claim"}),
        ("contributing/rooms", {"machinery", "claim"}),
        ("contributing/reference", {"machinery"}),
    ],
)
def test_the_kind_of_an_entry_is_that_of_its_page(built, page, kinds):
    assert {entry["kind"] for entry in sections(built(PAGE, page))} == kinds


def test_of_the_machinery_the_beginning_is_found(built):
    long = PAGE.replace("</article>", f"<p>{'word ' * 200}</p></article>")
    found = {
        kind: max(len(each.get("text", "")) for each in sections(built(long, page)) if each["kind"] == kind)
        for kind, page in (("machinery", "contributing/rooms"), ("section", "data/a"))
    }
    assert found["machinery"] <= BEGINNING < found["section"]


def test_pages_that_are_left_out_and_what_is_no_page_have_no_entry(built):
    assert list(sections(built(PAGE), but=("choose/",))) == []
    assert list(sections(built("<body><p>Moved</p></body>"))) == []


def test_the_home_page_has_the_address_of_the_site(built):
    assert next(sections(built(PAGE, ".")))["place"] == ""


def test_of_a_program_the_names_are_kept_that_say_something():
    assert names("x = F.relu(x); BatchNorm2d(x); mask_rows(x, x); F.relu") == "F.relu BatchNorm2d mask_rows"
