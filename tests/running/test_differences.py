"""Guards the differences: each was run and still differs, each fix was run and helps, errors name their entry."""

from __future__ import annotations

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup

from headtohead.content.differences import FOLDER, MAX_COLUMNS, groups, whole
from headtohead.content.rows import areas
from headtohead.errors import Problem
from headtohead.reading.related import speaks_of, touching
from headtohead.records import freshness
from headtohead.running.differences import run
from headtohead.running.limits import Limits
from headtohead.site.api_map import differing
from headtohead.site.differences import shown
from tests.support.pages import bare_page
from tests.support.repository import ROOT, STORE
from tests.support.texts import DIFFERENCE, GROUP

GROUPS = groups(ROOT)
ENTRIES = [entry for group in GROUPS for entry in group.entries]
each_group = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


@cache
def printed(group: str) -> dict:
    return freshness.data(STORE, FOLDER, group)


# The real ones ---------------------------------------------------------------------------------


def test_there_are_as_many_as_promised():
    assert sum(not entry.agrees for entry in ENTRIES) >= 100
    assert sum(entry.agrees for entry in ENTRIES) >= 10


@each_entry
def test_a_difference_is_still_there_and_its_fix_still_helps(entry):
    found = printed(entry.group)[entry.id]
    assert set(found) == set(entry.programs)
    assert entry.verdict(found) == ""


@each_entry
def test_a_difference_is_short_and_leads_somewhere(entry):
    assert not entry.title.endswith(".")
    assert entry.bites.endswith(".")
    for text in entry.programs.values():
        assert max(map(len, text.splitlines())) <= MAX_COLUMNS
    for topic in entry.topics:
        assert any((ROOT / "snippets" / topic).glob("in_*.py")), topic
    assert not entry.source or entry.source.startswith("https://")


@each_group
def test_a_group_has_a_page(group):
    page = (ROOT / f"docs/migrate/differences/{group.name}.md").read_text(encoding="utf-8")
    assert f"/// differences | {group.name}\n///" in page
    assert f"migrate/differences/{group.name}.md\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


@each_group
def test_a_page_shows_what_ran(group):
    parts = shown(bare_page(), group.name)
    headings = [part for part in parts if part.startswith("## ")]
    assert headings == [f"## {entry.title} {{: #{entry.id} }}" for entry in group.entries]
    soup = BeautifulSoup("".join(part for part in parts if not part.startswith("#")), "html.parser")
    codes = [code.get_text().rstrip("\n") for code in soup.select("pre > code")]
    outputs = [output.get_text() for output in soup.select("samp")]
    assert codes == [text for entry in group.entries for text in entry.programs.values()]
    found = printed(group.name)
    assert outputs == [text.rstrip("\n") for entry in group.entries for text in found[entry.id].values()]


def test_differences_and_rows_lead_to_each_other():
    """Nearly each difference touches a name of the map, and the row of that name names it."""
    led = {place.partition("#")[2] for area in areas(ROOT) for row in area.rows for _, place in differing(ROOT, row)}
    assert led <= {entry.id for entry in ENTRIES}
    assert len(led) > 0.8 * len(ENTRIES)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("torch.nn.Linear", "dense-bias-starts-at-zero"),
        ("torch.nn.BatchNorm3d", "normalisation-starts-alike"),  # shown with BatchNorm1d
        ("torch.optim.Adam", "adam-weight-decay-is-l2-or-adamw"),
        ("keras.layers.LSTM", "lstm-forget-bias"),
    ],
)
def test_what_speaks_of_a_name_comes_first(name, first):
    found = touching(ROOT)[name]
    assert found[0][0].id == first
    assert all(place.startswith(f"differences/{entry.group}/#{entry.id}") for entry, place in found)


@pytest.mark.parametrize(
    ("name", "entry", "speaks"),
    [
        ("torch.nn.BatchNorm2d", "batch-norm-momentum-means-the-opposite", True),
        ("torch.nn.BatchNorm2d", "layer-norm-epsilon", False),
        ("torch.nn.ReLU", "parts-of-a-sequential", False),  # none of its words is long
        ("torch.nn.PReLU", "leaky-relu-slope", False),
    ],
)
def test_what_has_the_words_of_a_name_speaks_of_it(name, entry, speaks):
    assert speaks_of(next(each for each in ENTRIES if each.id == entry), name) is speaks


# Reading and judging, on made-up ones ----------------------------------------------------------


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
        (GROUP + DIFFERENCE + DIFFERENCE, "a.toml:14: a second difference 'one'"),
    ],
)
def test_an_entry_out_of_form_is_told_with_its_line(project, text, told):
    with pytest.raises(Problem, match=re.escape(told)):
        project.group("a", text)


def test_one_id_in_two_groups_is_told(project):
    project.group("a", GROUP + DIFFERENCE)
    project.group("b", GROUP + DIFFERENCE)
    with pytest.raises(Problem, match=r"'one' stands in [ab]\.toml too"):
        groups(project.root)


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


# Running ---------------------------------------------------------------------------------------


def test_programs_run_apart_and_faults_name_their_entry(project):
    pytest.importorskip("torch")
    pytest.importorskip("tensorflow")
    broken = DIFFERENCE.replace("one", "gone").replace('tensorflow = "print(2)"', 'tensorflow = "print(1)"')
    fails = DIFFERENCE.replace("one", "fails").replace('pytorch = "print(1)"', 'pytorch = "x = 1\\n1 / 0"')
    dies = DIFFERENCE.replace("one", "dies").replace('pytorch = "print(1)"', 'pytorch = "os._exit(3)"')
    project.group("a", GROUP + DIFFERENCE + broken + fails + dies)
    store = project.store
    problems = run(store, ["a"])
    assert [line.partition(": ")[0] for line in problems] == [f"differences/a.toml:{n}" for n in (14, 23, 32)]
    assert "gone: the difference is gone: both print '1\\n'" in problems[0]
    assert "fails: pytorch: line 2: ZeroDivisionError: division by zero" in problems[1]
    assert "dies: pytorch: ended with 3" in problems[2]
    with pytest.raises(Problem, match="no such record"):
        freshness.data(store, FOLDER, "a")
    project.group("a", GROUP + DIFFERENCE)
    assert run(store, ["a"]) == []
    found = freshness.data(store, FOLDER, "a")
    assert found == {"one": {"pytorch": "1\n", "tensorflow": "2\n", "pytorch_fixed": "2\n"}}
    project.group("a", GROUP + DIFFERENCE.replace("Mend", "Heal"))
    with pytest.raises(Problem, match="stale"):
        freshness.data(store, FOLDER, "a")


def test_every_program_has_its_end(project, monkeypatch):
    pytest.importorskip("torch")
    pytest.importorskip("tensorflow")
    monkeypatch.setattr("headtohead.running.differences.LIMITS", Limits(seconds=3, asleep=2))

    def does(name: str, text: str) -> str:
        return DIFFERENCE.replace("one", name).replace('pytorch = "print(1)"', f"pytorch = '''{text}'''")

    leaves = does("leaves", "import os, time\nif os.fork() == 0: time.sleep(10**6)\nprint(1)")
    sleeps, loops = does("sleeps", "import time\ntime.sleep(10**6)"), does("loops", "while True: pass")
    project.group("a", GROUP + leaves + sleeps + loops)
    problems = run(project.store, ["a"])
    assert [line.partition(": ")[2] for line in problems] == [
        "sleeps: pytorch: slept for 2 s",
        "loops: pytorch: used more than 3 s of CPU time",
    ]
