"""Made-up projects: a folder with programs of a few lines, on which the whole machinery runs as on the real one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
PATIENCE = 900  # seconds, far more than a busy machine needs: they pass only where something hangs
NOTHING_TO_COMPARE = '"""Nothing to compare."""\n\nWHY_NOT = "a made-up topic"\n'


def program(*cells: str, doc: str = "A made-up program.") -> str:
    """A program of these cells, titled One, Two, ...; line 3 is the title of the first one."""
    titles = ("One", "Two", "Three", "Four", "Five")
    parts = [f"# %% {title}\n{body}\n" for title, body in zip(titles, cells)]
    return f'"""{doc}"""\n\n' + "\n".join(parts)


GOOD = program('print("one")', 'print("two")', 'print("three")')
OTHER = GOOD.replace("three", "drei")  # as good, and other bytes


class Project:
    """A made-up repository.

    Args:
        root: An empty folder.
    """

    def __init__(self, root: Path):
        self.root = root
        (root / "requirements").mkdir(parents=True)
        shutil.copyfile(HERE / "requirements/programs.txt", self.pins)

    @property
    def pins(self) -> Path:
        return self.root / "requirements/programs.txt"

    def file(self, topic: str, name: str) -> Path:
        return self.root / "snippets" / topic / name

    def record(self, topic: str, name: str) -> Path:
        return self.root / "records/cpu" / topic / name

    def write(
        self,
        topic: str,
        pytorch: str | bytes | None = None,
        tensorflow: str | bytes | None = None,
        parity: str | bytes | None = None,
    ) -> None:
        """Writes the files of a topic that are given; leaves the others as they are."""
        self.file(topic, "").mkdir(parents=True, exist_ok=True)
        texts = {"in_pytorch.py": pytorch, "in_tensorflow.py": tensorflow, "parity.py": parity}
        for name, text in texts.items():
            if text is not None:
                self.file(topic, name).write_bytes(text.encode() if isinstance(text, str) else text)

    def topic(self, name: str, pytorch=GOOD, tensorflow=GOOD, parity=NOTHING_TO_COMPARE) -> None:
        """Writes a whole topic, good unless told otherwise."""
        self.write(name, pytorch, tensorflow, parity)

    def command(self, *arguments: str, before: str = "") -> list[str]:
        """The command line of `verify`; `before` is Python that runs in its process first."""
        start = f"import sys; {before}\nfrom headtohead.cli import main\nsys.exit(main(sys.argv[1:]))"
        return [sys.executable, "-c", start, "verify", "--root", str(self.root), *arguments]

    def start(self, *arguments: str, before: str = "") -> subprocess.Popen[str]:
        """Starts a `verify` and does not wait for it."""
        return subprocess.Popen(
            self.command(*arguments, before=before),
            cwd=HERE,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def verify(self, *arguments: str, code: int = 0, before: str = "") -> str:
        """Runs a `verify` that has to end with this code and without a traceback; returns its stderr."""
        return ended(self.start(*arguments, before=before), code)

    def records(self, within: str = "") -> dict[str, bytes]:
        """Every file below `records/`, its bytes by name; without the lock and without notes of failures."""
        folder = self.root / "records"
        files = (path for path in (folder / within).rglob("*") if path.is_file())
        kept = (path for path in files if path.name != ".lock" and path.suffix != ".failed")
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}

    def leftovers(self) -> list[str]:
        """Temporary files and folders of a run."""
        found = [*self.root.rglob(".writing-*"), *self.root.rglob(".work"), *self.root.rglob("result.tmp")]
        return [str(path.relative_to(self.root)) for path in found]

    def processes(self, folder: str = "") -> list[str]:
        """The command lines of living processes that work in this project, or in a folder of it, or for it."""
        place = str(self.root / folder)
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                works_in = os.readlink(process / "cwd")
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:  # it has ended
                continue
            if place in works_in or place in line:
                found.append(f"{process.name}: {line}")
        return found

    def unharmed(self) -> None:
        """Asserts that no temporary file and, after a moment, no process of a run is left."""
        until(lambda: not self.processes())
        assert self.leftovers() == []

    def unharmed_after_sweep(self) -> None:
        """Asserts that no process of a killed run is left, and that a look at what is stale sweeps its files."""
        until(lambda: not self.processes())
        self.verify("--check", code=1)
        self.unharmed()


def ended(process: subprocess.Popen[str], code: int) -> str:
    """Waits for a `verify`; asserts its exit code and that no traceback was printed; returns its stderr."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        raise AssertionError(f"did not end:\n{out}{err}") from None
    print(out)
    assert "Traceback" not in err, err
    assert process.returncode == code, f"exit code {process.returncode}, not {code}:\n{out}{err}"
    return err


def until(found) -> None:
    """Waits until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
