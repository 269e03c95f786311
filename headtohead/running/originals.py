"""Originals: what the code that runs a program uses of Python, NumPy and the framework, as it was before the program.

A program shares its process with that code, and may have put something else in the place of any function. Then what is
compared would be no longer what the program gave, and what failed would be told of another cell.
"""

from __future__ import annotations

import sys
from typing import Any

# All that can be called of these modules; and of these classes what a proof calls to get at numbers.
MODULES = ("builtins", "io", "zipfile", "ast", "traceback", "importlib.util")
NUMPY = ("numpy", "numpy.lib.format", "numpy.lib._format_impl")
METHODS = {
    ("torch", "Tensor"): ("detach", "cpu", "numpy", "resolve_conj", "resolve_neg", "__array__"),
    ("tensorflow.python.framework.ops", "EagerTensor"): ("numpy", "__array__"),
    ("keras", "Variable"): ("numpy", "__array__"),
}
Place = tuple[str, dict[str, Any], dict[str, Any]]  # its name, what is there, what was there at first
_missing = object()
_getattr, _modules = getattr, sys.modules


class Replaced(Exception):
    """A program has put something else in the place of what it shares with the code that runs it."""


class Originals:
    """What there was at first. What it uses itself is bound, or no name: names may be replaced.

    Args:
        numbers: Whether a proof follows, which needs NumPy.
    """

    def __init__(self, numbers: bool):
        names = [name for name in (*MODULES, *(NUMPY if numbers else ())) if name in _modules]
        self.places: list[Place] = [("sys.modules", _modules, {name: _modules[name] for name in names})]
        for name in names:
            there = vars(_modules[name])
            self.places.append((name, there, {key: each for key, each in there.items() if callable(each)}))
        self.methods = [
            (f"{module}.{name}.{each}", kind, each, getattr(kind, each))
            for (module, name), names in METHODS.items()
            if numbers and (kind := getattr(_modules.get(module), name, None))
            for each in names
            if hasattr(kind, each)
        ]

    def check(self) -> None:
        """Raises `Replaced` where something else stands in one's place, which is put back before that is told."""
        found = []
        for module, there, before in self.places:
            for name, each in before.items():
                if there.get(name, _missing) is not each:
                    found.append(f"{module}.{name}")
                    there[name] = each
        for name, kind, key, each in self.methods:
            if _getattr(kind, key, _missing) is not each:
                found.append(name)
        if found:
            raise Replaced(f"{found[0]}, which the code that runs programs and proofs uses: leave it as it is")
