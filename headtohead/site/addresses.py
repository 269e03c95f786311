"""Addresses in the tags of a page: which ones may stand there, as a browser reads them."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from headtohead.content.kinds import public

ATTRIBUTES = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "background", "cite", "longdesc"}
SENDS = {"action", "formaction"}
# A browser takes out what nobody sees, and reads a backslash as a slash. https://url.spec.whatwg.org/#url-parsing
DROPPED = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
LOCAL = re.compile(r"[\w.-]+|[\w:.]+")  # a host by its name or its number
FAR = re.compile(r"(?:^|,)[\s\x00-\x1f]*(?!data:image/)(?:[a-z][\w+.-]*:|[/\\]{2})", re.IGNORECASE)  # of one, or a list
RUNS = re.compile(r"[\s\x00-\x1f]*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:", re.IGNORECASE)
WRITTEN = "write https://, mailto:, or an address relative to the page"


def bare(address: str) -> str:
    """An address as a browser reads it."""
    return DROPPED.sub("", address).replace("\\", "/")


def runs(address: str) -> bool:
    """Whether an address is a script."""
    return bool(RUNS.match(address))


def fetched(addresses: str) -> bool:
    """Whether one of some addresses, of what is shown, is of another host than this site; a picture in it is not."""
    return bool(FAR.search(addresses))


def far(address: str) -> bool:
    """Whether an address is of anything but this site."""
    return bool(SCHEME.match(bare(address))) or bare(address).startswith("//")


def odd(address: str, *, near: bool = False) -> str:
    """Why an address may not be followed, as the end of a sentence; empty where it may.

    Args:
        address: The address.
        near: Whether a host that only some reach will do, as this machine while it serves the site.
    """
    address = bare(address)
    if address.startswith("/"):
        return f"begins at the top of a server, not of this site; {WRITTEN}"
    if not (scheme := SCHEME.match(address)) or scheme[1].lower() == "mailto":
        return ""
    if scheme[1].lower() not in ("http", "https"):
        return f"leads to '{scheme[1].lower()}:'; {WRITTEN}"
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:  # half an address in brackets
        host = None
    if not host or not address[scheme.end() :].startswith("//"):
        return "names no host; write https:// and its name"
    if "@" in parts.netloc:
        return "holds a name or a password; take out what stands before '@'"
    reached = public(host) or (near and LOCAL.fullmatch(host))
    return "" if reached else "leads to a host that not everybody reaches; write the name of a public one"


def path(address: str) -> str:
    """The path of an address that is relative to its page; empty where it is none, or the page itself."""
    address = bare(address)
    if far(address):
        return ""
    return unquote(re.split(r"[?#]", address, maxsplit=1)[0])
