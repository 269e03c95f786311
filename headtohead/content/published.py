"""Files that are published as they lie: whether each is what its ending says, whole, and no more than that."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable

from headtohead.content import pictures

UTF8 = (".css", ".js", ".txt", ".json", ".toml")


def odd(data: bytes, ending: str) -> str:
    """Why a file is not what its ending says, as what follows "a file that"; empty where it is, or nobody can tell."""
    if ending == ".svg":
        return pictures.odd(data)
    if ending in UTF8:
        return _text(data, ending)
    return WHOLE[ending](data) if ending in WHOLE else ""


def _text(data: bytes, ending: str) -> str:
    try:
        text = data.decode("utf-8")
        if ending == ".json":
            json.loads(text)
        if ending == ".toml":
            tomllib.loads(text)
    except UnicodeDecodeError:
        return "is not UTF-8"
    except (ValueError, RecursionError):
        return f"is not {ending[1:].upper()}"
    return ""


# Pictures and fonts ------------------------------------------------------------------------------
# Behind the end of one, or in the place of one, may stand a page or an archive.


def _png(data: bytes) -> str:
    """https://www.w3.org/TR/png-3/#5DataRep"""
    at, kind = 8, b""
    while data.startswith(b"\x89PNG\r\n\x1a\n") and at + 12 <= len(data) and kind != b"IEND":
        kind, at = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
    return "" if kind == b"IEND" and at == len(data) else "is no PNG, or half of one, or more"


def _jpeg(data: bytes) -> str:
    whole = data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9")
    return "" if whole else "is no JPEG, or half of one, or more"


def _webp(data: bytes) -> str:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    whole = data[:4] == b"RIFF" and data[8:12] == b"WEBP" and int.from_bytes(data[4:8], "little") + 8 == len(data)
    return "" if whole else "is no WebP, or half of one, or more"


def _woff2(data: bytes) -> str:
    """https://www.w3.org/TR/WOFF2/#woff20Header"""
    whole = data[:4] == b"wOF2" and int.from_bytes(data[8:12], "big") == len(data)
    return "" if whole else "is no WOFF2, or half of one, or more"


def _ico(data: bytes) -> str:
    """A directory of pictures, of which the last ends the file."""
    count = int.from_bytes(data[4:6], "little")
    entries = [data[6 + 16 * each : 22 + 16 * each] for each in range(count)]
    ends = [sum(int.from_bytes(each[at : at + 4], "little") for at in (8, 12)) for each in entries]
    whole = data[:4] == b"\0\0\1\0" and bool(ends) and max(ends) == len(data)
    return "" if whole else "is no icon, or half of one, or more"


WHOLE: dict[str, Callable[[bytes], str]] = {
    ".png": _png,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".webp": _webp,
    ".woff2": _woff2,
    ".ico": _ico,
}
