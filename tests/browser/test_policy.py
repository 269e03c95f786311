"""The policy of the pages: each states it, none tries what it forbids, and what it forbids does not happen."""

from __future__ import annotations

import re

from headtohead.site.policy import policy
from tests.support.links import pages

STATED = """document.querySelector("head > meta[http-equiv=Content-Security-Policy]:first-child")?.content"""
FORBIDDEN = """() => {
    const add = (name, given) => document.body.appendChild(Object.assign(document.createElement(name), given));
    window.outcome = [];
    window.ran = name => outcome.push(name);
    add("script", { textContent: "ran('a script in the page')" });
    add("script", { src: "data:text/javascript,ran('a script of no file')" });
    add("button", {}).outerHTML = `<button id="forbidden" onclick="ran('a handler')">`;
    document.getElementById("forbidden").click();
    add("a", { href: "javascript:ran('an address')" }).click();
    setTimeout(() => eval("ran('text')"), 0);  // later: what asks for all this is itself free to do so
    add("p", {}).outerHTML = `<p id="styled" style="position: fixed">`;
    if (getComputedStyle(document.getElementById("styled")).position === "fixed") ran("a style");
}"""
KINDS = {"script-src-elem", "script-src-attr", "script-src", "style-src-attr"}


def test_no_page_tries_what_its_policy_forbids(site, reader):
    page = reader().new_page()
    wrong = []
    page.on("console", lambda message: message.type in ("error", "warning") and wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for path in pages(site.folder):
        if path.name != "404.html":  # its links are those of a site without a sub-path
            page.goto(f"{site.url}{path.relative_to(site.folder).as_posix()}")
            assert page.evaluate(STATED) == policy(), path
            page.wait_for_function("() => typeof document$ === 'object' && !!document.querySelector('.h2h-box')")
            assert wrong == [], path


def test_what_the_policy_forbids_does_not_happen(site, reader, violations):
    page = reader().new_page()
    page.goto(site.url)
    page.evaluate(FORBIDDEN)
    page.evaluate("() => new Promise(done => setTimeout(done, 500))")  # behind all that it queued
    assert page.evaluate("outcome") == []
    assert {line.split()[1] for line in violations} == KINDS
    violations.clear()


def test_the_theme_works_under_the_policy(site, reader):
    """Its switch of colours, and what it remembers; and the search with its worker."""
    page = reader().new_page()
    page.goto(site.url + site.topic, wait_until="networkidle")
    scheme = page.locator("body").get_attribute("data-md-color-scheme")
    page.get_by_title("Switch to dark").click()
    page.locator("body[data-md-color-scheme=slate]").wait_for()
    assert scheme == "default"
    page.goto(site.url)
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.keyboard.press("/")
    page.keyboard.type("gradients")
    page.locator(".h2h-ask li").first.wait_for()
    page.wait_for_url("**/?q=gradients")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/[a-z_]+/[^?]*$"))
