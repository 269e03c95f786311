"""Guards the settings of the site: of others it would be another one, lead elsewhere, or show directives as text."""

from __future__ import annotations

import re

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from tests.support.repository import ROOT

HOOK = f"hooks: ['{ROOT / 'hook.py'}']\n"
NAMED = "site_name: A\n"
# Each: lines of mkdocs.yml below its first, and what is said of them.
FAULTS = {
    "pages elsewhere": ("docs_dir: pages\n", "mkdocs.yml:2: pages elsewhere than in docs/; put the pages below docs/"),
    "a sheet from elsewhere": (
        "extra_css: [assets/a.css, 'https://a.org/x.css']\n",
        "mkdocs.yml:2: extra_css: 'https://a.org/x.css' is no file of this site; write the path of a file below docs/",
    ),
    "a sheet of another host": ("extra_css: [//a.org/x.css]\n", "mkdocs.yml:2: extra_css: '//a.org/x.css' is no file"),
    "a sheet that is not there": ("extra_css: [assets/b.css]\n", "mkdocs.yml:2: extra_css: 'assets/b.css' is no file"),
    "a script from elsewhere": (
        "extra_javascript:\n  - {path: 'data:text/javascript,a', type: module}\n",
        "mkdocs.yml:3: extra_javascript: 'data:text/javascript,a' is no file",
    ),
    "a script in the menu": (
        "nav:\n  - index.md\n  - B:\n    - Evil: 'javascript:alert(1)'\n",
        "mkdocs.yml:5: nav: 'javascript:alert(1)' leads to 'javascript:'; write https://",
    ),
    "a host in the menu": ("nav:\n  - Evil: //a.org\n", "mkdocs.yml:3: nav: '//a.org' begins at the top of a server"),
    "a page of HTML in the menu": ("nav:\n  - Evil: a.html\n", "mkdocs.yml:3: nav: 'a.html' is no page below docs/"),
    "an address that is a script": (
        "site_url: 'javascript://x/%0aalert(1)'\n",
        "mkdocs.yml:2: site_url: 'javascript://x/%0aalert(1)/' is no address of a site; write https:// and its host",
    ),
    "a password in the address": (
        "site_url: https://a:b@a.org\n",
        "mkdocs.yml:2: site_url: 'https://a:b@a.org/' is",
    ),
    "a script below each page": (
        "copyright: <script>alert(1)</script>\n",
        "mkdocs.yml:2: copyright: a script that is no file of this site",
    ),
    "code elsewhere": ("edit_uri: 'javascript:a'\n", "mkdocs.yml:2: edit_uri: 'javascript:a/' leads to 'javascript:'"),
}


@pytest.fixture
def site(project):
    """Builds a site of one page and these settings."""
    project.write({"docs/index.md": "# Home\n", "docs/assets/a.css": "", "docs/assets/a.js": "", "pages/index.md": ""})

    def built(text: str) -> None:
        project.write({"mkdocs.yml": f"{NAMED}{text}{HOOK}"})
        config = load_config(str(project.root / "mkdocs.yml"))
        config.plugins.run_event("startup", command="build", dirty=False)
        build(config)

    return built


@pytest.mark.parametrize(("text", "told"), FAULTS.values(), ids=FAULTS)
def test_settings_of_which_the_site_would_be_another_one_are_told(project, site, caplog, text, told):
    with pytest.raises(Abort, match="Aborted: 1 setting of which this site would be another one"):
        site(text)
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert said.startswith(told)
    assert not (project.root / "site").exists()


def test_all_other_settings_may_stand_there(project, site):
    site(
        "site_url: http://a.org/b/\ncopyright: <b>A</b> &copy;\nextra_css: [assets/a.css]\n"
        "extra_javascript: [{path: assets/a.js, type: module}]\n"
        "nav: [index.md, {B: [{Elsewhere: 'https://a.org'}]}]\nrepo_url: https://a.org/b\nedit_uri: edit/\n"
    )
    assert (project.root / "site/index.html").exists()


def test_the_hook_is_among_the_settings():
    """Without it a directive would be published as text, and nothing here would be there to say so."""
    assert re.search(r"^hooks: \[hook\.py\]", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
