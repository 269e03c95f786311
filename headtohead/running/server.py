"""The fork server: imports a framework once, computes nothing, and forks a process for each job.

    python -m headtohead.running.server DESCRIPTOR MODULE...

The descriptor is that of a Unix socket, over which connections come, as descriptors: nobody else can speak to it. For
each it forks a supervisor, which reads one line, a batch of jobs. For each, one after the other, it forks the process
of the job, takes what that prints and gives, watches it and ends whatever it leaves behind. It says with a JSON line
now and then that it is there, and answers with a last one.
A parent that had computed anything would hang its children: threads of a framework do not survive a fork.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import tempfile
import time
import weakref
from dataclasses import asdict
from os import _exit as exit_now  # bound before a program can put something else in its place
from pathlib import Path
from typing import Any, TextIO

from headtohead import streams
from headtohead.running import namespaces, room, sandbox, watch
from headtohead.running.capture import Capture
from headtohead.running.jobs import Batch, Ending, Failed, Finished, Job, Report
from headtohead.running.limits import Limits
from headtohead.running.sandbox import Guards


def main(arguments: list[str]) -> None:
    listener, *modules = arguments
    streams.heard()
    sandbox.die_with_parent(signal.SIGTERM)
    watch.adopt_orphans()
    answers = os.dup(1)
    os.dup2(2, 1)  # what a module prints as it is imported is no answer
    for module in modules:
        # A module that is not there, does not load or wants to end is the program's to report, with its line.
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(module)
    if "matplotlib" in sys.modules:
        sys.modules["figure_backend"] = importlib.import_module("headtohead.running.figures")
    server = socket.socket(fileno=int(listener))
    # From here on nothing of this project can be found by a program or by what it starts.
    sys.path.remove(os.environ.pop("PYTHONPATH"))
    forget_exits()
    with tempfile.TemporaryDirectory() as folder:
        trial = Job("", Path(folder), Limits(), None)
        trial.prepare()
        guards = sandbox.probe(trial)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    with os.fdopen(answers, "w") as stream:
        stream.write(json.dumps({"lacking": guards.lacking}) + "\n")
    while True:
        _, descriptors, _, _ = socket.recv_fds(server, 1, 1)
        if not descriptors:  # nobody will ask for anything any more
            stop()
        connection = socket.socket(fileno=descriptors[0])
        if os.fork() == 0:
            server.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            try:
                supervise(connection, guards)
            finally:
                os._exit(0)
        connection.close()


def forget_exits() -> None:
    """Leaves of what runs at exit only Python's own: what frameworks registered here is no doing of a program."""
    atexit._clear()
    kept = [("logging", "shutdown"), ("multiprocessing.util", "_exit_function")]
    for module, name in kept:
        if module in sys.modules:
            atexit.register(getattr(sys.modules[module], name))
    atexit.register(weakref.finalize._exitfunc)  # type: ignore[attr-defined]


def reap(*_: object) -> None:
    """Collects supervisors that have ended; left to the system, nobody would know what CPU time they used."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def stop(*_: object) -> None:
    """Ends the supervisors, their jobs and whatever those left to a supervisor that was killed."""
    watch.end_children(grace=0)
    os._exit(0)


def supervise(connection: socket.socket, guards: Guards) -> None:
    """Runs a batch of jobs from the line read to the answer written.

    It outlives a fork server that is killed, and ends all it has started once nobody listens to it.
    """
    os.setsid()
    watch.adopt_orphans()
    with connection, connection.makefile("rw", encoding="utf-8") as stream:
        batch = Batch.from_line(stream.readline())
        say(stream, {"supervisor": os.getpid()})  # before there is a job that could stop this process
        first = 0
        if guards.namespaces:
            namespaces.leave()
            first = namespaces.first_process()
        endings: list[Ending] = []
        for job in batch.jobs:
            ending, report = follow(job, guards, first, connection, stream)
            endings.append(ending)
            if batch.all_or_none and not isinstance(report.result, Finished):
                break
        say(stream, {"endings": [asdict(each) for each in endings]})
        if first:
            os.kill(first, signal.SIGKILL)


def follow(job: Job, guards: Guards, first: int, connection: socket.socket, stream: TextIO) -> tuple[Ending, Report]:
    """Has one job run; leaves what it printed and gave in its folder."""
    started, capture = time.monotonic(), Capture(job.limits)
    if (process := os.fork()) == 0:
        stream.close()  # both: the socket stays open as long as one of them is
        connection.close()
        run(job, guards, capture)

    def tell() -> None:
        with contextlib.suppress(OSError):  # nobody listens any more
            say(stream, {"supervisor": os.getpid()})

    def hear() -> watch.Over:
        return watch.Over("was left by whoever waited for it", "run it again")

    capture.begin()
    capture.sources[connection.fileno()] = hear
    limits = job.limits
    most = (limits.seconds, limits.asleep, limits.processes, limits.memory, limits.files, limits.entries)
    allowed = watch.Allowance(*most, folder=job.folder)
    status, over = watch.wait(process, allowed, sources=capture.sources, tell=tell)
    left = watch.end_children(spared=first)
    job.clear()
    over = over or capture.finish()
    report = Report(capture.result, capture.marks, guards.names)
    try:
        capture.write(job.out)
        report.write(job.out)
    except OSError as error:
        what = f"gave what could not be kept: {error.strerror}"
        over = watch.Over(what, f"{room.remedy(error)}, then verify again")
    what, remedy = over or ("", "")
    return Ending(status, what, remedy, left, time.monotonic() - started), report


def run(job: Job, guards: Guards, capture: Capture) -> None:
    """Turns into the process of a job. Never returns."""
    sandbox.die_with_parent()
    channel = capture.enter()
    what = "could not be put into its sandbox"
    try:
        sandbox.isolate(job, guards)
        what = "could not be loaded"
        module = importlib.import_module(job.entry)  # it is there already, unless it did not load
    except Exception as error:
        channel.end(Failed(f"{what}: {type(error).__name__}: {error}", job.entry, None))
        os._exit(0)
    status = os.EX_SOFTWARE  # of a fault of its own: what did not come to its end has not ended well
    try:
        module.run(job, channel)
        status = os.EX_OK
    finally:
        exit_now(status)


def say(stream: TextIO, what: dict[str, Any]) -> None:
    stream.write(json.dumps(what) + "\n")
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
