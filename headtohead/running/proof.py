"""Proof: hands a program that has run to its side of `parity.py`, keeps what that returns, and notes what it used."""

from __future__ import annotations

import ast
import dis
import hashlib
import importlib.util
import inspect
import io
import sys
import types
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from headtohead.running.channel import Channel
from headtohead.running.jobs import ARRAYS, Script
from headtohead.running.limits import MEGABYTE, Limits
from headtohead.running.originals import Originals

NAME = 1000  # characters of the name of a quantity that a file of arrays has room for
MOST = Limits.given  # bytes of the arrays of a proof


class Proved(NamedTuple):
    """A proof that came to its end: the names of what it used of the program, and a digest of the inputs."""

    used: list[str]
    given: str | None


def prove(script: Script, program: types.ModuleType, channel: Channel, originals: Originals) -> Proved:
    """Hands the finished program to its side of `parity.py` and keeps the arrays it returns."""
    spec = importlib.util.spec_from_file_location("parity", script.parity)
    parity = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parity)
    with Watched(program) as watched:
        given = parity.inputs()
        noted = digest(given)  # before the proof may change them
        found = getattr(parity, script.framework)(program, given)
    originals.check()
    if not isinstance(found, dict):
        what = f"{script.framework}() returns {type(found).__name__}, and no dict of quantities"
        raise NoQuantity(what, _side_at(script))
    if watched.replaced and not watched.used(set()):
        what = (
            f"a proof of nothing: it sets {sorted(watched.replaced)[0]!r}, and compares nothing that the program made"
        )
        raise NoQuantity(what, _side_at(script))
    arrays = {name: _array(name, value, script) for name, value in found.items()}
    if (size := sum(array.nbytes for array in arrays.values())) > MOST:
        raise ValueError(f"arrays of {size / MEGABYTE:,.0f} MB are too much: compare fewer numbers")
    channel.put(ARRAYS, packed(arrays))
    texts = {str(each) for array in arrays.values() if array.dtype.kind in "SU" for each in array.flat}
    return Proved(watched.used(texts), noted)


def digest(given: Any) -> str:
    """What shows whether inputs are the same on both sides: of their numbers and texts, however they are nested."""
    import numpy as np

    sha = hashlib.sha256()
    waiting = [given]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, (list, tuple)):
            waiting += each
        elif isinstance(each, (np.ndarray, np.generic)) and each.dtype.kind in "biufcSU":
            sha.update(f"{each.dtype.str} {each.shape}".encode() + each.tobytes())
        elif isinstance(each, (bool, int, float, complex, str, bytes)):
            sha.update(f"{type(each).__name__} {each!r}".encode())
    return sha.hexdigest()[:16]


class NoQuantity(TypeError):
    """What a proof returns and that cannot be compared; `line` is where it names it, if that is told."""

    def __init__(self, what: str, line: int | None = None):
        super().__init__(what)
        self.line = line


def _array(name: Any, value: Any, script: Script) -> Any:
    """What a side returned under a name as an array of numbers or text; raises `NoQuantity` for anything else."""
    import numpy as np

    if not (isinstance(name, str) and name.isprintable() and len(name) < NAME):
        raise NoQuantity(f"{name!r:.60} is no name of a quantity: it has to be text of one line")
    try:
        if (torch := sys.modules.get("torch")) and isinstance(value, torch.Tensor):
            Tensor = torch.Tensor  # by its own methods: a class below it may have put others in their place
            with torch._C.DisableTorchFunctionSubclass():
                array = Tensor.numpy(Tensor.resolve_neg(Tensor.resolve_conj(Tensor.cpu(Tensor.detach(value)))))
        elif hasattr(type(value), "__array__") and type(value).__module__ in ("__main__", "parity"):
            raise TypeError("its class says itself what numbers it stands for")
        else:
            array = np.asarray(value)
    except Exception as error:
        why = f"{type(value).__name__}, of which none can be made: {' '.join(str(error).split())}"
        raise NoQuantity(f"{name!r} is no array of numbers or text but {why}", _named_at(name, script)) from error
    if array.dtype.kind not in "biufcSU":
        why = f"{type(value).__name__} of {array.dtype}"
        raise NoQuantity(f"{name!r} is no array of numbers or text but {why}", _named_at(name, script))
    return array


def _named_at(name: str, script: Script) -> int | None:
    """The line of a proof at which its side names a quantity: that of the side itself where the name is made."""
    tree = ast.parse(Path(script.parity).read_text(encoding="utf-8"))
    for place in (*_sides(tree, script), tree):
        for each in ast.walk(place):
            if isinstance(each, ast.Constant) and each.value == name:
                return each.lineno
    return _side_at(script)


def _side_at(script: Script) -> int | None:
    """The line of a proof at which its side begins."""
    tree = ast.parse(Path(script.parity).read_text(encoding="utf-8"))
    return next((each.lineno for each in _sides(tree, script)), None)


def _sides(tree: ast.Module, script: Script) -> list[ast.FunctionDef]:
    return [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == script.framework]


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
        types.ModuleType.__setattr__(self.program, "__class__", types.ModuleType)  # which is no doing of the proof

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
