"""Changes programs in one small thing each and says what nobody notices: `nox -s mutate -- [topic ...] [--each 4]`.

The same seed tries the same mutants. A mutant that takes too long, fails or warns is noticed; so is one that prints or
draws something else, or breaks the agreement. What is a mutant in name alone stands in `equivalent.toml`, with why.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from headtohead.content.topics import Topic, topic, topics
from headtohead.errors import Problem
from tests.mutate.mutants import mutants
from tests.mutate.trials import Trial, chosen, run

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
SHARE = 0.85  # of all mutants has to be noticed
Known = frozenset[tuple[str, str, str]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="nox -s mutate --", description=__doc__.partition("\n")[0])
    parser.add_argument("topics", nargs="*", metavar="topic", help="as in basics/tensors; all where none is named")
    parser.add_argument("--each", type=int, default=4, help="how many mutants of each program (default: 4)")
    parser.add_argument("--seed", type=int, default=0, help="which of them (default: 0)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no topic after that")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository; this one by default")
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    try:
        found = [topic(root, name.strip("/")) for name in given.topics] or topics(root)
    except Problem as problem:
        parser.error(str(problem))
    return tried(found, given.each, given.seed, given.seconds)


def tried(found: list[Topic], each: int, seed: int, seconds: float) -> int:
    """Tries the mutants of topics, and says of each topic how many are noticed; returns the exit status."""
    end, known, every = time.monotonic() + seconds, equivalent(HERE / "equivalent.toml"), list[Trial]()
    for line in (old := gone(known, found)):
        print(line, file=sys.stderr, flush=True)
    faults = len(old)
    for number, one in enumerate(found):
        if time.monotonic() > end:
            print(f"no time for {len(found) - number} topics: {', '.join(each.name for each in found[number:])}")
            break
        with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
            own: list[Trial] = []
            try:
                for trial in run(one, chosen(one, each, seed, known), Path(folder) / "project"):
                    print(f"  {trial}", flush=True)
                    own.append(trial)
            except Problem as problem:
                print(problem, file=sys.stderr, flush=True)
                faults += 1
        every += own
        print(f"{one.name}: {share(own)}", flush=True)
    survivors = [trial for trial in every if not trial.noticed]
    print(f"\nAll: {share(every)}; at least {SHARE:.0%} have to be")
    for trial in survivors:
        print(trial)
    enough = len(every) - len(survivors) >= SHARE * len(every)
    return 0 if enough and every and not faults else 1


def share(trials: list[Trial]) -> str:
    noticed = sum(bool(trial.noticed) for trial in trials)
    return f"{noticed} of {len(trials)} noticed" + (f" ({noticed / len(trials):.0%})" if trials else "")


def equivalent(path: Path) -> Known:
    """The mutants that are none: program, line and change of each."""
    found = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return frozenset((each["program"], each["line"], each["what"]) for each in found if each["why"].strip())


def gone(known: Known, found: list[Topic]) -> list[str]:
    """A line for each mutant that is said to be none, and that the programs of these topics do not have any more."""
    here = {program.name: program.text.split("\n") for one in found for program in one.programs.values()}
    there = {
        (name, lines[mutant.line - 1].strip(), mutant.what)
        for name, lines in here.items()
        for mutant in mutants("\n".join(lines))
    }
    return [f"equivalent.toml: no such mutant any more: {each}" for each in sorted(known - there) if each[0] in here]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
