"""Runs one program in a process that is its own: limits, capture cell by cell, proof. Needs no framework.

Forked by `headtohead.warm` and never imported by a program.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import ctypes
import fcntl
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import socket
import struct
import sys
import time
import traceback
import types
from pathlib import Path
from typing import Any

FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def die_with_parent() -> None:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


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
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host and host not in ("localhost", "::1", "0.0.0.0") and not str(host).startswith("127."):
        raise PermissionError(f"programs run without the network, this one asked for {host!r}")


class NotForPrograms(importlib.abc.MetaPathFinder):
    """Keeps this project out of a program's reach: its reader has nothing but the program."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] == "headtohead":
            raise ImportError("a program may not import this project")


def isolate(job: dict[str, Any]) -> None:
    """Turns a fresh fork into the process of a program."""
    die_with_parent()
    os.chdir(job["work"])
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
    for name in [name for name in sys.modules if name.partition(".")[0] == "headtohead"]:
        del sys.modules[name]
    sys.meta_path.insert(0, NotForPrograms())
    sys.argv = [job["path"]]
    sys.path[0] = job["work"]


def run(job: dict[str, Any]) -> None:
    """Runs the cells and then the proof; writes what happened to `result.json`. Never returns."""
    out = Path(job["out"])
    try:
        isolate(job)
        result = _cells(job, out)
    except BaseException as error:
        result = _failure(error, job)
    _flush()
    temporary = out / "result.tmp"
    temporary.write_text(json.dumps(result), encoding="utf-8")
    temporary.rename(out / "result.json")
    os._exit(0)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # a full file: its size tells
            stream.flush()
    libc.fflush(None)


def _cells(job: dict[str, Any], out: Path) -> dict[str, Any]:
    path = job["path"]
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
            body = [node for node in nodes if _first_line(node) >= start and _first_line(node) < ends[index]]
            code = compile(ast.Module(body, []), path, "exec", flags=flags, dont_inherit=True)
            exec(code, main.__dict__)
            if figures and "matplotlib.pyplot" in sys.modules and sys.modules["matplotlib.pyplot"].get_fignums():
                raise RuntimeError("a figure is open at the end of the cell: call plt.show()")
        _mark(progress)
    duration = time.perf_counter() - started
    if job["parity"]:
        _prove(job, main, out)
    return {"duration": duration, "device": _device()}


def _first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    return min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])


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
        if array.dtype == object:
            raise TypeError(f"{name!r} is no array but {type(value).__name__}")
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


def _failure(error: BaseException, job: dict[str, Any]) -> dict[str, Any]:
    """The file and line of the job's own files where it happened, and one line on what."""
    own = {job["path"], job["parity"]}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in own]
    message = " ".join(str(error).split())
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    if isinstance(error, SystemExit):
        what = f"ended itself with sys.exit({'' if error.code is None else repr(error.code)})"
    where = frames[-1] if frames else None
    return {
        "failed": what[:500],
        "file": where.filename if where else job["path"],
        "line": where.lineno if where else None,
        "traceback": "".join(traceback.format_exception(error))[-20_000:],
    }
