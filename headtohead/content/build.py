"""Makes what people write in a data file into a data class, and holds it to the types that the class states."""

from __future__ import annotations

import functools
import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

Kind = TypeVar("Kind")
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
WORDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number", list: "a list", dict: "a table"}


def build(kind: type[Kind], entry: Mapping[str, Any], **known: Any) -> Kind:
    """An instance of a data class.

    Args:
        kind: The class; its fields are of text, numbers, booleans, lists or tables of these, or None.
        entry: What a person wrote, by the name of a field.
        known: Fields that no person writes, as the line at which the entry begins.

    Raises:
        ValueError: A key that no field has, a field without a value, a value of another type, or an empty text.
    """
    what, stated = CAPITAL.sub(" ", kind.__name__).lower(), _types(kind)
    writable = [each for each in fields(kind) if each.name not in known]  # type: ignore[arg-type]
    names = [each.name for each in writable]
    if odd := sorted(set(entry) - set(names)):
        raise ValueError(f"no key {odd[0]!r} in the {what}: there are {', '.join(names)}")
    for each in writable:
        if each.name not in entry:
            if each.default is MISSING and each.default_factory is MISSING:
                raise ValueError(f"the {what} lacks {each.name!r}")
            continue
        value = entry[each.name]
        if not _is(value, stated[each.name]):
            raise ValueError(f"{each.name!r} is {_said(value)}, and has to be {_named(stated[each.name])}")
        if isinstance(value, str) and not value.strip():
            raise ValueError(f"{each.name!r} is empty")
    return kind(**entry, **known)


@functools.cache
def _types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _is(value: Any, stated: Any) -> bool:
    """Whether a value of TOML is of a type; a whole number is a number too, and true is none."""
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


def _named(stated: Any) -> str:
    origin, inner = typing.get_origin(stated), typing.get_args(stated)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_named(each) for each in inner if each is not type(None))
    if origin in (list, dict):
        return f"{WORDS[origin]} of {_named(inner[-1])}"
    return WORDS.get(stated, stated.__name__)


def _said(value: Any) -> str:
    """What a person wrote, with its type."""
    named = WORDS.get(type(value), f"a {type(value).__name__}")
    return f"{named}: {value!r}" if isinstance(value, (str, int, float)) else named


def among(what: str, value: str, known: Iterable[str]) -> None:
    """Raises `ValueError` for a value that is none of those known."""
    if value not in known:
        raise ValueError(f"no {what} {value!r}: there are {', '.join(known)}")
