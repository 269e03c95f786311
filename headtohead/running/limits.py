"""Limits: what a program, a row or a difference may take, and how much a cell may print."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024**2


@dataclass(frozen=True)
class Limits:
    """What one job may take; "together" is with all the processes that it starts.

    Attributes:
        seconds: Of CPU time, together.
        asleep: Seconds of the clock in which nothing of it runs.
        memory: Bytes of private memory of one process (RLIMIT_DATA), and of private and shared memory together.
        processes: At a time, together.
        threads: At a time, together (RLIMIT_NPROC), where it has a user namespace: libraries start one a core.
        file: Bytes of any one file that it writes.
        files: Bytes of all files that it keeps, deleted ones that are still open or mapped among them.
        entries: Files and folders that it keeps.
        output: Bytes that it prints, on each stream.
        given: Bytes of all that it hands over besides: figures, arrays, what rows gave.
        printed: Bytes that one cell may print: more is no reading.
        figure: Bytes of one figure: a page has to load.
        figures: Figures of one cell.
    """

    seconds: float = 300
    asleep: float = 300
    memory: int = 8 * 1024 * MEGABYTE
    processes: int = 256
    threads: int = 8192
    file: int = 256 * MEGABYTE
    files: int = 1024 * MEGABYTE
    entries: int = 20_000
    output: int = 16 * MEGABYTE
    given: int = 32 * MEGABYTE
    printed: int = 8_000
    figure: int = MEGABYTE // 2
    figures: int = 12
