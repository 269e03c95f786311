"""Reads a program of either framework and lists, by line, what it uses, the counterpart, and what will bite.

    python -m headtohead.migrate FILE...

needs neither framework: it reads the program's names and looks them up in the API map.
"""

import sys

from headtohead.reading.report import main

if __name__ == "__main__":
    if not sys.argv[1:] or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:2] in (["-h"], ["--help"]) else 2)
    sys.exit(main(sys.argv[1:]))
