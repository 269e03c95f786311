"""Runs one program in a process of its own: cell by cell, then its parity check. Needs no framework.

Forked by `headtohead.running.server` and never imported by a program.
"""

from __future__ import annotations
import __future__

import ast
import atexit
import contextlib
import functools
import importlib.abc
import itertools
import math
import sys
import threading
import traceback
import types
from collections.abc import Iterator
from os import _exit as exit_now  # bound before a program can put something else in their place
from os import getpid
from pathlib import Path
from typing import Any

from headtohead.content.programs import first_line
from headtohead.running import sandbox
from headtohead.running.channel import Channel
from headtohead.running.deprecations import show_deprecations
from headtohead.running.jobs import Failed, Finished, Job, Script
from headtohead.running.originals import Originals
from headtohead.running.outlets import Outlets
from headtohead.running.proof import NoQuantity, Proved, prove

BACKEND = "module://figure_backend"
SHOWN = 40_000  # characters of an error that are looked at: its paths are as long as those of the machine
STREAMS = (sys.stdout, sys.stderr)


def run(job: Job, channel: Channel) -> None:
    """Runs the cells, the parity check, and what Python does at the end; tells what happened. Never returns."""
    script = job.task
    at = script.path
    running = Running(script, channel)
    try:
        show_deprecations(script)
        _hide_the_project()
        sys.argv = [script.path]
        sys.path.insert(0, str(job.work))
        raise_seeds(script.seed)
        running.cells()
        proved = Proved([], None)
        if script.parity:
            at, running.line = script.parity, 0
            proved = prove(script, running.main, channel, running.originals)
            _join_threads()  # what they print is the proof's, and no part of a cell
            running.outlets.check()
        running.check()
        result: Finished | Failed = Finished(_device(), running.scores(), *proved)
    except BaseException as error:
        result = _failure(error, script, at)
    if getpid() != running.process:
        running.ran_on()
    _flush()
    if isinstance(result, Finished):
        channel.mark()
    channel.end(result)
    if isinstance(result, Finished):  # what Python runs at exit may print still
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        _flush()
    exit_now(0)


class NotForPrograms(importlib.abc.MetaPathFinder):
    """Keeps this project out of a program's reach: its reader has nothing but the program."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] == "headtohead":
            raise ImportError("a program may not import this project")


def _hide_the_project() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "headtohead"]:
        del sys.modules[name]
    sys.meta_path.insert(0, NotForPrograms())


def raise_seeds(by: int) -> None:
    """Adds a number to each seed that a program gives its framework: the same program, with another seed."""
    if not by:
        return
    places = {"torch": ["manual_seed"], "keras": ["utils.set_random_seed"], "tensorflow": ["random.set_seed"]}
    for package, names in places.items():
        for name in names if package in sys.modules else []:
            *parents, last = name.split(".")
            place = functools.reduce(getattr, parents, sys.modules[package])
            setattr(place, last, _raised(getattr(place, last), by))


def _raised(seed: Any, by: int) -> Any:
    return lambda number: seed(number + by)


class Running:
    """A program on its way: the module that it is, and the line of the cell that runs."""

    def __init__(self, script: Script, channel: Channel):
        self.script, self.channel, self.line, self.process = script, channel, 1, getpid()
        self.main = types.ModuleType("__main__")
        if script.parity:
            import numpy  # noqa: F401 - before there is a program that could change it
        self.originals = Originals(numbers=bool(script.parity))
        self.outlets = Outlets()

    def cells(self) -> None:
        """Runs the cells, and waits for their threads, as Python does."""
        path = self.script.path
        tree = ast.parse(Path(path).read_text(encoding="utf-8"), filename=path)
        self.main.__dict__.update(__file__=path, __builtins__=__builtins__, __doc__=ast.get_docstring(tree))
        sys.modules["__main__"] = self.main
        future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        flags = sum(getattr(__future__, alias.name).compiler_flag for node in future for alias in node.names)
        ends = [start for _, start in self.script.cells[1:]] + [sys.maxsize]
        nodes = tree.body[1 if ast.get_docstring(tree) else 0 :]
        for index, (_, start) in enumerate(self.script.cells):
            self.line = start
            self._mark()
            body = [node for node in nodes if start <= first_line(node) < ends[index]]
            self._cell(index, compile(ast.Module(body, []), path, "exec", flags=flags, dont_inherit=True))
        _join_threads()
        self._mark()

    def _cell(self, index: int, code: types.CodeType) -> None:
        figures = sys.modules.get("figure_backend")
        if figures:
            figures.put = functools.partial(_put_figure, self.channel, f"figure-{index}", itertools.count())
        try:
            exec(code, self.main.__dict__)
        finally:
            self.check()
            self.originals.check()
        self.outlets.check()
        if figures and "matplotlib.pyplot" in sys.modules:
            if sys.modules["matplotlib"].get_backend() != BACKEND:
                raise RuntimeError("the cell changes Matplotlib's backend: leave the choice to whoever runs it")
            if sys.modules["matplotlib.pyplot"].get_fignums():
                raise RuntimeError("a figure is open at the end of the cell: call plt.show()")

    def _mark(self) -> None:
        _flush()
        self.channel.mark()

    def check(self) -> None:
        """Ends this process if it is none of ours: one that the program forked, and that runs on."""
        if getpid() != self.process:
            self.ran_on()

    def ran_on(self) -> None:
        """Ends a process that was forked and that ran on past its cell; notes the line of it, 0 of the proof."""
        self.channel.put("forked", str(self.line).encode())
        exit_now(1)

    def scores(self) -> dict[str, float]:
        """The variables of the finished program that its parity check follows over several seeds."""
        for name in self.script.scores:
            if not hasattr(self.main, name):
                raise NameError(f"OVER_SEEDS names {name!r}, which the program does not set")
        return {name: _number(name, getattr(self.main, name)) for name in self.script.scores}


def _number(name: str, value: Any) -> float:
    """A score as a number; raises `ValueError` for what is none, or none that can be compared."""
    try:
        number = math.nan if isinstance(value, (str, bytes)) else float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"OVER_SEEDS names {name!r}, which ends as {value!r:.60} and not as a finite number")
    return number


def _join_threads() -> None:
    """Waits for what Python waits for at the end, but for threads of executors: those only an end of all ends."""
    executors = sys.modules.get("concurrent.futures.thread")
    pooled = set(executors._threads_queues) if executors else set()  # type: ignore[attr-defined]
    for thread in set(threading.enumerate()) - pooled - {threading.current_thread()}:
        if not thread.daemon:
            thread.join()


def _put_figure(channel: Channel, prefix: str, numbers: Iterator[int], data: bytes) -> None:
    channel.put(f"{prefix}-{next(numbers):03}.svg", data)


def _flush() -> None:
    """Has all that was printed so far leave this process, so that what follows belongs to the next cell."""
    for stream in (sys.stdout, sys.stderr, *STREAMS):
        with contextlib.suppress(Exception):  # closed, or anything that the program has put in its place
            stream.flush()
    sandbox.libc.fflush(None)


def _device() -> dict[str, str]:
    """What the program ran on, asked of the framework once it has run."""
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        if torch.cuda.is_available():
            return {"kind": "cuda", "name": torch.cuda.get_device_name()}
    if "tensorflow" in sys.modules:
        tf = sys.modules["tensorflow"]
        gpus = tf.config.list_physical_devices("GPU")
        if gpus:
            details = tf.config.experimental.get_device_details(gpus[0])
            return {"kind": "cuda", "name": details.get("device_name", "GPU")}
    return {"kind": "cpu"}


def _failure(error: BaseException, script: Script, at: str) -> Failed:
    """The file and line of the job's own files where it happened, and one line on what.

    Where no own line took part, `at` is the file that was running.
    """
    own = {script.path, script.parity}
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and type(error.lineno) is int:  # as of a `return` outside a function
        places.append((error.filename, error.lineno))
    places = [place for place in places if place[0] in own]
    file, line = places[-1] if places else (at, error.line if isinstance(error, NoQuantity) else None)
    return Failed(_what(error)[:500], str(file), line, places[0][1] if places else None, _shown(error))


def _shown(error: BaseException) -> str | None:
    """What Python prints of an error below the traceback, but for guesses that only some releases of Python make.

    None where asking for that raises another one.
    """
    kind = type(error)
    module = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    try:
        said = str(error)
        text = f"{module}{kind.__qualname__}: {said}" if said else f"{module}{kind.__qualname__}"
        return text.encode("utf-8", "backslashreplace").decode()[:SHOWN].rstrip() or None
    except Exception:
        return None


def _what(error: BaseException) -> str:
    """What an error says of itself, in one line; its name alone where asking it raises another one."""
    name = TypeError.__name__ if isinstance(error, NoQuantity) else type(error).__name__
    try:
        if isinstance(error, SystemExit):
            return f"ended itself with sys.exit({'' if error.code is None else repr(error.code)})"
        message = " ".join(str(error).encode("utf-8", "backslashreplace").decode().split())
    except Exception as other:
        return f"{name}, which cannot be told: {type(other).__name__}"
    return f"{name}: {message}" if message else name
