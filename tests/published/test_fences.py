"""Guards that no code on a page escapes its test: what looks like Python or a shell is run by pytest-codeblocks."""

from __future__ import annotations

import ast
import functools
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_codeblocks
from bs4 import BeautifulSoup
from markdown import Markdown
from mkdocs.utils.yaml import yaml_load
from pygments.lexers import (
    BashLexer,
    BashSessionLexer,
    PowerShellLexer,
    Python2Lexer,
    PythonConsoleLexer,
    PythonLexer,
)

from tests.support.repository import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

# What may stand on a page without being run: (page, first line of the code) and the reason.
SETS_UP = "makes an environment, and with it runs or serves all this"
EXEMPT = {
    (
        "README.md",
        "python3 -m venv .venv && .venv/bin/pip install -r requirements/nox.txt && .venv/bin/nox -s serve",
    ): SETS_UP,
    ("README.md", ".venv/bin/nox -s tests"): SETS_UP,
    ("docs/contributing/index.md", "nox -s verify"): SETS_UP,
    ("docs/contributing/index.md", "python3 -m venv .venv"): SETS_UP,
    (
        "docs/migrate/mask_decoder.md",
        "python -m headtohead.migrate mask_decoder.py transformer.py sam2_utils.py",
    ): "the three lie in a package; tests/reading/test_report.py finds them there and reads them",
}

RUN = {"python", "sh", "bash"}
LEXERS = (PythonLexer, Python2Lexer, PythonConsoleLexer, BashLexer, BashSessionLexer, PowerShellLexer)
CODE = {alias for lexer in LEXERS for alias in lexer.aliases} | {"ipython", "ipython3", "cmd", "bat", "fish", "pyi"}
PROSE = {"text", "markdown", "md"}  # where a directive may be shown to whoever writes pages
SHELL = re.compile(
    r"^(\$ |(sudo |\./)?(pip3?|python3?|nox|git|cd|uv|mkdocs|pytest|curl|bash|conda|source|export) \S)", re.M
)
MARK = re.compile(r"<!--[-\s]*(pytest.*?)[-\s]*-->")
HARMLESS = ("pytest-codeblocks:cont", "pytest-codeblocks:expected-output")
SAYS_MORE = (ast.stmt, ast.Call, ast.Attribute, ast.Lambda, ast.comprehension)


@dataclass(frozen=True)
class Block:
    """A block of code as a reader sees it: its language, or none; its text; and the line where the text begins."""

    language: str
    text: str
    line: int

    @property
    def first(self) -> str:
        return self.text.strip().partition("\n")[0].strip()


@functools.cache
def extensions() -> tuple[list[str], dict[str, dict]]:
    """The Markdown of the site, without the directives, and with the language of each block in its HTML."""
    entries = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["markdown_extensions"]
    options = {name: value or {} for each in entries if isinstance(each, dict) for name, value in each.items()}
    names = [each if isinstance(each, str) else next(iter(each)) for each in entries]
    options["pymdownx.highlight"] = {**options.get("pymdownx.highlight", {}), "pygments_lang_class": True}
    return [name for name in names if name != "headtohead.directives"], options


@functools.cache
def blocks(text: str) -> list[Block]:
    """Every block of code on a page. What the site's own Markdown makes of it decides, at any depth."""
    names, options = extensions()
    body = re.sub(r"\A---\n.*?\n---\n", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)
    soup = BeautifulSoup(Markdown(extensions=names, extension_configs=options).convert(body), "html.parser")
    source = [re.sub(r"^\s*(> )+", "", line).strip() for line in body.split("\n")]
    found, after = [], 0
    for pre in soup.select("pre"):
        code = pre.get_text().strip("\n")
        wanted = [line.strip() for line in code.split("\n")]
        starts = range(after, len(source) - len(wanted) + 1)
        start = next((n for n in starts if source[n : n + len(wanted)] == wanted), after)
        after = start + len(wanted)
        around = [
            *pre.get("class", []),
            *(name for tag in [pre.code, pre.parent] if tag for name in tag.get("class", [])),
        ]
        language = next((name.partition("-")[2] for name in around if name.startswith(("language-", "lang-"))), "")
        found.append(Block("" if language == "text" and not explicit(source, start) else language, code, start + 1))
    return found


def explicit(source: list[str], start: int) -> bool:
    """Whether the block says itself that it is text; code without a language gets the same class."""
    return bool(re.match(r"(`{3,}|~{3,})[ {.]*text\b", source[start - 1])) if start else False


def is_python(text: str, *, doubt: bool) -> bool:
    """Whether code is Python; in doubt, a call or an assignment is enough, otherwise it takes more than that."""
    try:
        with warnings.catch_warnings(action="ignore"):
            body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return ">>> " in text
    if doubt:
        return any(
            isinstance(node, SAYS_MORE) and not isinstance(node, ast.Expr) for part in body for node in ast.walk(part)
        )
    return any(isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.For)) for node in body)


def runs(text: str) -> list[str]:
    """The code that pytest-codeblocks runs, as it says itself; code that continues other code goes with it."""
    with warnings.catch_warnings(action="ignore"):
        try:
            found = pytest_codeblocks.extract_from_buffer(io.StringIO(text))
        except RuntimeError:  # it stops at what it does not understand
            return []
    return [each.code for each in found if each.syntax in RUN and not each.marks]


def flat(code: str) -> str:
    """Code without the margin that a list or a quotation gives it."""
    return "\n".join(line.strip() for line in code.strip().split("\n")) + "\n"


def escapes(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, first line and remedy of each block on a page that no test runs, though it looks as if it should."""
    run = [flat(code) for code in runs(text)]
    for block in blocks(text):
        kind = f"a block of {block.language!r}" if block.language else "a block without a language"
        looks = block.language.lower() in CODE
        if block.language in {"", "text"}:
            doubt = not block.language
            looks = is_python(block.text, doubt=doubt) or (doubt and SHELL.search(block.text) is not None)
        if not looks:
            continue
        wanted = flat(block.text)
        at = next((n for n, code in enumerate(run) if code.startswith(wanted)), None)
        if at is None:
            yield block.line, block.first, f"{kind} is not run: open it with exactly ```python, ```sh or ```bash"
        else:  # what stands behind it is code that continues it, if anything
            run[at] = run[at].removeprefix(wanted).lstrip()
    for number, line in enumerate(text.split("\n"), 1):
        mark = MARK.search(line)
        if mark and not mark[1].startswith(HARMLESS):
            yield number, line.strip(), f"{mark[1]!r} keeps code from being run: take it out"
    for number in broken(text):
        yield number, text.split("\n")[number - 1].strip(), "a fence that Markdown does not take for one: mend it"


def broken(text: str) -> Iterator[int]:
    """Lines that open a fence, where the reader sees no block begin."""
    begins = {block.line for block in blocks(text)}
    within = {line for block in blocks(text) for line in range(block.line, block.line + block.text.count("\n") + 1)}
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        mark = re.match(r"[\s>]*(`{3,}(?!.*`)|~{3,})", line)
        if not mark or number in within:
            continue
        if fence and line.strip(" >") == fence:
            fence = ""
        elif not fence:
            fence = mark[1]
            if not begins & {number + 1, number + 2, number + 3}:
                yield number


def shown_directives(text: str) -> Iterator[tuple[int, str]]:
    """Line and first line of each block of code that shows a directive, unless it is there to be read."""
    for block in blocks(text):
        if re.search(r"^\s*/// ?\w+", block.text, re.MULTILINE) and block.language not in PROSE:
            yield block.line, block.first


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# The real pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_code_on_a_page_escapes_its_test(path):
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = [(line, first, why) for line, first, why in escapes(text) if (name(path), first) not in EXEMPT]
    assert not found, "\n".join(
        f"{name(path)}:{line}: {first!r}: {why}, or give the reason in EXEMPT in tests/test_fences.py"
        for line, first, why in found
    )


def test_every_exemption_is_needed_and_has_a_reason():
    found = {(name(path), first) for path in PAGES if path.exists() for _, first, _ in escapes(path.read_text("utf-8"))}
    assert set(EXEMPT) <= found
    assert all(len(reason) > 10 for reason in EXEMPT.values())


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_code_shows_a_directive_that_should_have_been_one(path):
    found = list(shown_directives(path.read_text(encoding="utf-8") if path.exists() else ""))
    assert not found, "\n".join(
        f"{name(path)}:{line}: {first!r} is shown as code: move it out, or into a ```markdown fence"
        for line, first in found
    )


# The audit itself, on made-up pages ------------------------------------------------------------

PYTHON = "import os\nprint(os.sep)\n"

RUNS = {
    "python": f"```python\n{PYTHON}```\n",
    "sh": "```sh\nnox -s serve\n```\n",
    "bash": "```bash\necho $HOME\n```\n",
    "with front matter": f"---\ntitle: A\n---\n\n# A\n\n```python\n{PYTHON}```\n",
    "in a list": "- item\n\n    ```python\n    import os\n    ```\n",
    "in a note": "!!! note\n\n    Words.\n\n    ```python\n    import os\n    ```\n",
    "twice": f"```python\n{PYTHON}```\n\nwords\n\n```python\n{PYTHON}```\n",
    "continued": f"```python\n{PYTHON}```\n\n<!--pytest-codeblocks:cont-->\n```python\nx = 1\n```\n",
    "with its output": "```python\nprint(1.5)\n```\n\n<!--pytest-codeblocks:expected-output-->\n```\n1.5\n```\n",
    "text": "```text\nepoch 1  loss 0.3\ntensor([1, 2])\n```\n",
    "json": '```json\n{"a": 1}\n```\n',
    "yaml, indented": "- item\n\n    ```yaml\n    a: 1\n    ```\n",
    "a tree": "```\nsnippets/\n    in_pytorch.py\n```\n",
    "four backticks": "````markdown\n```py\nimport os\n```\n````\n",
    "code in a line": "Type `python -m mkdocs`, or ```x = f()``` too.\n",
    "an indented table": "Words.\n\n    one  two\n    three  four\n",
    "a directive": "/// compare | a/b\ncell: One\n///\n",
}
# Each: a page, and the line at which the escape is told.
ESCAPES = {
    "py": (f"```py\n{PYTHON}```\n", 2),
    "python3": (f"# A\n\n```python3\n{PYTHON}```\n", 4),
    "Python": (f"```Python\n{PYTHON}```\n", 2),
    "a title": (f'```python title="a.py"\n{PYTHON}```\n', 2),
    "marked lines": (f'```python hl_lines="1"\n{PYTHON}```\n', 2),
    "braces": (f"```{{ .python }}\n{PYTHON}```\n", 2),
    "braces and a class": (f"```{{ .python .annotate }}\n{PYTHON}```\n", 2),
    "a blank": (f"``` python\n{PYTHON}```\n", 2),
    "tildes": (f"~~~python\n{PYTHON}~~~\n", 2),
    "pycon": ("```pycon\n>>> 1 + 1\n2\n```\n", 2),
    "a prompt without a language": ("```\n>>> 1 + 1\n2\n```\n", 2),
    "console": ("```console\n$ nox -s serve\n```\n", 2),
    "shell": ("```shell\nnox -s serve\n```\n", 2),
    "zsh": ("```zsh\nls\n```\n", 2),
    "no language, Python": (f"```\n{PYTHON}```\n", 2),
    "no language, a shell": ("```\nnox -s serve\n```\n", 2),
    "text that is Python": (f"```text\n{PYTHON}```\n", 2),
    "indented Python": ("Words.\n\n    x = f(1)\n", 3),
    "an indented shell": ("Words.\n\n    pip install torch\n", 3),
    "py in a list": ("- item\n\n    ```py\n    import os\n    ```\n", 4),
    "py in a note": ("!!! note\n\n    Words.\n\n    ```py\n    import os\n    ```\n", 6),
    "py in a quote": ("> ```python\n> import os\n> ```\n", 2),
    "python that continues text": ("```text\na\n```\n\n<!--pytest-codeblocks:cont-->\n```python\nx = 1\n```\n", 7),
    "py after the same as python": (f"```python\n{PYTHON}```\n\n```py\n{PYTHON}```\n", 7),
    "raw HTML": ("<pre><code>import os</code></pre>\n", 1),
    "a tilde fence around it": (f"~~~text\n```python\n~~~\n\n```py\n{PYTHON}```\n", 6),
    "front matter": (f"---\ntitle: A\n---\n\n```py\n{PYTHON}```\n", 6),
    "skipped": (f"<!--pytest-codeblocks:skip-->\n```python\n{PYTHON}```\n", 1),
    "skipped by pytest": (f"<!--pytest.mark.skip(reason='slow')-->\n```python\n{PYTHON}```\n", 1),
    "skipped, with dashes": (f"<!---pytest-codeblocks:skipif(True)--->\n```python\n{PYTHON}```\n", 1),
    "expected to fail": (f"<!--pytest.mark.xfail-->\n```python\n{PYTHON}```\n", 1),
    "a module that may be missing": (f"<!--pytest-codeblocks:importorskip(os)-->\n```python\n{PYTHON}```\n", 1),
    "the whole file": (f"<!--pytest-codeblocks:skipfile-->\n\n```python\n{PYTHON}```\n", 1),
    "a fence that is none": (f"```python foo bar=1\n{PYTHON}```\n", 1),
    "a fence that never closes": (f"~~~python\n{PYTHON}", 1),
}


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS)
def test_what_runs_and_what_is_no_code_is_let_through(text):
    assert list(escapes(text)) == []


@pytest.mark.parametrize(("text", "line"), ESCAPES.values(), ids=ESCAPES)
def test_every_way_of_escaping_is_told_with_its_line(text, line):
    assert line in [number for number, _, _ in escapes(text)]


def test_the_first_line_names_the_code():
    assert [first for _, first, _ in escapes(ESCAPES["py in a list"][0])] == ["import os"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```markdown\n/// compare | a/b\n///\n```\n", []),
        ("```text\n/// compare | a/b\n///\n```\n", []),
        ("```\n/// compare | a/b\n///\n```\n", [(2, "/// compare | a/b")]),
        ("```python\nx = 1\n\n/// compare | a/b\n///\n```\n", [(2, "x = 1")]),
        ("Words.\n\n    /// compare | a/b\n    ///\n", [(3, "/// compare | a/b")]),
        ("/// compare | a/b\n///\n", []),
        ("```python\nx = 7 // 2  # not ///\n```\n", []),
    ],
)
def test_a_directive_in_code_is_told(text, expected):
    assert list(shown_directives(text)) == expected
