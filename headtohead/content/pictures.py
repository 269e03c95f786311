"""Pictures in SVG, of a program or of an author: whether one is a picture and no more, however it is written."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
RUN = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
CHANGE = {"animate", "set", "animatetransform", "animatemotion", "animatecolor", "discard", "mpath"}  # an address, too
ACTIVE = RUN | CHANGE | {"a", "feimage"}
LINKS = ("href", "src")
WITHIN = ("#", "data:image/png", "data:image/jpeg")  # what a link may lead to: the picture itself, and pixels
# Of styles: what asks for a file, by its address alone too; a backslash may spell any of them.
ASKS = re.compile(r"url\(\s*[\"']?\s*(?!#)|@import|\b(?:image(?:-set)?|cross-fade|src)\(|\\", re.IGNORECASE)
MOST = 200_000  # elements that are drawn: a browser draws what is used as often as it is used


class _Odd(Exception):
    """Why a file is no picture and no more, as the end of a sentence."""


def odd(data: bytes) -> str:
    """Why a file is not a picture and no more, as what follows "a picture that"; empty where it is one."""
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text, parser.buffer_size = True, len(data) + 1  # a text in one piece, whatever it is written with
    looking = _Looking()
    parser.StartElementHandler, parser.EndElementHandler = looking.opened, looking.closed
    parser.CharacterDataHandler = looking.text
    parser.StartDoctypeDeclHandler, parser.ProcessingInstructionHandler = looking.doctype, looking.instruction
    parser.XmlDeclHandler = looking.declared
    try:
        data.decode("utf-8")
        parser.Parse(data, True)
        looking.drawn()
    except UnicodeDecodeError:
        return "is not UTF-8"
    except _Odd as error:
        return str(error)
    except expat.ExpatError as error:
        return f"is not XML: {expat.ErrorString(error.code)} in line {error.lineno}"
    return ""


class _Looking:
    def __init__(self) -> None:
        self._depth = self._style = 0
        self._within: list[str] = [""]  # the id of each element that is open; its own number where it has none
        self._elements, self._used = Counter[str](), defaultdict[str, list[str]](list)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        name = name.lower()
        if not self._depth and (space, name) != (SVG, "svg"):
            raise _Odd("is no SVG")
        if name in ACTIVE or space.endswith("xhtml"):
            raise _Odd(f"holds <{name}>, which runs, leads away or changes something")
        self._depth += 1
        self._count(name, attributes)
        self._style = self._style or self._depth * (name == "style")
        for spelled, value in attributes.items():
            key = spelled.rpartition(" ")[2].lower()
            if key.startswith("on"):
                raise _Odd(f"holds a script, in {key!r}")
            if key in LINKS and not value.startswith(WITHIN):
                raise _Odd(f"leads elsewhere, in {key!r}")
            if ASKS.search(value):
                raise _Odd(f"asks for a file, in {key!r}")

    def closed(self, tag: str) -> None:
        self._style *= self._style != self._depth
        self._depth -= 1
        self._within.pop()

    def _count(self, name: str, attributes: dict[str, str]) -> None:
        own = attributes.get("id") or f" {len(self._elements)}"
        self._used[self._within[-1]].append(own)
        self._within.append(own)
        self._elements[own] += 1
        if name == "use":
            self._used[own] += [value[1:] for key, value in attributes.items() if key.rpartition(" ")[2] == "href"]

    def drawn(self) -> None:
        """Raises `_Odd` where more is drawn than any picture has: something uses what uses what ..."""
        drawn: dict[str, int] = {}
        waiting = [("", iter(self._used[""]))]  # what is counted, and what of it is left
        opened = {""}
        while waiting:
            name, left = waiting[-1]
            if (part := next((each for each in left if each not in drawn), None)) is not None:
                if part in opened:
                    raise _Odd(f"uses itself, in {part[:20]!r}")
                opened.add(part)
                waiting.append((part, iter(self._used[part])))
                continue
            waiting.pop()
            opened.discard(name)
            drawn[name] = self._elements[name] + sum(drawn[each] for each in self._used[name])
            if drawn[name] > MOST:
                raise _Odd(f"draws more than {MOST:,} elements, by using again what uses again")

    def text(self, text: str) -> None:
        if self._style and ASKS.search(text):
            raise _Odd("asks for a file, in a style")

    def doctype(self, name: str, system: str | None, public: str | None, inside: int) -> None:
        if inside:
            raise _Odd("declares entities of its own")

    def instruction(self, target: str, data: str) -> None:
        raise _Odd(f"holds an instruction, {target[:20]!r}")

    def declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if (encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            raise _Odd(f"says that it is encoded as {encoding[:20]!r}")
