"""Side by side and tabs: what is seen at which width, what a click changes, and what is remembered."""

from __future__ import annotations

import pytest

from .conftest import NARROW, SCROLLBAR, WIDE

LONGEST = 68
LONG_LINES = """longest => [...document.querySelectorAll(".h2h-side:not(.h2h-note) pre > code")].map(code => {
    code.textContent = "x".repeat(longest);
    return code.scrollWidth - code.clientWidth;
})"""
SIDES = """() => [...document.querySelectorAll('.h2h-set[data-tabs$=":2"]')].map(
    set => [...set.querySelectorAll(".h2h-side")].filter(side => side.checkVisibility()).map(
        side => side.dataset.framework
    ).join(" ")
)"""
LINK = """to => {
    window.same = true;  // gone when the page is loaded anew
    const link = `<p><a id="elsewhere" href="${to}">on</a></p>`;
    document.querySelector("article h1").insertAdjacentHTML("afterend", link);
}"""
BOTH = "pytorch tensorflow"


def sides(page) -> set[str]:
    """What is visible of the comparisons of a page: a set of one if all agree."""
    return set(page.evaluate(SIDES))


def view(page) -> str:
    return page.evaluate("document.documentElement.dataset.h2hView")


def pressed(page) -> list[str]:
    return [button.inner_text() for button in page.locator('.h2h-view [aria-pressed="true"]').all()]


def another(site) -> str:
    return next(name for name in site.comparing if name != site.topic)


def test_both_sides_stand_side_by_side_on_a_wide_screen(seen):
    compared = [cell["sides"] for cells in seen.values() for cell in cells if len(cell["sides"]) == 2]
    assert compared
    for left, right in compared:
        assert left["right"] < right["left"]
        assert left["top"] == right["top"]
        assert left["code"] == right["code"]
        if left["output"] and right["output"]:
            assert left["output"] == right["output"]
        assert left["hidden"] <= 0
        assert right["hidden"] <= 0


@pytest.mark.parametrize("width", [1100, 1280, WIDE, 1600, 1920])
def test_the_longest_line_fits_without_scrolling(site, reader, width):
    page = reader(width - SCROLLBAR).new_page()
    page.goto(site.url + site.topic)
    if width == 1100:  # just below the width where both fit: tabs
        assert sides(page) == {"pytorch"}
        return
    assert sides(page) == {BOTH}
    assert max(page.evaluate(LONG_LINES, LONGEST)) <= 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [320, NARROW, 768])
def test_no_page_scrolls_sideways_on_a_phone(site, reader, width):
    page = reader(width).new_page()
    for name in ("", site.topic, "programs/", *site.guided[:1]):
        page.goto(site.url + name)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name


def test_tabs_switch_together_in_place_and_are_remembered(site, reader):
    page = reader(NARROW).new_page()
    page.goto(site.url + site.topic)
    assert sides(page) == {"pytorch"}
    label = page.locator(".h2h-set label", has_text="TensorFlow").nth(3)
    label.scroll_into_view_if_needed()
    before = label.bounding_box()["y"]
    label.click()
    page.wait_for_function("() => document.querySelectorAll('.h2h-set > input:nth-child(2):checked').length > 1")
    assert sides(page) == {"tensorflow"}
    assert abs(label.bounding_box()["y"] - before) < 2
    page.goto(site.url + another(site))
    assert sides(page) == {"tensorflow"}


def test_tabs_are_worked_with_the_keyboard(site, reader):
    page = reader(NARROW).new_page()
    page.goto(site.url + site.topic)
    page.locator(".h2h-set > input").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelectorAll('.h2h-set > input:nth-child(2):checked').length > 1")
    assert sides(page) == {"tensorflow"}


def test_the_choice_of_view_survives_reload_and_instant_navigation(site, reader):
    context = reader()
    urls = "".join(f"<url><loc>{site.url}{name}</loc></url>" for name in site.comparing)
    answer = {"body": f"<urlset>{urls}</urlset>", "content_type": "text/xml"}
    # Without site_url the map is empty, and the theme loads each page anew: give it one that names them.
    context.route("**/sitemap.xml", lambda route: route.fulfill(**answer))
    page = context.new_page()
    with page.expect_response("**/sitemap.xml"):
        page.goto(site.url + site.topic)
    assert (view(page), pressed(page), sides(page)) == ("sides", ["Side by side"], {BOTH})
    page.get_by_role("button", name="Tabs").click()
    assert (view(page), pressed(page), sides(page)) == ("tabs", ["Tabs"], {"pytorch"})

    page.evaluate(LINK, site.url + another(site))
    page.locator("#elsewhere").click()
    page.wait_for_url(site.url + another(site))
    page.locator("#elsewhere").wait_for(state="detached")
    assert page.evaluate("window.same"), "this was no instant navigation"
    assert (view(page), pressed(page), sides(page)) == ("tabs", ["Tabs"], {"pytorch"})

    page.reload()
    assert (view(page), pressed(page), sides(page)) == ("tabs", ["Tabs"], {"pytorch"})
    page.get_by_role("button", name="Side by side").press("Enter")
    page.reload()
    assert (view(page), pressed(page), sides(page)) == ("sides", ["Side by side"], {BOTH})


def test_without_javascript_the_width_decides(site, reader):
    for width, expected in ((WIDE, BOTH), (NARROW, "pytorch")):
        page = reader(width, java_script_enabled=False).new_page()
        page.goto(site.url + site.topic)
        shown = page.locator(".h2h >> nth=0 >> .h2h-side:visible").all()
        assert " ".join(side.get_attribute("data-framework") for side in shown) == expected
        assert page.locator(".h2h-view:visible, .h2h-copy:visible").count() == 0


def remembering(site, reader):
    """A reader who chose tabs on an earlier visit."""
    context = reader()
    page = context.new_page()
    page.goto(site.url + site.topic)
    page.get_by_role("button", name="Tabs").click()
    page.close()
    return context


def hold(page, name: str):
    """Holds a script back; gives what waits until it has been asked for, and then gives it free."""
    held = []
    page.route(f"**/{name}", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks the function

    def asked():
        while not held:
            page.wait_for_timeout(20)
        return held[0]

    return asked


def test_remembered_colours_are_there_before_anything_is_painted(site, reader):
    """Although the theme's own script comes later: the one in the head sets them, with the body."""
    context = reader()
    page = context.new_page()
    page.goto(site.url + site.topic, wait_until="networkidle")
    page.get_by_title("Switch to dark").click()
    page.locator("body[data-md-color-scheme=slate]").wait_for()
    page.close()
    context.route(
        "**/assets/inline/*.js", lambda route: route.abort() if "palette" in route.fetch().text() else route.continue_()
    )
    context.route("**/bundle.*.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(site.url + site.topic)
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"


def test_the_remembered_view_is_there_before_anything_is_painted(site, reader):
    """The script in the head sets it, and the browser waits for that one; what runs later is not needed for it."""
    context = remembering(site, reader)
    for later in ("bundle.*.js", "js/site.js"):
        context.route(f"**/{later}", lambda route: route.abort())
    page = context.new_page()
    held = hold(page, "head.js")
    page.goto(site.url + site.topic, wait_until="commit")
    waiting = held()
    page.wait_for_timeout(500)
    assert page.evaluate("performance.getEntriesByType('paint').length") == 0
    waiting.continue_()
    page.wait_for_load_state()
    assert (view(page), sides(page)) == ("tabs", {"pytorch"})


def test_nothing_of_a_comparison_moves_while_the_page_loads(site, reader):
    context = remembering(site, reader)
    context.add_init_script("""
        window.moved = [];
        new PerformanceObserver(list => {
            for (const entry of list.getEntries())
                for (const { node } of entry.sources)
                    if (node?.parentElement?.closest(".md-content")) window.moved.push(node.className || node.nodeName);
        }).observe({ type: "layout-shift", buffered: true });
    """)
    page = context.new_page()

    held = hold(page, "site.js")
    page.goto(site.url + site.topic, wait_until="commit")
    # The first paint comes before our script.
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length === 1")
    held().continue_()
    page.wait_for_load_state()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.moved") == []


def test_a_link_to_a_cell_goes_there(site, reader):
    for width in (WIDE, NARROW):
        page = reader(width).new_page()
        page.goto(f"{site.url}{site.topic}#cell-the-loop")
        page.wait_for_function("() => scrollY > 0")
        box = page.locator("#cell-the-loop").bounding_box()
        header = page.locator(".md-header").bounding_box()
        assert header["height"] <= box["y"] < 300


def test_a_link_to_a_tab_shows_that_framework_everywhere(site, reader):
    page = reader(NARROW).new_page()
    page.goto(f"{site.url}{site.topic}#__tabbed_h2h_2_2")
    assert sides(page) == {"tensorflow"}


def test_both_sides_are_printed(site, reader):
    page = reader(NARROW).new_page()
    page.goto(site.url + site.topic)
    page.emulate_media(media="print")
    assert sides(page) == {BOTH}
    assert page.locator(".md-header:visible, .h2h-set > .tabbed-labels:visible, .h2h-view:visible").count() == 0
