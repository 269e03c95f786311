"""What a reader takes along is what ran: cell by cell, and the whole program."""

from __future__ import annotations

import pytest

from headtohead.content.topics import Topic
from tests.support.repository import ROOT

CLIPBOARD = ["clipboard-read", "clipboard-write"]


def body(topic: str, framework: str, cell: str) -> bytes:
    return Topic(ROOT, topic).programs[framework].cell(cell).body.encode()


def clipboard(page) -> bytes:
    return page.evaluate("navigator.clipboard.readText()").encode()


def test_every_cell_shows_the_bytes_of_its_program(seen):
    shown = [(cell, side) for cells in seen.values() for cell in cells for side in cell["sides"]]
    assert shown
    wrong = [
        f"{cell['topic']} {side['framework']} {cell['cell']!r}"
        for cell, side in shown
        if side["text"].removesuffix("\n").encode() != body(cell["topic"], side["framework"], cell["cell"])
    ]
    assert not wrong


def copied(page, button) -> bytes:
    """What a button puts into the clipboard."""
    page.evaluate("navigator.clipboard.writeText('nothing yet')")
    button.click()
    page.wait_for_function("() => navigator.clipboard.readText().then(text => text !== 'nothing yet')")
    return clipboard(page)


@pytest.mark.parametrize(("width", "pages"), [(1440, 3), (400, 1)])
def test_the_button_of_a_cell_copies_its_bytes(site, reader, width, pages):
    page = reader(width, permissions=CLIPBOARD).new_page()
    for name in [site.topic, *[each for each in site.comparing if each != site.topic]][:pages]:
        page.goto(site.url + name)
        for side in page.locator(".h2h-side:visible").all():
            cell = side.locator("xpath=ancestor::section[@class='h2h']")
            expected = body(
                cell.get_attribute("data-topic"), side.get_attribute("data-framework"), cell.get_attribute("data-cell")
            )
            assert copied(page, side.locator("[data-md-type=copy]")) == expected


def test_the_button_of_a_notebook_cell_copies_its_code(site, reader):
    if not site.guided:
        pytest.skip("no guided notebook in this site")
    page = reader(permissions=CLIPBOARD).new_page()
    for name in site.guided:
        page.goto(site.url + name)
        cells = [cell for cell in Topic(ROOT, name.strip("/")).programs["both"].cells if not cell.markdown]
        install, *buttons = page.locator("[data-md-type=copy]").all()
        assert copied(page, install).decode().splitlines()[-1].startswith("# %pip install torch==")
        assert len(buttons) == len(cells)
        for cell, button in zip(cells, buttons):
            assert copied(page, button).decode().endswith(cell.body)


def test_a_whole_program_is_copied_and_downloaded_as_it_is(site, reader):
    page = reader(permissions=CLIPBOARD).new_page()
    for name in [site.topic, *site.guided[:1]]:
        page.goto(site.url + name)
        buttons = page.locator(".h2h-copy").all()
        assert buttons
        for button in buttons:
            path = button.get_attribute("data-program").partition("programs/")[2]
            expected = (ROOT / "snippets" / path).read_bytes()
            assert button.inner_text() == "copy whole"
            button.click()
            page.locator(".h2h-copy", has_text="copied").wait_for()
            assert clipboard(page) == expected
            with page.expect_download() as download:
                button.locator("xpath=following-sibling::a[1]").click()
            assert download.value.path().read_bytes() == expected
            assert download.value.suggested_filename.endswith(".py")
            page.reload()


def test_every_program_of_the_site_is_the_file(site, seen):
    topics = {cell["topic"] for cells in seen.values() for cell in cells}
    for topic in sorted(topics):
        for program in Topic(ROOT, topic).programs.values():
            assert (site.folder / "programs" / topic / program.framework.file).read_bytes() == program.bytes


def test_a_failed_copy_says_so(site, reader):
    page = reader().new_page()
    page.goto(site.url + site.topic)
    page.route("**/*.py", lambda route: route.abort())
    page.locator(".h2h-copy").first.click()
    page.locator(".h2h-copy", has_text="could not copy").wait_for()
