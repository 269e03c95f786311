"""Makes what people write in a data file into a data class, and holds it to the types and kinds that it states."""

from __future__ import annotations

import datetime
import difflib
import functools
import re
import types
import typing
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Annotated, Any, TypeVar

from headtohead.errors import QUOTED, quoted

Kind = TypeVar("Kind")
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
WORDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number", list: "a list", dict: "a table"}
MOMENTS = (datetime.date, datetime.time)  # what TOML makes of a date or a time without quotes


def build(kind: type[Kind], entry: Mapping[str, Any], **known: Any) -> Kind:
    """An instance of a data class.

    Args:
        kind: The class; its fields are of text, numbers, booleans, lists or tables of these, or None; what is
            `Annotated` with checks, as the kinds of `headtohead.content.kinds`, is held to them.
        entry: What a person wrote, by the name of a field.
        known: Fields that no person writes, as the line at which the entry begins.

    Raises:
        ValueError: A key that no field has, a field without a value, a value of another type or kind, an empty text.
    """
    what, stated = CAPITAL.sub(" ", kind.__name__).lower(), _types(kind)
    writable = [each for each in fields(kind) if each.name not in known]  # type: ignore[arg-type]
    names = [each.name for each in writable]
    if odd := [name for name in entry if name not in names]:
        raise Misplaced(odd[0], f"no key {quoted(odd[0])} in the {what}: {_meant(odd[0], names)}")
    for each in writable:
        if each.name not in entry:
            if each.default is MISSING and each.default_factory is MISSING:
                raise ValueError(f"the {what} lacks {each.name!r}")
            continue
        value = entry[each.name]
        if not _is(value, stated[each.name]):
            said = f"{each.name!r} is {_said(value)}, and has to be {_named(stated[each.name])}"
            raise Misplaced(each.name, said)
        if fault := _fault(f"{each.name!r}", value, stated[each.name]):
            raise Misplaced(each.name, fault)
    return kind(**entry, **known)


class Misplaced(ValueError):
    """What is wrong with one key of an entry."""

    def __init__(self, key: str, what: str):
        self.key = key
        super().__init__(what)


@functools.cache
def _types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _plain(stated: Any) -> Any:
    """A type without what it is annotated with."""
    return typing.get_args(stated)[0] if typing.get_origin(stated) is Annotated else stated


def _is(value: Any, stated: Any) -> bool:
    """Whether a value of TOML is of a type; a whole number is a number too, and true is none."""
    stated = _plain(stated)
    origin, inner = typing.get_origin(stated), typing.get_args(stated)
    if origin in (types.UnionType, typing.Union):
        return any(_is(value, each) for each in inner)
    if origin is list:
        return isinstance(value, list) and all(_is(each, inner[0]) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(_is(each, inner[1]) for each in value.values())
    if stated in (float, int):
        return isinstance(value, (int, float) if stated is float else int) and not isinstance(value, bool)
    return isinstance(value, stated)


def _fault(key: str, value: Any, stated: Any, inside: str = "") -> str:
    """What is wrong with a value of the right type, as a sentence about it or about its key; empty if nothing."""
    if typing.get_origin(_plain(stated)) in (types.UnionType, typing.Union):
        stated = next(each for each in typing.get_args(_plain(stated)) if _is(value, each))
    inner = typing.get_args(_plain(stated))
    if isinstance(value, list) and inner:
        found = [_fault(key, each, inner[0], "something in ") for each in value]
        return next(filter(None, found), _twice(key, value) if typing.get_origin(inner[0]) is Annotated else "")
    if isinstance(value, dict) and inner:
        pairs = [(each, its) for item in value.items() for each, its in zip(item, inner)]
        return next(filter(None, (_fault(key, each, its, "something in ") for each, its in pairs)), "")
    if isinstance(value, str) and not value.strip() and not (inside and stated is str):
        return f"{inside}{key} is empty"
    for check in typing.get_args(stated)[1:] if typing.get_origin(stated) is Annotated else ():
        try:
            check(value)
        except ValueError as error:
            said, colon, rest = str(error).partition(":")
            about = f"{quoted(value)} {said} in {key}{colon}{rest}"
            return about if said.startswith("is ") else f"{inside}{key} {error}"
    return ""


def _twice(key: str, values: list[Any]) -> str:
    """What stands twice in a list of a kind; where it has none, as the numbers of a shape, that is no fault."""
    again = next((each for each, count in Counter(values).items() if count > 1), None)
    return "" if again is None else f"{key} has {quoted(again)} twice"


def _named(stated: Any) -> str:
    stated = _plain(stated)
    origin, inner = typing.get_origin(stated), typing.get_args(stated)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_named(each) for each in inner if each is not type(None))
    if origin in (list, dict):
        return f"{WORDS[origin]} of {_named(inner[-1])}"
    return WORDS.get(stated, stated.__name__)


def _said(value: Any) -> str:
    """What a person wrote, with its type."""
    named = WORDS.get(type(value), f"a {type(value).__name__}")
    if isinstance(value, MOMENTS):
        return f"a date without quotes, {value.isoformat()}"
    return f"{named}: {quoted(value)}" if isinstance(value, (str, int, float)) else named


def _meant(value: str, known: Iterable[str]) -> str:
    """What there is instead, the nearest first."""
    names = list(known)
    near = difflib.get_close_matches(value[:QUOTED], names, n=1, cutoff=0.7)
    meant = f"did you mean {near[0]!r}? " if near else ""
    return f"{meant}there are {', '.join(names)}" if names else "there is none yet"


def among(what: str, value: str, known: Iterable[str]) -> None:
    """Raises `ValueError` for a value that is none of those known."""
    names = list(known)
    if value not in names:
        raise ValueError(f"no {what} {quoted(value)}: {_meant(value, names)}")
