"""Guards the settings of the site: of others it would be another one, lead elsewhere, or show directives as text."""

from __future__ import annotations

import re

import pytest
from jinja2 import DictLoader, Environment, TemplateNotFound
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from headtohead.site.settings import faults
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
    "links of a theme": (
        "extra: {homepage: 'javascript:a'}\n",
        "mkdocs.yml:2: extra: 'homepage' is no setting of this",
    ),
    "records in a list": (
        "extra: {records: [a]}\n",
        "mkdocs.yml:2: extra: records is ['a']; write the path of a folder",
    ),
    "a tag in the name": ('site_author: a" onload="b\n', "mkdocs.yml:2: site_author holds '\"', which a theme takes"),
    "files from elsewhere": (
        "markdown_extensions: [pymdownx.snippets]\n",
        "mkdocs.yml:2: markdown_extensions: 'pymdownx.snippets' is none of this site's; there are toc, tables,",
    ),
    "code from elsewhere": (
        "plugins: [material/tags]\n",
        "mkdocs.yml:2: plugins: 'tags' is none of this site's",
    ),
    "files without folders": ("use_directory_urls: false\n", "mkdocs.yml:2: use_directory_urls: links would lead"),
    "a page twice": ("nav: [index.md, A: [index.md]]\n", "mkdocs.yml:2: nav: 'index.md' stands there twice; keep one"),
    "a title that is none": ("nav: [{' ': index.md}]\n", "mkdocs.yml:2: nav: ' ' is no title that can be read"),
    "a title from right to left": (
        "nav: [{A\u202e: index.md}]\n",
        "mkdocs.yml:2: nav: 'A\\u202e' is no title that can",
    ),
    "a picture of another host": (
        "theme:\n  name: material\n  logo: https://a.org/b.png\n",
        "mkdocs.yml:4: theme: logo: 'https://a.org/b.png' is no file of this site; write the path of a file",
    ),
    "code elsewhere": ("edit_uri: 'javascript:a'\n", "mkdocs.yml:2: edit_uri: 'javascript:a/' leads to 'javascript:'"),
}


@pytest.fixture
def site(project):
    """Builds a site of one page and these settings."""
    project.write({"docs/index.md": "# Home\n", "docs/assets/a.css": "", "docs/assets/a.js": "", "pages/index.md": ""})

    def built(text: str) -> None:
        plugins = "" if "plugins:" in text else "plugins: []\n"
        project.write({"mkdocs.yml": f"{NAMED}{text}{plugins}{HOOK}"})
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


OWN = re.sub("(?m)^watch: .*", "", (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0])
LACKING = {
    "another theme": (
        "  name: material\n",
        "  name: mkdocs\n",
        "theme: another one than that of the templates in over",
    ),
    "no templates": ("  custom_dir: overrides\n", "", "theme: another one than that of the templates in overrides/"),
    "a font of another host": (
        "  font: false",
        "  font: {text: Roboto}",
        "theme: the font is asked of another host; w",
    ),
    "no notebooks": (
        "  - mkdocs-jupyter:\n      include",
        "  - autorefs:\n      x",
        "plugins: mkdocs-jupyter is missing",
    ),
    "no fences": ("  - pymdownx.superfences\n", "", "markdown_extensions: pymdownx.superfences is missing, without"),
    "dead anchors": (
        "  anchors: warn\n",
        "  anchors: info\n",
        "validation: links.anchors lets what is wrong pass; write",
    ),
}


@pytest.mark.parametrize(("text", "other", "told"), LACKING.values(), ids=LACKING)
def test_what_the_templates_of_this_site_need_is_missed(project, text, other, told):
    assert text in OWN
    project.write({"mkdocs.yml": OWN, "overrides/main.html": "", "docs/assets/site.css": "", "docs/index.md": "# A\n"})
    project.write(
        {"docs/assets/favicon.svg": "", "docs/assets/js/site.js": "", "docs/assets/search.css": "", "hook.py": ""}
    )
    file = project.root / "mkdocs.yml"
    assert list(faults(project.root, file, load_config(str(file)))) == []
    project.write({"mkdocs.yml": OWN.replace(text, other)})
    assert told in "\n".join(map(str, faults(project.root, file, load_config(str(file)))))


def test_templates_make_no_page_where_no_hook_has_run():
    """Directives would be published as text, and no policy would stand in a page."""
    templates = {"base.html": "made", "main.html": (ROOT / "overrides/main.html").read_text(encoding="utf-8")}
    environment = Environment(loader=DictLoader(templates))
    environment.filters["url"] = str
    template = environment.get_template("main.html")
    known = {"build_date_utc": 1, "page": None}
    with pytest.raises(TemplateNotFound, match="its hook has not run, and nothing guards this site; write hooks:"):
        template.render(known | {"config": {"extra": {}}})
    assert "made" in template.render(known | {"config": {"extra": {"guarded": True}}})


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
