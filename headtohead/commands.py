"""The commands: each runs what is stale of a kind of content, or says what is; returns an exit status."""

from __future__ import annotations

import argparse
import functools
import resource
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headtohead.content import differences as groups
from headtohead.content import mistakes
from headtohead.content import rows as areas
from headtohead.content.frameworks import PRIMARY
from headtohead.content.groups import Form
from headtohead.content.programs import Program
from headtohead.content.toml_file import data_files
from headtohead.content.topics import Topic, topic, topics
from headtohead.errors import Problem, Tell
from headtohead.records import freshness, place
from headtohead.records.news import News
from headtohead.records.pairs import FALLS
from headtohead.records.store import COMMANDS as RUNS
from headtohead.records.store import Store, lock
from headtohead.running import agreements, aloud, devices, listings, newest, pairs, portable, programs
from headtohead.running import rows as run_rows
from headtohead.running.limits import Limits
from headtohead.running.packages import packages
from headtohead.running.programs import Outcome, Setup


@dataclass(frozen=True)
class DataFiles:
    """The data files of a folder.

    Attributes:
        folder: Where they lie.
        each: What one is called.
        entries: The attribute with what stands in one.
        every: Reads all that are in form; tells each `Problem` of the others.
        run: Runs those of these names; returns a line for each fault.
        besides: Records that are of no file.
    """

    folder: str
    each: str
    entries: str
    every: Callable[[Path, Tell], list[Any]]
    run: Callable[[Store, list[str]], list[str]]
    besides: tuple[str, ...] = ()


def verify(options: argparse.Namespace) -> int:
    root, store = _places(options)
    names = dict.fromkeys(name.strip("/") for name in options.topics)  # each once
    chosen = [topic(root, name) for name in names] or topics(root)
    if not chosen:
        raise Problem("snippets", "no programs below it", remedy="write the first one")
    number, count = options.shard
    chosen = chosen[number - 1 :: count]
    kind, label = _device(options)
    mine = _programs(chosen, options.framework, kind)
    if options.check:
        stale = programs.stale(store, mine, label)
        broken = [line for each in chosen if (line := agreements.unproved(each, store, label))]
        if options.shard == (1, 1) and not names:
            known = [path for each in chosen for path in store.of_topic(each.name)]
            broken += _strays(store, [store.mutants_path(), *known])
        return _told([*stale.values(), *broken], f"{len(mine)} programs, {len(stale)} stale")
    known = Store(root)
    earlier = None if options.seeds or label != PRIMARY or known.folder == store.folder else known
    setup = Setup(store, kind, label, _limits(options), jobs=options.jobs or 0, earlier=earlier)
    with lock(store):
        stale = programs.stale(store, mine, label)
        outcomes: list[Outcome] = []
        failures: list[str] = []
        try:
            aloud.run(setup, mine if options.all else list(stale), len(mine), len(stale), outcomes)
            failures = agreements.renew(chosen, store, label)
        finally:  # also after Ctrl-C
            failures = [outcome.problem for outcome in outcomes if outcome.problem] + failures
            status = _told(failures)
    return status


def _strays(store: Store, known: list[Path], within: str = "") -> list[str]:
    """A line for each record of what is no more: no page shows it, and nothing else would say so."""
    found = place.strays(store.folder, set(known), within)
    return [str(Problem(store.name(path), "a record of what is not there", remedy="remove it")) for path in found]


def _told(lines: list[str], summary: str = "") -> int:
    """Prints what is wrong, each line once, then a summary; returns the exit status."""
    for line in dict.fromkeys(lines):
        print(line, file=sys.stderr)
    if summary:
        print(summary)
    return 1 if lines else 0


def rows(options: argparse.Namespace) -> int:
    every, besides = areas.areas, (areas.COUNT,)
    return _data(options, DataFiles(areas.FOLDER, "area", "rows", every, run_rows.run, besides))


def differences(options: argparse.Namespace) -> int:
    return _listings(options, groups.FORM)


def errors(options: argparse.Namespace) -> int:
    return _listings(options, mistakes.FORM)


def _listings(options: argparse.Namespace, form: Form) -> int:
    run = functools.partial(listings.run, form)
    return _data(options, DataFiles(form.folder, "group", "entries", form.groups, run))


def _data(options: argparse.Namespace, files: DataFiles) -> int:
    """Runs the data files of a folder that are stale, or says which are; returns the exit status."""
    root, store = _places(options)
    known = [*(path.stem for path in data_files(root / files.folder)), *files.besides]
    for name in options.names:
        if name not in known:
            where = f"{files.folder}/{name}.toml"
            raise Problem(where, f"no such {files.each}", remedy=f"there are {', '.join(known) or 'none here'}")
    mine = [name for name in known if name in options.names or not options.names]
    problems: list[Problem] = []
    found = {each.name: each for each in files.every(root, problems.append) if each.name in mine}
    places = {f"{files.folder}/{name}.toml" for name in mine}
    broken = [str(each) for each in problems if not options.names or _on_the_way(each.where, places)]
    mine = [name for name in mine if name in found or name in files.besides]
    count = sum(len(getattr(each, files.entries)) for each in found.values())
    total = f"{count} {RUNS[files.folder]} in {len(found)} {files.each}s"
    if options.check:
        stale = _stale(store, files.folder, mine)
        if not options.names:
            broken += _strays(store, [store.data_path(files.folder, name) for name in known], files.folder)
        print(f"{total}, {len(stale)} stale")
        return _told([*broken, *stale.values()])
    with lock(store):
        stale = _stale(store, files.folder, mine)
        print(f"{total}, {len(stale)} stale", flush=True)
        chosen = [name for name in mine if options.all or name in stale]
        broken += _no_room(store, files.folder, chosen)
        try:
            broken += files.run(store, chosen) if chosen else []
        finally:  # also after Ctrl-C
            status = _told(broken)
    return status


def _on_the_way(where: str, places: Iterable[str]) -> bool:
    """Whether what is wrong is wrong with one of some files, or with a folder in which it lies."""
    return any(each == where or each.startswith(f"{where}/") for each in places)


def _no_room(store: Store, folder: str, chosen: list[str]) -> list[str]:
    """Takes out of those chosen what could not be written, a line for each."""
    broken = []
    for name in list(chosen):
        try:
            store.check_room(store.data_path(folder, name))
        except Problem as problem:
            broken.append(str(problem))
            chosen.remove(name)
    return broken


def _stale(store: Store, folder: str, names: list[str]) -> dict[str, str]:
    """Those whose records are not of now, and why."""
    return freshness.stale(names, lambda name: freshness.data(store, folder, name))


def tried(options: argparse.Namespace) -> int:
    """The command `portable`."""
    root, store = _places(options)
    base = Store(root, options.against and _resolved(options.against))
    chosen = portable.quickest(base) if options.short else topics(root)
    chosen = [topic(root, name.strip("/")) for name in options.topic] or chosen
    names = options.names or (portable.SHORT if options.short else portable.OTHERS)
    place.apart(root, store.folder / "surrounding", store.name(store.folder))
    found = portable.run(base, chosen, names, store.folder)
    return _told([f"{each.name}: {line}" for each in found for line in each.lines])


def versions(options: argparse.Namespace) -> int:
    """How rows and differences fare on the releases that are installed: what does not hold there is no failure."""
    _, store = _places(options)
    pair = pairs.run(store, [name.strip("/").removesuffix(".toml") for name in options.names], options.all)
    fell = {f"{name}: {id_}": fall for name, each in pair.fell.items() for id_, fall in each.items()}
    for name, fall in fell.items():
        print(f"{name} {FALLS[fall.how]}: {fall.what}")
    print(f"{pair.name}: {sum(map(len, pair.ran.values()))} rows and differences ran, {len(fell)} do not hold")
    return 0


def newer(options: argparse.Namespace) -> int:
    """The command `newest`: what would change is told, and no failure."""
    root, store = _places(options)
    for check in (place.apart, place.claim):
        check(root, store.folder, store.name(store.folder))
    everything = not (options.topics or options.rows or options.differences or options.errors)
    topics_ = [topic(root, name.strip("/")) for name in options.topics] or (topics(root) if everything else [])
    names = _files(root, areas.FOLDER, [""] if everything else options.rows, (areas.COUNT,))
    names += _files(root, groups.FOLDER, [""] if everything else options.differences)
    names += _files(root, mistakes.FOLDER, [""] if everything else options.errors)
    shutil.rmtree(store.folder, ignore_errors=True)
    told, base, outcomes = News(), Store(root), list[Outcome]()
    mine = _programs(topics_, None, "cpu")
    with lock(store):
        if mine:
            aloud.run(Setup(store, "cpu", newest.LABEL), mine, len(mine), len(mine), outcomes)
            newest.programs(told, base, store, topics_, outcomes)
        newest.data(told, base, store, names)
    text = newest.report(told, packages(root))
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(text, encoding="utf-8")
    print(f"\n{text}\nThis stands in {options.report}.")
    return 0


def _files(root: Path, folder: str, names: list[str], besides: tuple[str, ...] = ()) -> list[str]:
    """Data files of a folder, as `api/layers`; all of them for an empty name. Raises `Problem` for an unknown one."""
    known = [*(path.stem for path in data_files(root / folder)), *besides]
    if odd := [name for name in names if name and name not in known]:
        raise Problem(f"{folder}/{odd[0]}.toml", "no such file", remedy=f"there are {', '.join(known) or 'none here'}")
    return [f"{folder}/{name}" for name in known if name in names or "" in names]


COMMANDS = {
    "verify": verify,
    "rows": rows,
    "differences": differences,
    "errors": errors,
    "portable": tried,
    "newest": newer,
    "versions": versions,
}


def _places(options: argparse.Namespace) -> tuple[Path, Store]:
    """The repository, and where records go."""
    root = _resolved(options.root)
    return root, Store(root, options.records and _resolved(options.records))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links that lead to each other; a current folder that is gone
        raise Problem(path, "leads nowhere", remedy="name it from the top, as in /a/b") from None


def _limits(options: argparse.Namespace) -> Limits:
    """What each program may take; raises `Problem` where the shell that asks may not give that."""
    given = {name: getattr(options, name) for name in ("seconds", "asleep")}
    limits = Limits(**{name: value for name, value in given.items() if value})
    for kind, flag, wanted in (
        (resource.RLIMIT_FSIZE, "-f", limits.file),
        (resource.RLIMIT_DATA, "-d", limits.memory),
    ):
        soft, hard = resource.getrlimit(kind)
        try:
            if hard != resource.RLIM_INFINITY and hard < wanted:
                resource.setrlimit(kind, (soft, wanted))
        except ValueError:
            what = f"{hard} bytes are the most here, a program may take {wanted}"
            raise Problem(f"ulimit {flag}", what, remedy="run it from a shell without this limit") from None
    return limits


def _device(options: argparse.Namespace) -> tuple[str, str]:
    name = None if options.device == "cpu" else devices.gpu()
    if options.device == "cuda" and name is None:
        raise Problem("--device cuda", "no NVIDIA GPU answers here", remedy="leave it out, or mend the driver")
    return "cuda" if name else "cpu", devices.label(name) if options.label is None else place.label(options.label)


def _programs(chosen: list[Topic], framework: str | None, kind: str) -> list[Program]:
    """The programs to look after; a program that uses both frameworks needs one environment for both."""
    found = [program for each in chosen for program in each.programs.values()]
    if framework:
        return [program for program in found if program.framework.name == framework]
    return [program for program in found if kind != "cuda" or program.framework.name != "both"]
