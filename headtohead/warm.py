"""A warm start: imports a framework once, computes nothing, and forks a process for each program.

    python -m headtohead.warm DESCRIPTOR MODULE...

The descriptor is that of a listening Unix socket. For each connection it forks a keeper, which reads one
JSON line, a list of jobs: the program, and the same with other seeds. For each, one after the other, it forks
the program, watches it and ends whatever it leaves behind; then it answers with one JSON line.
A parent that had computed anything would hang its children: threads of a framework do not survive a fork.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from headtohead import child


def main(arguments: list[str]) -> None:
    listener, *modules = arguments
    child.die_with_parent(signal.SIGTERM)
    child.adopt_orphans()
    for module in modules:
        # A module that is not there or does not load is the program's to report, with its line.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    if "matplotlib" in sys.modules:
        sys.modules["figure_backend"] = importlib.import_module("headtohead.figures")
    server = socket.socket(fileno=int(listener))
    # From here on nothing of this project can be found by a program or by what it starts.
    sys.path.remove(os.environ.pop("PYTHONPATH"))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are reaped by the system
    signal.signal(signal.SIGTERM, stop)
    print("ready", flush=True)
    while True:
        connection, _ = server.accept()
        if os.fork() == 0:
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            try:
                keep(connection)
            finally:
                os._exit(0)
        connection.close()


def stop(*_: object) -> None:
    """Ends the keepers, their programs and whatever those left to a keeper that was killed."""
    end_children(grace=0)
    os._exit(0)


def keep(connection: socket.socket) -> None:
    """Runs the jobs of one program from the first line read to the answer written.

    It outlives a warm start that is killed, and ends all it has started once nobody listens to it.
    """
    os.setsid()
    child.adopt_orphans()
    with connection, connection.makefile("rw", encoding="utf-8") as stream:
        answers: list[dict[str, Any]] = []
        for job in json.loads(stream.readline()):
            program = os.fork()
            if program == 0:
                stream.close()  # both: the socket stays open as long as one of them is
                connection.close()
                child.run(job)
            answers.append(watch(program, connection, job["seconds"]))
            answers[-1]["left_behind"] = end_children()
            result = Path(job["out"], "result.json")
            if not result.exists() or "failed" in json.loads(result.read_text(encoding="utf-8")):
                break
        stream.write(json.dumps(answers) + "\n")


def watch(program: int, connection: socket.socket, seconds: float) -> dict[str, Any]:
    """Waits for the program, no longer than it may take and no longer than somebody listens."""
    handle = os.pidfd_open(program)
    try:
        ready, _, _ = select.select([handle, connection], [], [], seconds)
    finally:
        os.close(handle)
    answer: dict[str, Any] = {}
    if not ready:
        answer["timed_out"] = True
    if not ready or connection in ready:
        os.kill(program, signal.SIGKILL)
    _, status = os.waitpid(program, 0)
    return answer | {"exit": os.waitstatus_to_exitcode(status)}


def end_children(grace: float = 1.0) -> int:
    """Ends every process that the program left, and says how many there were.

    Helpers that are about to end by themselves, as multiprocessing's are, have a moment to do so.
    """
    until = time.monotonic() + grace
    while time.monotonic() < until and _reap():
        time.sleep(0.01)
    ended: set[int] = set()
    while left := _reap():
        ended |= left
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.005)
    return len(ended)


def _reap() -> set[int]:
    """Collects children that have ended; returns those that have not."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    task = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(process) for process in task.read_text().split()}


if __name__ == "__main__":
    main(sys.argv[1:])
