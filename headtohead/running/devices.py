"""What this machine computes on, found without a framework."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

ANSWERS = 60  # seconds in which a driver says what it drives; one that hangs never does


def gpu() -> str | None:
    """The name of the first NVIDIA GPU, as its driver says, or None where it says nothing that is a name."""
    if not shutil.which("nvidia-smi"):
        return None
    query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        found = subprocess.run(query, capture_output=True, check=False, timeout=ANSWERS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    name = found.stdout.decode("utf-8", "replace").strip().partition("\n")[0].strip()
    return name if found.returncode == 0 and name and label(name) else None


def label(name: str | None) -> str:
    """The folder of a device's records: `cpu`, or the GPU's name in small letters and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") if name else "cpu"


def processor() -> str:
    """The name of the CPU."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return match[1].strip() if match else platform.machine()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def system() -> str:
    """The operating system, the architecture and the number of cores, in words."""
    return f"{platform.system()} {platform.machine()}, {cores()} cores"
