"""The fork server: imports a framework once, computes nothing, and forks a process for each job.

    python -m headtohead.running.server DESCRIPTOR MODULE...

The descriptor is that of a listening Unix socket. For each connection it forks a supervisor, which reads one line, a
batch of jobs. For each, one after the other, it forks the process of the job, watches it and ends whatever it leaves
behind. It says with a JSON line now and then that it is there, and answers with a last one.
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
import time
from dataclasses import asdict
from typing import Any, TextIO

from headtohead.running import sandbox, watch
from headtohead.running.jobs import Batch, Ending, Failed, Finished, Job, read_result, write_result


def main(arguments: list[str]) -> None:
    listener, *modules = arguments
    sandbox.die_with_parent(signal.SIGTERM)
    watch.adopt_orphans()
    for module in modules:
        # A module that is not there or does not load is the program's to report, with its line.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    if "matplotlib" in sys.modules:
        sys.modules["figure_backend"] = importlib.import_module("headtohead.running.figures")
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
                supervise(connection)
            finally:
                os._exit(0)
        connection.close()


def reap(*_: object) -> None:
    """Collects supervisors that have ended; left to the system, nobody would know what CPU time they used."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def stop(*_: object) -> None:
    """Ends the supervisors, their jobs and whatever those left to a supervisor that was killed."""
    watch.end_children(grace=0)
    os._exit(0)


def supervise(connection: socket.socket) -> None:
    """Runs a batch of jobs from the line read to the answer written.

    It outlives a fork server that is killed, and ends all it has started once nobody listens to it.
    """
    os.setsid()
    watch.adopt_orphans()
    with connection, connection.makefile("rw", encoding="utf-8") as stream:

        def tell(used: watch.Watch) -> None:
            with contextlib.suppress(OSError):  # nobody listens any more
                say(stream, {"supervisor": os.getpid()})

        batch = Batch.from_line(stream.readline())
        say(stream, {"supervisor": os.getpid()})  # before there is a job that could stop this process
        endings: list[Ending] = []
        for job in batch.jobs:
            started, process = time.monotonic(), os.fork()
            if process == 0:
                stream.close()  # both: the socket stays open as long as one of them is
                connection.close()
                run(job)
            allowed = watch.Allowance(job.limits.seconds, job.limits.asleep)
            status, over = watch.wait(process, allowed, listener=connection, tell=tell)
            left = watch.end_children()
            endings.append(Ending(status, over, left, time.monotonic() - started))
            if batch.all_or_none and not isinstance(read_result(job.out), Finished):
                break
        say(stream, {"endings": [asdict(each) for each in endings]})


def run(job: Job) -> None:
    """Turns into the process of a job. Never returns."""
    try:
        module = importlib.import_module(job.entry)  # it is there already, unless it did not load
    except Exception as error:
        write_result(job.out, Failed(f"{type(error).__name__}: {error}", job.entry, None))
        os._exit(0)
    module.run(job)
    os._exit(0)


def say(stream: TextIO, what: dict[str, Any]) -> None:
    stream.write(json.dumps(what) + "\n")
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
