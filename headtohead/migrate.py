"""Reads a program of either framework and lists, by line, what it uses, the counterpart, and what will bite.

    python -m headtohead.migrate [--] FILE...

needs neither framework: it reads the program's names and looks them up in the API map. A file is one of Python, or a
notebook.
"""

import errno
import sys

from headtohead import streams
from headtohead.reading.report import main

UNSAID, UNHEARD = 74, 141  # EX_IOERR: it could not be said; whoever reads it has seen enough


def command(arguments: list[str]) -> int:
    """Runs the command; returns its exit status."""
    with streams.kept() as lost:
        try:
            status = _command(arguments)
        except KeyboardInterrupt:
            return 130
        except MemoryError:
            print("no memory is left; give it more, as with 'ulimit -v'", file=sys.stderr)
            return 2
        sys.stdout.flush()
        if lost and lost[0].errno != errno.EPIPE:
            print(f"stdout: {lost[0].strerror}: what was to be printed is lost", file=sys.stderr)
            return status or UNSAID
        return UNHEARD if lost else status


def _command(arguments: list[str]) -> int:
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    elif not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    return main(arguments)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
