"""axe-core finds nothing, and a keyboard reaches everything."""

from __future__ import annotations

import pytest

from .conftest import NARROW, WIDE

TOPIC = "training/training_loop/"
VISITS = [
    ("", WIDE, "light"),
    ("", NARROW, "dark"),
    (TOPIC, WIDE, "light"),
    (TOPIC, WIDE, "dark"),
    (TOPIC, NARROW, "light"),
    (TOPIC, NARROW, "dark"),
    ("migrate/", WIDE, "light"),
    ("migrate/", NARROW, "dark"),
    ("migrate/layers/", WIDE, "dark"),
    ("migrate/layers/", NARROW, "light"),
    ("migrate/program/", WIDE, "light"),
    ("migrate/differences/optimisers/", WIDE, "light"),
    ("migrate/differences/optimisers/", NARROW, "dark"),
    ("choose/which/", WIDE, "dark"),
    ("choose/which/", NARROW, "light"),
    ("choose/claims/", WIDE, "light"),
    ("choose/claims/", NARROW, "dark"),
    ("choose/at_a_glance/", WIDE, "dark"),
    ("programs/", NARROW, "light"),
    ("programs/", WIDE, "dark"),
    ("contributing/reference/", WIDE, "light"),
    ("contributing/reference/", NARROW, "dark"),
]


def violations(page) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:120]} in {node['target']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize(("name", "width", "scheme"), VISITS)
def test_axe_finds_nothing(site, reader, name, width, scheme):
    page = reader(width, scheme).new_page()
    page.goto(site.url + name)
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert violations(page) == []


def test_axe_finds_nothing_in_a_notebook(site, reader):
    page = reader(WIDE, "dark").new_page()
    for name in site.guided:
        page.goto(site.url + name)
        assert violations(page) == []


def test_the_keyboard_reaches_what_the_theme_hides_from_it(site, reader):
    page = reader(NARROW).new_page()
    page.goto(site.url + site.topic)
    for name, toggle in (("Navigation", "#__drawer"),):
        button = page.get_by_role("banner").get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Shift+Tab")  # so that the focus has come by the keyboard
        page.keyboard.press("Tab")
        assert button.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
        page.keyboard.press(" ")
        assert page.locator(toggle).is_checked()
        page.keyboard.press("Escape")
        page.reload()


def test_each_stop_of_the_keyboard_is_seen(site, reader):
    page = reader(WIDE).new_page()
    page.goto(site.url + site.topic)
    reached, unseen = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, visible = page.evaluate("""() => {
            const at = document.activeElement, style = getComputedStyle(at);
            const mark = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
            const drawn = at.matches("input") ? true : mark || at.matches(".md-skip");
            return [at.className + " " + at.textContent.trim().slice(0, 30), drawn];
        }""")
        reached.append(name)
        if not visible:
            unseen.append(name)
    assert any("Side by side" in name for name in reached)
    assert any("md-code__button" in name for name in reached)
    assert unseen == []
