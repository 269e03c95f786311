"""Runs a program as a reader would: `python file.py`, in a folder with nothing but the program and the files beside it.

Forked by `headtohead.running.server`, so that it has the sandbox of all others; then nothing of that process is left.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from headtohead.running.channel import Channel
from headtohead.running.jobs import Job


def run(job: Job, channel: Channel) -> None:
    """Starts Python anew. Never returns."""
    os.execv(sys.executable, [sys.executable, Path(job.task.path).name])
