"""Reference: whether what `::: name` on a page asks for is there, before an engine ends its build over it."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

from headtohead.content.source import Unparsable, parse
from headtohead.errors import Problem, quoted

PACKAGE = "headtohead"
ASKS = re.compile(r"^ {0,3}(?:(?:[>*+-]|\d+[.)])\s+)*(?:#{1,6}\s*)?::: ?(?P<name>.+?)\s*$")


def check(root: Path, line: str) -> None:
    """Raises `Problem` for a line that asks for the documentation of what this project does not have."""
    if (asked := ASKS.match(line)) and not there(root, asked["name"]):
        what = f"no module, class or function {quoted(asked['name'])}"
        raise Problem("reference", what, remedy=f"name one of this project, as {PACKAGE}.errors")


def there(root: Path, name: str) -> bool:
    """Whether a dotted name is that of a module of this project, or of something at the top of one or of a class."""
    parts = name.split(".")
    if parts[0] != PACKAGE or not all(part.isidentifier() for part in parts):
        return False
    for end in range(len(parts), 0, -1):
        folder = root.joinpath(*parts[:end])
        for path in (folder.with_suffix(".py"), folder / "__init__.py"):
            if path.is_file():
                return _has(path, path.stat().st_mtime_ns, tuple(parts[end:]))
    return False


@functools.lru_cache(maxsize=256)
def _has(path: Path, changed: int, names: tuple[str, ...]) -> bool:
    try:
        body: list[ast.stmt] = parse(path.read_text(encoding="utf-8")).body  # type: ignore[attr-defined]
    except (Unparsable, OSError, ValueError):
        return False
    for index, name in enumerate(names):
        inner = [each for each in body if isinstance(each, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))]
        found = next((each for each in inner if each.name == name), None)
        if found is None:
            return index + 1 == len(names) and name in _set(body)
        body = found.body
    return True


def _set(body: list[ast.stmt]) -> set[str]:
    """What statements set by name."""
    targets = [target for each in body if isinstance(each, ast.Assign) for target in each.targets]
    targets += [each.target for each in body if isinstance(each, ast.AnnAssign)]
    return {each.id for each in targets if isinstance(each, ast.Name)}
