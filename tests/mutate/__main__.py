"""Changes programs in one small thing each and says what nobody notices: `nox -s mutate -- [topic ...] [--each 4]`.

The same seed tries the same mutants; what became of them is kept with the records, and a mutant whose program and proof
are what they were is not tried again. Quick topics come first. A mutant that takes too long, fails or warns is noticed;
so is one that prints or draws something else, or breaks the agreement. What is a mutant in name alone stands in
`equivalent.toml`, with why.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import tempfile
import time
from pathlib import Path

from headtohead.content.frameworks import PRIMARY
from headtohead.content.programs import Program
from headtohead.content.topics import Topic, topic, topics
from headtohead.errors import Problem
from headtohead.records import mutants as kept
from headtohead.records.mutants import Tried
from headtohead.records.store import Store
from headtohead.running.programs import duration
from tests.mutate.mutants import Mutant
from tests.mutate.results import Results, equivalent, gone
from tests.mutate.trials import Asked, Trial, run

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
SHARE = 0.85  # of all mutants has to be noticed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="nox -s mutate --", description=__doc__.partition("\n")[0])
    parser.add_argument("topics", nargs="*", metavar="topic", help="as in basics/tensors; all where none is named")
    parser.add_argument("--each", type=int, default=4, help="how many mutants of each program (default: 4)")
    parser.add_argument("--seed", type=int, default=0, help="which of them (default: 0)")
    parser.add_argument("--only", type=re.compile, default="", help="a pattern: of which `line: kind: what` is said")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin no topic after that")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository; this one by default")
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    store = Store(root)
    try:
        found = [topic(root, name.strip("/")) for name in given.topics] or topics(root)
    except Problem as problem:
        parser.error(str(problem))
    found.sort(key=lambda each: sum(duration(store, one, PRIMARY) for one in each.programs.values()))
    known = equivalent(HERE / "equivalent.toml")
    for line in (old := gone(known, found)):
        print(line, file=sys.stderr, flush=True)
    asked = Asked(given.each, given.seed, re.compile(given.only))
    return tried(found, asked, Results(store, known), given.seconds) or int(bool(old))


def tried(found: list[Topic], asked: Asked, results: Results, seconds: float) -> int:
    """Tries the mutants of topics, and says of each topic how many are noticed; returns the exit status."""
    end, faults = time.monotonic() + seconds, 0
    for number, one in enumerate(found):
        if time.monotonic() > end:
            print(f"no time for {len(found) - number} topics: {', '.join(each.name for each in found[number:])}")
            break
        for program in one.programs.values():
            results.forget(program)
        wanted = {program: results.untried(program, asked) for program in one.programs.values()}
        try:
            _try(one, wanted, results)
        except Problem as problem:
            print(problem, file=sys.stderr, flush=True)
            faults += 1
        print(f"{one.name}: {share(results.of(one))}", flush=True)
    every = [each for one in found for each in results.of(one)]
    print(f"\nAll: {share(every)}; at least {SHARE:.0%} have to be")
    for line in (line for one in found for line in results.survivors(one)):
        print(line)
    noticed, count = kept.noticed(every)
    return 1 if faults or not count or noticed < SHARE * count else 0


def _try(one: Topic, wanted: dict[Program, list[Mutant]], results: Results) -> None:
    """Tries mutants of the programs of a topic, and keeps what became of them."""
    trials: list[Trial] = []
    try:
        with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
            for trial in run(one, wanted, Path(folder) / "project") if any(wanted.values()) else ():
                print(f"  {trial}", flush=True)
                trials.append(trial)
    finally:
        for program in wanted:
            results.add(program, [trial for trial in trials if trial.program == program])
        results.write()


def share(tried: list[Tried]) -> str:
    noticed, count = kept.noticed(tried)
    return f"{noticed} of {count} noticed" + (f" ({noticed / count:.0%})" if count else "")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
