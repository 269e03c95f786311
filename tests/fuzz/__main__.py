"""Tries readers for as long as asked: `nox -s fuzz -- --seconds 600 [reader ...]`, as in `test_rows`; ends at a fault.

Each round takes other seeds. What broke a reader is kept in `.cache/fuzz/corpus` and tried first the next time; a fault
that is mended becomes an `@example` of its property.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROUND = 300  # examples of each property in a round


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="nox -s fuzz --", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0, help="how long to go on, in whole rounds")
    parser.add_argument(
        "readers", nargs="*", metavar="reader", help=f"which ones; all by default: {', '.join(readers())}"
    )
    given = parser.parse_args(arguments)
    if odd := sorted(set(given.readers) - set(readers())):
        parser.error(f"no reader {odd[0]!r}: there are {', '.join(readers())}")
    files = [str(HERE / f"{name}.py") for name in given.readers or readers()]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files]
    end, rounds = time.monotonic() + given.seconds, 0
    while time.monotonic() < end:
        rounds += 1
        status = subprocess.run(command, env=os.environ | {"HEADTOHEAD_FUZZ": str(ROUND)}, check=False).returncode
        if status:
            return status
    print(f"{rounds} rounds of {ROUND} examples of each property, and nothing found")
    return 0


def readers() -> list[str]:
    return sorted(path.stem for path in HERE.glob("test_*.py"))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
