"""Numbers in prose: which stand there, and whether one of those that were seen rounds to what is written."""

from __future__ import annotations

import math
import re

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
RAISED = "⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What holds digits and is no number: code, addresses and dates.
CODE = r"`[^`]*`"
ADDRESS = r"(?<=\])\([^)]*\)|^\[[^\]]+\]: \S+.*$|<https?:[^>]*>"
DATE = rf"(?:\d{{1,2}} )?(?:{MONTHS}) \d{{4}}"
NO_NUMBER = re.compile(f"{CODE}|{ADDRESS}|{DATE}", re.MULTILINE)
# A number by itself: no part of a name, of an address or of a date.
NUMBER = re.compile(
    r"(?<![\w.#/$@])(?P<digits>\d{1,3}(?:[,\u202f]\d{3})+(?!\d)|\d+)(?P<rest>\.\d+)?(?P<power>e-?\d+)?"
    rf"(?P<raised>{RAISED})?(?P<percent>\s?(?:%|percent))?(?![\w/]|\.\d)"
)
VERSION = re.compile(r"(?<![\w.])\d+\.\d+\.\d+(?![\w.]*\d)")
# The same in code and in what is printed.
VALUE = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d[\d_]*)?(?:(?<=\d)\.?|\.(?=\d))\d*(?:e[+-]?\d+)?", re.I)


def values(text: str) -> set[float]:
    """The numbers that stand in code or output, without their signs."""
    found = (float(each.replace(",", "").replace("_", "")) for each in VALUE.findall(text) if each)
    return {each for each in found if math.isfinite(each)}


def written(prose: str) -> list[re.Match[str]]:
    """The numbers of a piece of Markdown, each as the match of `NUMBER`, where it stands."""
    return list(NUMBER.finditer(NO_NUMBER.sub(lambda match: "·" * len(match[0]), prose)))


def plain(match: re.Match[str]) -> str:
    """A number as people wrote it, without what only helps to read it."""
    return match[0].replace("\u202f", " ").strip()


def amounts(match: re.Match[str]) -> list[float]:
    """The amount of a number that is written; of a power of anything but 10, which is worked out, its two parts."""
    number = float(re.sub(r"[,\u202f]", "", match["digits"]) + (match["rest"] or "") + (match["power"] or ""))
    if not match["raised"]:
        return [number]
    power = int(match["raised"].translate(SUPERSCRIPTS))
    return [10.0**power] if number == 10 else [number, float(power)]


def shown(match: re.Match[str], known: set[float]) -> bool:
    """Whether a number that was seen rounds to the one that is written, as a share where that is in percent.

    A whole number is no rounded one: nearly any would be known, with so many numbers seen.
    """
    parts, places = amounts(match), len(match["rest"] or ".") - 1
    if match["raised"]:
        return all(any(math.isclose(each, part) for each in known) for part in parts)
    if match["power"]:
        return any(each and float(f"{each:.{places}e}") == parts[0] for each in known)
    if match["percent"]:
        return any(round(each * factor, places) == parts[0] for each in known for factor in (1, 100))
    return any(round(each, places) == parts[0] for each in known) if places else parts[0] in known
