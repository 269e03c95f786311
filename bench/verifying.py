"""Verifying again: with nothing changed, and with one program of two hundred topics changed."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from bench import made_up
from bench.tools import PYTHON, Void, copy, folder, medians, process, show, target

VERIFY = [PYTHON, "-m", "headtohead", "verify", "--device", "cpu"]

# Runs verify in this very process, so that what it imported and started can be asked.
PROOF = """
import json, sys
started = []
sys.addaudithook(lambda name, _: started.append(name) if name in ("subprocess.Popen", "os.fork", "os.exec") else None)
from headtohead.cli import main
status = main(["verify", "--device", "cpu"])
heavy = sorted({"torch", "tensorflow", "keras", "numpy", "mkdocs"} & {name.partition(".")[0] for name in sys.modules})
print(json.dumps({"status": status, "imported": heavy, "started": started, "modules": len(sys.modules)}))
"""


def unchanged(options: argparse.Namespace) -> bool:
    """`verify` with nothing changed, against importing a framework."""
    with folder() as root:
        # A copy: the records of the repository are not a benchmark's to write.
        copy(root, "headtohead", "snippets", "records", "requirements")
        if "nothing stale" not in process(VERIFY, root).output:
            print("  (some records were stale: verified in the copy first)")
        sides = {
            "python -m headtohead verify": VERIFY,
            'python -c "import torch"': [PYTHON, "-c", "import torch"],
            'python -c "import tensorflow"': [PYTHON, "-c", "import tensorflow"],
            'python -c ""': [PYTHON, "-c", ""],
        }
        runs = medians(
            options.repeat or 3, {name: lambda each=each: process(each, root) for name, each in sides.items()}
        )
        ours, *_ = runs.values()
        if "nothing stale" not in ours.output:
            raise Void(f"something was stale: {ours.output}")
        proof = json.loads(process([PYTHON, "-c", PROOF], root).output.splitlines()[-1])
    rows = [[name, ran.seconds, f"{ran.seconds / ours.seconds:.1f}x"] for name, ran in runs.items()]
    show(f"unchanged: {ours.output.strip()}", ["", "seconds", "of verify"], rows)
    print(
        f"  frameworks imported: {', '.join(proof['imported']) or 'none'}; processes started: {len(proof['started'])}"
    )
    fast = target("verify", ours.seconds, most=1, unit=" s")
    return fast and not proof["imported"] and not proof["started"] and proof["status"] == 0


def one(options: argparse.Namespace) -> bool:
    """One program of a made-up project changed: how many run, and how long it takes against all."""
    count = options.one_topics
    with folder() as root:
        made_up.tiny(root, count)
        everything = process(VERIFY, root)  # really runs them: these are the records that count as unchanged
        nothing = process(VERIFY, root)
        before = _written(root)
        changed = root / "snippets" / made_up.name(count // 2) / "in_pytorch.py"
        changed.write_text(changed.read_text(encoding="utf-8") + 'print("changed")\n', encoding="utf-8")
        single = process(VERIFY, root)
        after = _written(root)
    ran = _ran(single.output)
    written = sorted(str(path) for path in after if after[path] != before.get(path))
    rows = [
        [f"all {2 * count} programs stale", _ran(everything.output), everything.seconds],
        ["one changed", ran, single.seconds],
        ["nothing changed", _ran(nothing.output), nothing.seconds],
    ]
    show(f"one: {count} made-up topics", ["", "programs run", "seconds"], rows)
    print(f"  records written: {', '.join(written)}")
    print(f"  one is faster than all by: {everything.seconds / single.seconds:.1f}x")
    return target("programs run for one change", ran, most=1, least=1)


def _ran(output: str) -> int:
    """How many programs ran, by the line that each of them prints."""
    return len(re.findall(r"^\[\s*\d+/\d+\]", output, re.MULTILINE))


def _written(root: Path) -> dict[Path, int]:
    """When each program's record was last written."""
    records = root / "records"
    sides = ("pytorch.json", "tensorflow.json")
    found = (path for path in records.rglob("*.json") if path.name in sides)
    return {path.relative_to(records): path.stat().st_mtime_ns for path in found}
