"""Guards the claims: none of the article's is missing, each verdict has evidence, and none outlives its evidence."""

from __future__ import annotations

import posixpath
import re

import pytest

from headtohead.content.claims import PARTS, VERDICTS, read
from headtohead.content.evidence import CellEvidence, Source, when
from headtohead.content.topics import topic
from headtohead.site.evidence import check
from headtohead.site.library import Library
from tests.support.pages import published
from tests.support.repository import ROOT, STORE

NAME = "docs/choose/claims.toml"
CLAIMS = read(ROOT / NAME, NAME)
CELLS = [(claim, each) for claim in CLAIMS for each in claim.evidence if isinstance(each, CellEvidence)]
SOURCES = [(claim, each) for claim in CLAIMS for each in claim.evidence if isinstance(each, Source)]


# The article, ticked off: behind each id, words by which its sentence is found there, in the article's order.
ARTICLE = {
    "basics": {
        "learning-from-data": "teaching computers to learn from data",
        "like-a-brain": "inspiration from the human brain",
        "layers-extract-features": "extract specific features",
        "tools-to-build": "tools and libraries to build models",
        "step-data": "Data Preparation",
        "step-model": "Model Creation",
        "step-training": "Training",
        "step-evaluation": "Evaluation",
        "step-deployment": "Deployment",
    },
    "uses": {
        "uses-divide": "TensorFlow is used for, PyTorch is used for",
        "use-video": "Video Detection",
        "use-image-recognition": "Image Recognition",
        "use-speech": "Voice and Speech Recognition",
        "use-text": "Text-Based Applications",
        "use-digits": "Handwritten Digit Recognition",
        "use-text-generation": "Text Generation",
        "use-style-transfer": "Style Transfer",
        "use-forecasting": "Forecasting Time Sequences",
        "use-image-classification": "Image Classification",
    },
    "history-pytorch": {
        "pytorch-by-facebook": "developed by Facebook's AI Research lab",
        "pytorch-2016": "first introduced in 2016",
        "pytorch-bsd": "BSD license",
        "pytorch-name": "Python and Torch",
        "torch-2002": "released way back in 2002",
        "pytorch-shares-backend": "shares some of its C++ backend",
        "pytorch-from-c": "program on it using C/C++",
    },
    "pros-pytorch": {
        "pytorch-dynamic-graph": "1, on-the-fly changes",
        "pytorch-pythonic": "2, Pythonic API",
        "pytorch-research": "3, research community",
        "pytorch-libraries": "4, libraries like PYRO",
        "pytorch-community": "5, abundant tutorials",
    },
    "cons-pytorch": {
        "pytorch-production-effort": "1, more effort for large-scale production",
        "pytorch-edge": "2, mobile and edge computing",
        "pytorch-graph-less-efficient": "3, less efficient",
    },
    "history-tensorflow": {
        "tensorflow-from-google": "Google's own Machine Learning software",
        "tensorflow-2015": "in 2015",
        "tensorflow-name": "conjunction of two keywords",
        "tensorflow-stateful-flow": "stateful data flow charts",
        "tensorflow-go-to": "go-to production-grade library",
        "tensorflow-earliest": "one of the earliest",
        "tensorflow-user-base": "diversified user base",
        "tensorflow-declined-a-little": "decline a little",
        "tensorflow-2-improved": "improved things",
        "tensorflow-2-friendly": "accessible and user-friendly",
        "tensorflow-fourth": "fourth most popular",
    },
    "pros-tensorflow": {
        "tensorflow-distributed": "1, distributed computing",
        "tensorflow-visualisation": "2, visualization tool",
        "tensorflow-special-tools": "3, Serving and Lite",
        "tensorflow-mobile": "4, mobile and edge devices",
        "tensorflow-keras": "5, Keras",
    },
    "cons-tensorflow": {
        "tensorflow-steep-once": "1, steep learning curve",
        "tensorflow-both-graphs": "2, both static and dynamic graphs",
        "tensorflow-less-intuitive": "2, less intuitive",
        "tensorflow-memory": "3, memory-intensive",
    },
    "code": {
        "listing-pytorch": "the first listing",
        "listing-tensorflow": "the second listing",
        "code-module-class": "1, inheriting from nn.Module",
        "code-sequential": "1, sequential stack of layers",
        "code-forward-automatic": "1, handles the forward pass automatically",
        "code-relu-pytorch": "2, self.relu",
        "code-relu-keras": "2, specified directly",
        "code-pytorch-infers": "3, infer the input shape",
        "code-keras-needs-shape": "3, need to specify the input shape",
        "code-input-shape-argument": "3, input_shape argument",
    },
    "table": {
        "table-choice-depends": "depends on your specific needs",
        "table-created-by": "Created By",
        "table-graph": "Graph Computation",
        "table-flexibility": "Flexibility",
        "table-high-level-api": "High-Level API",
        "table-community": "Community",
        "table-ease": "Ease of Use",
        "table-memory": "Memory management",
        "table-deployment-pytorch": "Deployment tools, left",
        "table-deployment-tensorflow": "Deployment tools, right",
        "table-strengths": "Strengths",
        "table-uses": "Uses",
    },
    "conclusion": {
        "conclusion-various-tasks": "various tasks",
        "conclusion-neither-bad": "one library is good and one is bad",
        "conclusion-debugging": "debugging and development",
        "conclusion-production": "models for production",
        "conclusion-tensorboard": "need to use Tensorboard",
    },
    "questions": {
        "question-quick-research": "1, quick research",
        "question-python-environment": "1, Python-based environment",
        "question-runtime-debugging": "1, runtime debugging",
        "question-google-uses": "2, Google Cloud",
        "question-tpus": "2, PyTorch and XLA",
        "question-people-move": "3, moving towards PyTorch",
        "question-why-they-move": "3, ease of use",
        "question-graph-for-production": "4, graph-based execution",
    },
}


# The claims themselves -------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_sentence_of_the_article_has_its_row(part):
    assert [claim.id for claim in CLAIMS if claim.part == part] == list(ARTICLE[part])


def test_there_are_enough_claims_and_every_verdict_is_given():
    assert len(CLAIMS) >= 40
    assert {claim.verdict for claim in CLAIMS} == set(VERDICTS)


@pytest.mark.parametrize(("claim", "cell"), CELLS, ids=[f"{claim.id}-{cell.title}" for claim, cell in CELLS])
def test_a_verdict_that_rests_on_a_program_still_does(claim, cell):
    check(Library(ROOT, STORE), cell)


@pytest.mark.parametrize(("claim", "cell"), CELLS, ids=[f"{claim.id}-{cell.title}" for claim, cell in CELLS])
def test_a_cell_is_shown_where_the_link_leads(claim, cell):
    page = (ROOT / f"docs/{cell.cell}.md").read_text(encoding="utf-8")
    assert f"/// compare | {cell.cell}\ncell: {cell.title}\n///" in page


@pytest.mark.parametrize(("claim", "source"), SOURCES, ids=[f"{claim.id}-{each.name}" for claim, each in SOURCES])
def test_a_source_is_secure_and_dated(claim, source):
    assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+/\S*", source.source)
    assert when(source.date)


def test_a_source_is_called_the_same_day_wherever_it_is_named():
    dates: dict[str, set[str]] = {}
    for _, source in SOURCES:
        dates.setdefault(source.source, set()).add(source.date)
    assert not {address: days for address, days in dates.items() if len(days) > 1}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_is_short_and_quotes_little(claim):
    assert len(claim.claim) <= 110
    assert len(claim.why) <= 360
    for quotation in re.findall("“(.*?)”", claim.claim + claim.why):
        assert len(quotation.split()) <= 5


def test_what_can_be_run_is_not_left_to_opinion():
    """What can be run of the article's remarks, and all that never held, rests on a program."""
    proved = {claim.id for claim, _ in CELLS}
    assert {"code-pytorch-infers", "code-keras-needs-shape", "table-memory", "listing-tensorflow"} <= proved
    assert {claim.id for claim in CLAIMS if claim.verdict == "never held"} <= proved


# Where each use that the article names, and each library, is shown by programs.
SHOWN = {
    "use-video": "use_cases/video_detection",
    "use-image-recognition": "use_cases/transfer",
    "use-speech": "use_cases/speech_commands",
    "use-text": "use_cases/text_classification",
    "use-digits": "use_cases/handwritten_digits",
    "use-text-generation": "use_cases/text_generation",
    "use-style-transfer": "use_cases/style_transfer",
    "use-forecasting": "use_cases/forecasting",
    "use-image-classification": "use_cases/image_classification",
    "tensorflow-visualisation": "libraries/tensorboard",
    "pytorch-libraries": "libraries/probabilistic",
    "table-deployment-tensorflow": "libraries/serving",
    "pytorch-edge": "libraries/edge",
    "pytorch-from-c": "libraries/cpp",
    "question-tpus": "libraries/accelerators",
    "tensorflow-distributed": "training/distributed",
}


def test_every_use_of_the_article_is_shown():
    assert {claim for claim in SHOWN if claim.startswith("use-")} == set(ARTICLE["uses"]) - {"uses-divide"}


@pytest.mark.parametrize(("claim", "name"), SHOWN.items())
def test_a_use_or_library_has_programs_that_back_its_claim(claim, name):
    assert name in {cell.cell for each, cell in CELLS if each.id == claim}
    found = topic(ROOT, name)
    assert found.compares
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.search(rf"[ -] {name}\.md\n", menu)


@pytest.mark.parametrize("name", [name for name in SHOWN.values() if name.startswith("use_cases/")])
def test_a_use_case_beats_a_baseline_over_seeds_or_agrees_in_every_bit(name):
    """Where the end of the training depends on random weights, five seeds tell; style transfer draws none."""
    assert topic(ROOT, name).over_seeds or name == "use_cases/style_transfer"


# The page --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    return published("choose/claims.md")


def test_the_page_shows_every_claim_once_under_its_part(shown):
    rows = [row["id"] for row in shown.select("tr[id]")]
    assert rows == [f"claim-{claim}" for part in ARTICLE.values() for claim in part]
    headings = [heading.get_text() for heading in shown.select("h2")]
    assert headings[: len(PARTS)] == list(PARTS.values())
    for heading, part in zip(shown.select("h2"), PARTS):
        assert len(heading.find_next("tbody").select("tr")) == len(ARTICLE[part])


def test_the_tally_counts_the_rows(shown):
    tally = {row.th.get_text(): int(row.td.get_text()) for row in shown.table.tbody.select("tr")}
    rows = [row.select_one(".h2h-verdict").get_text() for row in shown.select("tr[id]")]
    assert tally == {verdict: rows.count(verdict) for verdict in VERDICTS}
    assert f"Of {len(rows)} claims" in shown.table.thead.get_text()


def test_no_link_of_the_page_is_dead(shown):
    """Each leads to a cell of a page of this site, to a public page, or to a row or file here."""
    library = Library(ROOT, STORE)
    cells = {f"{cell.cell}/#{library.anchors(topic(ROOT, cell.cell))[cell.title]}" for _, cell in CELLS}
    ids = {element["id"] for element in shown.select("[id]")}
    for link in shown.select("a[href]"):
        href = link["href"]
        if href.startswith("#"):
            assert href[1:] in ids
        elif "#cell-" in href:  # as seen from the page's address
            assert posixpath.normpath(posixpath.join("choose/claims", href)) in cells
        elif not href.startswith("https://"):  # as seen from the page's source
            assert (ROOT / "docs/choose" / href).exists()


# What was wrong here once ----------------------------------------------------------------------


@pytest.mark.parametrize("known", ["code-keras-needs-shape", "conclusion-tensorboard", "code-input-shape-argument"])
def test_what_was_true_of_early_versions_held_once(known):
    """Keras raised “must get an `input_shape`” in 2016; PyTorch wrote no TensorBoard files before 1.1."""
    claim = next(claim for claim in CLAIMS if claim.id == known)
    assert claim.verdict == "held once"


def test_history_and_claims_agree_on_the_public_release_of_pytorch():
    """The team's post of January 2018 counts from January 2017; what is of 2016 are alpha versions."""
    history = (ROOT / "docs/choose/history.md").read_text(encoding="utf-8")
    (row,) = [line for line in history.splitlines() if "first public release of PyTorch" in line]
    (claim,) = [claim for claim in CLAIMS if claim.id == "pytorch-2016"]
    assert row.startswith("| January 2017 |")
    assert "one year before" in claim.why
    assert "https://pytorch.org/blog/a-year-in/" in row


def test_no_claim_calls_an_old_count_the_last():
    """Papers were counted after 2020: who names the count of 2020 names a later one too."""
    old = "State_of_AI_Report_2020"
    for claim in CLAIMS:
        addresses = [each.source for each in claim.evidence if isinstance(each, Source)]
        if any(old in address for address in addresses) and claim.id != "tensorflow-2-improved":
            assert "2023" in claim.why, claim.id
