"""Guards how differences are read and judged, on made-up ones: what is out of form, and what is no longer so."""

from __future__ import annotations

import re

import pytest

from headtohead.content.differences import groups, whole
from headtohead.errors import Problem
from tests.support.texts import DIFFERENCE, GROUP


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DIFFERENCE, "a.toml:1: the group lacks 'title'"),
        (GROUP + DIFFERENCE.replace("bites", "bite"), "a.toml:5: no key 'bite' in the difference"),
        (GROUP + DIFFERENCE.replace('bites = "It bites."\n', ""), "a.toml:5: the difference lacks 'bites'"),
        (GROUP + DIFFERENCE.replace('pytorch_fixed = "print(2)"\n', ""), "a.toml:5: no fix: say in fix what to do"),
        (GROUP + DIFFERENCE + "agrees = true\n", "a.toml:5: what agrees needs no fix"),
        (GROUP + DIFFERENCE.replace("print(1)", "print("), "a.toml:5: a program that does not parse"),
        (GROUP + DIFFERENCE.replace("(1)", "(" + "1" * 70 + ")"), "a.toml:5: pytorch, line 1: 77 columns, 68 fit"),
        (GROUP, "a.toml:1: no difference; write each as [[difference]]"),
        (GROUP.replace("1", "'1'") + DIFFERENCE, "a.toml:3: 'order' is text: '1', and has to be a whole number"),
        (GROUP + DIFFERENCE.replace('"one"', "5"), "a.toml:5: 'id' is a whole number: 5, and has to be text"),
        (GROUP + DIFFERENCE + "agrees = 'no'\n", "a.toml:5: 'agrees' is text: 'no', and has to be true or false"),
        (GROUP + DIFFERENCE + "topics = 'a/b'\n", "a.toml:5: 'topics' is text: 'a/b', and has to be a list of text"),
        (GROUP + DIFFERENCE + "topics = ['a/b']\n", "a.toml:5: one: no topic 'a/b'; name a folder below snippets/"),
        (GROUP + DIFFERENCE + "source = 'javascript:x'\n", "a.toml:5: 'javascript:x' is no https address in 'source'"),
        (
            GROUP + DIFFERENCE + "warns = { pytorch = 'of is the' }\n",
            "a.toml:5: 'warns' has 'of is the', which is part of ",
        ),
        (GROUP + DIFFERENCE + "warns = { tensorflow_fixed = 'w' }\n", "a.toml:5: warns names no program of it: 'tens"),
        (GROUP + DIFFERENCE.replace("It bites.", ""), "a.toml:5: 'bites' is empty"),
        (GROUP + DIFFERENCE.replace("print(1)", "# nothing"), "a.toml:5: pytorch does nothing"),
        (GROUP + DIFFERENCE.replace("print(1)", "-" * 3000 + "1"), "a program that does not parse: pytorch"),
        (GROUP + DIFFERENCE.replace("print(1)", "print('\\u202e')"), "a.toml:5: 'pytorch' holds U+202E, right-to-left"),
        (
            GROUP + DIFFERENCE.replace("print(1)", "pr\u0456nt(1)"),
            "a.toml:5: 'pytorch' has the name 'pr\u0456nt' in line 1, w",
        ),
        (GROUP + DIFFERENCE.replace("print(1)", "\\fprint(1)"), "a.toml:5: 'pytorch' holds a form feed, in line 1"),
        (GROUP + DIFFERENCE.replace("print(1)", "1\\n" * 61), "a.toml:5: 'pytorch' has 61 lines, and 60 fit"),
        (GROUP + DIFFERENCE + DIFFERENCE, "a.toml:14: a second difference 'one'"),
    ],
)
def test_an_entry_out_of_form_is_told_with_its_line(project, text, told):
    with pytest.raises(Problem, match=re.escape(told)):
        project.group("a", text)


def test_every_fault_is_told_and_other_groups_are_read(project):
    project.group("b", GROUP + DIFFERENCE.replace('"one"', '"b"'))
    project.write({"differences/a.toml": GROUP + DIFFERENCE + DIFFERENCE + DIFFERENCE.replace("bites", "bite")})
    project.write({"differences/c.toml": GROUP + DIFFERENCE + "topics = ['x']\n", "differences/d.toml": b"\xff"})
    problems: list[Problem] = []
    assert [group.name for group in groups(project.root, problems.append)] == ["b"]
    assert sorted(str(problem).partition(": ")[0] for problem in problems) == [
        "differences/a.toml:14",
        "differences/a.toml:23",
        "differences/c.toml:5",
        "differences/d.toml:1",
    ]


def test_one_id_in_two_groups_is_told(project):
    project.group("a", GROUP + DIFFERENCE)
    project.group("b", GROUP + DIFFERENCE)
    with pytest.raises(Problem, match=r"'one' stands in [ab]\.toml too"):
        groups(project.root)


@pytest.mark.parametrize(("own", "other", "where"), [("a", "a", "a.toml:14"), ("a", "b", "b.toml:5")])
def test_one_title_for_two_differences_is_told(project, own, other, where):
    again, told = DIFFERENCE.replace('id = "one"', 'id = "two"').replace('title = "one"', 'title = "One"'), []
    project.write({f"differences/{own}.toml": GROUP + DIFFERENCE})
    if own == other:
        project.write({f"differences/{own}.toml": GROUP + DIFFERENCE + again})
    else:
        project.write({f"differences/{other}.toml": GROUP + again})
    assert len(groups(project.root, told.append)) == (own != other)
    assert str(told[0]) == f"differences/{where}: the title 'One' stands in a.toml too; write what is another in it"


def test_imports_follow_from_the_names():
    assert whole("print(torch.ones(1), nn)") == "import torch\nfrom torch import nn\n\nprint(torch.ones(1), nn)"
    assert whole("print(1)") == "print(1)"
    assert whole("class A(nn.Module):\n    pass").startswith("from torch import nn\n\n\nclass")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"tensorflow": "1\n"}, r"the difference is gone: both print '1\n'"),
        ({"pytorch_fixed": "3\n"}, r"the fix in PyTorch prints '3\n' instead of '2\n'"),
        ({"pytorch": ""}, "pytorch prints nothing"),
    ],
)
def test_what_is_no_longer_so_is_told(project, change, told):
    entry = project.group("a", GROUP + DIFFERENCE).entries[0]
    assert entry.verdict({"pytorch": "1\n", "tensorflow": "2\n", "pytorch_fixed": "2\n"} | change) == told


def test_what_agrees_has_to_agree(project):
    text = DIFFERENCE.replace('fix = "Mend it."\npytorch_fixed = "print(2)"\n', "agrees = true\n")
    entry = project.group("a", GROUP + text).entries[0]
    assert entry.verdict({"pytorch": "1\n", "tensorflow": "1\n"}) == ""
    assert entry.verdict({"pytorch": "1\n", "tensorflow": "2\n"}).startswith("stated to agree, but PyTorch prints")
