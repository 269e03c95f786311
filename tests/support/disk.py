"""A disk of its own for a command, so small that it can be full."""

from __future__ import annotations

import subprocess


def disk(size: str) -> list[str] | None:
    """The command that runs another one with a disk of its own on `$1`, or None where that is forbidden."""
    script = f'mount -t tmpfs -o size={size} none "$1" && shift && exec sh -c "$1"'
    for how in (["-m"], ["-rm"]):
        start = ["unshare", *how, "sh", "-c", script, "sh"]
        if subprocess.run([*start, "/mnt", "true"], capture_output=True, check=False).returncode == 0:
            return start
    return None
