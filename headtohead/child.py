"""Runs one program in a process that is its own: limits, capture cell by cell, proof. Needs no framework.

Forked by `headtohead.warm` and never imported by a program.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import ctypes
import fcntl
import functools
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
import time
import traceback
import types
import warnings
from pathlib import Path
from typing import Any

from headtohead.programs import first_line

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    libc.prctl(PR_SET_PDEATHSIG, by)


def leave_the_network() -> None:
    """Moves into a network namespace with nothing but a loopback, where the system allows it."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return  # forbidden here; `forbid_network` still stands
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def forbid_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: any address but this machine's own is an error that says so."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host and host not in ("localhost", "::1", "0.0.0.0") and not str(host).startswith("127."):
        raise PermissionError(f"programs run without the network, this one asked for {host!r}")


def show_deprecations(job: dict[str, Any]) -> None:
    """Shows what Python hides: a call of something deprecated whose warning names the framework's own line.

    What a framework calls deep inside is not the program's to mend and stays hidden. A warning that is
    shown names the line of the program that led to it.
    """

    def show(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any) -> None:
        frame: types.FrameType | None = sys._getframe(1)
        calls = 0  # between the program and the warning
        while frame and frame.f_code.co_filename != job["path"]:
            calls += frame.f_globals.get("__name__") != "warnings"
            frame = frame.f_back
        deep = filename != job["path"] and (frame is None or calls > 2)
        if deep and issubclass(category, DeprecationWarning):
            return
        if frame and filename != job["path"]:
            filename, lineno = job["path"], frame.f_lineno
        print(f"{filename}:{lineno}: {category.__name__}: {message}", file=sys.stderr)

    packages = "|".join(job["packages"])
    warnings.filterwarnings("always", category=DeprecationWarning, module=rf"({packages})(\.|$)")
    warnings.showwarning = show  # type: ignore[assignment]


class NotForPrograms(importlib.abc.MetaPathFinder):
    """Keeps this project out of a program's reach: its reader has nothing but the program."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] == "headtohead":
            raise ImportError("a program may not import this project")


def isolate(job: dict[str, Any]) -> None:
    """Turns a fresh fork into the process of a program."""
    die_with_parent()
    os.chdir(job["work"])
    os.environ["TMPDIR"] = tempfile.tempdir = job["tmp"]  # AutoGraph leaves a file for each function
    out = Path(job["out"])
    write = os.O_CREAT | os.O_WRONLY | os.O_APPEND
    for number, (path, flags) in enumerate(
        (("/dev/null", os.O_RDONLY), (out / "stdout", write), (out / "stderr", write))
    ):
        handle = os.open(path, flags, 0o644)
        os.dup2(handle, number)
        os.close(handle)
    resource.setrlimit(resource.RLIMIT_DATA, (job["memory"], job["memory"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job["file"], job["file"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    leave_the_network()
    sys.addaudithook(forbid_network)
    show_deprecations(job)
    for name in [name for name in sys.modules if name.partition(".")[0] == "headtohead"]:
        del sys.modules[name]
    sys.meta_path.insert(0, NotForPrograms())
    sys.argv = [job["path"]]
    sys.path[0] = job["work"]


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


def run(job: dict[str, Any]) -> None:
    """Runs the cells and then the proof; writes what happened to `result.json`. Never returns."""
    out, at, process = Path(job["out"]), job["path"], os.getpid()
    try:
        isolate(job)
        raise_seeds(job["seed"])
        program, duration = _cells(job, out)
        if job["parity"]:
            at = job["parity"]
            _prove(job, program, out)
        result = {"duration": duration, "device": _device(), "scores": _scores(job, program)}
    except BaseException as error:
        result = _failure(error, job, at)
    if os.getpid() != process:
        _ran_on(job)
    _flush()
    try:
        temporary = out / "result.tmp"
        temporary.write_text(json.dumps(result), encoding="utf-8")
        temporary.rename(out / "result.json")
    except OSError:
        os._exit(os.EX_IOERR)
    os._exit(0)


def _ran_on(job: dict[str, Any]) -> None:
    """Ends a process that the program forked and that ran on past its cell; notes the line of the cell."""
    (Path(job["out"]) / "forked").write_text(str(job.get("line", 1)), encoding="utf-8")
    os._exit(1)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # a full file: its size tells
            stream.flush()
    libc.fflush(None)


def _cells(job: dict[str, Any], out: Path) -> tuple[types.ModuleType, float]:
    """Runs the cells; returns the finished program and the seconds that it took."""
    path, process = job["path"], os.getpid()
    tree = ast.parse(Path(path).read_text(encoding="utf-8"), filename=path)
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=path, __builtins__=__builtins__, __doc__=ast.get_docstring(tree))
    sys.modules["__main__"] = main
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    flags = sum(getattr(__future__, alias.name).compiler_flag for node in future for alias in node.names)
    ends = [start for _, start in job["cells"][1:]] + [sys.maxsize]
    nodes = tree.body[1 if ast.get_docstring(tree) else 0 :]
    figures = sys.modules.get("figure_backend")
    if figures:
        figures.folder = out
    started = time.perf_counter()
    with open(out / "progress", "w", encoding="utf-8") as progress:
        for index, (_, start) in enumerate(job["cells"]):
            if figures:
                figures.prefix = f"figure-{index}"
            _mark(progress)
            job["line"] = start
            body = [node for node in nodes if first_line(node) >= start and first_line(node) < ends[index]]
            code = compile(ast.Module(body, []), path, "exec", flags=flags, dont_inherit=True)
            exec(code, main.__dict__)
            if figures and "matplotlib.pyplot" in sys.modules and sys.modules["matplotlib.pyplot"].get_fignums():
                raise RuntimeError("a figure is open at the end of the cell: call plt.show()")
            if os.getpid() != process:
                _ran_on(job)
        _mark(progress)
    return main, time.perf_counter() - started


def _scores(job: dict[str, Any], program: types.ModuleType) -> dict[str, float]:
    """The variables of the finished program that its proof follows over several seeds."""
    for name in job["scores"]:
        if not hasattr(program, name):
            raise NameError(f"OVER_SEEDS names {name!r}, which the program does not set")
    return {name: float(getattr(program, name)) for name in job["scores"]}


def _mark(progress: Any) -> None:
    """Notes how far the streams are, so that what follows belongs to the next cell."""
    sys.stdout.flush()
    sys.stderr.flush()
    libc.fflush(None)
    progress.write(f"{os.fstat(1).st_size} {os.fstat(2).st_size}\n")
    progress.flush()


def _prove(job: dict[str, Any], program: types.ModuleType, out: Path) -> None:
    """Hands the finished program to its side of `parity.py` and keeps the arrays it returns."""
    import numpy as np

    spec = importlib.util.spec_from_file_location("parity", job["parity"])
    parity = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parity)
    found = getattr(parity, job["framework"])(program, parity.inputs())
    arrays = {}
    for name, value in found.items():
        if hasattr(value, "detach"):  # a torch tensor
            array = value.detach().cpu().resolve_conj().resolve_neg().numpy()
        else:
            array = np.asarray(value)
        if array.dtype.kind not in "biufcSU":
            raise TypeError(f"{name!r} is no array of numbers or text but {type(value).__name__} of {array.dtype}")
        arrays[name] = array
    np.savez(out / "arrays.npz", **arrays)


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


def _failure(error: BaseException, job: dict[str, Any], at: str) -> dict[str, Any]:
    """The file and line of the job's own files where it happened, and one line on what.

    Where no own line took part, `at` is the file that was running.
    """
    own = {job["path"], job["parity"]}
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):  # as of a `return` outside a function, which parses
        places.append((error.filename, error.lineno))
    places = [place for place in places if place[0] in own]
    message = " ".join(str(error).encode("utf-8", "backslashreplace").decode().split())
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    if isinstance(error, SystemExit):
        what = f"ended itself with sys.exit({'' if error.code is None else repr(error.code)})"
    file, line = places[-1] if places else (at, None)
    return {"failed": what[:500], "file": file, "line": line}
