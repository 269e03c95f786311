"""`python -m headtohead`: the command line."""

import sys

from headtohead.cli import main

if __name__ == "__main__":
    sys.exit(main())
