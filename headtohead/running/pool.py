"""The pool: has batches of jobs run side by side on fork servers, and tells as each begins and ends."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headtohead.errors import Problem
from headtohead.running.environment import PROJECT
from headtohead.running.fork_server import Conversation, ForkServer, Start
from headtohead.running.jobs import Batch, Ending, Failed, Finished, Report
from headtohead.running.progress import Progress
from headtohead.running.watch import BLIND, ending, sees


@dataclass
class Task:
    """A batch to come.

    Attributes:
        name: How lists of what runs call it.
        about: What it is for; the pool hands it back.
        start: The fork server that it needs.
        prepare: Makes its folders and files, and gives the batch; may raise `OSError`, and `Problem` for what has
            changed since.
        weight: About how long it takes; the heaviest begin first.
    """

    name: str
    about: Any
    start: Start
    prepare: Callable[[], Batch]
    weight: float = 0.0


@dataclass(frozen=True)
class Waiting:
    """Told about once a second while batches run."""


@dataclass(frozen=True)
class Unguarded:
    """Told once where the system does not allow some of the guards of `headtohead.running.sandbox`."""

    lacking: list[str]

    def __str__(self) -> str:
        return f"not in force on this system: {', '.join(self.lacking)}; docs/security.md says what that means"


@dataclass(frozen=True)
class Begun:
    task: Task


@dataclass(frozen=True)
class NotBegun:
    """A batch that never ran, and why.

    Attributes:
        task: It.
        why: `OSError` of its folders or its server, `Problem` of its content, or why its server could not import.
    """

    task: Task
    why: OSError | Problem | str


@dataclass(frozen=True)
class Ended:
    task: Task
    batch: Batch
    endings: list[Ending]
    seconds: float

    def result(self, number: int = 0) -> Finished | Failed | str:
        """What a job says of itself; or how it ended before it could, as the end of a sentence."""
        if len(self.endings) <= number:
            return "lost its supervisor, which was killed or stopped"
        end, result = self.endings[number], self.report(number).result
        if end.over or end.exit or result is None:
            return end.over or ending(end.exit)
        return result

    def report(self, number: int = 0) -> Report:
        """What the supervisor of a job noted."""
        return Report.read(self.batch.jobs[number].out)


Event = Waiting | Unguarded | Begun | NotBegun | Ended


@dataclass
class Pool:
    """Where batches run.

    Attributes:
        slots: How many at a time.
        cache: A folder that may outlive the run.
        kind: `cpu` or `cuda`.
        surroundings: What is otherwise than usual in the environment.
    """

    slots: int
    cache: Path
    kind: str = "cpu"
    surroundings: Mapping[str, str | None] = field(default_factory=dict)

    def run(self, tasks: list[Task]) -> Iterator[Event]:
        """Runs them all, whatever becomes of each; what still runs is ended when the iteration is.

        Raises:
            Problem: This system is none on which they can be held to their limits, or be started.
        """
        if not sees():
            raise Problem(
                "/proc", "it does not show this process, so nothing can be held to limits", remedy=BLIND.remedy
            )
        if os.pathsep in str(PROJECT):
            what = f"a path with {os.pathsep!r}, which PYTHONPATH takes for two"
            raise Problem(str(PROJECT), what, remedy="move this checkout to another folder")
        run = _Run(self, tasks)
        try:
            yield from run.events()
        finally:
            run.close()


def followed(pool: Pool, tasks: list[Task], progress: Progress) -> Iterator[Ended | NotBegun]:
    """Runs tasks and shows how far they are; gives what became of each."""
    with contextlib.closing(pool.run(tasks)) as events:
        for event in events:
            if isinstance(event, Waiting):
                progress.tick()
            elif isinstance(event, Unguarded):
                progress.line(str(event))
            elif isinstance(event, Begun):
                progress.start(event.task.name)
            else:
                progress.end(event.task.name)
                yield event
    progress.close()


class _Run:
    """Tasks on their way through a pool."""

    def __init__(self, pool: Pool, tasks: list[Task]):
        self.pool, self.selector = pool, selectors.DefaultSelector()
        # The longest first, so that none is left to run alone at the end.
        self.waiting = sorted(tasks, key=lambda task: task.weight, reverse=True)
        self.running: list[tuple[Task, Batch, Conversation]] = []
        self.servers: dict[Start, ForkServer] = {}
        self.unguarded = False

    def events(self) -> Iterator[Event]:
        for start in dict.fromkeys(task.start for task in self.waiting):
            server = ForkServer(start, self.pool.cache, self.pool.kind, self.pool.surroundings)
            self.servers[start] = server
            self.selector.register(server.process.stdout, selectors.EVENT_READ, server)
        while self.waiting or self.running:
            yield from self._begin()
            yield Waiting()
            for key, _ in self.selector.select(timeout=1):
                if isinstance(key.data, ForkServer):
                    yield from self._ready(key.data, said=key.fileobj.readline())
                elif key.data[2].hear():
                    yield self._end(key.data)
            for server in self.servers.values():
                if not server.ready and server.hangs():
                    yield from self._ready(server, said=b"")
            for one in list(self.running):
                if one[2].lost():
                    begun, ended = one[2].supervisor, self._end(one)
                    yield ended if begun else NotBegun(one[0], ConnectionError("its fork server was stopped"))

    def _begin(self) -> Iterator[Event]:
        for task in list(self.waiting):
            if len(self.running) >= self.pool.slots:
                return
            if not self.servers[task.start].ready:
                continue
            self.waiting.remove(task)
            try:
                batch = task.prepare()
                one = (task, batch, self.servers[task.start].fork(batch))
            except (OSError, Problem) as error:
                yield NotBegun(task, error)
                continue
            self.running.append(one)
            self.selector.register(one[2].connection, selectors.EVENT_READ, one)
            yield Begun(task)

    def _ready(self, server: ForkServer, said: bytes) -> Iterator[Event]:
        """A server is ready, and says what guards it lacks; or it never will be, and what waits for it cannot run."""
        self.selector.unregister(server.process.stdout)
        server.ready = True
        if said and (lacking := json.loads(said)["lacking"]) and not self.unguarded:
            self.unguarded = True
            yield Unguarded(lacking)
        if not said:
            why = f"{server.start.label} could not be imported: {server.why_not_ready()}"
            for task in [task for task in self.waiting if task.start == server.start]:
                self.waiting.remove(task)
                yield NotBegun(task, why)

    def _end(self, one: tuple[Task, Batch, Conversation]) -> Ended:
        task, batch, conversation = one
        self.selector.unregister(conversation.connection)
        self.running.remove(one)
        conversation.close()
        return Ended(task, batch, conversation.endings, conversation.seconds)

    def close(self) -> None:
        for _, _, conversation in self.running:
            conversation.close()
        for server in self.servers.values():  # all at once: whoever pressed Ctrl-C waits for them
            server.process.terminate()
        for server in self.servers.values():
            server.stop()
        for _, _, conversation in self.running:
            conversation.end()
        self.selector.close()
