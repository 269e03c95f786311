"""Guards front matter: what the theme takes may stand there, and all else is told with its line, whatever it is."""

from __future__ import annotations

import time

import pytest

from headtohead.errors import Problem
from headtohead.site.front_matter import check

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
)
# Each: what stands between the lines, the line that is told, and what is said of it.
FAULTS = {
    "aliases that grow": (LAUGHS, 2, "an alias in front matter; write each value where it belongs"),
    "an alias": ("title: &a A\ndescription: *a\n", 2, "an alias in front matter"),
    "a tag": ('title: !!python/object/apply:os.system ["a"]\n', 2, "a tag in front matter, "),
    "a tag of text": ("hide: [toc]\ntitle: !a b\n", 3, "a tag in front matter, '!a'"),
    "an icon": ("icon: material/nosuch\n", 2, "no key 'icon' of front matter; take it out: there are title, desc"),
    "a template": ("title: A\ntemplate: no.html\n", 3, "no key 'template' of front matter"),
    "a status": ("status: new\n", 2, "no key 'status'"),
    "an empty key": ("'': new\n", 2, "no key ''"),
    "a key of YAML": ("<<: {title: A}\n", 2, "no key '<<'"),
    "a key that is a list": ("[a, b]: c\n", 2, "a key that is no text"),
    "hide a number": ("hide: 7\n", 2, "hide: 7 is no value of it; write a list, as [toc], of navigation, toc"),
    "hide a word": ("hide: toc\n", 2, "hide: 'toc' is no value"),
    "hide what is not there": ("hide: [toc, [a]]\n", 2, "hide: ['toc', ['a']] is no value"),
    "a key of a search that is not here": ("search: {exclude: true}\n", 2, "no key 'search' of front matter"),
    "a title that is a list": ("title: [1, {a: b}]\n", 2, "title: [1, {'a': 'b'}] is no value of it; write text"),
    "a title that is a day": ("title: 2024-01-01\n", 2, "title: datetime.date(2024, 1, 1) is no value"),
    "a title that is no day": ("title: 2024-13-45\n", 1, "front matter that is not read"),
    "an empty title": ("title:\n", 2, "title: None is no value"),
    "a long title": (f"title: {'a' * 201}\n", 2, "title: "),
    "a description that is a number": ("title: A\ndescription: 5\n", 3, "description: 5 is no value"),
    "a key twice": ("title: A\ntitle: B\n", 3, "'title' stands twice; take one of them out"),
    "a key twice within": ("title:\n  boost: 1\n  boost: 2\n", 4, "'boost' stands twice"),
    "much": (f"description: {'a ' * 2_000}\n", 1, "front matter of 4,014 characters, and 3,000 are read"),
    "depth": (f"title: {'[' * 1_000}{']' * 1_000}\n", 2, "front matter nested too deep"),
    "a list": ("- a\n", 1, "front matter that is not read, and would be shown; write it as YAML"),
    "half": ("hide: [toc]\ntitle: [a\n", 4, "front matter that is not read"),
    "two documents": ("title: A\n--- # b\ntitle: B\n", 3, "front matter that is not read"),
    "a control": ("title: \x01\n", 1, "front matter that is not read"),
    "an equals sign": ("title: =\n", 2, "front matter that is not read"),
}


@pytest.mark.parametrize(("text", "line", "told"), FAULTS.values(), ids=FAULTS)
def test_what_may_not_stand_above_a_page_is_told(text, line, told):
    began = time.process_time()
    with pytest.raises(Problem) as caught:
        check("docs/a.md", f"---\n{text}---\n# A\n")
    assert time.process_time() - began < 1
    assert str(caught.value).startswith(f"docs/a.md:{line}: {told}")


@pytest.mark.parametrize(
    "text",
    [
        "---\nhide: [navigation, toc]\n---\n# A\n",
        "---\r\ntitle: A\r\nhide:\r\n  - toc\r\n---\r\n# A\r\n",
        "\ufeff---\ntitle: 'A: b'\ndescription: b\n...\n# A\n",
        "---\n{}\n---\n# A\n",
        "# A\n\n---\n\nMore: prose.\n",
        "---\n\nA rule above.\n",
        "",
    ],
)
def test_what_the_theme_takes_may_stand_there(text):
    check("docs/a.md", text)


@pytest.mark.parametrize("text", ["Note: it is quick.\n\n# A\n", "   a-b:\n"])
def test_prose_that_would_be_taken_for_front_matter_is_told(text):
    with pytest.raises(Problem, match=r"docs/a\.md:1: its first lines are taken for front matter, as '(note|a-b)'"):
        check("docs/a.md", text)


def test_a_block_that_never_ends_is_told():
    with pytest.raises(Problem, match=r"^docs/a\.md:1: front matter that is not read, and would be shown"):
        check("docs/a.md", "---\ntitle: A\n\n# A\n")
    check("docs/a.md", "---\n\n# A\n")
