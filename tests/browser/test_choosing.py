"""The questionnaire recommends in the browser what the rules say, shows why, and needs no mouse."""

from __future__ import annotations

from itertools import product

import pytest

from headtohead.content.questions import OUTCOMES, read
from tests.support.repository import ROOT

from .conftest import NARROW, WIDE

WHICH = "choose/which/"

# Chooses each combination of answers as a click would, and notes what is shown.
CHOOSE = """combinations => combinations.map(keys => {
    for (const key of keys) document.querySelector(`#which-${key} input`).checked = true;
    document.querySelector(".h2h-which input").dispatchEvent(new Event("change", { bubbles: true }));
    const room = document.querySelector(".h2h-choice");
    return [room.querySelector("summary strong").textContent, room.dataset.reasons.split(" "),
            room.querySelectorAll("li").length];
})"""


@pytest.fixture(scope="module")
def rules():
    name = "docs/choose/which.toml"
    return read(ROOT / name, name)


def test_it_recommends_what_the_rules_say(site, reader, rules):
    page = reader(WIDE).new_page()
    page.goto(site.url + WHICH)
    page.locator(".h2h-which input").first.wait_for()
    combinations = list(product(*rules.answers.values()))
    found = page.evaluate(CHOOSE, [[answer.key for answer in chosen] for chosen in combinations])
    for chosen, (name, ids, items) in zip(combinations, found, strict=True):
        outcome, reasons, bridges = rules.recommend(chosen)
        assert name == OUTCOMES[outcome]
        assert ids == [f"which-{answer.key}" for answer in reasons]
        assert items == len(reasons) + len(bridges)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_choice_is_shown_with_its_reason_and_stays_in_sight(site, reader, width):
    page = reader(width).new_page()
    page.goto(site.url + WHICH)
    summary = page.locator(".h2h-choice summary")
    assert summary.text_content() == "Recommended: Either"
    page.get_by_label("Research: a network").check()
    assert summary.text_content() == "Recommended: PyTorch"
    box = summary.bounding_box()
    assert 0 < box["y"] < 900 - box["height"]  # at the foot of the window, wherever the reader is
    summary.click()
    reason = page.locator(".h2h-choice li")
    assert reason.count() == 1
    assert "another path" in reason.text_content()
    link = reason.get_by_role("link").first
    assert link.evaluate("each => each.href") == f"{site.url}models/three_ways/#cell-branch-on-the-data"


def test_the_keyboard_chooses(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + WHICH)
    page.get_by_label("People who know neither").wait_for()
    page.get_by_label("People who know neither").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".h2h-choice summary strong").text_content() == "PyTorch"


def test_it_works_after_instant_navigation(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + "choose/history/")
    page.get_by_role("link", name="Which one for what").first.click()
    page.wait_for_url("**/choose/which/")
    page.get_by_label("In a browser").check()
    assert page.locator(".h2h-choice summary strong").text_content() == "TensorFlow"


def test_without_javascript_it_is_a_table(site, reader):
    page = reader(NARROW, java_script_enabled=False).new_page()
    page.goto(site.url + WHICH)
    assert page.locator(".h2h-which tr[id]").count() > 20
    assert page.locator(".h2h-which input:visible, .h2h-choice:visible").count() == 0
    assert page.get_by_text("Since version 5 its models are PyTorch models").is_visible()
