"""Digests a built site, file by file, so that two builds can be held against each other.

    python scripts/digest.py FOLDER            prints a digest and a path a line
    python scripts/digest.py BEFORE AFTER      prints which files differ, and where a page first does

A page and JSON are taken as parsed documents: how a character or an attribute is written does not count. All else is
taken as bytes, but for the times in the sitemap.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

LEFT_OUT = {"sitemap.xml.gz"}  # sitemap.xml once more, with the time of the build


class Document(HTMLParser):
    """The parts of a page in order: tags with their attributes, and texts without blanks around them."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(f"<{tag} {json.dumps(sorted((name, value or '') for name, value in attrs))}>")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.parts and not self.parts[-1].startswith("<"):
            data = f"{self.parts.pop()} {data}"
        if text := " ".join(data.split()):
            self.parts.append(text)


def parts(path: Path) -> list[str]:
    """What of a file counts."""
    if path.suffix == ".html":
        return Document(path.read_text(encoding="utf-8", errors="replace")).parts
    if path.suffix == ".json":
        with contextlib.suppress(ValueError, RecursionError):  # what is no JSON is bytes
            return [json.dumps(json.loads(path.read_bytes()), sort_keys=True)]
    if path.name == "sitemap.xml":
        return [line for line in path.read_text(errors="replace").splitlines() if "<lastmod>" not in line]
    return [path.read_bytes().hex()]


def files(folder: Path) -> dict[str, Path]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in LEFT_OUT)
    return {path.relative_to(folder).as_posix(): path for path in found}


def differences(before: Path, after: Path) -> Iterator[str]:
    """A line for each file that is not the same in both."""
    one, other = files(before), files(after)
    for name in sorted(one.keys() | other.keys()):
        if name not in other or name not in one:
            yield f"{name}: only {'before' if name in one else 'after'}"
        elif (mine := parts(one[name])) != (theirs := parts(other[name])):
            at = next((n for n, (a, b) in enumerate(zip(mine, theirs)) if a != b), min(len(mine), len(theirs)))
            shown = [each[at][:160] if at < len(each) else "the end" for each in (mine, theirs)]
            yield f"{name}: {shown[0]!r} became {shown[1]!r}"


def main(folders: list[str]) -> int:
    for folder in folders:
        if not files(Path(folder)):
            print(f"{folder}: no file is in it; name the folder of a built site", file=sys.stderr)
            return 2
    if len(folders) == 1:
        for name, path in files(Path(folders[0])).items():
            print(hashlib.sha256("\n".join(parts(path)).encode()).hexdigest()[:16], name)
        return 0
    found = list(differences(*map(Path, folders)))
    print(*found, f"{len(found)} files differ", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
