"""Runs programs aloud: says how each fares as it ends, and how far it is."""

from __future__ import annotations

import math
import time
from statistics import fmean

from headtohead.content.programs import Program
from headtohead.running import programs
from headtohead.running.pool import Unguarded, Waiting
from headtohead.running.programs import Outcome, Setup
from headtohead.running.progress import Progress


def run(setup: Setup, todo: list[Program], total: int, stale: int, outcomes: list[Outcome]) -> None:
    """Runs programs and says how each fared; what is known stands in `outcomes`, also when it is interrupted."""
    if not todo:
        print(f"{total} programs, nothing stale")
        return
    started = time.monotonic()
    print(f"{total} programs, {stale} stale: running {len(todo)} on {setup.label}, {setup.jobs} at a time")
    took = {program.label: programs.expected(setup, program) for program in todo}
    known = [each for each in took.values() if math.isfinite(each)] or [1.0]
    progress = Progress({each: seconds if seconds in known else fmean(known) for each, seconds in took.items()})
    try:
        for event in programs.run(setup, todo):
            if isinstance(event, Waiting):
                progress.tick()
            elif isinstance(event, Unguarded):
                progress.line(str(event))
            elif isinstance(event, Program):
                progress.start(event.label)
            else:
                outcomes.append(event)
                progress.end(event.program.label)
                what = f"{event.verdict}: {', '.join(event.about)}" if event.about else event.verdict
                at = f"[{len(progress.done):{len(str(len(todo)))}}/{len(todo)}]"
                progress.line(f"{at} {event.seconds:5.1f} s  {event.program.label}  {what}")
    finally:
        progress.close()
    count = dict.fromkeys(("new", "changed", "same", "skipped", "failed"), 0)
    for outcome in outcomes:
        count[outcome.verdict] += 1
    words = ", ".join(f"{number} {verdict}" for verdict, number in count.items() if number)
    print(f"{len(outcomes)} ran in {time.monotonic() - started:.1f} s: {words}")
