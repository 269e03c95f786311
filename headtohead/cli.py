"""The command line: its arguments, its exit status, and whatever ends a command early, in one line."""

from __future__ import annotations

import argparse
import errno
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from headtohead import streams
from headtohead.commands import COMMANDS
from headtohead.content.frameworks import FRAMEWORKS
from headtohead.errors import Problem

ROOT = Path(__file__).parents[1]
ABOUT = "Runs what is stale of programs, rows, differences and errors, and writes what they gave as records."
WEEK = 7 * 24 * 3600  # seconds: the most that one program may be given
MANY = 1024  # programs at a time: more than any machine has cores
UNSAID = 74  # EX_IOERR: all is well, but it could not be said


def shard(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is no shard: write 2/5 for the second of five")
    return int(found[1]), int(found[2])


def positive(kind: type, most: float) -> Callable[[str], float]:
    """A parser of numbers above zero and up to another one, for argparse."""

    def parse(text: str) -> float:
        try:
            number = kind(text)
        except ValueError:
            number = 0
        if not number > 0:
            raise argparse.ArgumentTypeError(f"{text!r} is no number above zero")
        if number > most:
            raise argparse.ArgumentTypeError(f"{text!r} is too much: {most} is the most")
        return number

    return parse


def place(text: str) -> Path:
    """A folder: a variable of the shell that is not set would be the one at hand."""
    if not text:
        raise argparse.ArgumentTypeError(f"{text!r} is no folder")
    return Path(text)


class Once(argparse.Action):
    """An option that may be given once: of two values, one would be dropped without a word."""

    def __call__(self, parser, namespace, values, option_string=None):  # type: ignore[no-untyped-def]
        seen = vars(namespace).setdefault("_given", set())
        if self.dest in seen:
            raise argparse.ArgumentError(self, "given twice: give it once")
        seen.add(self.dest)
        setattr(namespace, self.dest, values)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m headtohead", description=ABOUT)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="run what is stale, write records, say what changed")
    verify.add_argument("topics", nargs="*", help="as in training/training_loop; all where none is named")
    verify.add_argument("--framework", action=Once, choices=list(FRAMEWORKS), help="this side alone")
    either = verify.add_mutually_exclusive_group()
    either.add_argument("--all", action="store_true", help="run what is not stale too")
    either.add_argument("--check", action="store_true", help="run and write nothing: fail if anything is stale")
    verify.add_argument("--shard", action=Once, type=shard, default=(1, 1), metavar="N/M", help="the Nth of M parts")
    verify.add_argument("--device", action=Once, choices=["cpu", "cuda"], help="found by itself where not given")
    verify.add_argument("--label", action=Once, help="the folder of the records; 'cpu', or the name of the GPU")
    verify.add_argument("--seeds", action="store_true", help="with --records: run every seed of unchanged programs too")
    jobs, seconds = positive(int, MANY), positive(float, WEEK)
    verify.add_argument("--jobs", action=Once, type=jobs, help="programs at a time; one for each core, or one on a GPU")
    verify.add_argument("--seconds", action=Once, type=seconds, help="of CPU time that one program may use")
    verify.add_argument("--asleep", action=Once, type=seconds, help="seconds in which nothing of a program may run")
    verify.add_argument("--records", action=Once, type=place, help="where records lie; 'records' of the repository")
    verify.add_argument("--root", action=Once, type=place, default=ROOT, help=argparse.SUPPRESS)
    portable = commands.add_parser("portable", help="run programs as other machines would, say what moves")
    portable.add_argument("names", nargs="*", metavar="surrounding", help="as in 'oneDNN off'; all where none is named")
    portable.add_argument("--topic", action="append", default=[], help="this one alone; may be given again")
    portable.add_argument("--short", action="store_true", help="two surroundings, and one topic of each kind")
    portable.add_argument(
        "--against", action=Once, type=place, help="the records to compare with; 'records' of the repository"
    )
    portable.add_argument(
        "--records", action=Once, type=place, default=Path("build/portable"), help="where records of it go"
    )
    portable.add_argument("--root", action=Once, type=place, default=ROOT, help=argparse.SUPPRESS)
    for command, parts, example, what in (
        ("rows", "areas", "layers", "run the rows of the API map that are stale, and write what they gave"),
        ("differences", "groups", "losses", "run the differences that are stale, and write what they printed"),
        ("errors", "groups", "shapes", "run the errors that are stale, and write what they raised"),
    ):
        data = commands.add_parser(command, help=what)
        data.add_argument("names", nargs="*", metavar=parts, help=f"as in {example}; all where none is named")
        either = data.add_mutually_exclusive_group()
        either.add_argument("--all", action="store_true", help="run what is not stale too")
        either.add_argument("--check", action="store_true", help="run and write nothing: fail if anything is stale")
        data.add_argument("--records", action=Once, type=place, help="where records lie; 'records' of the repository")
        data.add_argument("--root", action=Once, type=place, default=ROOT, help=argparse.SUPPRESS)
    _of_releases(commands)
    return parser


def _of_releases(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands that run other releases than the pinned ones."""
    newest = commands.add_parser(
        "newest", help="run what there is on the releases that are installed, say what changed"
    )
    newest.add_argument("topics", nargs="*", help="as in training/training_loop; with no name at all, everything")
    for option, what, example in (
        ("--rows", "area", "layers"),
        ("--differences", "group", "losses"),
        ("--errors", "group", "shapes"),
    ):
        says = f"this {what}, as in {example}, or every one; may be given again"
        newest.add_argument(option, nargs="?", const="", action="append", default=[], metavar=what, help=says)
    newest.add_argument(
        "--records", action=Once, type=place, default=Path("build/newest"), help="where records of it go"
    )
    newest.add_argument(
        "--report", action=Once, type=place, default=Path("build/newest.md"), help="where the report goes"
    )
    newest.add_argument("--root", action=Once, type=place, default=ROOT, help=argparse.SUPPRESS)
    others = commands.add_parser("versions", help="run rows and differences on the releases that are installed")
    others.add_argument("names", nargs="*", metavar="file", help="as in api/layers; all where none is named")
    others.add_argument("--all", action="store_true", help="run what has run on these releases too")
    others.add_argument("--records", action=Once, type=place, help="where records lie; 'records' of the repository")
    others.add_argument("--root", action=Once, type=place, default=ROOT, help=argparse.SUPPRESS)


def main(argv: list[str] | None = None) -> int:
    """Runs a command; returns its exit status.

    0 where all is well, 1 if a program, a row, a difference or an agreement failed, 2 if nothing could be tried, 74 if
    all is well and could not be printed, and 128 and its number where a signal ended it.
    """
    os.umask(os.umask(0o077) & 0o077)  # whoever runs it reads what it writes
    streams.heard()
    with streams.kept() as lost, streams.orderly():
        status = _run(argv)
        sys.stdout.flush()
        if lost:
            print(f"stdout: {lost[0].strerror}: what was to be printed is lost", file=sys.stderr)
        return status or (UNSAID if lost else 0)


def _run(argv: list[str] | None) -> int:
    root = ROOT
    try:
        options = arguments().parse_args(argv)
        root = options.root
        return COMMANDS[options.command](options)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    except streams.Terminated as end:
        print(f"ended by {signal.Signals(end.number).name}: what had finished is recorded", file=sys.stderr)
        return 128 + end.number
    except KeyboardInterrupt:
        print("interrupted: what had finished is recorded", file=sys.stderr)
        return 130
    except MemoryError:
        print("no memory is left for the command itself; give it more, as with 'ulimit -v'", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            print(
                "too few files may be open for the command itself; let it have more: 'ulimit -n 1024'", file=sys.stderr
            )
            return 2
        # no right to write here, or no room
        print(f"{error.filename or root}: {error.strerror or error}", file=sys.stderr)
        return 2
