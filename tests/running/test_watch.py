"""Guards the limits: CPU time counts wherever it is used, the clock only while nothing runs."""

import os
import subprocess
import sys
import time

import pytest

from headtohead.running.watch import BEAT, Allowance, Watch, ending, stopped, tree
from tests.support.waiting import PATIENCE, until

LOOP = "while True: pass"
SLEEP = f"import time; time.sleep({PATIENCE})"


def started(*texts: str) -> subprocess.Popen:
    """A process that starts one for each text and waits for them."""
    start = "".join(f"subprocess.Popen([sys.executable, '-c', {text!r}]); " for text in texts)
    return subprocess.Popen([sys.executable, "-c", f"import subprocess, sys, time; {start}time.sleep({PATIENCE})"])


def ended(process: subprocess.Popen) -> None:
    for each in reversed(list(tree(process.pid))):
        os.kill(each, 9)
    process.wait()


def looked(watch: Watch, so_far) -> None:
    """Looks until something is so."""

    def look() -> bool:
        time.sleep(BEAT / 5)
        watch.look()
        return so_far()

    until(look)


@pytest.mark.parametrize("listed", [True, False], ids=["children are listed", "the kernel has no such list"])
def test_the_time_of_children_counts(monkeypatch, listed):
    monkeypatch.setattr("headtohead.running.watch.CHILDREN", listed)
    process = started(LOOP, LOOP)
    watch = Watch(process.pid)
    looked(watch, lambda: watch.over(Allowance(seconds=1, asleep=PATIENCE)))
    assert watch.over(Allowance(1, PATIENCE)).what == "used more than 1 s of CPU time and was stopped"
    assert len(list(tree(process.pid))) == 3
    ended(process)


def test_the_time_of_children_that_have_ended_counts_too():
    spends = "import time\nwhile time.process_time() < 0.5: pass"
    text = f"import subprocess, sys\nfor _ in range(3): subprocess.run([sys.executable, '-c', {spends!r}])"
    process = subprocess.Popen([sys.executable, "-c", text])
    watch = Watch(process.pid)
    looked(watch, lambda: watch.cpu > 1.5)
    process.wait()


def test_the_time_of_children_counts_though_their_parent_does_not_collect_them():
    text = """import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if not os.fork():
        while time.process_time() < 0.5: pass
        os._exit(0)
    try: os.wait()
    except OSError: pass"""
    process = subprocess.Popen([sys.executable, "-c", text])
    watch = Watch(process.pid)
    looked(watch, lambda: watch.cpu > 2)
    ended(process)


def test_who_waits_for_a_processor_does_not_sleep():
    """As many loops as make each wait its turn: the clock runs, and nothing is asleep."""
    crowd = [started(LOOP) for _ in range(3 * len(os.sched_getaffinity(0)))]
    watch = Watch(crowd[0].pid)
    looked(watch, lambda: watch.cpu > 0.5)
    assert watch.asleep < watch.cpu + 1  # starting Python sleeps for a moment
    for each in crowd:
        ended(each)


def test_who_sleeps_uses_the_clock_alone():
    process = started(SLEEP)
    watch = Watch(process.pid)
    looked(watch, lambda: watch.asleep > 1)
    assert watch.over(Allowance(PATIENCE, 1)).what == "slept for 1 s and was stopped"
    assert watch.over(Allowance(PATIENCE, PATIENCE)) is None
    ended(process)


def test_a_look_that_comes_late_counts_as_one():
    process = started(SLEEP)
    watch = Watch(process.pid)
    looked(watch, lambda: watch.asleep > 0)
    before = watch.asleep
    time.sleep(6 * BEAT)
    watch.look()
    assert watch.asleep - before <= 2 * BEAT
    ended(process)


def test_a_stopped_process_is_told_from_a_sleeping_one():
    process = started()
    assert not stopped(process.pid)
    process.send_signal(19)
    until(lambda: stopped(process.pid))
    ended(process)
    assert not stopped(process.pid)


def test_every_ending_has_words():
    said = ["ended with 3", "was killed by SIGKILL", "was killed by signal 40"]
    assert [ending(code) for code in (3, -9, -40)] == said


def test_who_cannot_be_seen_may_not_run(monkeypatch):
    """Without /proc, or with one of other processes, nothing would ever be over."""
    process = started(LOOP)
    watch = Watch(process.pid)
    assert watch.over(Allowance(PATIENCE, PATIENCE)) is None
    monkeypatch.setattr("headtohead.running.watch.sees", lambda: False)
    assert watch.over(Allowance(PATIENCE, PATIENCE)).what.startswith("cannot be held to its limits")
    ended(process)
