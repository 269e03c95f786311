"""Which guards of the sandbox this system allows, asked once of a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

from tests.support.repository import ROOT

ASK = """
import json, pathlib, sys, tempfile
from headtohead.running import sandbox
from headtohead.running.jobs import Job
from headtohead.running.limits import Limits
with tempfile.TemporaryDirectory() as folder:
    job = Job("", pathlib.Path(folder), Limits(), None)
    job.prepare()
    print(json.dumps(sandbox.probe(job).names))
"""


@cache
def guards() -> list[str]:
    """As a record names them."""
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
