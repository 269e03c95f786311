"""Guards what long work says of itself: in place on a terminal, a line now and then elsewhere."""

import io

from headtohead.running import progress
from headtohead.running.progress import Progress, clock


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at(monkeypatch, seconds: float) -> None:
    monkeypatch.setattr(progress.time, "monotonic", lambda: seconds)


def test_what_runs_for_how_long_and_the_time_left(monkeypatch):
    at(monkeypatch, 80)
    work = Progress({"one": 9.5, "two": 19.5, "three": 29.5, "four": 19.5}, io.StringIO())
    at(monkeypatch, 100)  # the first one starts: getting ready does not count
    work.start("one")
    work.start("two")
    assert work.state(105) == "0 of 4 done; running one for 5 s, two for 5 s"
    at(monkeypatch, 120)
    work.end("one")
    work.start("three")
    # 10 of 80 took 20 s. Of the other 70, two has had half of what was done in these 20 s.
    assert work.left(120) == (70 - 5) / 0.5
    assert work.state(120) == "1 of 4 done, about 2:10 min left; running two for 20 s, three for 0 s"
    for name in ("two", "three", "four"):
        work.end(name)
    assert work.left(130) == 0


def test_too_little_is_done_to_tell_the_time_left(monkeypatch):
    at(monkeypatch, 0)
    work = Progress({"short": 0.1, "long": 100}, io.StringIO())
    work.start("short")
    work.start("long")
    at(monkeypatch, 10)
    work.end("short")
    assert work.state(10) == "1 of 2 done; running long for 10 s"


def test_on_a_terminal_the_state_is_taken_back(monkeypatch):
    at(monkeypatch, 0)
    work = Progress({"one": 1, "two": 1}, out := Terminal())
    work.start("one")
    at(monkeypatch, 1)
    work.tick()
    work.tick()  # too soon for another one
    state = "0 of 2 done; running one for 1 s"
    assert out.getvalue() == state
    work.end("one")
    work.line("one: good")
    assert out.getvalue() == f"{state}\r{' ' * len(state)}\rone: good\n"
    work.start("two")
    work.line("a note")
    assert out.getvalue().endswith("a note\n1 of 2 done, about 1 s left; running two for 0 s")


def test_on_a_narrow_terminal_it_stays_on_one_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    at(monkeypatch, 0)
    work = Progress({"one": 1}, out := Terminal())
    work.start("one")
    at(monkeypatch, 1)
    work.tick()
    assert out.getvalue() == "0 of 1 done; runnin"


def test_elsewhere_a_line_each_half_minute(monkeypatch):
    at(monkeypatch, 0)
    work = Progress({"one": 1}, out := io.StringIO())
    work.start("one")
    for second in range(65):
        at(monkeypatch, second)
        work.tick()
    assert out.getvalue().splitlines() == [f"0 of 1 done; running one for {second} s" for second in (30, 60)]


def test_many_are_counted(monkeypatch):
    at(monkeypatch, 0)
    work = Progress(dict.fromkeys("abcde", 1.0), io.StringIO())
    for name in "abcde":
        work.start(name)
    assert work.state(1).endswith("running a for 1 s, b for 1 s, c for 1 s and 2 more")


def test_seconds_as_a_person_says_them():
    assert [clock(seconds) for seconds in (0.4, 89, 90, 200)] == ["0 s", "89 s", "1:30 min", "3:20 min"]
