"""Shows how far long work is: what runs, for how long, and the time left; in place where there is a terminal.

Nothing here decides anything: where the output goes to no terminal, a line each half minute says that it is alive.
"""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

EVERY = 30  # seconds between two lines where there is no terminal
REDRAW = 0.5  # seconds between two states on a terminal
ENOUGH = 0.05  # of the work has to be done before the time left is told
APIECE = 0.5  # seconds that each part takes besides what it is said to take
SHOWN = 3  # how many of what runs are named


class Progress:
    """Follows work whose parts have weights.

    Args:
        weights: What there is to do, by name, each with about the seconds that it takes, or any measure of them.
        out: Where to show it.
    """

    def __init__(self, weights: dict[str, float], out: TextIO | None = None):
        self.weights = {name: weight + APIECE for name, weight in weights.items()}
        self.out = out or sys.stdout
        self.terminal = self.out.isatty()
        self.started = self.said = time.monotonic()
        self.running: dict[str, float] = {}
        self.done: set[str] = set()
        self.width = 0

    def start(self, name: str) -> None:
        now = time.monotonic()
        if not self.running and not self.done:  # what it took to get ready says nothing of the rest
            self.started = now
        self.running[name] = now

    def end(self, name: str) -> None:
        self.running.pop(name, None)
        self.done.add(name)

    def line(self, text: str) -> None:
        """Prints a line that stays."""
        self._clear()
        print(text, file=self.out, flush=True)
        if self.terminal:
            self._show(time.monotonic())

    def tick(self) -> None:
        """Shows the state where it is time to; call it about once a second."""
        now = time.monotonic()
        if now - self.said >= (REDRAW if self.terminal else EVERY):
            self._show(now)

    def _show(self, now: float) -> None:
        if not self.running:
            return
        self.said = now
        text = self.state(now)
        if self.terminal:
            self._clear()
            text = text[: shutil.get_terminal_size().columns - 1]  # a line that wraps could not be taken back
            self.width = len(text)
            print(text, end="", file=self.out, flush=True)
        else:
            print(text, file=self.out, flush=True)

    def close(self) -> None:
        self._clear()

    def state(self, now: float) -> str:
        oldest = sorted(self.running.items(), key=lambda each: each[1])
        names = [f"{name} for {now - since:.0f} s" for name, since in oldest[:SHOWN]]
        more = f" and {len(oldest) - SHOWN} more" if len(oldest) > SHOWN else ""
        left = self.left(now)
        about = f", about {clock(left)} left" if left is not None else ""
        return f"{len(self.done)} of {len(self.weights)} done{about}; running {', '.join(names)}{more}"

    def left(self, now: float) -> float | None:
        """About how many seconds are left, by what those done have taken; None until some are."""
        done = sum(self.weights.get(name, 0.0) for name in self.done)
        # What runs is partly done: at the rate so far, and never quite.
        if now <= self.started or done < ENOUGH * sum(self.weights.values()):
            return None
        rate = done / (now - self.started)
        rest = sum(weight for name, weight in self.weights.items() if name not in self.done)
        apiece = rate / max(1, len(self.running))
        for name, since in self.running.items():
            rest -= min(0.9 * self.weights.get(name, 0.0), apiece * (now - since))
        return rest / rate

    def _clear(self) -> None:
        if self.terminal and self.width:
            print("\r" + " " * self.width + "\r", end="", file=self.out, flush=True)
            self.width = 0


def clock(seconds: float) -> str:
    """Seconds as a person says them: 40 s, or 3:20 min."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds // 60:.0f}:{seconds % 60:02.0f} min"
