"""Reads a program of either framework and lists, by line, what it uses, the counterpart, and what will bite.

    python -m headtohead.migrate FILE...

needs neither framework: it reads the program's names and looks them up in the API map. A file is one of Python, or a
notebook.
"""

import os
import sys

from headtohead.reading.report import main


def command(arguments: list[str]) -> int:
    """Runs the command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a terminal that knows few letters gets all lines
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        status = main(arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
