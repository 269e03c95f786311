"""This repository, its records and its site: those that were just made, where the test command says so."""

from __future__ import annotations

import os
from pathlib import Path

from headtohead.records.store import Store

ROOT = Path(__file__).resolve().parents[2]
STORE = Store(ROOT, ROOT / os.environ.get("HEADTOHEAD_RECORDS", "records"))
BUILT = (ROOT / (os.environ.get("HEADTOHEAD_BUILT") or "site")).resolve()
