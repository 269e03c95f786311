"""Strategies: real files, broken as people and machines break them, and bytes without any sense."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.words import ODD
from tests.support.repository import ROOT

MOST = 20_000  # characters of an example
DEPTHS = (3, 30, 60, 150, 250, 1200, 5000)


def real(*patterns: str, most: int = MOST, under: Path = ROOT) -> list[str]:
    """The texts of files of this repository; of one that is long, its head and some whole entries."""
    paths = sorted(path for pattern in patterns for path in under.glob(pattern))
    assert paths, patterns
    return [_short(path.read_text(encoding="utf-8"), most) for path in paths]


def _short(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    parts = re.split(r"\n(?=\[\[)", text)
    found = parts[0]
    for part in parts[1 :: max(1, len(parts) * len(text) // most // 20 or 1)]:
        if len(found) + len(part) < most:
            found += "\n" + part
    return found[:most]


@st.composite
def _changed(draw: Any, texts: Sequence[str], words: Sequence[str], deepest: int) -> str:
    """A real text with some lines or characters changed."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["insert", "replace", "cut", "double", "swap", "drop", "deep", "end"]))
        lines = text.split("\n")
        at = draw(st.integers(0, max(0, len(text) - 1)))
        row, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        if kind in ("insert", "replace"):
            word = draw(st.sampled_from(words))
            text = text[:at] + word + text[at + (len(word) if kind == "replace" else 0) :]
        elif kind == "cut":
            text = text[:at] + text[at + draw(st.integers(1, 200)) :]
        elif kind == "end":
            text = text[:at]
        elif kind == "deep":
            one, times = (
                draw(st.sampled_from("([{-.~ab>#")),
                draw(st.sampled_from([each for each in DEPTHS if each <= deepest])),
            )
            text = text[:at] + one * times + text[at:]
        else:
            if kind == "swap":
                lines[row], lines[other] = lines[other], lines[row]
            elif kind == "double":
                lines.insert(other, lines[row])
            else:
                del lines[row]
            text = "\n".join(lines)
    return text


@st.composite
def _bytes(draw: Any, texts: st.SearchStrategy[str]) -> bytes:
    """A text as bytes, of which some may be others."""
    data = bytearray(draw(texts).encode("utf-8", "surrogatepass"))
    for at in draw(st.lists(st.integers(0, max(0, len(data) - 1)), max_size=3)):
        data[at : at + 1] = draw(st.binary(min_size=1, max_size=3))
    prefix = draw(st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf", b"# coding: latin-1\n", b"\xff\xfe"]))
    return prefix + bytes(data)


def texts(real: Sequence[str], words: Sequence[str], deepest: int = DEPTHS[-1]) -> st.SearchStrategy[str]:
    """Text: a real one with changes, words in any order, any characters; nested so deep at the most, where it is."""
    every = [*words, *ODD]
    return st.one_of(
        _changed(real, every, deepest), st.lists(st.sampled_from(every), max_size=30).map("".join), st.text()
    )


def files(real: Sequence[str], words: Sequence[str]) -> st.SearchStrategy[bytes]:
    """What may stand in a file: a text, broken bytes of one, any bytes."""
    known = texts(real, words)
    return st.one_of(known.map(lambda text: text.encode("utf-8", "replace")), _bytes(known), st.binary(max_size=200))


# Values as JSON has them, to stand where another one is expected.
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["", "../../x", "a/b"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def contents(draw: Any, known: Sequence[Any]) -> Any:
    """What stands in a record, with some values replaced, keys taken away or added, at any depth."""
    found = copy.deepcopy(draw(st.sampled_from(known)))
    for _ in range(draw(st.integers(1, 3))):
        place = found
        for _ in range(draw(st.integers(0, 4))):
            inner = [
                each
                for each in (place.values() if isinstance(place, dict) else place)
                if isinstance(each, (dict, list))
            ]
            if not inner:
                break
            place = draw(st.sampled_from(inner))
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if keys and draw(st.integers(0, 3)):
            key = draw(st.sampled_from(keys))
            if draw(st.booleans()):
                place[key] = draw(VALUES)
            else:
                del place[key]
        elif isinstance(place, dict):
            place[draw(st.text(max_size=8))] = draw(VALUES)
        else:
            place.append(draw(VALUES))
    return found
