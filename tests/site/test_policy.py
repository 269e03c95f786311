"""Guards the policy of the pages: it is stated first, scripts become files, and what is no script stays."""

from __future__ import annotations

import pytest

from headtohead.site.policy import policy, strict

PAGE = "<!doctype html>\n<html>\n<head>\n{}</head>\n<body>\n{}</body></html>"


def test_a_page_states_the_policy_before_all_else():
    html = strict(PAGE.format("<meta charset=utf-8>", ""), "").html
    assert html == PAGE.replace(
        "<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{policy()}">'
    ).format("<meta charset=utf-8>", "")
    assert "unsafe" not in policy()
    assert policy().startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")


def test_only_while_serving_scripts_may_stand_in_a_page():
    """MkDocs puts one there that reloads the page."""
    assert "script-src 'self' 'unsafe-inline'; " in policy(serving=True)
    assert policy(serving=True).replace(" 'unsafe-inline'", "") == policy()


def test_scripts_become_files_in_their_places():
    page = PAGE.format(
        "<script>one = 1</script>", "<p></p><script type=module id=x>two\n</script><script>one = 1</script>"
    )
    made = strict(page, "../../")
    one, two = made.scripts
    assert made.scripts == {one: "one = 1", two: "two\n"}
    assert made.html.count(f'<script src="../../{one}"></script>') == 2
    assert f'<p></p><script type=module id=x src="../../{two}"></script>' in made.html
    assert strict(page, "").scripts == made.scripts


def test_scripts_that_never_end_cost_no_time():
    """They run nothing, and each would be sought to the end of the page, again and again."""
    many = "<script" * 40_000 + "<script>" * 40_000
    assert strict(PAGE.format("", many), "").scripts == {}


@pytest.mark.parametrize(
    "script",
    [
        '<script src="a.js"></script>',
        "<script type=module src=a.js></script>",
        '<script id="__config" type="application/json">{"a": 1}</script>',
        "<script type='text/template'><p></p></script>",
    ],
)
def test_what_has_a_file_or_is_data_stays(script):
    made = strict(PAGE.format(script, script), "")
    assert made.scripts == {}
    assert made.html.count(script) == 2
