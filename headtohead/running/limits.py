"""Limits: what a program, a row or a difference may take, and how much a cell may print."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024**2


@dataclass(frozen=True)
class Limits:
    """What one job may take.

    Attributes:
        seconds: Of CPU time, all its processes together.
        asleep: Seconds of the clock in which nothing of it runs.
        memory: Bytes of private memory (RLIMIT_DATA).
        file: Bytes of any one file that it writes, its output included.
        printed: Bytes that one cell may print: more is no reading.
    """

    seconds: float = 300
    asleep: float = 300
    memory: int = 8 * 1024 * MEGABYTE
    file: int = 256 * MEGABYTE
    printed: int = 8_000
