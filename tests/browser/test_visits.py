"""What a visit costs and whom it tells: requests, weight, errors in the console."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

from .conftest import BELOW, WIDE

LIMIT = 120 * 1024  # of a topic page at the first visit, gzipped


def test_a_visit_asks_nobody_else_and_nothing_fails(site, reader):
    page = reader().new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
    page.on("response", lambda response: response.status >= 400 and wrong.append(f"{response.status}: {response.url}"))
    page.on("console", lambda message: message.type in ("error", "warning") and wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for name in ("", site.topic, "programs/", *site.guided):
        page.goto(site.url + name, wait_until="networkidle")
    page.keyboard.press("/")
    page.keyboard.type("gradient")
    page.locator(".h2h-box li").first.wait_for()
    for image in page.locator("article img").all():
        image.scroll_into_view_if_needed()
    assert len(asked) > 10
    own = [url for url in asked if url.startswith((site.url, "data:", f"blob:{site.url.removesuffix(BELOW)}"))]
    assert [url for url in asked if url not in own] == []
    assert wrong == []


def test_a_first_visit_is_light(site, reader):
    page = reader(WIDE).new_page()
    asked = set()
    page.context.on("request", lambda request: asked.add(urlsplit(request.url).path))
    page.goto(site.url + site.topic, wait_until="networkidle")
    weights = {}
    for path in asked:
        file = site.folder / path.removeprefix(BELOW)
        file = file / "index.html" if file.is_dir() else file
        weights[file.relative_to(site.folder).as_posix()] = len(gzip.compress(file.read_bytes()))
    for name, weight in sorted(weights.items(), key=lambda each: -each[1]):
        print(f"{weight / 1024:7.1f} KB  {name}")
    print(f"{sum(weights.values()) / 1024:7.1f} KB")
    assert len(weights) > 5
    assert sum(weights.values()) <= LIMIT


def test_scripts_work_on_each_page_that_is_exchanged_for_another(site, reader):
    """Instant navigation follows a sitemap, which names no host here: it is given the one of this site."""
    page = reader(WIDE).new_page()
    pages = sorted(path.parent.relative_to(site.folder).as_posix() for path in site.folder.glob("**/index.html"))
    known = "".join(f"<url><loc>{site.url}{'' if name == '.' else name + '/'}</loc></url>" for name in pages)
    page.route("**/sitemap.xml", lambda route: route.fulfill(body=f"<urlset>{known}</urlset>", content_type="text/xml"))
    wrong, documents = [], []
    page.on("console", lambda message: message.type in ("error", "warning") and wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: request.resource_type == "document" and documents.append(request.url))
    page.goto(site.url, wait_until="networkidle")

    def follow(name: str) -> None:
        """As a click on a link of the page does; the address is exchanged first, then what is shown."""
        page.evaluate(
            """address => {
                const old = document.querySelector("article"), link = old.appendChild(document.createElement("a"));
                old.dataset.left = "";
                Object.assign(link, { href: address, textContent: "on" }).click();
            }""",
            site.url + name,
        )
        page.locator("article:not([data-left])").wait_for()

    for _ in range(2):  # the second time everything was there before
        follow(site.topic)
        page.get_by_role("button", name="Tabs").click()
        page.locator(".h2h-view [aria-pressed=true]", has_text="Tabs").wait_for()
        page.get_by_role("button", name="Side by side").click()
        page.locator(".h2h-view [aria-pressed=true]", has_text="Side by side").wait_for()
        follow("migrate/")
        page.get_by_label("A name, or a part of one").fill("gather_nd")
        page.locator(".h2h-find li a", has_text="tf.gather_nd").first.wait_for()
        follow("migrate/program/")
        page.get_by_label("A program").fill("import torch\ntorch.abs(x)\n")
        page.get_by_text("1 uses, 0 not in the map").wait_for()
        follow("migrate/losses/")
        page.get_by_role("button", name="Copy nn.MSELoss()(x, y)").wait_for()
        follow("choose/which/")
        page.get_by_label("In a browser").check()
        page.locator(".h2h-choice summary", has_text="TensorFlow").wait_for()
    assert documents == [site.url]
    assert wrong == []
