"""A warm start: imports a framework once, computes nothing, and forks a process for each program.

    python -m headtohead.warm DESCRIPTOR MODULE...

The descriptor is that of a listening Unix socket. For each connection it forks a keeper, which reads one
JSON line, a list of jobs: the program, and the same with other seeds. For each, one after the other, it forks
the program, watches it and ends whatever it leaves behind. It says with a JSON line now and then that it is there,
and answers with a last one.
A parent that had computed anything would hang its children: threads of a framework do not survive a fork.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, TextIO

from headtohead import child, watch


def main(arguments: list[str]) -> None:
    listener, *modules = arguments
    child.die_with_parent(signal.SIGTERM)
    watch.adopt_orphans()
    for module in modules:
        # A module that is not there or does not load is the program's to report, with its line.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    if "matplotlib" in sys.modules:
        sys.modules["figure_backend"] = importlib.import_module("headtohead.figures")
    server = socket.socket(fileno=int(listener))
    # From here on nothing of this project can be found by a program or by what it starts.
    sys.path.remove(os.environ.pop("PYTHONPATH"))
    signal.signal(signal.SIGCHLD, reap)
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


def reap(*_: object) -> None:
    """Collects keepers that have ended; left to the system, nobody would know what CPU time they used."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def stop(*_: object) -> None:
    """Ends the keepers, their programs and whatever those left to a keeper that was killed."""
    watch.end_children(grace=0)
    os._exit(0)


def keep(connection: socket.socket) -> None:
    """Runs the jobs of one program from the first line read to the answer written.

    It outlives a warm start that is killed, and ends all it has started once nobody listens to it.
    """
    os.setsid()
    watch.adopt_orphans()
    with connection, connection.makefile("rw", encoding="utf-8") as stream:

        def tell(used: watch.Watch) -> None:
            with contextlib.suppress(OSError):  # nobody listens any more
                say(stream, {"keeper": os.getpid(), "cpu": used.cpu})

        jobs = json.loads(stream.readline())
        say(stream, {"keeper": os.getpid()})  # before there is a program that could stop this process
        answers: list[dict[str, Any]] = []
        for job in jobs:
            program = os.fork()
            if program == 0:
                stream.close()  # both: the socket stays open as long as one of them is
                connection.close()
                child.run(job)
            allowed = watch.Allowance(job["seconds"], job["asleep"])
            status, over = watch.wait(program, allowed, listener=connection, tell=tell)
            answers.append({"exit": status, "over": over, "left_behind": watch.end_children()})
            result = Path(job["out"], "result.json")
            if not result.exists() or "failed" in json.loads(result.read_text(encoding="utf-8")):
                break
        say(stream, {"answers": answers})


def say(stream: TextIO, what: dict[str, Any]) -> None:
    stream.write(json.dumps(what) + "\n")
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
