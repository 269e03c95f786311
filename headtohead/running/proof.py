"""Proof: hands a program that has run to its side of `parity.py`, keeps what that returns, and notes what it used."""

from __future__ import annotations

import dis
import importlib.util
import inspect
import io
import types
import zipfile
from typing import Any

from headtohead.running.channel import Channel
from headtohead.running.jobs import ARRAYS, Script
from headtohead.running.limits import MEGABYTE, Limits

NAME = 1000  # characters of the name of a quantity that a file of arrays has room for
MOST = Limits.given  # bytes of the arrays of a proof


def prove(script: Script, program: types.ModuleType, channel: Channel) -> list[str]:
    """Hands the finished program to its side of `parity.py` and keeps the arrays it returns.

    Returns:
        The names of what it used of the program.
    """
    import numpy as np

    spec = importlib.util.spec_from_file_location("parity", script.parity)
    parity = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parity)
    with Watched(program) as watched:
        found = getattr(parity, script.framework)(program, parity.inputs())
    arrays = {}
    for name, value in found.items():
        if not (isinstance(name, str) and name.isprintable() and len(name) < NAME):
            raise TypeError(f"{name!r:.60} is no name of a quantity: it has to be text of one line")
        if hasattr(value, "detach"):  # a torch tensor
            array = value.detach().cpu().resolve_conj().resolve_neg().numpy()
        else:
            array = np.asarray(value)
        if array.dtype.kind not in "biufcSU":
            raise TypeError(f"{name!r} is no array of numbers or text but {type(value).__name__} of {array.dtype}")
        arrays[name] = array
    if (size := sum(array.nbytes for array in arrays.values())) > MOST:
        raise ValueError(f"arrays of {size / MEGABYTE:,.0f} MB are too much: compare fewer numbers")
    channel.put(ARRAYS, packed(arrays))
    texts = {str(each) for array in arrays.values() if array.dtype.kind in "SU" for each in array.flat}
    return watched.used(texts)


def packed(arrays: dict[str, Any]) -> bytes:
    """Arrays as the bytes of an .npz file, in which each may have any name."""
    import numpy as np

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as file:
        for name, array in arrays.items():
            with file.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
    return data.getvalue()


# What it used ------------------------------------------------------------------------------------


class Watched:
    """A program while its proof runs: notes which names of it are read whose values are as the program left them.

    A name is read by the proof, as in `program.model`; by a function of the program that the proof has read; and so is
    a class of the program of which it has read an instance. What the proof has put in the place of the program's own is
    none of the program. Nothing is traced: that would take longer than the proof.
    """

    def __init__(self, program: types.ModuleType):
        self.program, self.left = program, dict(vars(program))
        self.read, self.replaced = set[str](), set[str]()

    def __enter__(self) -> Watched:
        watched = self

        class Program(types.ModuleType):
            def __getattribute__(self, name: str) -> Any:
                if name not in watched.replaced:
                    watched.read.add(name)
                return super().__getattribute__(name)

            def __setattr__(self, name: str, value: object) -> None:
                watched.replaced.add(name)
                super().__setattr__(name, value)

        self.program.__class__ = Program
        return self

    def __exit__(self, *_: object) -> None:
        self.program.__class__ = types.ModuleType

    def used(self, texts: set[str]) -> list[str]:
        """The names of the program that were read, and those of which these were made.

        Of texts only those that are compared: others say where and how.
        """
        found: dict[str, None] = {}
        names = sorted(self.read)
        while names:
            name = names.pop()
            if name in self.left and name not in found:
                value = self.left[name]
                if not _says_how(value) or (isinstance(value, str) and value in texts):
                    found[name] = None
                    names += [each for each in self._made_of(value) if each not in self.replaced]
        return sorted(found)

    def _made_of(self, value: object) -> set[str]:
        """What a function or the methods of a class of the program read of those at the top; the classes of a value."""
        try:
            inner = inspect.unwrap(value)  # type: ignore[arg-type]
            function = getattr(inner, "__func__", inner)
        except Exception:  # whatever asking an object for an attribute may raise
            function = value
        if isinstance(function, types.FunctionType):
            return _globals(function.__code__) if function.__globals__ is vars(self.program) else set()
        kinds = [each for each in type(value).__mro__ if self.left.get(each.__name__) is each]
        if isinstance(value, type) and value.__module__ == self.program.__name__:
            methods = [each for each in vars(value).values() if isinstance(each, types.FunctionType)]
            kinds += [each for each in value.__mro__[1:] if self.left.get(each.__name__) is each]
        else:
            methods = []
        return {each.__name__ for each in kinds}.union(*(_globals(each.__code__) for each in methods))


def _globals(code: types.CodeType) -> set[str]:
    """The names that code reads of those at the top, that of functions inside it too."""
    inner = [each for each in code.co_consts if isinstance(each, types.CodeType)]
    own = {each.argval for each in dis.get_instructions(code) if each.opname == "LOAD_GLOBAL"}
    return own.union(*map(_globals, inner))


def _says_how(value: object) -> bool:
    """Whether a value is none that can be compared, but says what with, where or how: a module, a text, a device."""
    return value is None or isinstance(value, (types.ModuleType, str, bytes)) or type(value).__name__ == "device"
