"""The client of a fork server: starts one, hands it batches of jobs, hears how they ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from headtohead.running import noise
from headtohead.running.environment import environment
from headtohead.running.jobs import Batch, Ending
from headtohead.running.limits import Limits
from headtohead.running.watch import Allowance, Watch, alive, ending, stopped, tree

MODULE = "headtohead.running.server"
PATIENCE = 1  # seconds in which a fork server has to end by itself: whoever pressed Ctrl-C waits for it


@dataclass(frozen=True)
class Start:
    """What a fork server imports, and what messages call it.

    Attributes:
        name: Its key.
        label: What could not be imported, where that is so.
        modules: What to import before the first fork.
    """

    name: str
    label: str
    modules: tuple[str, ...]


class ForkServer:
    """A process that has imported a framework, from which jobs fork.

    Args:
        start: What it imports.
        cache: A folder that may outlive the run: compiled kernels and fonts, keyed by content.
        kind: `cpu` or `cuda`.
        surroundings: What is otherwise than usual in the environment.
    """

    def __init__(self, start: Start, cache: Path, kind: str, surroundings: Mapping[str, str | None]):
        self.asks, answers = socket.socketpair()  # without an address: nobody else can ask
        self.start, self.ready = start, False
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        # -P and -s: neither the working directory nor a home folder is a place of imports.
        command = [sys.executable, "-Ps", "-m", MODULE, str(answers.fileno()), *start.modules]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment(cache, kind, surroundings),
            pass_fds=[answers.fileno()],
            cwd=cache,
        )
        answers.close()
        self.watch = Watch(self.process.pid)

    def fork(self, batch: Batch) -> Conversation:
        """Has the jobs of a batch run, one after the other; raises `ConnectionError` where the process is gone."""
        connection, supervisor = socket.socketpair()
        with supervisor:
            socket.send_fds(self.asks, [b"+"], [supervisor.fileno()])
        connection.sendall(batch.to_line().encode())
        return Conversation(connection, self.process.pid)

    def hangs(self) -> str:
        """Why it will never be ready, or nothing."""
        self.watch.look()
        stands = "was stopped" if stopped(self.process.pid) else ""
        over = self.watch.over(Allowance(Limits.seconds, Limits.asleep))
        return stands or (over.what if over else "")

    def why_not_ready(self) -> str:
        if why := self.hangs():
            return why
        self.log.seek(0)
        lines = [line for line in noise.own(self.log.read()).splitlines() if line.strip()]
        return lines[-1] if lines else f"its process {ending(self.process.wait())}"

    def stop(self) -> None:
        """Ends the process and all that is left of its jobs, by its hand or, where it has none left, by ours."""
        below = list(tree(self.process.pid))
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            # One that was stopped, or hangs in an import, or gets no processor, does not end by itself at once.
            self.process.wait(timeout=0 if stopped(self.process.pid) else PATIENCE)
        if self.process.poll() is None:
            for process in below:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.asks.close()
        self.log.close()


@dataclass
class Conversation:
    """What is said with the supervisor of a batch.

    Attributes:
        connection: The socket.
        server: The process that has to fork the supervisor.
        started: When, on the clock that only goes on.
        supervisor: Its process, once it has said so.
        endings: How each job ended, once all have; fewer than jobs if the supervisor was killed.
    """

    connection: socket.socket
    server: int
    started: float = field(default_factory=time.monotonic)
    supervisor: int = 0
    endings: list[Ending] = field(default_factory=list)
    received: bytes = b""

    def hear(self) -> bool:
        """Takes what can be read; whether the supervisor has said all, or can say no more."""
        part = b""
        with contextlib.suppress(ConnectionError):  # it was killed
            part = self.connection.recv(65536)
        *lines, self.received = (self.received + part).split(b"\n")
        for line in lines:
            said = json.loads(line)
            self.supervisor = said.get("supervisor", self.supervisor)
            self.endings = [Ending(**each) for each in said.get("endings", ())] or self.endings
        return not part or bool(self.endings)

    def lost(self) -> bool:
        """Whether the supervisor, which holds the limits, or who has to fork it was stopped, for ever. It is ended."""
        process = self.supervisor or self.server
        if not stopped(process):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        return True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def close(self) -> None:
        """Says that nobody waits any more: the supervisor ends its job."""
        self.connection.close()

    def end(self) -> None:
        """Waits until the supervisor has ended after that, and ends it where it takes long: it may write meanwhile."""
        end = time.monotonic() + PATIENCE
        while self.supervisor and alive(self.supervisor) and time.monotonic() < end:
            time.sleep(0.01)
        if self.supervisor and alive(self.supervisor):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.supervisor, signal.SIGKILL)
