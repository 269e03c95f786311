"""The command line: `verify` runs programs that are stale, `rows` those of the API map; both write records."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

from headtohead.errors import Problem
from headtohead.judge import agreements, unproved
from headtohead.programs import FRAMEWORKS, Program, Topic, topic, topics
from headtohead.progress import Progress
from headtohead.records import Store


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
    verify.add_argument("--root", type=Path, default=Path(__file__).parents[1], help=argparse.SUPPRESS)
    portable = commands.add_parser("portable", help="run programs as other machines would, say what moves")
    portable.add_argument("names", nargs="*", metavar="surrounding", help="as in 'oneDNN off'; all where none is named")
    portable.add_argument("--topic", action="append", default=[], help="this one alone; may be given again")
    portable.add_argument("--short", action="store_true", help="two surroundings, and one topic of each kind")
    portable.add_argument("--against", type=Path, help="the records to compare with; 'records' of the repository")
    portable.add_argument("--records", type=Path, default=Path("build/portable"), help="where records of it go")
    portable.add_argument("--root", type=Path, default=Path(__file__).parents[1], help=argparse.SUPPRESS)
    for command, parts, example, what in (
        ("rows", "areas", "layers", "run the rows of the API map that are stale, and write what they gave"),
        ("differences", "groups", "losses", "run the differences that are stale, and write what they printed"),
    ):
        data = commands.add_parser(command, help=what)
        data.add_argument("names", nargs="*", metavar=parts, help=f"as in {example}; all where none is named")
        data.add_argument("--all", action="store_true", help="run what is not stale too")
        data.add_argument("--check", action="store_true", help="run nothing: fail if anything is stale")
        data.add_argument("--records", type=Path, help="where records lie; 'records' of the repository")
        data.add_argument("--root", type=Path, default=Path(__file__).parents[1], help=argparse.SUPPRESS)
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
    programs = _programs(chosen, options.framework, kind)
    with store.lock():
        from headtohead.runner import Verifier  # after the lock: a second verify answers at once

        verifier = Verifier(store, kind=kind, label=label, jobs=options.jobs, **_limits(options))
        stale = verifier.stale(programs)
        if options.check:
            broken = [line for each in chosen if (line := unproved(each, store, label))]
            for line in dict.fromkeys([*stale.values(), *broken]):
                print(line, file=sys.stderr)
            print(f"{len(programs)} programs, {len(stale)} stale")
            return 1 if stale or broken else 0
        failures: list[str] = []
        try:
            _run(verifier, programs if options.all else list(stale), len(programs), stale)
            failures = agreements(chosen, store, label)
        finally:  # also after Ctrl-C
            failures = [outcome.problem for outcome in verifier.outcomes if outcome.problem] + failures
            for line in dict.fromkeys(failures):  # what is wrong with a topic is said once, not for each side
                print(line, file=sys.stderr)
    return 1 if failures else 0


def rows(options: argparse.Namespace) -> int:
    from headtohead.api import run
    from headtohead.api.rows import FOLDER, areas, read

    root = options.root.resolve()
    known = areas(root)
    for name in options.names:
        if name != run.COUNT:
            read(root, name)  # says which there are
    names = [*(area.name for area in known), run.COUNT]
    total = f"{sum(len(area.rows) for area in known)} rows in {len(known)} areas"

    def record(store: Store, name: str) -> object:
        return store.data(FOLDER, name, run.depends(root, name))

    return _renew(options, FOLDER, names, total, record=record, run=run.run)


def differences(options: argparse.Namespace) -> int:
    from headtohead.differences import run
    from headtohead.differences.entries import FOLDER, groups, read

    root = options.root.resolve()
    known = groups(root)
    for name in options.names:
        read(root, name)  # says which there are
    names = [group.name for group in known]
    total = f"{sum(len(group.entries) for group in known)} differences in {len(known)} groups"

    def record(store: Store, name: str) -> object:
        return store.data(FOLDER, name, run.depends(root, name))

    return _renew(options, FOLDER, names, total, record=record, run=run.run)


def portable(options: argparse.Namespace) -> int:
    from headtohead import portable as machines

    root = options.root.resolve()
    base = Store(root, options.against and options.against.resolve())
    chosen = machines.quickest(base) if options.short else topics(root)
    chosen = [topic(root, name.strip("/")) for name in options.topic] or chosen
    names = options.names or (machines.SHORT if options.short else machines.OTHERS)
    found = machines.run(base, chosen, names, options.records.resolve())
    for each in found:
        for line in each.lines:
            print(f"{each.name}: {line}", file=sys.stderr)
    return 1 if any(each.lines for each in found) else 0


COMMANDS = {"verify": verify, "rows": rows, "differences": differences, "portable": portable}


def _renew(
    options: argparse.Namespace,
    folder: str,
    names: list[str],
    total: str,
    *,
    record: Callable[[Store, str], object],
    run: Callable[[Store, list[str]], list[str]],
) -> int:
    """Runs the data files of a folder that are stale, or says which are; returns the exit status.

    `record` gives what a file's record holds, and raises `Problem` where it is not of now.
    """
    store = Store(options.root.resolve(), options.records and options.records.resolve())
    stale = []
    with store.lock():
        for name in names:
            try:
                record(store, name)
            except Problem:
                stale.append(name)
        chosen = [name for name in names if options.all or name in stale]
        chosen = [name for name in chosen if not options.names or name in options.names]
        print(f"{total}, {len(stale)} stale", flush=True)
        if options.check or not chosen:
            for name in stale if options.check else []:
                remedy = f"run 'nox -s {options.command} -- {name}'"
                print(Problem(f"{folder}/{name}.toml", "its record is stale", remedy=remedy), file=sys.stderr)
            return int(options.check and bool(stale))
        problems = run(store, chosen)
    for line in problems:
        print(line, file=sys.stderr)
    return 1 if problems else 0


def _limits(options: argparse.Namespace) -> dict[str, object]:
    from headtohead.runner import Limits

    given = {name: getattr(options, name) for name in ("seconds", "asleep")}
    return {"limits": Limits(**{name: value for name, value in given.items() if value})}


def _device(options: argparse.Namespace) -> tuple[str, str]:
    from headtohead import devices

    name = None if options.device == "cpu" else devices.gpu()
    if options.device == "cuda" and name is None:
        raise Problem("--device cuda", "no NVIDIA GPU answers here", remedy="leave it out, or mend the driver")
    return "cuda" if name else "cpu", options.label or devices.label(name)


def _programs(chosen: list[Topic], framework: str | None, kind: str) -> list[Program]:
    """The programs to look after; a program that uses both frameworks needs one environment for both."""
    programs = [program for each in chosen for program in each.programs.values()]
    if framework:
        programs = [program for program in programs if program.framework.name == framework]
    elif kind == "cuda":
        programs = [program for program in programs if program.framework.name != "both"]
    return programs


def _run(verifier, todo: list[Program], total: int, stale: dict[Program, str]) -> None:
    if not todo:
        print(f"{total} programs, nothing stale")
        return
    started = time.monotonic()
    print(f"{total} programs, {len(stale)} stale: running {len(todo)} on {verifier.label}, {verifier.jobs} at a time")

    took = {program.label: verifier.duration(program) for program in todo}
    known = [each for each in took.values() if math.isfinite(each)] or [1.0]
    progress = Progress({each: seconds if seconds in known else fmean(known) for each, seconds in took.items()})

    def tell(outcome) -> None:
        progress.end(outcome.program.label)
        what = f"{outcome.verdict}: {', '.join(outcome.about)}" if outcome.about else outcome.verdict
        at = f"[{len(progress.done):{len(str(len(todo)))}}/{len(todo)}]"
        progress.line(f"{at} {outcome.seconds:5.1f} s  {outcome.program.label}  {what}")

    verifier.tell, verifier.wait = tell, progress.tick
    verifier.begin = lambda program: progress.start(program.label)
    try:
        outcomes = verifier.run(todo)
    finally:
        progress.close()
    count = dict.fromkeys(("new", "changed", "same", "skipped", "failed"), 0)
    for outcome in outcomes:
        count[outcome.verdict] += 1
    words = ", ".join(f"{number} {verdict}" for verdict, number in count.items() if number)
    print(f"{len(outcomes)} ran in {time.monotonic() - started:.1f} s: {words}")


if __name__ == "__main__":
    sys.exit(main())
