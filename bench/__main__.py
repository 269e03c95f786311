"""The command line: `python -m bench [names]` prints each value beside its target and fails if one is missed."""

from __future__ import annotations

import argparse
import os
import sys

from bench import running, search, serving, site, verifying, weight
from bench.tools import Void
from headtohead.errors import Problem

BENCHMARKS = {
    "run": running.run,
    "notebooks": running.notebooks,
    "guards": running.guards,
    "unchanged": verifying.unchanged,
    "one": verifying.one,
    "site": site.site,
    "serving": serving.serving,
    "weight": weight.weight,
    "search": search.search,
}


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; all where none is named")
    parser.add_argument("--repeat", type=int, help="runs of each side, of which the median counts; 3 where it is cheap")
    parser.add_argument("--cores", type=int, default=2, help="how many cores both sides may use (2)")
    parser.add_argument("--only", nargs="+", default=[], metavar="TOPIC", help="run, notebooks: these topics alone")
    parser.add_argument(
        "--topics", nargs="+", type=int, default=[50, 200, 1000], metavar="N", help="site: its sizes (50 200 1000)"
    )
    parser.add_argument("--cards", action="store_true", help="site: a third side, with record cards and the table")
    parser.add_argument("--one-topics", type=int, default=200, metavar="N", help="one: how many topics (200)")
    return parser


def main() -> int:
    parser = arguments()
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}")
    cores = sorted(os.sched_getaffinity(0))[: options.cores]
    os.sched_setaffinity(0, cores)  # inherited by all that is started from here
    load = os.getloadavg()[0]
    busy = ": this machine is busy, trust no figure below" if load > 0.5 else ""
    print(f"{len(cores)} cores, load {load:.2f} before the start{busy}")
    missed = []
    for name in options.names or BENCHMARKS:
        try:
            met = BENCHMARKS[name](options)
        except (Void, Problem) as why:
            print(f"\n{name}: nothing was measured: {why}", flush=True)
            met = False
        missed += [] if met else [name]
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
