"""The command line: runs what is stale of programs, rows and differences, and writes what they gave as records."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

from headtohead.content import differences as groups
from headtohead.content import rows as areas
from headtohead.content.frameworks import FRAMEWORKS
from headtohead.content.programs import Program
from headtohead.content.topics import Topic, topic, topics
from headtohead.errors import Problem
from headtohead.records import freshness
from headtohead.records.store import Store, lock
from headtohead.running import agreements, devices, portable, programs
from headtohead.running import differences as run_differences
from headtohead.running import rows as run_rows
from headtohead.running.limits import Limits
from headtohead.running.pool import Unguarded, Waiting
from headtohead.running.programs import Outcome, Setup
from headtohead.running.progress import Progress

ROOT = Path(__file__).parents[1]


def shard(text: str) -> tuple[int, int]:
    number, _, count = text.partition("/")
    if not (number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is no shard: write 2/5 for the second of five")
    return int(number), int(count)


def positive(kind: type) -> Callable[[str], float]:
    """A parser of numbers above zero, for argparse."""

    def parse(text: str) -> float:
        try:
            if (number := kind(text)) > 0:
                return number
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"{text!r} is no number above zero")

    return parse


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m headtohead", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="run what is stale, write records, say what changed")
    verify.add_argument("topics", nargs="*", help="as in training/training_loop; all where none is named")
    verify.add_argument("--framework", choices=list(FRAMEWORKS), help="this side alone")
    verify.add_argument("--all", action="store_true", help="run what is not stale too")
    verify.add_argument("--check", action="store_true", help="run nothing: fail if anything is stale")
    verify.add_argument("--shard", type=shard, default=(1, 1), metavar="N/M", help="the Nth of M parts")
    verify.add_argument("--device", choices=["cpu", "cuda"], help="found by itself where not given")
    verify.add_argument("--label", help="the folder of the records; 'cpu', or the name of the GPU")
    verify.add_argument("--jobs", type=positive(int), help="programs at a time; one for each core, or one on a GPU")
    verify.add_argument("--seconds", type=positive(float), help="of CPU time that one program may use")
    verify.add_argument("--asleep", type=positive(float), help="seconds in which nothing of a program may run")
    verify.add_argument("--records", type=Path, help="where records lie; 'records' of the repository")
    verify.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    portable = commands.add_parser("portable", help="run programs as other machines would, say what moves")
    portable.add_argument("names", nargs="*", metavar="surrounding", help="as in 'oneDNN off'; all where none is named")
    portable.add_argument("--topic", action="append", default=[], help="this one alone; may be given again")
    portable.add_argument("--short", action="store_true", help="two surroundings, and one topic of each kind")
    portable.add_argument("--against", type=Path, help="the records to compare with; 'records' of the repository")
    portable.add_argument("--records", type=Path, default=Path("build/portable"), help="where records of it go")
    portable.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    for command, parts, example, what in (
        ("rows", "areas", "layers", "run the rows of the API map that are stale, and write what they gave"),
        ("differences", "groups", "losses", "run the differences that are stale, and write what they printed"),
    ):
        data = commands.add_parser(command, help=what)
        data.add_argument("names", nargs="*", metavar=parts, help=f"as in {example}; all where none is named")
        data.add_argument("--all", action="store_true", help="run what is not stale too")
        data.add_argument("--check", action="store_true", help="run nothing: fail if anything is stale")
        data.add_argument("--records", type=Path, help="where records lie; 'records' of the repository")
        data.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs a command; returns 0, or 1 if a program or an agreement failed, or 2 if nothing could be tried."""
    options = arguments().parse_args(argv)
    try:
        return COMMANDS[options.command](options)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted: what had finished is recorded", file=sys.stderr)
        return 130
    except OSError as error:  # no right to write here, or no room
        print(f"{error.filename or options.root}: {error.strerror or error}", file=sys.stderr)
        return 2


def verify(options: argparse.Namespace) -> int:
    root = options.root.resolve()
    store = Store(root, options.records and options.records.resolve())
    names = dict.fromkeys(name.strip("/") for name in options.topics)  # each once
    chosen = [topic(root, name) for name in names] or topics(root)
    if not chosen:
        raise Problem("snippets", "no programs below it", remedy="write the first one")
    number, count = options.shard
    chosen = chosen[number - 1 :: count]
    kind, label = _device(options)
    setup = Setup(store, kind, label, _limits(options), jobs=options.jobs or 0)
    mine = _programs(chosen, options.framework, kind)
    with lock(store):
        stale = programs.stale(store, mine, label)
        if options.check:
            broken = [line for each in chosen if (line := agreements.unproved(each, store, label))]
            return _told([*stale.values(), *broken], f"{len(mine)} programs, {len(stale)} stale")
        outcomes: list[Outcome] = []
        failures: list[str] = []
        try:
            _run(setup, mine if options.all else list(stale), len(mine), len(stale), outcomes)
            failures = agreements.renew(chosen, store, label)
        finally:  # also after Ctrl-C
            failures = [outcome.problem for outcome in outcomes if outcome.problem] + failures
            status = _told(failures)
    return status


def _told(lines: list[str], summary: str = "") -> int:
    """Prints what is wrong, each line once, then a summary; returns the exit status."""
    for line in dict.fromkeys(lines):
        print(line, file=sys.stderr)
    if summary:
        print(summary)
    return 1 if lines else 0


def rows(options: argparse.Namespace) -> int:
    root = options.root.resolve()
    known = areas.areas(root)
    for name in options.names:
        if name != areas.COUNT:
            areas.read(root, name)  # says which there are
    names = [*(area.name for area in known), areas.COUNT]
    total = f"{sum(len(area.rows) for area in known)} rows in {len(known)} areas"
    return _renew(options, areas.FOLDER, names, total, run_rows.run)


def differences(options: argparse.Namespace) -> int:
    root = options.root.resolve()
    known = groups.groups(root)
    for name in options.names:
        groups.read(root, name)  # says which there are
    total = f"{sum(len(group.entries) for group in known)} differences in {len(known)} groups"
    return _renew(options, groups.FOLDER, [group.name for group in known], total, run_differences.run)


def _renew(
    options: argparse.Namespace, folder: str, names: list[str], total: str, run: Callable[[Store, list[str]], list[str]]
) -> int:
    """Runs the data files of a folder that are stale, or says which are; returns the exit status."""
    store = Store(options.root.resolve(), options.records and options.records.resolve())
    stale = []
    with lock(store):
        for name in names:
            try:
                freshness.data(store, folder, name)
            except Problem:
                stale.append(name)
        chosen = [name for name in names if options.all or name in stale]
        chosen = [name for name in chosen if not options.names or name in options.names]
        print(f"{total}, {len(stale)} stale", flush=True)
        if options.check:
            remedy = f"run 'nox -s {options.command} -- "
            return _told(
                [
                    str(Problem(f"{folder}/{name}.toml", "its record is stale", remedy=f"{remedy}{name}'"))
                    for name in stale
                ]
            )
        return _told(run(store, chosen)) if chosen else 0


def tried(options: argparse.Namespace) -> int:
    """The command `portable`."""
    root = options.root.resolve()
    base = Store(root, options.against and options.against.resolve())
    chosen = portable.quickest(base) if options.short else topics(root)
    chosen = [topic(root, name.strip("/")) for name in options.topic] or chosen
    names = options.names or (portable.SHORT if options.short else portable.OTHERS)
    found = portable.run(base, chosen, names, options.records.resolve())
    return _told([f"{each.name}: {line}" for each in found for line in each.lines])


COMMANDS = {"verify": verify, "rows": rows, "differences": differences, "portable": tried}


def _limits(options: argparse.Namespace) -> Limits:
    given = {name: getattr(options, name) for name in ("seconds", "asleep")}
    return Limits(**{name: value for name, value in given.items() if value})


def _device(options: argparse.Namespace) -> tuple[str, str]:
    name = None if options.device == "cpu" else devices.gpu()
    if options.device == "cuda" and name is None:
        raise Problem("--device cuda", "no NVIDIA GPU answers here", remedy="leave it out, or mend the driver")
    return "cuda" if name else "cpu", options.label or devices.label(name)


def _programs(chosen: list[Topic], framework: str | None, kind: str) -> list[Program]:
    """The programs to look after; a program that uses both frameworks needs one environment for both."""
    found = [program for each in chosen for program in each.programs.values()]
    if framework:
        return [program for program in found if program.framework.name == framework]
    return [program for program in found if kind != "cuda" or program.framework.name != "both"]


def _run(setup: Setup, todo: list[Program], total: int, stale: int, outcomes: list[Outcome]) -> None:
    """Runs programs and says how each fared; what is known stands in `outcomes`, also when it is interrupted."""
    if not todo:
        print(f"{total} programs, nothing stale")
        return
    started = time.monotonic()
    print(f"{total} programs, {stale} stale: running {len(todo)} on {setup.label}, {setup.jobs} at a time")
    took = {program.label: programs.duration(setup.store, program, setup.label) for program in todo}
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
