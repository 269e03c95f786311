"""A Python-Markdown extension: `/// claims` on a page becomes the claims of an article, examined.

```markdown
/// claims
///
```

shows every claim of the `claims.toml` beside the page, a table a part, with its verdict and its evidence. Evidence
is a cell of this site that ran or a public source with its date. A cell says what it has to show; if its record
shows something else one day, the page does not build.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from headtohead import render
from headtohead.directives import FENCE, Directives
from headtohead.errors import Problem
from headtohead.programs import SIDES, topic
from headtohead.records import Store

OPEN = re.compile(r"^///\s*claims\b")
DATE = re.compile(r"(?P<read>read )?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d))?)?")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# What a verdict is called, and what it means.
VERDICTS = {
    "holds": "true today",
    "held once": "true when it was first said, not today",
    "depends": "true on a condition, in part, or a matter of judgement",
    "never held": "not true, and was not",
}
# The parts of the article, in its order.
PARTS = {
    "basics": "What it says of the basics",
    "uses": "What each is used for",
    "history-pytorch": "The history of PyTorch",
    "pros-pytorch": "Pros of PyTorch",
    "cons-pytorch": "Cons of PyTorch",
    "history-tensorflow": "The history of TensorFlow",
    "pros-tensorflow": "Pros of TensorFlow",
    "cons-tensorflow": "Cons of TensorFlow",
    "code": "The code and its remarks",
    "table": "The feature table",
    "conclusion": "The conclusion",
    "questions": "The four questions",
}


@dataclass(frozen=True)
class Cell:
    """Evidence that ran.

    Attributes:
        cell: The topic.
        title: The cell of its programs.
        shows_pytorch: What PyTorch's output of the cell has to contain.
        shows_tensorflow: What TensorFlow's has to contain.
        agrees: A quantity in which both sides have to agree.
        differs: A quantity that has to be documented as different.
    """

    cell: str
    title: str
    shows_pytorch: str = ""
    shows_tensorflow: str = ""
    agrees: str = ""
    differs: str = ""

    def prove(self, root: Path, store: Store) -> None:
        """Raises `Problem` unless the records show what this says."""
        found = topic(root, self.cell)
        for side in SIDES:
            program, wanted = found.programs[side.name], getattr(self, f"shows_{side.name}")
            title = program.cell(self.title).title
            if wanted not in store.fresh(program).cell(title).output:
                what = f"{self.title!r} no longer prints {wanted!r} in {side.label}"
                raise Problem(f"snippets/{self.cell}/{side.file}", what, remedy="judge the claim anew")
        agreement = store.agreement(found) if self.agrees or self.differs else None
        for name, differ in ((self.agrees, False), (self.differs, True)):
            same = {row.name: row.differs is None for row in agreement.quantities} if agreement else {}
            if name and same.get(name) is not (not differ):
                what = f"no quantity {name!r} that {'differs' if differ else 'agrees'}"
                raise Problem(f"snippets/{self.cell}/parity.py", what, remedy="judge the claim anew")


@dataclass(frozen=True)
class Source:
    """Evidence that somebody else published; `date` is its own, or, as in "read 2026-11", when it was read."""

    source: str
    name: str
    date: str


@dataclass(frozen=True)
class Claim:
    """One claim of the article; `line` is where its entry begins in the file."""

    id: str
    part: str
    claim: str
    verdict: str
    why: str
    evidence: tuple[Cell | Source, ...]
    line: int


def read(path: Path, name: str) -> list[Claim]:
    """The claims of a file that is called `name` in messages; raises the first `Problem` in their form."""
    try:
        text = path.read_text(encoding="utf-8")
        entries = tomllib.loads(text)["claim"]
    except FileNotFoundError:
        raise Problem(name, "no such file", remedy="write the claims there") from None
    except KeyError:
        raise Problem(name, "no claim", remedy="write each as [[claim]]") from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        raise Problem(name, f"not TOML: {error}", line=int(where[1]) if where else None) from None
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[claim]]"]
    claims: list[Claim] = []
    for entry, line in zip(entries, lines, strict=True):
        try:
            claim = _claim(entry, line)
            if claim.id in {other.id for other in claims}:
                raise ValueError(f"a second claim {claim.id!r}")
        except ValueError as error:
            raise Problem(name, str(error), line=line, remedy="correct the entry that begins here") from None
        claims.append(claim)
    return claims


def _claim(entry: dict[str, Any], line: int) -> Claim:
    evidence = tuple(_evidence(each) for each in entry.pop("evidence", []))
    if not evidence:
        raise ValueError("a claim without evidence")
    claim: Claim = _made(Claim, entry | {"evidence": evidence, "line": line})
    if not ID.fullmatch(claim.id):
        raise ValueError(f"{claim.id!r} is no id: lower-case words with hyphens between them")
    for what, known in (("part", PARTS), ("verdict", VERDICTS)):
        value = getattr(claim, what)
        if value not in known:
            raise ValueError(f"no {what} {value!r}: there are {', '.join(known)}")
    return claim


def _evidence(entry: dict[str, str]) -> Cell | Source:
    if "cell" in entry:
        cell: Cell = _made(Cell, entry)
        if not (cell.shows_pytorch or cell.shows_tensorflow or cell.agrees or cell.differs):
            raise ValueError(f"{cell.title!r} is evidence that cannot fail: say what it shows, agrees or differs")
        return cell
    source: Source = _made(Source, entry)
    if not source.source.startswith("https://"):
        raise ValueError(f"{source.source!r} is no https address")
    when(source.date)
    return source


def _made(kind: type, entry: dict[str, Any]) -> Any:
    """An instance of a data class; raises `ValueError` for an entry with other keys, or empty."""
    odd = sorted(set(entry) - {each.name for each in fields(kind)})
    if odd:
        raise ValueError(f"no key {odd[0]!r} in a {kind.__name__.lower()}")
    empty = [key for key, value in entry.items() if isinstance(value, str) and not value.strip()]
    if empty:
        raise ValueError(f"{empty[0]!r} is empty")
    try:
        return kind(**entry)
    except TypeError as error:
        raise ValueError(f"a {kind.__name__.lower()} without {str(error).rpartition(': ')[2]}") from None


def when(date: str) -> str:
    """A date in words; raises `ValueError` for anything that is none."""
    match = DATE.fullmatch(date)
    if not match:
        raise ValueError(f"{date!r} is no date: write 2025-08-07, 2025-08, 2025 or 'read 2026-11'")
    day = datetime.date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    words = [str(day.day)] * bool(match["day"]) + [f"{day:%B}"] * bool(match["month"]) + [str(day.year)]
    return (match["read"] or "") + " ".join(words)


# Laying them on a page -------------------------------------------------------------------------


class Claims(Preprocessor):
    """Replaces the block by a heading and a table for each part."""

    def __init__(self, md: Markdown, root: Path, store: Store):
        super().__init__(md)
        self.root, self.store = root, store
        self.page = Directives(md, root, store)  # knows where a page is and how to tell a problem

    def run(self, lines: list[str]) -> list[str]:
        result: list[str] = []
        fence = ""
        skip = False
        for index, line in enumerate(lines):
            mark = FENCE.match(line)
            if mark and (not fence or line.strip() == fence):
                fence = "" if fence else mark["fence"]
            if skip:  # the end of the block that the line before opened
                skip = False
            elif fence or not OPEN.match(line):
                result.append(line)
            else:
                skip = lines[index + 1 : index + 2] == ["///"]
                try:
                    if line.strip() != "/// claims" or not skip:
                        remedy = "write '/// claims', and '///' on the next line"
                        raise Problem("claims", "it takes nothing and holds nothing", remedy=remedy)
                    result += self.shown()
                except Problem as problem:
                    result += ["", self.stash(self.page.tell(problem, lines, index)), ""]
        return result

    def stash(self, html: str) -> str:
        return self.md.htmlStash.store(html)

    def shown(self) -> list[str]:
        """The Markdown of all parts; raises `Problem` for a claim whose evidence is gone."""
        uri = self.page.file.src_uri if self.page.file else "choose/claims.md"
        path = (self.root / "docs" / uri).with_suffix(".toml")
        name = path.relative_to(self.root).as_posix()
        claims = read(path, name)
        for claim in claims:
            try:
                for each in claim.evidence:
                    if isinstance(each, Cell):
                        each.prove(self.root, self.store)
            except Problem as problem:
                raise Problem(name, f"claim {claim.id!r}: {problem}", line=claim.line) from None
        result = ["", self.stash(tally(claims)), ""]
        for part, heading in PARTS.items():
            rows = [self.row(claim) for claim in claims if claim.part == part]
            if rows:
                table = render.table(heading, "h2h-claims", ("Claim", "Verdict", "Why, and the evidence"), rows)
                result += ["", f"## {heading}", "", self.stash(table), ""]
        return result

    def row(self, claim: Claim) -> str:
        evidence = " · ".join(self.evidence(each) for each in claim.evidence)
        anchor = f"claim-{claim.id}"
        return (
            f'<tr id="{anchor}"><th scope=row>{prose(claim.claim)} '
            f'<a class=headerlink href="#{anchor}" title="Link to this claim">¶</a></th>'
            f"<td><span class=h2h-verdict data-verdict={render.slug(claim.verdict)}>{claim.verdict}</span></td>"
            f"<td><p>{prose(claim.why)}</p><p class=h2h-evidence>{evidence}</p></td></tr>"
        )

    def evidence(self, each: Cell | Source) -> str:
        if isinstance(each, Source):
            return f'<a href="{escape(each.source)}">{escape(each.name)}</a>, {when(each.date)}'
        href = self.page.link(f"{each.cell}/") + f"#cell-{render.slug(each.title)}"
        return f'ran: <a href="{href}">{escape(each.title)}</a>'


def tally(claims: list[Claim]) -> str:
    """How many there are, and what the verdicts mean."""
    counts = Counter(claim.verdict for claim in claims)
    rows = [
        f"<tr><th scope=row><span class=h2h-verdict data-verdict={render.slug(verdict)}>{verdict}</span></th>"
        f"<td>{counts[verdict]}</td><td>{meaning}</td></tr>"
        for verdict, meaning in VERDICTS.items()
    ]
    heads = ("Verdict", f"Of {len(claims)} claims", "It means")
    return render.table("Verdicts", "h2h-claims", heads, rows)


def prose(text: str) -> str:
    """Text with `code` in it, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


class ClaimsExtension(Extension):
    """The extension as `mkdocs.yml` names it: `headtohead.claims`."""

    def __init__(self, **options: str):
        self.config = {
            "root": ["", "The repository; the folder above this package by default"],
            "records": ["", "The folder of records; 'records' of the repository by default"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        root = Path(self.getConfig("root") or Path(__file__).parents[1]).resolve()
        records = self.getConfig("records")
        store = Store(root, root / records if records else None)
        # Before the directives (28), which know no block of this name.
        md.preprocessors.register(Claims(md, root, store), "headtohead-claims", 29)


def makeExtension(**options: str) -> ClaimsExtension:
    return ClaimsExtension(**options)
