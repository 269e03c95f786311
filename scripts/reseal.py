"""Reseals the records after a change of what their fingerprints are made of: no number in them changes.

    python scripts/reseal.py REVISION

asks the code of an earlier revision whether each record was sealed and fresh there, with its own formula, and makes
sure that nothing of what they depend on has changed since; only then it writes the fingerprints of now.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from headtohead.content import differences, mistakes, rows  # noqa: E402
from headtohead.content.topics import topics  # noqa: E402
from headtohead.errors import Problem  # noqa: E402
from headtohead.records import freshness, sealed  # noqa: E402
from headtohead.records.store import Store  # noqa: E402

CONTENT = ("snippets", "api", "differences", "errors", "requirements/programs.txt")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def was_fresh(revision: str) -> list[str]:
    """What the earlier revision's own code says against its records."""
    with tempfile.TemporaryDirectory() as folder:
        git("worktree", "add", "--detach", folder, revision)
        try:
            said = []
            for command in ("verify", "rows", "differences", "errors"):
                call = [sys.executable, "-m", "headtohead", command, "--check"]
                call += ["--device", "cpu"] if command == "verify" else []
                ran = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)
                lines = [line for line in ran.stderr.splitlines() if line]
                said += lines or [f"{command} failed"] * bool(ran.returncode)
            return said
        finally:
            git("worktree", "remove", "--force", folder)


def reseal(path: Path, store: Store, depends: str) -> bool:
    """Writes a fingerprint into a sealed record; whether it was another one."""
    content = sealed.read(path, store.name(path), "mend it first")
    if content.get("depends") == depends:
        return False
    sealed.write(path, content | {"depends": depends})
    return True


def main(revision: str) -> int:
    try:
        git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return resealed(revision)
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip() or "no such revision; name one whose records were fresh"
        print(f"{revision}: {said}", file=sys.stderr)
    except Problem as problem:
        print(problem, file=sys.stderr)
    return 2


def resealed(revision: str) -> int:
    """Reseals what is to be; returns 1 where something else has changed than the formula."""
    store = Store(ROOT)
    stale = was_fresh(revision)
    if git("diff", "--name-only", revision, "--", *CONTENT, store.folder.name):
        stale.append(f"{', '.join(CONTENT)} or the records are not those of {revision}")
    if stale:
        print(*stale, sep="\n", file=sys.stderr)
        return 1
    changed = 0
    for label in store.labels():
        for topic in topics(ROOT):
            for program in topic.programs.values():
                path = store.path(topic.name, program.framework.name, label)
                if path.exists():
                    changed += reseal(path, store, freshness.of_program(program, label))
            path = store.agreement_path(topic.name, label)
            if path.exists():
                changed += reseal(path, store, freshness.of_agreement(store, topic, label))
    data = [(rows.FOLDER, area.name) for area in rows.areas(ROOT)] + [(rows.FOLDER, rows.COUNT)]
    for form in (differences.FORM, mistakes.FORM):
        data += [(form.folder, group.name) for group in form.groups(ROOT)]
    for folder, name in data:
        changed += reseal(store.data_path(folder, name), store, freshness.of_data(ROOT, folder, name))
    print(f"{changed} records resealed")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
