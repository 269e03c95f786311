"""Deliberate faults on pages and in records: the page is not built, and one line says why and where."""

import os
import shutil
import subprocess
import sys

import pytest
from markdown import Markdown

from headtohead.site.extension import HeadToHead, PageError
from tests.support.faults import pattern
from tests.support.projects import Project
from tests.support.records import reseal
from tests.support.repository import ROOT
from tests.support.texts import OTHER, program, proof

TOPIC, DRAWN = "made/up", "made/drawn"
TEXT = program("import numpy", "print('two')", "print('three')")
DRAWS = program("import matplotlib.pyplot as plt", "print('two')", "plt.plot([1, 2])\nplt.show()\nprint('three')")
PAGE = """# A page

Prose, and then the programs.

/// compare | made/up
///
"""
EXPECT = "page:5: "  # what each message begins with: the directive stands in line 5


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A project whose two topics have run: output, arrays and agreement; and figures, which take Matplotlib."""
    project = Project(tmp_path_factory.mktemp("pages") / "project")
    project.topic(TOPIC, TEXT, TEXT, proof())
    project.topic(DRAWN, DRAWS, DRAWS)
    project.file(TOPIC, "data.csv").write_text("1,2\n")
    project.verify()
    return project


@pytest.fixture
def broken(recorded, tmp_path):
    """A copy of it, to break."""
    shutil.copytree(recorded.root, tmp_path / "project")
    return Project(tmp_path / "project")


def render(project: Project, page: str = PAGE) -> str:
    return Markdown(extensions=[HeadToHead(root=str(project.root))]).convert(page)


def refused(project: Project, page: str = PAGE) -> str:
    """What a page that cannot be built says; one line."""
    with pytest.raises(PageError) as error:
        render(project, page)
    text = str(error.value)
    assert "\n" not in text
    return text


def test_the_page_without_a_fault(recorded):
    assert render(recorded).count("<samp>three</samp>") == 2
    html = render(recorded, PAGE.replace(TOPIC, DRAWN))
    assert html.count('class="h2h-figure"') == 2


# What stands on the page -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        pytest.param(*case, id=case[0].replace("\n", " "))
        for case in [
            ("/// compare | made/op\n///", "snippets/made/op: no such topic; did you mean made/up, made/drawn?"),
            ("/// compare\n///", "///: no topic; write it behind a bar, as in '/// compare | training/training_loop'"),
            (
                "/// compare | made/up\ncell: Too\n///",
                "{py}: no cell 'Too'; did you mean 'Two'? its cells are 'One', 'Two', 'Three'",
            ),
            (
                "/// compare | made/up\nsell: Two\n///",
                "compare: no option 'sell: Two'; it takes cell; close it with '///'",
            ),
            ("/// record | made/up\ncell: Two\n///", "record: no option 'cell: Two'; it takes none; …"),
            (
                "/// compere | made/up\n///",
                "///: no directive '/// compere | made/up'; there are compare, install, record, …",
            ),
            ("/// compare | made/up\n", "compare: never closed; end it with a line '///'"),
        ]
    ],
)
def test_a_fault_on_the_page(recorded, directive, expected):
    before = recorded.records()
    said = refused(recorded, PAGE.replace("/// compare | made/up\n///\n", directive))
    assert pattern(EXPECT + expected, TOPIC).fullmatch(said), said
    assert recorded.records() == before


# What stands in a record -----------------------------------------------------------------------


def edit(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def figure(project):
    return next(project.record(DRAWN, "").glob("pytorch-*.svg"))


RUN = "run 'nox -s verify -- made/up'"
RECORDS = [
    (
        "record deleted",
        lambda project: project.record(TOPIC, "pytorch.json").unlink(),
        f"records/cpu/made/up/pytorch.json: no such record; {RUN}",
    ),
    (
        "record truncated",
        lambda project: os.truncate(project.record(TOPIC, "tensorflow.json"), 200),
        f"records/cpu/made/up/tensorflow.json: not a whole record; {RUN}",
    ),
    (
        "record empty",
        lambda project: os.truncate(project.record(TOPIC, "tensorflow.json"), 0),
        f"records/cpu/made/up/tensorflow.json: not a whole record; {RUN}",
    ),
    (
        "record of bytes that are no text",
        lambda project: project.record(TOPIC, "pytorch.json").write_bytes(b"\xff\xfe\x00"),
        f"records/cpu/made/up/pytorch.json: not a whole record; {RUN}",
    ),
    (
        "output edited by hand",
        lambda project: edit(project.record(TOPIC, "pytorch.json"), r'"two\n"', r'"2\n"'),
        f"records/cpu/made/up/pytorch.json: edited by hand: its seal does not match; {RUN}",
    ),
    (
        "figure edited",
        lambda project: edit(figure(project), "<svg", "<svg "),
        f"records/cpu/made/drawn/pytorch-….svg: not the file that was recorded; {RUN.replace(TOPIC, DRAWN)}",
    ),
    (
        "figure deleted",
        lambda project: figure(project).unlink(),
        f"records/cpu/made/drawn/pytorch-….svg: not the file that was recorded; {RUN.replace(TOPIC, DRAWN)}",
    ),
    (
        "arrays of other bytes",
        lambda project: next(project.record(TOPIC, "").glob("tensorflow-*.npz")).write_bytes(b""),
        f"records/cpu/made/up/tensorflow-….npz: not the file that was recorded; {RUN}",
    ),
    (
        "program changed after it ran",
        lambda project: edit(project.file(TOPIC, "in_pytorch.py"), "'two'", "'zwei'"),
        f"{{py}}: changed since it ran: records/cpu/made/up/pytorch.json is stale; {RUN}",
    ),
    (
        "docstring changed after it ran",
        lambda project: edit(project.file(TOPIC, "in_tensorflow.py"), "made-up", "invented"),
        f"{{tf}}: records/cpu/made/up/tensorflow.json is stale: the program, its proof, a file beside it …; {RUN}",
    ),
    (
        "data beside the program changed",
        lambda project: edit(project.file(TOPIC, "data.csv"), "1,2", "1,3"),
        f"{{py}}: records/cpu/made/up/pytorch.json is stale: the program, its proof, a file beside it …; {RUN}",
    ),
    (
        "data beside the program moved",
        lambda project: (
            project.file(TOPIC, "folder").mkdir(),
            project.file(TOPIC, "data.csv").rename(project.file(TOPIC, "folder/data.csv")),
        ),
        f"{{py}}: records/cpu/made/up/pytorch.json is stale: the program, its proof, a file beside it …; {RUN}",
    ),
    (
        "proof changed after it ran",
        lambda project: edit(project.file(TOPIC, "parity.py"), "Made-up numbers", "Numbers"),
        f"{{py}}: records/cpu/made/up/pytorch.json is stale: the program, its proof, a file beside it …; {RUN}",
    ),
    (
        "other version in the record",
        lambda project: reseal(
            project.record(TOPIC, "pytorch.json"), lambda content: content["versions"].update(torch="1.0.0+cpu")
        ),
        "{py}: records/cpu/made/up/pytorch.json ran with torch 1.0.0+cpu, pinned is …; " + RUN,
    ),
    (
        "agreement deleted",
        lambda project: project.record(TOPIC, "agreement.json").unlink(),
        f"records/cpu/made/up/agreement.json: no such record; {RUN}",
    ),
    (
        "agreement edited by hand",
        lambda project: edit(project.record(TOPIC, "agreement.json"), '"absolute": 0.0', '"absolute": 1e-9'),
        f"records/cpu/made/up/agreement.json: edited by hand: its seal does not match; {RUN}",
    ),
]


@pytest.mark.parametrize(("fault", "expected"), [pytest.param(*case, id=name) for name, *case in RECORDS])
def test_a_fault_in_a_record(broken, fault, expected):
    fault(broken)
    before = broken.records()
    wanted = pattern(expected, TOPIC)
    page = PAGE.replace(TOPIC, DRAWN) if DRAWN in expected else PAGE
    said = refused(broken, page)
    assert pattern(EXPECT + expected, TOPIC).fullmatch(said), said
    lines = broken.verify("--check", code=1).splitlines()
    assert any(wanted.fullmatch(line) for line in lines), lines
    assert broken.records() == before, "looking changed a record"
    assert broken.verify() == ""  # the remedy that the line names
    assert "<samp>three</samp>" in render(broken, page)
    broken.unharmed()


def test_another_version_is_pinned(broken):
    """Neither the page nor a run accepts it, until it is installed; the earlier records stay."""
    edit(broken.pins, "numpy==2.4.6", "numpy==2.4.7")
    before = broken.records()
    assert refused(broken) == (
        f"{EXPECT}snippets/made/up/in_pytorch.py: records/cpu/made/up/pytorch.json ran with numpy 2.4.6, "
        f"pinned is 2.4.7; {RUN}"
    )
    assert broken.verify(code=1).splitlines()[-2] == (
        "snippets/made/up/in_pytorch.py:4: numpy 2.4.6 is installed, 2.4.7 is pinned; "
        "use 'nox -s verify', which installs the pinned one"
    )
    assert broken.records() == before


def test_a_program_that_failed_says_so_on_its_page(broken):
    """Although its record is whole: the program as it stands has failed."""
    path = broken.file(TOPIC, "in_pytorch.py")
    text = path.read_text()
    edit(path, "print('two')", "print(1 / 0)")
    before = broken.records()
    told = broken.verify(code=1).strip()
    assert told.startswith("snippets/made/up/in_pytorch.py:7: cell 'Two': ZeroDivisionError: division by zero; ")
    assert refused(broken) == (
        f"{EXPECT}snippets/made/up/in_pytorch.py: failed when it last ran: {told}; mend and verify it"
    )
    assert broken.records() == before
    path.write_text(text)
    assert "<samp>three</samp>" in render(broken), "the note is about a program that is no more"


def test_a_broken_agreement_says_so_on_its_page(broken):
    broken.change(TOPIC, parity=proof(right='return {"a": np.float32([1, 1.001, 1])}'))
    told = broken.verify(code=1).strip()
    assert told.startswith("snippets/made/up/parity.py: broken agreement: a at [1]: PyTorch 1, TensorFlow 1.001")
    assert refused(broken) == f"{EXPECT}{told}"
    assert broken.verify(code=1).strip() == told, "the second time it is as broken as the first"
    assert broken.verify("--check", code=1).strip() == told


# A site, built -----------------------------------------------------------------------------------

SITE = """site_name: Made up
theme: {{name: mkdocs}}
plugins: []
markdown_extensions:
  - headtohead.site.extension: {{root: {root}}}
"""


def fail(project):
    project.change(TOPIC, TEXT.replace("print('two')", "print(1 / 0)"))
    project.verify(code=1)


@pytest.mark.parametrize(
    ("fault", "page", "expected"),
    [
        pytest.param(
            lambda project: None,
            "cell: Too\n",
            "docs/page.md:7: {py}: no cell 'Too'; did you mean 'Two'? its cells are…",
            id="unknown cell",
        ),
        pytest.param(
            lambda project: edit(project.record(TOPIC, "pytorch.json"), r'"two\n"', r'"2\n"'),
            "",
            "docs/page.md:7: records/cpu/made/up/pytorch.json: edited by hand: its seal does not match; run…",
            id="output edited by hand",
        ),
        pytest.param(
            fail,
            "",
            "docs/page.md:7: {py}: failed when it last ran: {py}:7: cell 'Two': ZeroDivisionError…; mend and verify it",
            id="program failed",
        ),
        pytest.param(
            lambda project: project.change(TOPIC, OTHER + "1 +\n"),
            "",
            "docs/page.md:7: {py}:11: syntax error: invalid syntax",
            id="syntax error",
        ),
    ],
)
def test_a_site_does_not_build(broken, fault, page, expected):
    fault(broken)
    front = "---\ntitle: A page\n---\n# A page\n\nProse.\n/// compare | made/up\n"
    pages = {"docs/index.md": "# Home\n\nSee [a page](page.md).\n", "docs/page.md": f"{front}{page}///\n"}
    broken.write(pages | {"mkdocs.yml": SITE.format(root=broken.root)})
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=broken.root,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        text=True,
        capture_output=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Traceback" not in said
    assert any(pattern(f"…{expected}", TOPIC).fullmatch(line) for line in said.splitlines()), said
