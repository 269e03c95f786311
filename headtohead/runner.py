"""Runs programs from a warm start, side by side on all cores, and turns what they did into records."""

from __future__ import annotations

import contextlib
import datetime
import json
import math
import os
import platform
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from statistics import mean
from typing import IO, Any

from headtohead import devices
from headtohead.errors import Problem
from headtohead.pins import pinned, public
from headtohead.programs import DISTRIBUTIONS, FRAMEWORKS, SEEDS, Framework, Program, Topic, sha256
from headtohead.records import PRIMARY, CellRun, Record, Store, changes, fingerprint
from headtohead.watch import Allowance, Watch, ending, stopped

MEGABYTE = 1024**2


@dataclass(frozen=True)
class Limits:
    """What one program may take.

    Attributes:
        seconds: Of CPU time for its cells and its proof, all its processes together.
        asleep: Seconds of the clock in which nothing of it runs.
        memory: Bytes of private memory (RLIMIT_DATA).
        file: Bytes of any one file that it writes, its output included.
        shown: Bytes that one cell may print: more is no reading.
    """

    seconds: float = 300
    asleep: float = 300
    memory: int = 8 * 1024 * MEGABYTE
    file: int = 256 * MEGABYTE
    shown: int = 8_000


# Lines that a framework's C++ part writes to stderr as it starts or works, whatever the program does.
NOISE = re.compile(
    r"""^(
    WARNING:\ All\ log\ messages\ before\ absl::InitializeLog.*
    | I\d{4}\ [\d:.]+\s+\d+\ \S+\.(?:cc|h):\d+\].*                 # absl, level info
    | \d{4}-\d\d-\d\d\ [\d:.]+:\ I\ \S+\.cc:\d+\].*                # TensorFlow, level info
    | [WE]\d{4}\ [\d:.]+\s+\d+\ cuda_\w+\.cc:\d+\].*               # no GPU, or a driver for another CUDA
    | \d{4}-\d\d-\d\d\ [\d:.]+:\ [WE]\ \S*cuda\S*\.cc:\d+\].*
    | \d{4}-\d\d-\d\d\ [\d:.]+:\ W\ tensorflow/core/framework/local_rendezvous.*OUT_OF_RANGE.*
    | W\d{4}\ [\d:.]+\s+\d+\ torch/utils/cpp_extension\.py:\d+\].*No\ CUDA\ runtime\ is\ found.*  # nvcc without a GPU
    | W\d{4}\ [\d:.]+\s+\d+\ (?:tf_tfl_flatbuffer_helpers|flatbuffer_export)\.cc:\d+\].*  # TFLiteConverter, each time
    | W\d{4}\ [\d:.]+\s+\d+\ dataset\.cc:\d+\].*GeneratorDatasetOp.*  # Keras' fit in a strategy's scope
    | \[W\d{4}\ [\d:.]+\ socket\.cpp:\d+\]\ \[c10d\]\ The\ hostname\ of\ the\ client\ socket.*  # no name service
    | fully_quantize:\ \d+,\ inference_type:.*
    | INFO:\ Created\ TensorFlow\ Lite\ XNNPACK\ delegate\ for\ CPU\.  # LiteRT's interpreter
    | \[cpuinfo_utils\.cpp:\d+\].*                                  # ExecuTorch's runtime, looking for an Arm CPU
    | To\ enable\ the\ following\ instructions:.*                  # the second line of cpu_feature_guard
    )\n?""",
    re.VERBOSE | re.MULTILINE,
)

# Settings of the person at the keyboard that would change what a program prints. Which kernels TensorFlow takes is one
# of the machine: without it the same machine could not be tried as another one.
PERSONAL = re.compile(
    r"^(PYTHON|TF_(?!ENABLE_ONEDNN_OPTS$)|KERAS_|TORCH|OMP_|MKL_|OPENBLAS_|MPL|XLA_|CUDA_VISIBLE_DEVICES$|HOME$)"
)


@dataclass
class Outcome:
    """How one program fared: `new`, `same`, `changed`, `skipped` or `failed`, and what there is to say.

    `about` names the cells or quantities that changed, or what is lacking; `problem` is the line of a failure.
    """

    program: Program
    verdict: str
    seconds: float = 0.0
    about: list[str] = field(default_factory=list)
    problem: str = ""


class Warm:
    """A framework imported once, from which programs fork.

    Args:
        framework: Whose programs it starts.
        modules: What to import before the first fork.
        cache: A folder that may outlive the run: compiled kernels and fonts, keyed by content.
        kind: `cpu` or `cuda`.
        surroundings: What is otherwise than usual in the environment.
    """

    def __init__(
        self,
        framework: Framework,
        modules: list[str],
        cache: Path,
        kind: str,
        surroundings: Mapping[str, str | None],
    ):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("")  # an abstract address: no file to clean up
        listener.listen(64)
        self.framework, self.address, self.ready = framework, listener.getsockname(), False
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        command = [sys.executable, "-m", "headtohead.warm", str(listener.fileno()), *modules]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment(cache, kind, surroundings),
            pass_fds=[listener.fileno()],
            cwd=cache,
        )
        listener.close()
        self.watch = Watch(self.process.pid)

    def start(self, jobs: list[dict[str, Any]]) -> socket.socket:
        """Forks the runs of a program, one after the other; the answers come back as one JSON line."""
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.address)
        connection.sendall(json.dumps(jobs).encode() + b"\n")
        return connection

    def hangs(self) -> str:
        """Why it will never be ready, or nothing."""
        self.watch.look()
        stands = "was stopped" if stopped(self.process.pid) else ""
        return stands or self.watch.over(Allowance(Limits.seconds, Limits.asleep))

    def why_not_ready(self) -> str:
        if why := self.hangs():
            return why
        self.log.seek(0)
        text = self.log.read().decode("utf-8", "replace")
        lines = [line for line in NOISE.sub("", text).splitlines() if line.strip()]
        return lines[-1] if lines else f"exit status {self.process.wait()}"

    def stop(self) -> None:
        """Ends the process and, by its hand, all that is left of its programs."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            # Only a process that was stopped, or hangs in an import, does not end by itself at once.
            self.process.wait(timeout=1 if stopped(self.process.pid) else 60)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


def answering(module: str, *arguments: str, cache: Path, log: IO[bytes]) -> subprocess.Popen[str]:
    """A process of a module of this package, on the CPU, that reads lines and answers with lines."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=environment(cache, "cpu"),
        cwd=cache,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )


# How many threads the libraries of both frameworks take.
THREADS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def environment(cache: Path, kind: str, surroundings: Mapping[str, str | None] = {}) -> dict[str, str]:
    """The same surroundings for every program: one thread each, nobody's personal settings.

    Args:
        cache: A folder that may outlive the run.
        kind: `cpu` or `cuda`.
        surroundings: What is to be otherwise, by the name of the variable; None takes it away.
    """
    kept = {name: value for name, value in os.environ.items() if not PERSONAL.match(name)}
    source = str(Path(__file__).resolve().parents[1])
    environment = kept | {
        "HOME": str(cache),
        "KERAS_BACKEND": "tensorflow",
        "KINETO_LOG_LEVEL": "99",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "module://figure_backend",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": source,
        "TORCHINDUCTOR_CACHE_DIR": str(cache / "inductor"),
    }
    if kind == "cpu":
        environment |= dict.fromkeys(THREADS, "1") | {"CUDA_VISIBLE_DEVICES": "-1"}
    elif "CUDA_VISIBLE_DEVICES" in os.environ:
        environment["CUDA_VISIBLE_DEVICES"] = os.environ["CUDA_VISIBLE_DEVICES"]
    whole = environment | surroundings
    return {name: value for name, value in whole.items() if value is not None}


@dataclass
class Running:
    """A program on its way; `outs` are where its runs leave what they give, the first one's record first."""

    program: Program
    folder: Path
    connection: socket.socket
    started: float
    depends: str
    outs: list[Path]
    keeper: int = 0
    answers: list[dict[str, Any]] = field(default_factory=list)
    received: bytes = b""

    def hear(self, part: bytes) -> bool:
        """Takes what the keeper says; whether it has said all, or can say no more."""
        *lines, self.received = (self.received + part).split(b"\n")
        for line in lines:
            said = json.loads(line)
            self.keeper = said.get("keeper", self.keeper)
            self.answers = said.get("answers", self.answers)
        return not part or bool(self.answers)


@dataclass
class Place:
    """Where a program was when it ended: a cell, or the proof."""

    file: str
    line: int | None
    name: str

    def problem(self, what: str, remedy: str) -> Problem:
        return Problem(self.file, f"{self.name} {what}", line=self.line, remedy=remedy)


class Verifier:
    """Runs what is stale and writes its records.

    Args:
        store: Where records go.
        kind: `cpu` or `cuda`.
        label: The folder of the records.
        jobs: How many programs run at a time; on one GPU that is one.
        limits: What each may take.
        tell: Called with each `Outcome` as soon as it is known.
        begin: Called with each program that starts.
        wait: Called about once a second while programs run.
        surroundings: What is otherwise than usual in the environment of programs.
    """

    def __init__(
        self,
        store: Store,
        *,
        kind: str = "cpu",
        label: str = PRIMARY,
        jobs: int | None = None,
        limits: Limits = Limits(),
        tell: Callable[[Outcome], None] = lambda outcome: None,
        begin: Callable[[Program], None] = lambda program: None,
        wait: Callable[[], None] = lambda: None,
        surroundings: Mapping[str, str | None] = {},
    ):
        self.store, self.kind, self.label, self.limits, self.tell = store, kind, label, limits, tell
        self.begin, self.wait, self.surroundings = begin, wait, surroundings
        self.jobs = jobs or (1 if kind == "cuda" else devices.cores())
        self.cache = store.root / ".cache"
        self.outcomes: list[Outcome] = []

    def stale(self, programs: list[Program]) -> dict[Program, str]:
        """Those of the programs that have to run, and why."""
        reasons = {}
        for program in programs:
            try:
                self.store.fresh(program, self.label)
            except Problem as problem:
                reasons[program] = str(problem)
        return reasons

    def run(self, programs: list[Program]) -> list[Outcome]:
        """Runs the programs; every record is written as soon as its program has ended.

        Call it while holding `store.lock()`.
        """
        self.outcomes = []
        runnable = [program for program in programs if self._in_form(program) and not self._skipped(program)]
        self.cache.mkdir(exist_ok=True)
        work = self.store.folder / ".work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            self._run_all(runnable, work)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return self.outcomes

    def _finish(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.tell(outcome)

    def _in_form(self, program: Program) -> bool:
        try:
            Topic(program.root, program.topic).check()
            self._versions(program)
            return True
        except Problem as problem:
            self._finish(Outcome(program, "failed", problem=str(problem)))
            return False

    def _skipped(self, program: Program) -> bool:
        """Leaves out a program whose system lacks what it needs; its committed record has to do."""
        lacking = [command for command in program.needs if not shutil.which(command)]
        if not lacking:
            return False
        committed = Store(self.store.root)
        try:
            record = committed.fresh(program, self.label)
            if committed.folder != self.store.folder:
                folder = committed.path(program.topic, program.framework.name, self.label).parent
                self.store.write(record, {name: (folder / name).read_bytes() for name in record.files})
            self._finish(Outcome(program, "skipped", about=[f"no {' and no '.join(lacking)} on the PATH"]))
        except Problem as problem:
            what = f"needs {' and '.join(lacking)} on the PATH, and has no fresh record: {problem.what}"
            failure = Problem(program.name, what, line=1, remedy=f"install {' and '.join(lacking)}")
            self._finish(Outcome(program, "failed", problem=str(failure)))
        return True

    def _versions(self, program: Program) -> dict[str, str]:
        """What is installed of all that the program needs; the primary device is held to the pins."""
        versions = {"python": platform.python_version()}
        pins = pinned(program.root, program.distributions, program.name) if self.label == PRIMARY else {}
        roots = [(module.partition(".")[0], line) for module, line in program.imports]
        lines = {DISTRIBUTIONS.get(root, root): line for root, line in reversed(roots)}  # where each is first imported
        for name in program.distributions:
            try:
                versions[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                what, remedy = f"{name} is not installed", "use 'nox -s verify', which installs it"
                raise Problem(program.name, what, line=lines.get(name), remedy=remedy) from None
            if name in pins and public(versions[name]) != pins[name]:
                what = f"{name} {versions[name]} is installed, {pins[name]} is pinned"
                remedy = "use 'nox -s verify', which installs the pinned one"
                raise Problem(program.name, what, line=lines.get(name), remedy=remedy)
        return versions

    def duration(self, program: Program) -> float:
        """How long it took when it last ran, here or where records are committed; with every seed."""
        for store in (self.store, Store(self.store.root)):
            with contextlib.suppress(Problem):
                return store.read(program.topic, program.framework.name, self.label).took
        return math.inf

    def _run_all(self, programs: list[Program], work: Path) -> None:
        # The longest first, so that none is left to run alone at the end.
        waiting = sorted(programs, key=self.duration, reverse=True)
        selector = selectors.DefaultSelector()
        warm: dict[str, Warm] = {}
        running: list[Running] = []
        try:
            for framework in FRAMEWORKS.values():
                own = [program for program in waiting if program.framework == framework]
                if own:
                    warm[framework.name] = start = Warm(
                        framework, _modules(own), self.cache, self.kind, self.surroundings
                    )
                    selector.register(start.process.stdout, selectors.EVENT_READ, start)
            while waiting or running:
                for program in list(waiting):
                    if len(running) < self.jobs and warm[program.framework.name].ready:
                        waiting.remove(program)
                        try:
                            one = self._start(program, warm[program.framework.name], work)
                        except OSError as error:
                            self._not_begun(program, error)
                            continue
                        self.begin(program)
                        running.append(one)
                        selector.register(one.connection, selectors.EVENT_READ, one)
                self.wait()
                for key, _ in selector.select(timeout=1):
                    if isinstance(key.data, Warm):
                        selector.unregister(key.fileobj)
                        if not key.data.process.stdout.readline():
                            self._not_started(key.data, waiting)
                        key.data.ready = True
                        continue
                    one, part = key.data, b""
                    with contextlib.suppress(ConnectionError):  # its keeper was killed
                        part = one.connection.recv(65536)
                    if one.hear(part):
                        selector.unregister(one.connection)
                        running.remove(one)
                        self._end(one)
                for start in warm.values():
                    if not start.ready and start.hangs():
                        selector.unregister(start.process.stdout)
                        start.ready = True
                        self._not_started(start, waiting)
                for one in list(running):
                    if one.keeper and stopped(one.keeper):  # it holds the limits, and would hold them for ever
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(one.keeper, signal.SIGKILL)
                        selector.unregister(one.connection)
                        running.remove(one)
                        self._end(one)
        finally:
            for one in running:
                one.connection.close()
            for start in warm.values():
                start.stop()
            selector.close()

    def _not_started(self, warm: Warm, waiting: list[Program]) -> None:
        why = f"{warm.framework.label} could not be imported: {warm.why_not_ready()}"
        for program in [program for program in waiting if program.framework == warm.framework]:
            waiting.remove(program)
            self._finish(Outcome(program, "failed", problem=f"{program.name}: {why}"))

    def _not_begun(self, program: Program, error: OSError) -> None:
        """Says why a program could not even be started: a full disk, or a warm start that was killed."""
        gone = isinstance(error, ConnectionError)
        what = f"the process that imported {program.framework.label} was killed" if gone else f"{error.strerror}"
        remedy = "verify again" if gone else "free some room, then verify again"
        problem = Problem(program.name, f"could not be started: {what}", remedy=remedy)
        self._finish(Outcome(program, "failed", problem=str(problem)))

    def _start(self, program: Program, warm: Warm, work: Path) -> Running:
        folder = work / f"{program.topic.replace('/', '.')}.{program.framework.name}"
        topic = Topic(program.root, program.topic)
        jobs = []
        for seed in range(SEEDS if topic.over_seeds else 1):
            places = {name: folder / str(seed) / name for name in ("work", "out", "tmp")}
            for place in places.values():
                place.mkdir(parents=True)
            for file in topic.local_files:
                copy = places["work"] / file.relative_to(topic.folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
            job = {
                "path": str(program.path),
                "cells": [[cell.title, cell.start] for cell in program.cells],
                "framework": program.framework.name,
                "packages": program.framework.packages,
                "parity": str(topic.parity) if topic.compares and not seed else None,
                "scores": topic.scores,
                "seed": seed,
                "seconds": self.limits.seconds,
                "asleep": self.limits.asleep,
                "memory": self.limits.memory,
                "file": self.limits.file,
            }
            jobs.append(job | {name: str(place) for name, place in places.items()})
        depends, outs = fingerprint(program, self.label), [Path(job["out"]) for job in jobs]
        return Running(program, folder, warm.start(jobs), time.monotonic(), depends, outs)

    def _end(self, one: Running) -> None:
        """Reads what a program left, and writes its record or says what is wrong."""
        program, seconds = one.program, time.monotonic() - one.started
        one.connection.close()
        try:
            record, files = self._record(one)
            outcome = Outcome(program, "new", seconds)
            with contextlib.suppress(Problem):
                old = self.store.fresh(program, self.label)
                folder = self.store.path(program.topic, program.framework.name, self.label).parent
                varies = Topic(program.root, program.topic).varies
                outcome.about = changes(old, record, folder, files, varies)
                outcome.about = outcome.about or self._moved(old, record, folder, files)
                outcome.verdict = "changed" if outcome.about else "same"
                if not outcome.about:
                    self._finish(outcome)
                    return
            self.store.write(record, files)
            self._finish(outcome)
        except Problem as problem:
            with contextlib.suppress(Problem, OSError):
                self.store.write_failure(program, self.label, str(problem))
            self._finish(Outcome(program, "failed", seconds, problem=str(problem)))
        except OSError as error:
            what = f"its record could not be written: {error.strerror}"
            problem = Problem(program.name, what, remedy="free some room, then verify again")
            self._finish(Outcome(program, "failed", seconds, problem=str(problem)))
        finally:
            shutil.rmtree(one.folder, ignore_errors=True)

    def _moved(self, old: Record, new: Record, folder: Path, files: dict[str, bytes]) -> list[str]:
        """What the proof got this time and not the last: printing the same does not mean agreeing still."""
        topic = Topic(self.store.root, new.topic)
        drifted = [
            f"{name} over seeds"
            for name, rule in topic.over_seeds.items()
            if abs(mean(old.seeds.get(name, [math.inf])) - mean(new.seeds[name])) > rule["within"]
        ]
        if not (old.arrays and new.arrays) or old.arrays == new.arrays:
            return drifted
        from headtohead.agreement import moved  # NumPy, which not every program needs

        return moved(topic, folder / old.arrays, files[new.arrays]) + drifted

    def _record(self, one: Running) -> tuple[Record, dict[str, bytes]]:
        program, out = one.program, one.outs[0]
        marks = _marks(out)
        cell = program.cells[max(0, min(len(marks), len(program.cells)) - 1)]
        if len(marks) > len(program.cells):
            proof = f"snippets/{program.topic}/parity.py"
            self._check_ending(one, Place(proof, None, f"the proof of {program.framework.label}"))
        else:
            self._check_ending(one, Place(program.name, cell.start, f"cell {cell.title!r}"))
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        stdout, stderr = (out / "stdout").read_bytes(), (out / "stderr").read_bytes()
        if "failed" in result:
            if result["file"] != str(program.path):
                name = os.path.relpath(result["file"], program.root)
                what = f"the proof failed in {program.framework.label}: {result['failed']}"
                raise Problem(name, what, line=result["line"], remedy="mend it, or the program")
            line = result["line"] or cell.start
            if max(len(stdout), len(stderr)) >= self.limits.file:
                what = f"cell {cell.title!r} printed more than {self.limits.file // MEGABYTE} MB"
                raise Problem(program.name, what, line=line, remedy="print less")
            within = program.cell_at(line) or cell
            remedy = f"'python {program.name}' shows the whole traceback"
            raise Problem(program.name, f"cell {within.title!r}: {result['failed']}", line=line, remedy=remedy)
        if (out / "forked").exists():
            line = int((out / "forked").read_text(encoding="utf-8"))
            what = f"cell {program.cell_at(line).title!r} forked a process that ran on past it"
            raise Problem(program.name, what, line=line, remedy="end it with os._exit(0)")
        left = one.answers[0]["left_behind"]
        if left:
            what = f"left {left} process{'es'[: 2 * (left > 1)]} behind, which {'were' if left > 1 else 'was'} ended"
            raise Problem(program.name, what, line=cell.start, remedy="end what the program starts")
        now = Program(program.root, program.topic, program.framework)
        if fingerprint(now, self.label) != one.depends:
            what = "the program, its proof or a file beside it changed while it ran"
            raise Problem(program.name, what, remedy="verify again")
        if result["device"]["kind"] != self.kind:
            what = f"ran on {result['device']['kind']}, not on {self.kind}"
            raise Problem(program.name, what, remedy="install a build of the framework for that device")
        result["device"].setdefault("name", devices.processor())
        result["device"]["system"] = f"{platform.system()} {platform.machine()}, {devices.cores()} cores"
        cells, files = [], {}
        for index, cell in enumerate(program.cells):
            (from_out, from_err), (to_out, to_err) = marks[index : index + 2]
            self._check_errors(program, cell, stderr[from_err:to_err])
            drawn = sorted(out.glob(f"figure-{index}-*.svg"))
            named = {}
            for number, path in enumerate(drawn):
                data = path.read_bytes()
                digest = sha256(data)[:8]
                named[f"{program.framework.name}-{index + 1}-{number + 1}-{digest}.svg"] = data
            files |= named
            printed = self._printed(program, cell, stdout[from_out:to_out])
            cells.append(CellRun(cell.title, sha256(cell.body.encode()), printed, list(named)))
        arrays = None
        if (out / "arrays.npz").exists():
            data = (out / "arrays.npz").read_bytes()
            if len(data) > MEGABYTE:
                where = f"snippets/{program.topic}/parity.py"
                raise Problem(where, f"arrays of {len(data) / MEGABYTE:.1f} MB", remedy="compare fewer numbers")
            arrays = f"{program.framework.name}-{sha256(data)[:8]}.npz"
            files[arrays] = data
        record = Record(
            topic=program.topic,
            framework=program.framework.name,
            label=self.label,
            date=datetime.date.today().isoformat(),
            duration=round(result["duration"], 2),
            device=result["device"],
            versions=self._versions(program),
            depends=one.depends,
            cells=cells,
            arrays=arrays,
            seeds=self._seeds(one),
        )
        return record, files

    def _seeds(self, one: Running) -> dict[str, list[float]]:
        """Each score with each seed; raises the `Problem` of a run that did not come to its end."""
        scores: dict[str, list[float]] = {}
        for seed, out in enumerate(one.outs):
            name = f"with its seeds raised by {seed}, the program"
            marks = len(_marks(out))
            cell = one.program.cells[max(0, min(marks, len(one.program.cells)) - 1)]
            self._check_ending(one, Place(one.program.name, cell.start, name), seed)
            result = json.loads((out / "result.json").read_text(encoding="utf-8"))
            if "failed" in result:
                what = f"{name} failed: {result['failed']}"
                raise Problem(one.program.name, what, line=result["line"], remedy="let it work with any seed")
            for score, value in result["scores"].items():
                scores.setdefault(score, []).append(value)
        return scores

    def _check_ending(self, one: Running, place: Place, seed: int = 0) -> None:
        """Raises the `Problem` of a run that did not come to its own end."""
        answer = one.answers[seed] if len(one.answers) > seed else {}
        shows = f"'python -X faulthandler {one.program.name}' shows where"
        if not answer:
            remedy = "let the program signal its own processes only"
            raise place.problem("lost its keeper, which was killed or stopped", remedy)
        if answer["over"]:
            raise place.problem(f"{answer['over']} and was stopped", "make it end sooner")
        status = answer["exit"]
        if status < 0:
            raise place.problem(ending(status), shows)
        if not (one.outs[seed] / "result.json").exists():
            if status == os.EX_IOERR:
                raise place.problem("had no room to write its result", "free some room, then verify again")
            what = f"ended the process with status {status} before the last cell had run"
            raise place.problem(what, "let the program run to its end")

    def _check_errors(self, program: Program, cell: Any, data: bytes) -> None:
        """Raises a `Problem` for anything on stderr that is not a framework's own noise."""
        text = NOISE.sub("", data.decode("utf-8", "replace"))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines:
            own = re.search(rf"{re.escape(str(program.path))}:(\d+): (.*)", text)
            line, first = (int(own[1]), own[2]) if own else (cell.start, lines[0])
            what = f"cell {cell.title!r} warns: {first[:300]}"
            raise Problem(program.name, what, line=line, remedy="use what does not warn, or expect it in the program")

    def _printed(self, program: Program, cell: Any, data: bytes) -> str:
        if len(data) > self.limits.shown:
            what = f"cell {cell.title!r} printed {len(data):,} bytes, {self.limits.shown:,} are room for"
            raise Problem(program.name, what, line=cell.start, remedy="print less")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            what = f"cell {cell.title!r} printed bytes that are not UTF-8"
            raise Problem(program.name, what, line=cell.start, remedy="print text") from None


def _modules(programs: list[Program]) -> list[str]:
    """What a warm start imports: the framework first, if any program imports it, then all that they name."""
    named = {name for program in programs for name, _ in program.imports}
    usable = {name for name in named if name and not name.startswith((".", "headtohead", "__future__"))}
    warm, cold = programs[0].framework.warm, programs[0].framework.cold
    usable = {name for name in usable if not any(f"{name}.".startswith(f"{each}.") for each in cold)}
    first = list(warm) if {name.partition(".")[0] for name in usable} & set(warm) else []
    return first + sorted(usable - set(first))


def _marks(out: Path) -> list[tuple[int, int]]:
    """How far stdout and stderr were as each cell began, and after the last one."""
    try:
        lines = (out / "progress").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [tuple(map(int, line.split())) for line in lines]  # type: ignore[misc]
